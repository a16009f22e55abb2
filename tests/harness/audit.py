"""After it all: the dust settles, and what people were told is looked for in the database, exactly once each."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.commerce.catalog.models import StockMovement
from engine.commerce.ordering.models import EventKind, Order, OrderEvent, Payment, PaymentAttempt, Refund
from engine.commerce.ordering.settling import RefundStatus
from engine.commerce.ordering.states import OrderStatus
from engine.core.database import Database
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.jobs import Job, JobStatus
from engine.messaging.models import Message, MessageStatus
from tests import audit as ledger
from tests.harness import pages
from tests.harness.company import Company
from tests.harness.installation import PATIENCE, Installation
from tests.harness.journal import COUNT, HAND_PAYMENT, ORDER, PAYMENT, REFUND, STEP, WEBHOOK, Journal
from tests.harness.report import Found

#: The clock goes on by so much at the end, so that what waits comes: late payments, and the end of the time to pay.
ON = timedelta(minutes=20)
TIMES = 3


async def settled(server: Installation, company: Company) -> Found:
    """Let everything come to its end, and return what is wrong then."""
    found = Found()
    db = Database(server.database_url)
    try:
        for _time in range(TIMES):
            server.jump(ON)
            await _until_idle(db, server, found)
    finally:
        await db.close()
    await audited(server, company, found)
    return found


async def audited(server: Installation, company: Company, found: Found) -> None:
    """Note what is wrong with the database, and with what people see of it."""
    db = Database(server.database_url)
    try:
        found.wrong += await ledger.audited(db)
        await db.query(audit, company.journal, found)
        await db.query(posted, company.post.taken, found)
        await pages.audited(db, server, company.works, found)
    finally:
        await db.close()


async def _until_idle(db: Database, server: Installation, found: Found) -> None:
    """Wait until no job is due any more."""
    until = time.monotonic() + PATIENCE
    left: Sequence[Job] = ()
    while time.monotonic() < until:
        await asyncio.sleep(0.3)
        waits = (Job.status == JobStatus.QUEUED) & (Job.run_at <= server.now())
        async with db.read() as session:
            left = (await session.scalars(select(Job).where(waits | (Job.status == JobStatus.RUNNING)))).all()
        if not left:
            return
    told = {f"{job.status}: {job.kind} {job.ordering_key}, tried {job.attempts} times: {job.error}" for job in left}
    found.wrong.append(f"{len(left)} jobs were not done within {PATIENCE:.0f} s: {sorted(told)[:5]}")


def audit(connection: Connection, journal: Journal, found: Found) -> None:
    """Look for each line of a journal."""
    _orders(connection, journal, found)
    _payments(connection, journal, found)
    _steps(connection, journal, found)
    _refunds(connection, journal, found)
    _stock(connection, journal, found)
    _webhooks(connection, journal, found)
    _jobs(connection, found)
    _letters(connection, journal, found)
    _reactions(connection, found)
    for table in (Order, Payment, Refund, StockMovement, Message, FactRow, Job):
        found.counted[table.__tablename__] = connection.scalar(select(func.count()).select_from(table)) or 0


def _once(kind: str, key: str, times: int, found: Found) -> None:
    if times == 0:
        found.lose(kind, key)
    elif times > 1:
        found.double(kind, f"{key}, {times} times")


def _orders(connection: Connection, journal: Journal, found: Found) -> None:
    kept: dict[str, list[tuple[str, int]]] = {}
    for row in connection.execute(select(Order.email, Order.number, Order.total_minor)):
        kept.setdefault(row.email, []).append((row.number, row.total_minor))
    for line in journal.of(ORDER):
        there = kept.get(line.key, [])
        _once(ORDER, line.key, len(there), found)
        told = (line.said.get("number"), line.said.get("total"))
        if told[0] and there and there[0] != told:
            found.wrong.append(f"order {line.key} was told as {told}, kept is {there[0]}")
    found.wrong += [f"{email} has {len(there)} orders, and asked for one" for email, there in kept.items() if there[1:]]


def _payments(connection: Connection, journal: Journal, found: Found) -> None:
    by_intent = Counter(
        connection.scalars(select(PaymentAttempt.intent_id).join(Payment, Payment.id == PaymentAttempt.payment_id))
    )
    for line in journal.of(PAYMENT):
        _once(PAYMENT, line.said["intent"], by_intent[line.said["intent"]], found)
    by_hand = Counter(
        connection.scalars(
            select(Order.email).join(Payment, Payment.order_id == Order.id).where(Payment.method == "manual")
        )
    )
    for line in journal.of(HAND_PAYMENT):
        _once(HAND_PAYMENT, line.key, by_hand[line.key], found)


def _steps(connection: Connection, journal: Journal, found: Found) -> None:
    steps = Counter(
        (row.email, row.status)
        for row in connection.execute(
            select(Order.email, OrderEvent.status)
            .join(OrderEvent, OrderEvent.order_id == Order.id)
            .where(OrderEvent.kind == EventKind.STEP)
        )
    )
    for line in journal.of(STEP):
        _once(STEP, f"{line.key} {line.said['to']}", steps[line.key, OrderStatus(line.said["to"])], found)


def _refunds(connection: Connection, journal: Journal, found: Found) -> None:
    done = set(connection.scalars(select(Refund.id).where(Refund.status == RefundStatus.DONE)))
    told = Counter(UUID(line.key) for line in journal.of(REFUND))
    for key, times in told.items():
        if key not in done:
            found.lose(REFUND, str(key))
        if times > 1:
            found.double(REFUND, str(key))
    owed = connection.execute(select(Refund.payment_id).group_by(Refund.payment_id).having(func.count() > 1)).all()
    for row in owed:
        found.double(REFUND, f"of payment {row.payment_id}")


def _stock(connection: Connection, journal: Journal, found: Found) -> None:
    counts = Counter(connection.scalars(select(StockMovement.stock_after).where(StockMovement.stock_after > 1_000)))
    for line in journal.of(COUNT):
        _once(COUNT, line.key, counts[int(line.key)], found)


def _webhooks(connection: Connection, journal: Journal, found: Found) -> None:
    heard = Counter(connection.scalars(select(ProcessedEvent.event_id).where(ProcessedEvent.source == "payments:test")))
    for line in journal.of(WEBHOOK):
        _once(WEBHOOK, line.key, heard[line.key], found)


def _jobs(connection: Connection, found: Found) -> None:
    dead = connection.execute(select(Job.kind, Job.error).where(Job.status == JobStatus.FAILED)).all()
    found.wrong += [f"job {job.kind} was given up: {(job.error or '')[:300]}" for job in dead]


def _letters(connection: Connection, journal: Journal, found: Found) -> None:
    """Every letter left the house or is kept, once: those of each order are counted by the audit of orders."""
    gone = (MessageStatus.SENT, MessageStatus.KEPT)
    for row in connection.execute(select(Message.recipient, Message.template).where(Message.status.not_in(gone))):
        found.wrong.append(f"the e-mail {row.template} to {row.recipient} never left")
    known = set(connection.scalars(select(Message.recipient)))
    found.wrong += [f"{line.key} got no e-mail at all" for line in journal.of(ORDER) if line.key not in known]


def posted(connection: Connection, taken: Mapping[tuple[str, str], int], found: Found) -> None:
    """Look for each letter at the mail server. One whose sender died comes again, under the same Message-ID."""
    sent = connection.execute(
        select(Message.reference, Message.sent_to, Message.template).where(Message.status == MessageStatus.SENT)
    ).all()
    for row in sent:
        if not taken.get((row.reference or "", row.sent_to or "")):
            found.lose("letter", f"{row.template} to {row.sent_to}")
    known = {(row.reference, row.sent_to) for row in sent}
    found.wrong += [
        f"a letter to {address} came that nobody knows of" for _id, address in taken.keys() - known - found.after_backup
    ]
    found.counted["letters at the mail server"] = len(taken)
    found.counted["handed over again"] = sum(taken.values()) - len(taken)


def _reactions(connection: Connection, found: Found) -> None:
    """Facts of one name have the same reactions, each once: its key sees to the latter."""
    heard: dict[str, set[str]] = {}
    for row in connection.execute(select(ProcessedEvent.event_id, ProcessedEvent.source)):
        heard.setdefault(row.event_id, set()).add(row.source)
    by_name: dict[str, list[frozenset[str]]] = {}
    for row in connection.execute(select(FactRow.id, FactRow.name)):
        by_name.setdefault(row.name, []).append(frozenset(heard.get(str(row.id), ())))
    for name, each in by_name.items():
        every = frozenset().union(*each)
        lacking = sum(one != every for one in each)
        if lacking:
            found.wrong.append(f"{lacking} of {len(each)} facts {name} lack a reaction of {sorted(every)}")
