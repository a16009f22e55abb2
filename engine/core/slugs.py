"""Slugs: the readable last part of an address."""

import re

from anyascii import anyascii

MAX_LENGTH = 100
_not_slug = re.compile(r"[^a-z0-9]+")


def slugify(text: str, fallback: str = "item") -> str:
    """Return a slug of at most 100 of a-z, 0-9 and hyphens; other scripts are transliterated."""
    slug = _not_slug.sub("-", anyascii(text).lower()).strip("-")[:MAX_LENGTH].strip("-")
    return slug or fallback


def is_slug(text: str) -> bool:
    """Return whether the text is a slug as `slugify` would leave it."""
    return bool(text) and len(text) <= MAX_LENGTH and slugify(text) == text


def numbered(slug: str, number: int) -> str:
    """Return `slug-2` and so on, within the length."""
    tail = f"-{number}"
    return slug[: MAX_LENGTH - len(tail)] + tail
