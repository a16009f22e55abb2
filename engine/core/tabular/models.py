"""The table of mappings that somebody chose."""

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId, HasTimes, Json


class ImportMapping(HasId, HasTimes, Base):
    """A mapping for a kind of list and a header. format: which reader it was chosen for."""

    __tablename__ = "import_mappings"

    kind: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(40), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    __table_args__ = (UniqueConstraint("kind", "signature"),)
