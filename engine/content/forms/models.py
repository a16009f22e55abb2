"""Tables of forms: what staff put together, what came in, notes on it, and files that came with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.content.spam.learning import Lesson
from engine.core.audit import FOLDED, UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes

MAX_NAME = 200


class EntryStatus(StrEnum):
    """Where an entry stands with staff. Spam is kept apart and never lost."""

    NEW = "new"
    READ = "read"
    DONE = "done"
    SPAM = "spam"


class EntryPayment(StrEnum):
    """Where the money of an entry is that asks for some. cancelled: nothing was paid, and nothing is awaited."""

    AWAITED = "awaited"
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


class AfterSending(StrEnum):
    """What a visitor sees once a form is sent."""

    MESSAGE = "message"
    PAGE = "page"


class Form(HasId, HasTimes, Base):
    """One form. fields: as `shapes.kept` writes them. notify: addresses of staff who hear of each entry.

    confirmation_url: where a visitor goes after sending: a path of this site at once, another address by a link.
    reply_text: an e-mail to the sender, `{{ id }}` in it stands for an answer; none is sent where it is empty.
    retention_days: entries are erased so many days after they came; None keeps them.
    """

    __tablename__ = "forms"

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    intro: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[list[Any]] = mapped_column(default=list)
    submit_label: Mapped[str] = mapped_column(String(80), default="")
    after: Mapped[AfterSending] = mapped_column(EnumText(AfterSending), default=AfterSending.MESSAGE)
    confirmation: Mapped[str] = mapped_column(Text, default="")
    confirmation_url: Mapped[str] = mapped_column(String(2000), default="")
    closed_text: Mapped[str] = mapped_column(String(1000), default="")
    notify: Mapped[list[Any]] = mapped_column(default=list)
    reply_subject: Mapped[str] = mapped_column(String(300), default="")
    reply_text: Mapped[str] = mapped_column(Text, default="")
    retention_days: Mapped[int | None]


class FormEntry(HasId, HasTimes, Base):
    """What somebody sent. questions: the fields as they were then; answers: by field id, of those that were shown.

    summary: its first answers in a line; words: all of them, folded, for searches. email: the sender's, in lower case.
    reasons: why it was taken for spam, or might have been; lesson: what staff taught by it.
    payment, order_id: where its money is, and the order that asks for it; none where it asks for no money.
    """

    __tablename__ = "form_entries"

    form_id: Mapped[UUID] = mapped_column(ForeignKey("forms.id", ondelete="CASCADE"))
    status: Mapped[EntryStatus] = mapped_column(EnumText(EntryStatus), default=EntryStatus.NEW, index=True)
    summary: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(320), default="", index=True, info=FOLDED)
    answers: Mapped[dict[str, Any]]
    questions: Mapped[list[Any]]
    words: Mapped[str] = mapped_column(Text, default="", info=dict(UNAUDITED))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    lesson: Mapped[Lesson | None] = mapped_column(EnumText(Lesson), info=dict(UNAUDITED))
    page: Mapped[str] = mapped_column(String(500), default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    payment: Mapped[EntryPayment | None] = mapped_column(EnumText(EntryPayment), index=True)
    order_id: Mapped[UUID | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_form_entries_form_id", "form_id", "status", "created_at"),)


class FormEntryNote(HasId, HasTimes, Base):
    """What staff wrote about an entry. The author's name stays when the account goes."""

    __tablename__ = "form_entry_notes"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("form_entries.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)


class FormUpload(HasId, HasTimes, Base):
    """A file that came with a form, private. digest: of the token by which its sender names it until it is sent.

    entry_id: what it came with; None while the form is being filled in, and then it is dropped after a day. No foreign
    key: an entry in the bin keeps its files.
    """

    __tablename__ = "form_uploads"

    form_id: Mapped[UUID] = mapped_column(index=True)
    field: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    entry_id: Mapped[UUID | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]

    @property
    def key(self) -> str:
        """Where the blob store keeps it."""
        return upload_key(self.id)


def upload_key(upload_id: UUID) -> str:
    """Return where the blob store keeps a file that came with a form."""
    return f"private/forms/{upload_id}"
