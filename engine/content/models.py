"""Tables of content that stand for themselves: redirects, and addresses that visitors found empty."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.audit import UNAUDITED
from engine.core.tables import Base, HasId, HasTimes

MAX_PATH = 500


class Redirect(HasId, HasTimes, Base):
    """An address that moved (the guide's `redirects`). source_path begins with a slash; `/*` at its end: all below it.

    target_url: where it leads, a `*` in it being what stood in the source's place; empty where it is gone (410).
    """

    __tablename__ = "redirects"

    source_path: Mapped[str] = mapped_column(String(MAX_PATH), unique=True)
    target_url: Mapped[str] = mapped_column(String(2000), index=True)
    status_code: Mapped[int] = mapped_column(default=301)
    hits: Mapped[int] = mapped_column(default=0, info=dict(UNAUDITED))
    last_hit_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))


class MissingPage(HasId, HasTimes, Base):
    """An address at which visitors found nothing. referrer: the page that led there last; empty for none.

    is_dismissed: staff said that nothing belongs there.
    """

    __tablename__ = "missing_pages"

    path: Mapped[str] = mapped_column(String(MAX_PATH), unique=True)
    hits: Mapped[int] = mapped_column(default=1, index=True)
    referrer: Mapped[str] = mapped_column(String(MAX_PATH), default="")
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    is_dismissed: Mapped[bool] = mapped_column(default=False)
