"""The guide's `media` table."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId, HasTimes

MAX_FILENAME = 200
MAX_ALT = 300


class Media(HasId, HasTimes, Base):
    """One picture. variants: {name: {width, height, size}} of those that are made; sizes in bytes.

    version: the part of the address that changes with the content. width and height are the upright picture's.
    """

    __tablename__ = "media"

    filename: Mapped[str] = mapped_column(String(MAX_FILENAME))
    content_type: Mapped[str] = mapped_column(String(80))
    extension: Mapped[str] = mapped_column(String(10))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[str] = mapped_column(String(16))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(MAX_ALT), default="")
    variants: Mapped[dict[str, Any]]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)


def original_key(media_id: UUID, extension: str) -> str:
    """Return where the blob store keeps the file as it came."""
    return f"media/{media_id}/original.{extension}"


def variant_key(media_id: UUID, name: str) -> str:
    """Return where the blob store keeps a variant."""
    return f"media/{media_id}/{name}.webp"
