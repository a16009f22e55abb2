"""Addresses that open one private file for a while: S3's query signatures and Azure's shared access signatures."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

AZURE_VERSION = "2023-11-03"


@dataclass(frozen=True, slots=True)
class S3Signer:
    """Signs with a key that does not end. base: `https://host/bucket`. Source: AWS Signature Version 4, query form."""

    base: str
    region: str
    access_key: str
    secret_key: str

    def address(self, key: str, now: datetime, seconds: int, told: Mapping[str, str]) -> str:
        """Return where the file is open for so many seconds. told: headers that the store answers with."""
        place = urlsplit(self.base)
        path = quote(f"{place.path}/{key}", safe="/-_.~")
        scope = f"{now:%Y%m%d}/{self.region}/s3/aws4_request"
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.access_key}/{scope}",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
            **{f"response-{name.lower()}": value for name, value in told.items()},
        }
        written = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
        request = f"GET\n{path}\n{written}\nhost:{place.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(request.encode()).hexdigest()
        signed = f"AWS4-HMAC-SHA256\n{now:%Y%m%dT%H%M%SZ}\n{scope}\n{digest}"
        secret = f"AWS4{self.secret_key}".encode()
        for part in scope.split("/"):
            secret = _hmac(secret, part)
        signature = _hmac(secret, signed).hex()
        return f"{place.scheme}://{place.netloc}{path}?{written}&X-Amz-Signature={signature}"


@dataclass(frozen=True, slots=True)
class AzureSigner:
    """Signs with the account's key. base: `https://host/container`. Source: "Create a service SAS", Microsoft Learn."""

    base: str
    account: str
    container: str
    account_key: str

    def address(self, key: str, now: datetime, seconds: int, told: Mapping[str, str]) -> str:
        """Return where the file is open for so many seconds. told: headers that the store answers with."""
        begin, until = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (now, now + timedelta(seconds=seconds)))
        disposition, content_type = told.get("Content-Disposition", ""), told.get("Content-Type", "")
        resource = f"/blob/{self.account}/{self.container}/{key}"
        cache = told.get("Cache-Control", "")
        # Empty: identifier, addresses, protocols; snapshot, encryption scope; encoding, language.
        fields = (
            "r", begin, until, resource, "", "", "", AZURE_VERSION, "b", "", "",
            cache, disposition, "", "", content_type,
        )  # fmt: skip
        mac = _hmac(base64.b64decode(self.account_key), "\n".join(fields))
        query = {
            "sv": AZURE_VERSION, "sp": "r", "st": begin, "se": until, "sr": "b", "rscc": cache, "rscd": disposition,
            "rsct": content_type, "sig": base64.b64encode(mac).decode(),
        }  # fmt: skip
        written = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items() if value)
        return f"{self.base}/{quote(key, safe='/-_.~')}?{written}"


Signer = S3Signer | AzureSigner


def _hmac(secret: bytes, text: str) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
