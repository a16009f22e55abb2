"""Tables of gated files, and of who had them."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.actor import Role
from engine.core.audit import UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes


class FileRule(StrEnum):
    """Who may have a file: whoever comes by its page, an account, a role, who bought a product, who sent a form."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    ROLE = "role"
    PURCHASE = "purchase"
    FORM = "form"


class GatedFile(HasId, HasTimes, Base):
    """One file of the private store. version: of its bytes, part of where they are kept; empty until there are any.

    role, product_id, form_id: what its rule asks for; a rule without it lets nobody in. downloads: links that were
    used. No foreign keys: a form or product that comes back from the bin opens its files again.
    """

    __tablename__ = "gated_files"

    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[FileRule] = mapped_column(EnumText(FileRule), default=FileRule.SIGNED_IN)
    role: Mapped[Role | None] = mapped_column(EnumText(Role))
    product_id: Mapped[UUID | None] = mapped_column(index=True)
    form_id: Mapped[UUID | None] = mapped_column(index=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    content_type: Mapped[str] = mapped_column(String(100), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[str] = mapped_column(String(32), default="", info=dict(UNAUDITED))
    downloads: Mapped[int] = mapped_column(default=0, info=dict(UNAUDITED))


class FileDownload(HasId, HasTimes, Base):
    """A link that was used. link: its digest; who: the account's or the sender's address, or empty."""

    __tablename__ = "gated_downloads"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("gated_files.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    link: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(320), default="")

    __table_args__ = (UniqueConstraint("file_id", "link"),)


def file_key(file_id: UUID, version: str) -> str:
    """Return where the blob store keeps a file's bytes."""
    return f"private/files/{file_id}/{version}"
