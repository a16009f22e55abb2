"""What a file of the media library looks like on the wire."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from engine.api.wire import PageWire, Wire
from engine.core.domain import MediaPlace
from engine.core.i18n import format_message
from engine.media.library import MediaItem
from engine.media.models import MAX_ALT, MAX_FOLDER, MAX_TAG, MAX_TAGS, MediaKind

Percent = Annotated[int, Field(ge=0, le=100)]


class VariantsWire(Wire):
    """The addresses of a picture's sizes; null for those that are not made yet, or of what is no picture."""

    thumbnail: str | None
    medium: str | None
    large: str | None
    full: str | None


class FocalPointWire(Wire):
    """The point that crops keep, in percent from the upper left corner."""

    x: Percent
    y: Percent


class MediaWire(Wire):
    """A file of the media library. width and height in pixels, of the upright picture; size in bytes.

    isReady: whether every variant is made. existed: whether the bytes that were sent were here before.
    """

    id: UUID
    url: str
    width: int | None
    height: int | None
    mime_type: str
    size: int
    variants: VariantsWire
    kind: MediaKind
    filename: str
    alt: str
    is_decorative: bool
    folder: str
    tags: list[str]
    focal_point: FocalPointWire
    is_ready: bool
    existed: bool
    created_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, item: MediaItem, *, existed: bool = False) -> "MediaWire":
        return cls(
            id=item.id,
            url=item.url,
            width=item.width or None,
            height=item.height or None,
            mime_type=item.content_type,
            size=item.size_bytes,
            variants=_variants(item),
            kind=item.kind,
            filename=item.filename,
            alt=item.alt,
            is_decorative=item.is_decorative,
            folder=item.folder,
            tags=list(item.tags),
            focal_point=FocalPointWire(x=item.focus[0], y=item.focus[1]),
            is_ready=item.is_ready,
            existed=existed,
            created_at=item.created_at,
            deleted_at=item.deleted_at,
        )


def _variants(item: MediaItem) -> VariantsWire:
    urls = item.urls
    if urls is None:
        return VariantsWire(thumbnail=None, medium=None, large=None, full=None)
    is_drawing = item.kind is MediaKind.DRAWING
    return VariantsWire(
        **{
            name: getattr(urls, name) if is_drawing or name in item.variants else None
            for name in VariantsWire.model_fields
        }
    )


class MediaItemPage(PageWire[MediaWire]):
    """One page of files."""


class MediaPatch(Wire):
    """What is said about a file; what is left out stays."""

    alt: str | None = Field(default=None, max_length=MAX_ALT)
    is_decorative: bool | None = None
    folder: str | None = Field(default=None, max_length=MAX_FOLDER)
    tags: list[Annotated[str, Field(max_length=MAX_TAG)]] | None = Field(default=None, max_length=MAX_TAGS)
    focal_point: FocalPointWire | None = None

    @model_validator(mode="after")
    def _decorative_has_no_words(self) -> Self:
        if self.is_decorative and self.alt:
            raise ValueError("a decorative picture has no alternative text: send one or the other")
        return self


class MediaPlaceWire(Wire):
    """A place where a file is used, and where staff change it."""

    kind: str
    title: str
    url: str

    @classmethod
    def of(cls, place: MediaPlace, locale: str) -> "MediaPlaceWire":
        return cls(kind=format_message(place.kind, locale), title=place.title, url=place.url)


class MediaUsesWire(Wire):
    """Where a file is used."""

    items: list[MediaPlaceWire]
