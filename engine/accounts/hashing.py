"""Passwords: what makes a good enough one, and bcrypt, off the event loop and a few at once."""

import base64
import hashlib
import os
import unicodedata

import bcrypt
from anyio import CapacityLimiter, to_thread

from engine.core.errors import Invalid
from engine.core.i18n import _

ROUNDS = 12
SHORTEST = 8
LONGEST = 200
BCRYPT_BYTES = 72


class Passwords:
    """Hashes and compares passwords. `rounds` is bcrypt's cost, 12 unless said: tests pass the cheapest, 4."""

    def __init__(self, rounds: int | None = None, at_once: int | None = None) -> None:
        """at_once: how many are hashed at the same time; half the cores, so that pages go on being served."""
        self._rounds = rounds or ROUNDS
        self._limiter = CapacityLimiter(at_once or max(1, (os.cpu_count() or 2) // 2))
        self._nobodys = f"$2b${self._rounds:02}${'.' * 53}".encode()

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        salt = bcrypt.gensalt(self._rounds)
        made = await to_thread.run_sync(bcrypt.hashpw, _secret(password), salt, limiter=self._limiter)
        return made.decode()

    async def matches(self, password: str, kept: str | None) -> bool:
        """Return whether this is the password that was kept; with none kept it takes as long and answers no."""
        known = kept.encode() if kept else self._nobodys
        is_same = await to_thread.run_sync(bcrypt.checkpw, _secret(password), known, limiter=self._limiter)
        return is_same and kept is not None


def check_new(password: str, *, email: str = "", field: str = "password") -> None:
    """Raise Invalid unless the password may be taken: 8 to 200 characters, and not the address itself."""
    if len(password) < SHORTEST:
        message = _("This password is too short: use at least {least} characters. A few words are a good one.")
        message = message.having(least=SHORTEST)
    elif len(password) > LONGEST:
        message = _("This password is too long: use at most {most} characters.").having(most=LONGEST)
    elif email and password.strip().lower() == email.lower():
        message = _("Your e-mail address is the first thing that others would try. Choose another password.")
    elif len(set(password)) == 1:
        message = _("One character again and again is easily guessed. Choose another password.")
    else:
        return
    raise Invalid(message, {field: message})


def _secret(password: str) -> bytes:
    """Return what bcrypt is given. It reads 72 bytes and stops at a NUL: what it would cut goes in as its SHA-256."""
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    if len(text) <= BCRYPT_BYTES and b"\x00" not in text:
        return text
    return base64.b64encode(hashlib.sha256(text).digest())
