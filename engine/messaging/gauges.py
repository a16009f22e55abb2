"""Messaging's numbers for who watches the house: what waits, and what did not leave."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.core.gauges import Gauge, Reading
from engine.messaging.models import Message, MessageStatus

SHOWN = (MessageStatus.QUEUED, MessageStatus.HELD, MessageStatus.FAILED)


def _messages(connection: Connection, _now: datetime) -> Iterable[Reading]:
    rows = connection.execute(
        select(Message.status, func.count()).where(Message.status.in_(SHOWN)).group_by(Message.status)
    )
    found = dict(rows.all())
    return [((str(status),), found.get(status, 0)) for status in SHOWN]


GAUGES = (Gauge("messages", "E-mails that did not leave, by status.", _messages, ("status",)),)
