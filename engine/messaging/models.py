"""The table of messages: what was asked for, what became of it, and what it said."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.audit import UNAUDITED
from engine.core.domain import LetterKind
from engine.core.tables import Base, EnumText, HasId, HasTimes
from engine.messaging.ports import Wording


class MessageStatus(StrEnum):
    """Where a message stands.

    queued: its job has not finished with it. kept: the outbox holds it and nobody sends it, for there is no
    provider or its letter is switched off. held: e-mail is off, or in test mode without a recipient. failed: the
    provider refused it for good, or did not answer for too long.
    """

    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"
    HELD = "held"
    FAILED = "failed"


#: Which letters still hold a secret: few of many, and the hour asks for them.
_UNERASED: dict[str, Any] = {
    "sqlite_where": text("holds_secret = 1 AND erased_at IS NULL"),
    "postgresql_where": text("holds_secret AND erased_at IS NULL"),
}


class Message(HasId, HasTimes, Base):
    """One e-mail to one address. `contents` is what the template is filled with; bodies are there once rendered.

    reference: its stable Message-ID, so that a repeat after a crash is recognisable. sent_to: where it really went
    (test mode redirects). reply_to: who answers go to, empty for the house. about: the order, user or entry.
    tries: the stored template that this one shows, whether it is active or not. holds_secret: only super admins read
    it, and contents and bodies are erased once it is sent.
    """

    __tablename__ = "messages"

    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    contents: Mapped[dict[str, Any]]
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    about: Mapped[UUID | None] = mapped_column(index=True)
    tries: Mapped[UUID | None]
    holds_secret: Mapped[bool] = mapped_column(default=False)
    status: Mapped[MessageStatus] = mapped_column(EnumText(MessageStatus))
    job_id: Mapped[UUID | None]
    provider: Mapped[str] = mapped_column(String(20), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    sender: Mapped[str] = mapped_column(String(560), default="")
    sent_to: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(400), default="", index=True)
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    #: When the hourly limit counted it; null until it is tried.
    counted_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "status", "created_at"),
        Index("ix_messages_secrets", "created_at", **_UNERASED),
    )


class StoredTemplate(HasId, HasTimes, Base):
    """The words of one message, as people have them (the guide's `email_templates`).

    purpose: the key of the message that it is for. is_own: somebody made it; every other comes with Agora and has a row
    from the start. Empty words are those that come with Agora. Of a purpose at most one is active; where none is,
    the message is not sent. trouble: why the words were of no use when a message was written by them.
    """

    __tablename__ = "email_templates"

    purpose: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[LetterKind] = mapped_column(EnumText(LetterKind))
    subject: Mapped[str] = mapped_column(String(400), default="")
    preheader: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    is_own: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str] = mapped_column(Text, default="", info=dict(UNAUDITED))

    __table_args__ = (
        Index(
            "uq_email_templates_active",
            "purpose",
            unique=True,
            sqlite_where=text("is_active"),
            postgresql_where=text("is_active"),
        ),
    )

    @property
    def wording(self) -> Wording:
        """Its words, with gaps where it says what comes with Agora."""
        return Wording(self.subject, self.preheader, self.body)
