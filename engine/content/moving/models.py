"""What was brought in from where, so that the same export again makes nothing twice."""

from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base


class ImportedItem(Base):
    """One thing of another system, and what it became here. edit: the page's when it was last written from there.

    kind: page, article, category, tag, author, file, menu; content_hash: of what came in. Of kind `export`, the export
    itself: key is its digest, content_hash when it was written.
    """

    __tablename__ = "imported_items"

    source: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    target_id: Mapped[UUID] = mapped_column(index=True)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    edit: Mapped[int] = mapped_column(default=0)
