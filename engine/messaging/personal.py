"""What messaging holds of a person: the e-mails that were written to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from engine.core.i18n import _
from engine.core.persons import Person, PersonalData, Retention
from engine.core.transaction import Tx
from engine.messaging.models import Message, MessageStatus
from engine.messaging.public import NOTHING

BATCH = 500


def _theirs(person: Person) -> ColumnElement[bool]:
    return or_(Message.recipient == person.email, Message.sent_to == person.email, Message.reply_to == person.email)


def _collect(connection: Connection, person: Person) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(Message.created_at, Message.recipient, Message.subject, Message.status, Message.text)
        .where(_theirs(person), Message.holds_secret.is_(False))
        .order_by(Message.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


async def _erase(tx: Tx, person: Person) -> int:
    ids = list(await tx.scalars(select(Message.id).where(_theirs(person))))
    await tx.execute(update(Message).where(Message.id.in_(ids)).values(**NOTHING, erased_at=tx.now))
    return len(ids)


def _old(before: datetime) -> Select[Any]:
    """Return what need not leave any more, with what was erased before: it says nothing."""
    done = [status for status in MessageStatus if status is not MessageStatus.QUEUED]
    return select(Message.id).where(Message.status.in_(done), Message.created_at < before)


async def _forget(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old(before).limit(BATCH)))
    await tx.execute(delete(Message).where(Message.id.in_(ids)))
    return len(ids)


PERSONAL = (PersonalData("messages", _("E-mails"), _collect, _erase),)
RETENTIONS = (Retention("message_days", _("What e-mails said, and to whom"), _forget, _old),)
