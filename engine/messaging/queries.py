"""Reads for the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from engine.core.actor import Actor
from engine.core.counting import count
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest
from engine.messaging import policy
from engine.messaging.models import Message, MessageStatus

_SUMMARY = (
    Message.id,
    Message.template,
    Message.recipient,
    Message.sent_to,
    Message.subject,
    Message.status,
    Message.error,
    Message.holds_secret,
    Message.about,
    Message.created_at,
    Message.sent_at,
)
#: Of the others there are as many as letters were ever written; nobody needs to know how many.
NOT_LEFT = (MessageStatus.QUEUED, MessageStatus.HELD, MessageStatus.FAILED)


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """One line of the outbox."""

    id: UUID
    template: str
    recipient: str
    sent_to: str
    subject: str
    status: MessageStatus
    error: str
    holds_secret: bool
    about: UUID | None
    created_at: datetime
    sent_at: datetime | None

    @property
    def is_redirected(self) -> bool:
        return bool(self.sent_to) and self.sent_to != self.recipient


@dataclass(frozen=True, slots=True)
class MessageDetail:
    """A message with what it says; `html` and `text` are empty for whoever may not read them, and once erased."""

    summary: MessageSummary
    sender: str
    provider: str
    reference: str
    job_id: UUID | None
    html: str
    text: str
    is_hidden: bool
    is_erased: bool


def messages(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    search: str = "",
    status: MessageStatus | None = None,
    about: UUID | None = None,
) -> Page[MessageSummary]:
    """Return the newest messages first. search: in address and subject."""
    policy.require_reader(actor)
    where = []
    if status is not None:
        where.append(Message.status == status)
    if about is not None:
        where.append(Message.about == about)
    if search:
        where.append(
            or_(
                Message.recipient.icontains(search, autoescape=True), Message.subject.icontains(search, autoescape=True)
            )
        )
    total = count(connection, select(Message.id).where(*where))
    rows = connection.execute(
        select(*_SUMMARY).where(*where).order_by(Message.id.desc()).limit(request.limit).offset(request.offset)
    )
    return Page.of([_summary(row) for row in rows], total, request)


def message(connection: Connection, actor: Actor, message_id: UUID) -> MessageDetail:
    """Return one message. Raises NotAllowed, NotFound."""
    policy.require_reader(actor)
    more = (
        Message.sender, Message.provider, Message.reference, Message.job_id, Message.html, Message.text,
        Message.erased_at,
    )  # fmt: skip
    row = connection.execute(select(*_SUMMARY, *more).where(Message.id == message_id)).first()
    if row is None:
        raise NotFound(_("There is no such message. It may have been removed."))
    may_read = policy.may_read_body(actor, holds_secret=row.holds_secret)
    return MessageDetail(
        summary=_summary(row),
        sender=row.sender,
        provider=row.provider,
        reference=row.reference,
        job_id=row.job_id,
        html=row.html if may_read else "",
        text=row.text if may_read else "",
        is_hidden=not may_read,
        is_erased=row.erased_at is not None,
    )


def counts(connection: Connection) -> dict[str, int]:
    """Return how many messages stand in each status in which they have not left."""
    rows = connection.execute(
        select(Message.status, func.count()).where(Message.status.in_(NOT_LEFT)).group_by(Message.status)
    )
    return {str(row[0]): row[1] for row in rows}


def _summary(row: Any) -> MessageSummary:
    return MessageSummary(**{name: getattr(row, name) for name in MessageSummary.__dataclass_fields__})
