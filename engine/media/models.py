"""The guide's `media` table, its tags, and uploads that are on their way."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, EnumText, HasId, HasTimes

MAX_FILENAME = 200
MAX_ALT = 300
MAX_FOLDER = 200
MAX_TAG = 60
MAX_TAGS = 30
MIDDLE = 50


class MediaKind(StrEnum):
    """What a file is, found by its content. A drawing is an SVG; only images and documents have sizes made of them."""

    IMAGE = "image"
    DRAWING = "drawing"
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    ARCHIVE = "archive"


class Media(HasId, HasTimes, Base):
    """One file. variants: {name: {width, height, size, file}} of those that are made; sizes in bytes.

    version: the part of the address that changes with what is shown there. width and height are the upright picture's,
    0 where there is none. file and each variant's `file` are names below `media/{id}/`; an empty one is the guide's own
    (`original.jpg`, `medium.webp`). focus_x, focus_y: the point that crops keep, in percent from the upper left corner.
    placeholder: a picture of a few pixels as a data address, to be shown until the real one arrives.
    """

    __tablename__ = "media"

    filename: Mapped[str] = mapped_column(String(MAX_FILENAME))
    kind: Mapped[MediaKind] = mapped_column(EnumText(MediaKind), default=MediaKind.IMAGE)
    content_type: Mapped[str] = mapped_column(String(80))
    extension: Mapped[str] = mapped_column(String(10))
    file: Mapped[str] = mapped_column(String(80), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[str] = mapped_column(String(16))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(MAX_ALT), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    folder: Mapped[str] = mapped_column(String(MAX_FOLDER), default="", index=True)
    focus_x: Mapped[int] = mapped_column(default=MIDDLE)
    focus_y: Mapped[int] = mapped_column(default=MIDDLE)
    placeholder: Mapped[str] = mapped_column(String(2_000), default="")
    variants: Mapped[dict[str, Any]]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def original_key(self) -> str:
        """Where the blob store keeps the file as it came."""
        return original_key(self.id, self.extension, self.file)


class MediaTag(Base):
    """A word by which staff find files again."""

    __tablename__ = "media_tags"

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(MAX_TAG), primary_key=True, index=True)


class MediaUpload(HasId, HasTimes, Base):
    """A file that comes in parts. parts: [name, bytes] of each below `uploads/{id}/`, in order.

    media_id: what it became; existed: whether the same bytes were here before.
    """

    __tablename__ = "media_uploads"

    filename: Mapped[str] = mapped_column(String(MAX_FILENAME))
    folder: Mapped[str] = mapped_column(String(MAX_FOLDER), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    parts: Mapped[list[Any]]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    media_id: Mapped[UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    existed: Mapped[bool] = mapped_column(default=False)


PUBLIC_ENDINGS = (".webp", ".avif", ".svg")


def folder_key(media_id: UUID) -> str:
    """Return where the blob store keeps everything of a file."""
    return f"media/{media_id}"


def original_key(media_id: UUID, extension: str, file: str = "") -> str:
    """Return where the blob store keeps the file as it came."""
    return f"media/{media_id}/{file or f'original.{extension}'}"


def variant_key(media_id: UUID, name: str, file: str = "") -> str:
    """Return where the blob store keeps a variant."""
    return f"media/{media_id}/{file or f'{name}.webp'}"


def is_public_key(key: str) -> bool:
    """Return whether everybody may read what is kept under this key: the variants, never a file as it came."""
    folder, _slash, name = key.rpartition("/")
    return folder.startswith("media/") and not name.startswith("original.") and name.endswith(PUBLIC_ENDINGS)


def upload_key(upload_id: UUID, name: str = "") -> str:
    """Return where the blob store keeps a part of an upload, or all of them."""
    return f"uploads/{upload_id}/{name}" if name else f"uploads/{upload_id}"
