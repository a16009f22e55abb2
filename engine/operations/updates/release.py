"""What announces a new version: a signed JSON file. It is believed only as far as its signature goes.

At the address from the settings lies the announcement, at the same address with `.sig` its Ed25519 signature in base64:

    {"version": "1.2.0", "notes": "What is new.", "packages":
     {"linux-x86_64": {"url": "https://…/agora-1.2.0-linux-x86_64.tar.gz", "sha256": "…", "size": 123}}}
"""

import base64
import binascii
import platform
import sys
from collections.abc import Mapping
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.operations.updates.numbers import NUMBERS

LARGEST_ANNOUNCEMENT = 64 * 1024
LARGEST_PACKAGE = 2 * 1024**3
SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}

Version = Annotated[str, Field(pattern=f"^{NUMBERS.pattern}$")]


class Package(BaseModel):
    """The program for one kind of machine. size: in bytes."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    url: Annotated[str, Field(pattern=r"^https://[^\s]{3,2000}$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(gt=0, le=LARGEST_PACKAGE, strict=True)]


class Release(BaseModel):
    """A version and where it is. notes: plain text for whoever decides."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    version: Version
    notes: Annotated[str, Field(max_length=20_000)] = ""
    packages: Annotated[Mapping[str, Package], Field(max_length=50)] = {}

    def package(self, kind: str = "") -> Package | None:
        """Return what is for this kind of machine, or for another one."""
        return self.packages.get(kind or this_machine())


def read(body: bytes, signature: bytes, key: str) -> Release:
    """Return what an announcement says. key: the public key in base64. Raises Invalid for what cannot be believed."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature.strip(), validate=True), body)
    except (InvalidSignature, binascii.Error, ValueError):
        raise Invalid(_("The announcement of a new version is not signed by the key in the settings.")) from None
    try:
        return Release.model_validate_json(body)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
        raise Invalid(_("The announcement of a new version cannot be read: {place}."), place=place or "JSON") from None


def this_machine() -> str:
    """Return what announcements call this kind of machine, such as linux-x86_64."""
    machine = platform.machine().lower()
    return f"{SYSTEMS.get(sys.platform, sys.platform)}-{MACHINES.get(machine, machine)}"
