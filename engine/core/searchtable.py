"""The table that the `database` search adapter keeps: declared here because adapters own no tables."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base


class SearchRow(Base):
    """One document. `words` is what is matched, folded to plain lower-case letters; PostgreSQL and FTS5 index it."""

    __tablename__ = "search_documents"

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    type: Mapped[str] = mapped_column(String(40))
    id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    title_words: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(String(20))
    facets: Mapped[dict[str, Any]]

    __table_args__ = (Index("uq_search_documents_type_id", "type", "id", unique=True),)
