"""The table of wishes: which letters an address asked for, and which it wants no more."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base


class MailWish(Base):
    """Whether an address wants letters of a topic, such as `comment.replies`. asked_at: when a letter asked it."""

    __tablename__ = "mail_wishes"

    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    is_wanted: Mapped[bool | None]
    asked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
