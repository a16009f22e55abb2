"""Identifiers: time-ordered UUIDv7 for rows, 128-bit random strings for public secrets."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """Return a UUIDv7: unique, and sorted by the time it was made. Source: RFC 9562, section 5.7."""
    return compat.uuid7()


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
