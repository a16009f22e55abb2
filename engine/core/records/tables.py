"""Tables beside the records: the bin, the views that people keep, and the columns they chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId


class BinnedRecord(HasId, Base):
    """A deleted thing, whole, until its time in the bin is over. resource: its path; links: rows that went with it.

    pointers: rows that stayed and led to it or to its links, `{table: {column: {id it led to: [ids of the rows]}}}`.
    """

    __tablename__ = "bin"

    resource: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(300))
    values: Mapped[dict[str, Any]]
    links: Mapped[dict[str, Any]]
    pointers: Mapped[dict[str, Any]]
    deleted_by: Mapped[UUID | None]
    deleted_by_name: Mapped[str] = mapped_column(String(320))
    deleted_at: Mapped[datetime]
    purge_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index(None, "resource", "deleted_at"),)


class SavedView(HasId, Base):
    """A list as somebody wants to find it again: `query` is its address's parameters. No user: everybody's."""

    __tablename__ = "saved_views"

    user_id: Mapped[UUID | None] = mapped_column(index=True)
    resource: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2_000))
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "resource", "user_id"),)


class ListColumns(HasId, Base):
    """The columns that a person wants in a list, by their names on the wire, in order."""

    __tablename__ = "list_columns"

    user_id: Mapped[UUID]
    resource: Mapped[str] = mapped_column(String(60))
    columns: Mapped[list[Any]]

    __table_args__ = (UniqueConstraint("user_id", "resource"),)
