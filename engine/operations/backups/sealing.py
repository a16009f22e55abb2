"""A file sealed by a passphrase: scrypt makes the key, AES-GCM seals chunk after chunk, the last one knows it is last.

Layout: magic (8), salt (16), nonce prefix (7), check (16), then chunks of 64 KiB, each with its tag of 16 bytes. The
nonce of a chunk is the prefix, its number (4 bytes) and 1 for the last: chunks cannot be swapped, dropped or cut off.
Source: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
2015: the construction STREAM.
"""

import hashlib
import hmac
import io
import os
import secrets
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.core.errors import Invalid
from engine.core.i18n import _

MAGIC = b"AGORAbk1"
CHUNK = 64 * 1024
TAG = 16
_SALT, _PREFIX, _CHECK = 16, 7, 16
HEADER = len(MAGIC) + _SALT + _PREFIX + _CHECK
#: RFC 7914's cost: 32 MB of memory and a tenth of a second for each guess.
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
SHORTEST = 8


def is_sealed(path: Path) -> bool:
    """Return whether a file was sealed here."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def check_passphrase(passphrase: str) -> str:
    """Return a passphrase that may seal. Raises Invalid for a short one."""
    if len(passphrase) < SHORTEST:
        message = _("The passphrase has {length} characters; {least} are the least. Four words are better.").having(
            length=len(passphrase), least=SHORTEST
        )
        raise Invalid(message, {"passphrase": message})
    return passphrase


def _keys(passphrase: str, salt: bytes) -> tuple[AESGCM, bytes]:
    """Return the cipher, and what tells a wrong passphrase from a damaged file."""
    made = hashlib.scrypt(passphrase.encode(), salt=salt, dklen=64, **_COST)
    return AESGCM(made[:32]), hashlib.sha256(made[32:]).digest()[:_CHECK]


class SealedWriter(io.RawIOBase):
    """Seals what is written. `close` writes the last chunk; without it the file counts as cut off."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
        self._cipher, check = _keys(check_passphrase(passphrase), salt)
        self._header = MAGIC + salt + self._prefix + check
        self._file, self._waiting, self._number = file, bytearray(), 0
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        """Take bytes; whole chunks go out at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # one is kept back, for the last is sealed as the last
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        if not self.closed:
            self._put(bytes(self._waiting), is_last=True)
        super().close()

    def abandon(self) -> None:
        """Close without the last chunk: what was written so far opens nowhere."""
        super().close()

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file at any place; every chunk is authentic or it is not returned."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Raises Invalid for another passphrase, and for a file that was cut off."""
        self._file = file
        body = file.seek(0, os.SEEK_END) - HEADER
        file.seek(0)
        self._header = file.read(HEADER)
        if body < TAG or len(self._header) != HEADER or not self._header.startswith(MAGIC):
            raise damaged()
        salt = self._header[len(MAGIC) :][:_SALT]
        self._prefix = self._header[len(MAGIC) + _SALT :][:_PREFIX]
        self._cipher, check = _keys(passphrase, salt)
        if not hmac.compare_digest(check, self._header[-_CHECK:]):
            message = _("That is not the passphrase of this backup.")
            raise Invalid(message, {"passphrase": message})
        self._chunks = -(-body // (CHUNK + TAG))
        self.size = body - self._chunks * TAG
        self._place = 0
        self._opened: tuple[int, bytes] = (-1, b"")
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("a place before the beginning")  # what files of the system raise
        self._place = start + offset
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        number, within = divmod(self._place, CHUNK)
        if self._place >= self.size:
            return 0
        found = self._chunk(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def _chunk(self, number: int) -> bytes:
        if self._opened[0] != number:
            self._file.seek(HEADER + number * (CHUNK + TAG))
            nonce = _nonce(self._prefix, number, is_last=number == self._chunks - 1)
            try:
                chunk = self._cipher.decrypt(nonce, self._file.read(CHUNK + TAG), self._header)
            except (InvalidTag, ValueError):
                raise damaged() from None
            self._opened = (number, chunk)
        return self._opened[1]


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if is_last else b"\x00")


def damaged(what: str = "") -> Invalid:
    """Return the refusal of a file that is not what was written."""
    said = _("The backup is damaged or not whole. Take another one.")
    return Invalid(_("The backup is damaged at “{name}”. Take another one.").having(name=what) if what else said)
