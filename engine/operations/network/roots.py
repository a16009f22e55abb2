"""The certificate of the local authority as devices take it: as it is, or in a profile for iPhones."""

import hashlib
import ipaddress
import plistlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

FOLDER = "local-authority"
CERTIFICATE, KEY, LEAF = "authority.crt", "authority.key", "server.pem"
#: What the authority may vouch for: names that end so, and addresses of these networks (RFC 1918, 3927, 4193, 4291).
NAMES = ("local", "localhost")
NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10")


@dataclass(frozen=True, slots=True)
class Root:
    """What devices are to trust. der: the certificate."""

    der: bytes

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return ssl.DER_cert_to_PEM_cert(self.der)

    @property
    def fingerprint(self) -> str:
        """Its SHA-256 as devices show it: pairs of digits with colons between."""
        digits = hashlib.sha256(self.der).hexdigest().upper()
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))

    def profile(self, title: str) -> bytes:
        """Return a configuration profile for iPhones and iPads. title: the site's.

        Source: Apple, "Device Management: CertificateRoot" (payload type com.apple.security.root).
        """
        print_of = self.fingerprint
        payload = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"org.agora.local.{print_of[:23].replace(':', '').lower()}.root",
            "PayloadUUID": str(uuid5(NAMESPACE_OID, f"{print_of} root")).upper(),
            "PayloadDisplayName": f"{title}: local authority",
            "PayloadCertificateFileName": "agora.crt",
            "PayloadContent": self.der,
        }
        whole = {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"org.agora.local.{print_of[:23].replace(':', '').lower()}",
            "PayloadUUID": str(uuid5(NAMESPACE_OID, print_of)).upper(),
            "PayloadDisplayName": f"{title} on your network",
            "PayloadDescription": f"Lets this device open {title} by https on the local network, and nothing else.",
            "PayloadContent": [payload],
        }
        return plistlib.dumps(whole)


def is_vouched(address: str) -> bool:
    """Return whether the authority may vouch for an address."""
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in NETWORKS)


def root_in(data_dir: Path) -> Root | None:
    """Return the authority's certificate; None while there is none."""
    try:
        pem = (data_dir / FOLDER / CERTIFICATE).read_text(encoding="ascii")
        return Root(ssl.PEM_cert_to_DER_cert(pem))
    except (OSError, ValueError):
        return None
