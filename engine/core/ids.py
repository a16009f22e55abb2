"""Identifiers: time-ordered UUIDv7 for rows, 128-bit random strings for public secrets."""

import hashlib
import secrets
import threading
from datetime import datetime
from uuid import UUID

from uuid_utils import compat

_RANDOM = (1 << 80) - 1  # what of an id is not its time


class Order:
    """The order in which this process makes ids: it holds also when the machine's clock is put back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = UUID(int=0)

    def next(self) -> UUID:
        """Return an id that is greater than all before: while the clock is behind, a millisecond later."""
        with self._lock:
            made: UUID = compat.uuid7()
            if made <= self._newest:
                made = UUID(int=(((self._newest.int >> 80) + 1) << 80) | (made.int & _RANDOM))
            self._newest = made
        return made

    def follow(self, known: UUID) -> None:
        """Make greater ids than this one: another process made it, perhaps by another clock."""
        with self._lock:
            self._newest = max(self._newest, known)


_order = Order()
follow = _order.follow


def new_id() -> UUID:
    """Return a UUIDv7: unique, and sorted by the time it was made. Source: RFC 9562, sections 5.7 and 6.2."""
    return _order.next()


def first_id_at(moment: datetime) -> UUID:
    """Return the least UUIDv7 of this moment: what was made since has a greater one."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def new_random_id() -> UUID:
    """Return 128 random bits in the shape of a UUID, for ids that must not be guessed (a cart's)."""
    return UUID(bytes=secrets.token_bytes(16))


def new_secret() -> str:
    """Return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> str:
    """Return the hex SHA-256 of a secret: what is stored when a secret only needs to be recognised."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parse_id(text: str) -> UUID | None:
    """Return the UUID that the text spells, or None."""
    try:
        return UUID(text)
    except (ValueError, AttributeError):
        return None
