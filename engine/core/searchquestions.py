"""What shoppers searched for: how often, when last, and how much was found. No person is kept with it."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base

MAX_QUESTION = 100


class SearchQuestion(Base):
    """A question in plain words. found: how many things answered it when it was last asked."""

    __tablename__ = "search_questions"

    question: Mapped[str] = mapped_column(String(MAX_QUESTION), primary_key=True)
    asked: Mapped[int]
    found: Mapped[int]
    asked_at: Mapped[datetime]

    __table_args__ = (Index(None, "asked_at"), Index(None, "found", "asked"))
