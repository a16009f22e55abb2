"""Where pages find pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.media.models import Media, original_key
from engine.media.pictures import VARIANTS

_FALLBACK = {"large": "medium", "full": "medium"}


@dataclass(frozen=True, slots=True)
class MediaUrls:
    """A picture's addresses, relative to the site. width and height are those of the original, upright."""

    id: UUID
    thumbnail: str
    medium: str
    large: str
    full: str
    width: int
    height: int
    alt: str
    medium_width: int
    large_width: int

    @property
    def srcset(self) -> str:
        """Return the medium and large variants with their widths, as an `<img>` wants them."""
        if self.large == self.medium or self.large_width <= self.medium_width:
            return f"{self.medium} {self.medium_width}w"
        return f"{self.medium} {self.medium_width}w, {self.large} {self.large_width}w"


def urls(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, MediaUrls]:
    """Return the addresses of these pictures by id, in one query; ids without a picture are left out.

    Until the large variants are made (seconds after the upload), their addresses are the medium one's.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    rows = connection.execute(
        select(Media.id, Media.version, Media.width, Media.height, Media.alt, Media.variants).where(
            Media.id.in_(wanted)
        )
    )
    return {row.id: _urls(row) for row in rows}


def _urls(row: Any) -> MediaUrls:
    found = {}
    for name in VARIANTS:
        shown = name if name in row.variants else _FALLBACK.get(name, name)
        found[name] = f"/media/{row.id}/{row.version}/{shown}.webp"
    medium_width = row.variants.get("medium", {}).get("width", row.width)
    return MediaUrls(
        id=row.id,
        **found,
        width=row.width,
        height=row.height,
        alt=row.alt,
        medium_width=medium_width,
        large_width=row.variants.get("large", {}).get("width", medium_width),
    )


def has_version(connection: Connection, media_id: UUID, version: str) -> bool:
    """Return whether a picture's address is the one it has now."""
    found = connection.execute(select(Media.id).where(Media.id == media_id, Media.version == version))
    return found.first() is not None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """What was sent, for staff."""

    id: UUID
    filename: str
    content_type: str
    extension: str
    size_bytes: int

    @property
    def original_key(self) -> str:
        """Where the blob store keeps the file as it came."""
        return original_key(self.id, self.extension)


def file_of(connection: Connection, media_id: UUID) -> MediaFile | None:
    """Return the file behind a picture, or None."""
    row = connection.execute(
        select(Media.id, Media.filename, Media.content_type, Media.extension, Media.size_bytes).where(
            Media.id == media_id
        )
    ).first()
    return MediaFile(*row) if row else None
