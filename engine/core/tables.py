"""The declarative base, and the columns that every table shares."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, Table, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine.core.ids import new_id

#: JSON that PostgreSQL can index.
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; refuses naive ones. SQLite keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every time in Agora is aware")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class EnumText(TypeDecorator[Any]):
    """A StrEnum kept as its text, so that a new member needs no change of type."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class Base(DeclarativeBase):
    """Every table of Agora."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {UUID: Uuid(), datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


def table_of(kind: type[Base]) -> Table:
    """Return a model's table: a statement on it goes past the ORM, which would look through every row."""
    table = kind.__table__
    assert isinstance(table, Table)  # noqa: S101 - no model here is mapped to anything else
    return table


class HasId:
    """A UUIDv7 primary key, there before the row is flushed."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        super().__init__(**values)


class HasTimes:
    """When the row was made and last changed. `Tx` keeps them, by the Clock."""

    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
