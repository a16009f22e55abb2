"""The audit log: who did what to which thing, from where, with what result, and the difference."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, delete, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, EnumText, HasId

#: Column `info` that keeps a column out of the differences.
UNAUDITED: Mapping[str, Any] = {"audit": False}

#: Column `info` that says that its texts are in lower case, so that they can be sorted as they are.
FOLDED: dict[Any, Any] = {"folded": True}
_HAS_ADDRESS = text("ip_address <> ''")
#: What an index of addresses leaves out: lines whose address is forgotten.
FROM_SOMEWHERE: Mapping[str, Any] = {"sqlite_where": _HAS_ADDRESS, "postgresql_where": _HAS_ADDRESS}


class AuditResult(StrEnum):
    """How it ended."""

    SUCCESS = "success"
    FAILURE = "failure"


class AuditEntry(HasId, Base):
    """One line of the audit log (the guide's `audit_logs`)."""

    __tablename__ = "audit_logs"

    user_id: Mapped[UUID | None]
    actor: Mapped[str] = mapped_column(String(320), index=True)
    action: Mapped[str] = mapped_column(String(80), info=FOLDED)
    resource_type: Mapped[str] = mapped_column(String(60))
    resource_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    ip_address: Mapped[str] = mapped_column(String(64))
    result: Mapped[AuditResult] = mapped_column(EnumText(AuditResult))
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        Index(None, "resource_type", "resource_id"),
        Index(None, "user_id"),
        Index(None, "action", "id"),
        Index(None, "ip_address", "created_at", **FROM_SOMEWHERE),
    )


class AuditActor(Base):
    """Who stands in the audit log, each once: a search looks through these names, and through no line."""

    __tablename__ = "audit_actors"

    actor: Mapped[str] = mapped_column(String(320), primary_key=True)


_has_line = select(AuditEntry.id).where(AuditEntry.actor == AuditActor.actor).exists()
#: Takes those off the list of who stands in the log of whom no line tells any more.
FORGET_ACTORS = delete(AuditActor).where(~_has_line)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(v) for v in value]
        case UUID() | Decimal() | str():
            return str(value)
        case _:
            return str(value)


def changes_of(row: Any) -> dict[str, list[Any]]:
    """Return `{column: [before, after]}` of what changed on a row and is not flushed yet."""
    changes: dict[str, list[Any]] = {}
    state = inspect(row)
    for column in state.mapper.column_attrs:
        if column.key in ("updated_at", "created_at", "id") or column.columns[0].info.get("audit") is False:
            continue
        history = state.attrs[column.key].history
        if history.has_changes():
            before = plain(history.deleted[0]) if history.deleted else None
            after = plain(history.added[0]) if history.added else None
            if before != after:
                changes[column.key] = [before, after]
    return changes
