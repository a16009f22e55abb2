"""Tables of spam protection: what staff taught, and traces of what came."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId


class SpamWord(Base):
    """In how many posts that staff marked a word stood; the empty word counts the posts."""

    __tablename__ = "spam_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    spam: Mapped[int]
    fine: Mapped[int]


class SpamTrace(HasId, Base):
    """Something came: from where, from whom and with which words, each as a keyed hash. Forgotten after two days."""

    __tablename__ = "spam_traces"

    address: Mapped[str] = mapped_column(String(22))
    author: Mapped[str] = mapped_column(String(22))
    words: Mapped[str] = mapped_column(String(22))
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index(None, "address"), Index(None, "author"), Index(None, "words"))
