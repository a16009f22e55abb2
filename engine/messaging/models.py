"""The table of messages: what was asked for, what became of it, and what it said."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, EnumText, HasId, HasTimes


class MessageStatus(StrEnum):
    """Where a message stands.

    queued: its job has not finished with it. kept: the outbox holds it and nobody sends it. held: e-mail is off, or in
    test mode without a recipient. failed: the provider refused it for good, or did not answer for too long.
    """

    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"
    HELD = "held"
    FAILED = "failed"


class Message(HasId, HasTimes, Base):
    """One e-mail to one address. `contents` is what the template is filled with; bodies are there once rendered.

    reference: its stable Message-ID, so that a repeat after a crash is recognisable. sent_to: where it really went
    (test mode redirects). about: the order or user it concerns. holds_secret: only super admins read it, and contents
    and bodies are erased once it is sent.
    """

    __tablename__ = "messages"

    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    contents: Mapped[dict[str, Any]]
    about: Mapped[UUID | None] = mapped_column(index=True)
    holds_secret: Mapped[bool] = mapped_column(default=False)
    status: Mapped[MessageStatus] = mapped_column(EnumText(MessageStatus))
    job_id: Mapped[UUID | None]
    provider: Mapped[str] = mapped_column(String(20), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    sender: Mapped[str] = mapped_column(String(560), default="")
    sent_to: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(400), default="")
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    #: When the hourly limit counted it; null until it is tried.
    counted_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "status", "created_at"),)
