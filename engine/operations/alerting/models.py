"""The table of alerts: what was raised, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, EnumText, HasId


class Severity(StrEnum):
    """How grave it is. Critical ones are told at any hour."""

    WARNING = "warning"
    CRITICAL = "critical"


class Alert(HasId, Base):
    """One alert, from its first moment to its last. While one is open, no other of its rule is raised.

    value: what was measured when it was raised; allowed: what it may be. source: the process that measured it.
    detail: what does not answer. told_at, told_over_at: when people were told of its beginning and its end.
    """

    __tablename__ = "alerts"

    rule: Mapped[str] = mapped_column(String(40))
    severity: Mapped[Severity] = mapped_column(EnumText(Severity))
    value: Mapped[float] = mapped_column(Float)
    allowed: Mapped[float] = mapped_column(Float)
    detail: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(100))
    raised_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_over_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_alerts_open",
            "rule",
            unique=True,
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
    )
