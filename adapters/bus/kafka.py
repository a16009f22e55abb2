"""The bus over Kafka: every fact goes to a topic of its kind, and the listeners of other processes hear it from there.

The facts table stays the truth. What was not yet handed to Kafka is found by what is marked as handed over, so that an
outage of any length loses nothing; and listeners read the table, too, now and then, so that it only makes them slower.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError
from sqlalchemy import String, cast, delete, func, select, update

from adapters.bus.bell import Bell
from adapters.bus.database import DatabaseBus
from engine.core.database import Database
from engine.core.encryption import why_not
from engine.core.ending import end
from engine.core.errors import Unavailable
from engine.core.facts import Fact, FactRow, ProcessedEvent, RecordedFact, fact_named, known_facts
from engine.core.i18n import Message, _
from engine.core.jobs import Job, JobStatus
from engine.core.reactions import Reaction
from engine.core.running import JobKind, JobRun
from engine.core.transaction import Tx

log = logging.getLogger("agora.bus")
RELAY = "kafka.relay"
SOURCE = "kafka"
#: The mark that says since when facts are handed over.
SINCE = "since"
CLIENT = "agora-cms"
BATCH = 200
PARTITIONS = 3
MOST_COPIES = 3
WAIT_MS = 8_000
RETRY_SECONDS = 5.0
#: How often the table is read for what Kafka did not tell.
TAIL_SECONDS = 5.0
#: A job of hours that fails is no dead letter: Kafka comes back some day.
ATTEMPTS = 100_000
#: How long marks are kept: no transaction stays open so long.
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KafkaPlace:
    """brokers: `host:port, host:port`. username: empty where nobody has to sign in. mechanism: SASL's."""

    brokers: str
    username: str = ""
    password: str = ""
    mechanism: str = "PLAIN"
    has_tls: bool = False
    ca_file: str = ""

    def options(self) -> dict[str, Any]:
        """Return what every client of the library is made with."""
        found: dict[str, Any] = {
            "bootstrap_servers": [one.strip() for one in self.brokers.split(",") if one.strip()],
            "client_id": CLIENT,
            "request_timeout_ms": WAIT_MS,
            "security_protocol": f"{'SASL_' if self.username else ''}{'SSL' if self.has_tls else 'PLAINTEXT'}",
        }
        if self.has_tls:
            found["ssl_context"] = ssl.create_default_context(cafile=self.ca_file or None)
        if self.username:
            found |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return found


class KafkaBus:
    """Publishes here at once, to other processes by Kafka. `connected`: whether it is heard from now."""

    def __init__(
        self, db: Database, place: KafkaPlace, tail_seconds: float = TAIL_SECONDS, bell: Bell | None = None
    ) -> None:
        self._db = db
        self._place = place
        self._here = DatabaseBus(db, tail_seconds, bell)
        self._task: asyncio.Task[None] | None = None
        self._producer: AIOKafkaProducer | None = None
        self.connected = asyncio.Event()

    def subscribe(self, hear: Callable[[RecordedFact], Awaitable[None]]) -> None:
        self._here.subscribe(hear)

    async def publish(self, facts: Sequence[RecordedFact]) -> None:
        await self._here.publish(facts)

    async def start(self) -> None:
        await self._here.start()
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
        await self._drop_producer()
        await self._here.stop()

    async def probe(self) -> None:
        """Raise Unavailable while no broker answers."""
        try:
            admin = AIOKafkaAdminClient(**self._place.options())
            try:
                await admin.start()
                await admin.list_topics()
            finally:
                await admin.close()
        except (KafkaError, OSError) as error:
            raise self._away(error) from error

    def reaction(self) -> Reaction:
        """Return what asks for the relay whenever something happened."""

        async def ask(tx: Tx, _facts: Sequence[Fact]) -> None:
            waiting = await tx.scalar(select(Job.id).where(Job.kind == RELAY, Job.status == JobStatus.QUEUED).limit(1))
            if waiting is None:
                tx.enqueue(RELAY, key=RELAY)

        return Reaction(name=RELAY, on=(Fact,), handle=ask, batched=True)

    def job(self) -> JobKind:
        """Return the job that hands facts over, in their order, by one process at a time."""

        async def relay(_job: JobRun) -> dict[str, int]:
            since = await self._since()
            count = 0
            while batch := await self._db.query(_waiting, since):
                await self._send(batch)
                async with self._db.write() as tx:
                    for row in batch:
                        tx.add(ProcessedEvent(event_id=row.id.hex, source=SOURCE, processed_at=tx.now))
                count += len(batch)
            await self._forget()
            return {"facts": count}

        return JobKind(RELAY, relay, attempts=ATTEMPTS)

    async def _send(self, batch: Sequence[Any]) -> None:
        try:
            if self._producer is None:
                self._producer = AIOKafkaProducer(acks="all", **self._place.options())
                await self._producer.start()
            sent = [
                await self._producer.send(topic_of(row.name), message_of(row), key=str(row.about).encode())
                for row in batch
            ]
            await asyncio.gather(*sent)
        except (KafkaError, OSError) as error:
            await self._drop_producer()
            raise self._away(error) from error

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, asyncio.TimeoutError):
                await asyncio.wait_for(producer.stop(), WAIT_MS / 1000)

    async def _since(self) -> datetime:
        """Return from when on facts are handed over: from the first start with Kafka, and then ever later."""
        async with self._db.write() as tx:
            await tx.insert_new(
                ProcessedEvent, {"event_id": SINCE, "source": SOURCE, "processed_at": tx.now - timedelta(minutes=1)}
            )
            mark = await tx.get(ProcessedEvent, (SINCE, SOURCE))
            return mark.processed_at if mark else tx.now

    async def _forget(self) -> None:
        """Move on, and let go of marks that nobody asks for any more."""
        async with self._db.write() as tx:
            until = tx.now - OVERLAP
            own = (ProcessedEvent.source == SOURCE, ProcessedEvent.processed_at < until)
            mark = (*own, ProcessedEvent.event_id == SINCE)
            await tx.execute(update(ProcessedEvent).where(*mark).values(processed_at=until))
            await tx.execute(delete(ProcessedEvent).where(*own, ProcessedEvent.event_id != SINCE))

    async def _listen(self) -> None:
        """Hear what other processes tell; begin again whenever Kafka was away."""
        said = ""
        while True:
            consumer: AIOKafkaConsumer | None = None
            try:
                options = self._place.options()
                consumer = AIOKafkaConsumer(**options, auto_offset_reset="latest", enable_auto_commit=False)
                await self._make_topics()
                consumer.subscribe([topic_of(name) for name in known_facts()])
                await consumer.start()
                await consumer.seek_to_end()  # where it begins is settled now, and not with the first message
                self.connected.set()
                said = ""
                await self._hurry()
                async for message in consumer:
                    await self._hear(message)
            except (KafkaError, OSError) as error:
                if str(error) != said:
                    log.warning("%s Facts reach other processes through the database until it does.", self._away(error))
                said = str(error)
            finally:
                self.connected.clear()
                if consumer is not None:
                    with suppress(KafkaError, OSError):
                        await consumer.stop()
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self, message: "ConsumerRecord[Any, Any]") -> None:
        try:
            said = json.loads(message.value)
            fact = fact_named(said["type"], said["data"])
            at, id_ = datetime.fromisoformat(said["at"]), UUID(said["id"])
        except (ValueError, KeyError, TypeError):
            log.warning("a message in %s is none of ours", message.topic)
            return
        if fact is not None:
            await self._here.publish([RecordedFact(id_, at, fact)])

    async def _make_topics(self) -> None:
        admin = AIOKafkaAdminClient(**self._place.options())
        try:
            await admin.start()
            there = set(await admin.list_topics())
            missing = sorted({topic_of(name) for name in known_facts()} - there)
            if missing:
                brokers = len((await admin.describe_cluster())["brokers"])
                copies = min(MOST_COPIES, brokers)
                with suppress(TopicAlreadyExistsError):
                    await admin.create_topics([NewTopic(name, PARTITIONS, copies) for name in missing])
        finally:
            await admin.close()

    async def _hurry(self) -> None:
        """Have what waits for Kafka run now and not at the end of its pause."""
        async with self._db.write() as tx:
            waiting = (Job.kind == RELAY, Job.status == JobStatus.QUEUED, Job.run_at > tx.now)
            await tx.execute(update(Job).where(*waiting).values(run_at=tx.now))

    def _away(self, error: Exception) -> Unavailable:
        reason: Message | str = why_not(error) or str(error).rstrip(".") or type(error).__name__
        if isinstance(error, KafkaConnectionError):
            reason = _("no broker takes the connection; look at address, encryption, user and password")
        return Unavailable(_("Kafka at {place} does not answer: {reason}."), place=self._place.brokers, reason=reason)


def topic_of(name: str) -> str:
    """Return a fact's topic: `order.created` goes to ORDER_CREATED."""
    return name.upper().replace(".", "_")


def message_of(row: Any) -> bytes:
    """Return a fact as consumers read it."""
    said = {"id": str(row.id), "type": row.name, "at": row.created_at.isoformat(), "data": row.payload}
    return json.dumps(said, ensure_ascii=False).encode()


def backlog(connection: Any) -> int:
    """Return how many facts were not handed over yet; none before the first start with Kafka."""
    mark = (ProcessedEvent.event_id == SINCE, ProcessedEvent.source == SOURCE)
    since = connection.scalar(select(ProcessedEvent.processed_at).where(*mark))
    if since is None:
        return 0
    return int(connection.scalar(select(func.count()).select_from(FactRow).where(*_not_handed(since))))


def _not_handed(since: datetime) -> tuple[Any, Any]:
    handed = select(ProcessedEvent.event_id).where(ProcessedEvent.source == SOURCE)
    return FactRow.created_at >= since, func.replace(cast(FactRow.id, String), "-", "").not_in(handed)


def _waiting(connection: Any, since: datetime) -> list[Any]:
    """Return the oldest facts that were not handed over."""
    rows = connection.execute(
        select(FactRow.id, FactRow.name, FactRow.about, FactRow.payload, FactRow.created_at)
        .where(*_not_handed(since))
        .order_by(FactRow.id)
        .limit(BATCH)
    )
    return list(rows)
