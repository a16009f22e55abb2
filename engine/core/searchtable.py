"""What the search keeps in the database: the `database` adapter's documents, and how each index stands.

Declared here because adapters own no tables.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, Json


class SearchRow(Base):
    """One document. The `_words` columns are what is matched, folded and stemmed; PostgreSQL and FTS5 index them.

    generation: which index it belongs to; a new one is built beside the one in use. known: its title and keywords in
    folded words, for spelling.
    """

    __tablename__ = "search_documents"

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    generation: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    title_words: Mapped[str] = mapped_column(Text)
    keyword_words: Mapped[str] = mapped_column(Text)
    body_words: Mapped[str] = mapped_column(Text)
    known: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        Index("uq_search_documents_generation_type_id", "generation", "type", "id", unique=True),
        Index(None, "generation", "visibility"),
    )


class SearchFacet(Base):
    """A value that a document is counted and filtered by; codes are values of the facet `#code`."""

    __tablename__ = "search_facets"

    document: Mapped[int] = mapped_column(ForeignKey("search_documents.row", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)

    __table_args__ = (Index(None, "name", "value"),)


class SearchNumber(Base):
    """A number of a document, to sort by and to narrow."""

    __tablename__ = "search_numbers"

    document: Mapped[int] = mapped_column(ForeignKey("search_documents.row", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index(None, "name", "value"),)


class SearchState(Base):
    """How an index stands; `name`: `database` for that adapter's, `engine` for which one is kept up to date."""

    __tablename__ = "search_states"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
