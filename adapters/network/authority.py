"""The local authority: a certificate of this installation's own that vouches for it on its network, and nowhere else.

The authority's certificate is bound (RFC 5280, section 4.2.1.10) to names that end in .local and to private addresses:
whoever stole its key could play this site on a local network, and no other site anywhere.
"""

import ipaddress
import os
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.core.ports import Clock
from engine.operations.network.ports import Holder
from engine.operations.network.roots import CERTIFICATE, FOLDER, KEY, LEAF, NAMES, NETWORKS, is_vouched

AUTHORITY_LIFE = timedelta(days=3650)
#: Phones take no certificate of a server that is good for longer than 825 days; ours are renewed long before.
LEAF_LIFE = timedelta(days=90)
RENEWED_BEFORE = timedelta(days=30)
#: Clocks of devices are behind now and then.
BEFORE = timedelta(days=1)
_PEM = serialization.Encoding.PEM
Key = ec.EllipticCurvePrivateKey


class LocalAuthority:
    """Makes the authority on first use, and certificates for the server; keys are files of this user alone."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._folder = data_dir / FOLDER
        self._clock = clock
        self._context: ssl.SSLContext | None = None
        self._spoken_by = b""

    def context(self, holder: Holder) -> ssl.SSLContext:
        """Return what a server speaks TLS by. The same object is renewed in place: who listens with it follows.

        Raises Unavailable where the files cannot be written or read.
        """
        try:
            self._prepare(holder)
            if self._context is None:
                self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._context.minimum_version = ssl.TLSVersion.TLSv1_2
                self._context.set_alpn_protocols(["http/1.1"])
            leaf = (self._folder / LEAF).read_bytes()
            if leaf != self._spoken_by:  # another process of this server may have renewed it
                self._context.load_cert_chain(self._folder / LEAF)
                self._spoken_by = leaf
        except (OSError, ValueError) as error:
            raise Unavailable(
                _("The certificates in {folder} cannot be used: {reason}."), folder=str(self._folder), reason=str(error)
            ) from error
        return self._context

    def _prepare(self, holder: Holder) -> None:
        """Make what is missing or near its end."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        root, key, is_made = self._authority(holder.title)
        if is_made or not self._is_good(root, holder):
            _write(self._folder / LEAF, b"".join(_leaf(root, key, holder, self._clock.now())))

    def _authority(self, title: str) -> tuple[x509.Certificate, Key, bool]:
        now, paths = self._clock.now(), (self._folder / CERTIFICATE, self._folder / KEY)
        if all(path.is_file() for path in paths):
            root = x509.load_pem_x509_certificate(paths[0].read_bytes())
            key = serialization.load_pem_private_key(paths[1].read_bytes(), None)
            if isinstance(key, ec.EllipticCurvePrivateKey) and now + LEAF_LIFE < root.not_valid_after_utc:
                return root, key, False
        made, key = _root(title, now)
        _write(paths[1], _secret(key))
        _write(paths[0], made.public_bytes(_PEM), mode=0o644)
        return made, key, True

    def _is_good(self, root: x509.Certificate, holder: Holder) -> bool:
        path = self._folder / LEAF
        if not path.is_file():
            return False
        leaf = x509.load_pem_x509_certificate(path.read_bytes())
        said = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        is_current = self._clock.now() + RENEWED_BEFORE < leaf.not_valid_after_utc
        is_ours = leaf.issuer == root.subject and _aki(leaf) == _ski(root)
        return is_current and is_ours and set(said) == set(_subjects(holder))


def _root(title: str, now: datetime) -> tuple[x509.Certificate, Key]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, title[:60] or "Agora"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Agora on the local network {now:%Y-%m-%d}"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    within = [*(x509.DNSName(one) for one in NAMES), *(x509.IPAddress(ipaddress.ip_network(one)) for one in NETWORKS)]
    made = (
        _begun(name, name, key, now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(within, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made, key


def _leaf(root: x509.Certificate, by: Key, holder: Holder, now: datetime) -> Iterator[bytes]:
    """Yield the server's certificate, the authority's, and the server's key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, (holder.names or ("localhost",))[0][:64])])
    made = (
        _begun(name, root.subject, key, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*_subjects(holder)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
    yield made.public_bytes(_PEM)
    yield root.public_bytes(_PEM)
    yield _secret(key)


def _begun(name: x509.Name, issuer: x509.Name, key: Key, now: datetime, life: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _subjects(holder: Holder) -> Iterator[x509.GeneralName]:
    """Yield what a certificate is for, without what the authority may not vouch for: devices would refuse the whole."""
    for name in dict.fromkeys((*holder.names, "localhost")):
        if name == "localhost" or name.endswith(".local"):
            yield x509.DNSName(name)
    for address in dict.fromkeys((*holder.addresses, "127.0.0.1")):
        if is_vouched(address):
            yield x509.IPAddress(ipaddress.ip_address(address))


def _ski(root: x509.Certificate) -> bytes:
    return root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _aki(leaf: x509.Certificate) -> bytes | None:
    return leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier


def _secret(key: Key) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put a file in its place as a whole; nobody else can read it, not even while it is written."""
    scratch = path.with_suffix(f"{path.suffix}.new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    scratch.replace(path)
