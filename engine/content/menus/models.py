"""The guide's `navigation` table: a menu a row."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId, HasTimes, Json

#: Places that every site has; others have the names that people give them.
HEADER, FOOTER, LEGAL = "header", "footer", "legal"


class Menu(HasId, HasTimes, Base):
    """One menu. location: where it is shown; items: a tree, as `engine/content/menus/items.py` has it."""

    __tablename__ = "navigation"

    name: Mapped[str] = mapped_column(String(120))
    location: Mapped[str] = mapped_column(String(60), unique=True)
    items: Mapped[list[Any]] = mapped_column(Json, default=list)
