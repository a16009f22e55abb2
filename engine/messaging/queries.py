"""Reads for the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, or_, select

from engine.core import narrowing
from engine.core.actor import Actor
from engine.core.counting import count
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.narrowing import MOST_FOUND
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
    newest = (Message.id.desc(),) if status is None else (Message.created_at.desc(), Message.id.desc())
    if search:
        return _found(connection, where, newest, request, search)
    return _page(connection, where, newest, request, count(connection, select(Message.id).where(*where)))


def _found(
    connection: Connection, where: list[ColumnElement[bool]], newest: Sequence[Any], request: PageRequest, search: str
) -> Page[MessageSummary]:
    """Return the messages that hold it: addresses and subjects are looked through, and no letter."""
    holds = partial(narrowing.holds, word=search, dialect=connection.dialect.name)
    columns = (Message.recipient, Message.subject)
    held = (text.in_(select(text).where(holds(text)).distinct()) for text in columns)
    ways = [select(Message.id).where(*where, one) for one in held]
    shown, total = narrowing.found(connection, Message.id, ways, newest, request, MOST_FOUND)
    if total <= MOST_FOUND:
        rows = connection.execute(select(*_SUMMARY).where(Message.id.in_(shown)).order_by(*newest))
        return Page.of([_summary(row) for row in rows], total, request)
    each = narrowing.one_by_one([or_(*(holds(text) for text in columns))])
    page = _page(connection, [*where, each], newest, request, MOST_FOUND)
    shown_here = len(page.items)
    return replace(page, total=max(MOST_FOUND, request.offset + shown_here), is_more=shown_here == request.limit)


def _page(
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    newest: Sequence[Any],
    request: PageRequest,
    total: int,
) -> Page[MessageSummary]:
    ids = select(Message.id).where(*where).order_by(*newest).limit(request.limit).offset(request.offset)
    rows = connection.execute(select(*_SUMMARY).where(Message.id.in_(ids)).order_by(*newest))
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
