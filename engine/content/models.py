"""Tables of content: redirects now."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.audit import UNAUDITED
from engine.core.tables import Base, HasId, HasTimes


class Redirect(HasId, HasTimes, Base):
    """An address that moved (the guide's `redirects`). source_path begins with a slash."""

    __tablename__ = "redirects"

    source_path: Mapped[str] = mapped_column(String(500), unique=True)
    target_url: Mapped[str] = mapped_column(String(2000), index=True)
    status_code: Mapped[int] = mapped_column(default=301)
    hits: Mapped[int] = mapped_column(default=0, info=dict(UNAUDITED))
