"""What every bus does: facts reach listeners here at once and those of other processes soon, one failing or not."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer

from adapters.bus.database import DatabaseBus
from adapters.bus.kafka import KafkaBus, KafkaPlace
from engine.core.database import Committed, Database
from engine.core.facts import FactRow, RecordedFact
from engine.core.ids import new_id
from engine.core.ports import FactBus
from engine.core.running import JobRunner
from engine.core.settings import SettingsUpdated
from tests.programs import Program

SECONDS = 25.0


class Process:
    """One process of several on a database: what commits here is published, and what it heard is kept.

    said: what any of them said. The Kafka of these tests is one, and may still bring what an earlier test said.
    """

    def __init__(self, url: str, open_bus: Callable[[Database], FactBus], said: set[UUID]) -> None:
        self.db = Database(url)
        self.said = said
        self.bus = open_bus(self.db)
        self.heard: list[str] = []
        self._news = asyncio.Event()
        reactions = [self.bus.reaction()] if isinstance(self.bus, KafkaBus) else []
        kinds = [self.bus.job()] if isinstance(self.bus, KafkaBus) else []
        self.db.subscribers = reactions
        self.jobs = JobRunner(self.db, kinds, reactions, owner="test")
        self.bus.subscribe(self._fail)
        self.bus.subscribe(self._hear)
        self.db.after_commit.append(self._publish)

    async def _publish(self, committed: Committed) -> None:
        await self.bus.publish(committed.facts)

    async def _fail(self, _recorded: RecordedFact) -> None:
        raise RuntimeError("a listener that fails")

    async def _hear(self, recorded: RecordedFact) -> None:
        assert isinstance(recorded.fact, SettingsUpdated)
        if recorded.fact.about_id in self.said:
            self.heard.append(recorded.fact.key)
            self._news.set()

    async def say(self, *keys: str) -> None:
        facts = [SettingsUpdated(new_id(), key) for key in keys]
        self.said.update(fact.about_id for fact in facts)
        async with self.db.write() as tx:
            tx.publish(*facts)

    async def hears(self, key: str) -> bool:
        """Wait until it was heard."""
        try:
            async with asyncio.timeout(SECONDS):
                while key not in self.heard:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        await self.bus.stop()
        await self.db.close()


def kafka_at(server: Program, tail_seconds: float) -> Callable[[Database], KafkaBus]:
    return lambda db: KafkaBus(db, KafkaPlace(f"127.0.0.1:{server.port}"), tail_seconds)


@pytest.fixture(params=["database", "kafka"])
async def two(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[tuple[Process, Process]]:
    made: Callable[[Database], FactBus] = DatabaseBus
    if request.param == "kafka":
        made = kafka_at(request.getfixturevalue("kafka_server"), tail_seconds=600)
    said: set[UUID] = set()
    processes = (Process(database_url, made, said), Process(database_url, made, said))
    for process in processes:
        await process.bus.start()
        if isinstance(process.bus, KafkaBus):
            await asyncio.wait_for(process.bus.connected.wait(), SECONDS)
    yield processes
    for process in processes:
        await process.close()


class TestPublish:
    async def test_here_at_once_there_soon_and_each_once(self, two: tuple[Process, Process]) -> None:
        here, there = two
        await here.say("one", "two")
        assert here.heard == ["one", "two"]
        await here.jobs.run_until_idle()
        assert await there.hears("two")
        await there.say("three")
        await there.jobs.run_until_idle()
        assert await here.hears("three")
        assert (sorted(here.heard), sorted(there.heard)) == (["one", "three", "two"],) * 2

    async def test_what_was_undone_is_never_heard(self, two: tuple[Process, Process]) -> None:
        here, there = two
        with pytest.raises(RuntimeError):
            async with here.db.write() as tx:
                tx.publish(SettingsUpdated(new_id(), "undone"))
                raise RuntimeError("the power went")
        await here.say("done")
        await here.jobs.run_until_idle()
        assert await there.hears("done")
        assert "undone" not in here.heard + there.heard


async def test_what_was_said_while_the_database_was_away_from_here_is_heard_after_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.bus.database.LOOK_BACK", timedelta(seconds=0.05))
    said: set[UUID] = set()
    here, there = (Process(sqlite_url, lambda db: DatabaseBus(db, interval=0.01), said) for _ in range(2))
    query, glance, refusals, is_long = there.db.query, there.db.glance, list[None](), asyncio.Event()

    async def refused(*_asked: object) -> object:
        refusals.append(None)
        if len(refusals) > 20:
            is_long.set()
        raise OSError("no route to host")

    await there.bus.start()
    there.db.query = there.db.glance = refused  # type: ignore[method-assign]
    await here.say("while it was away")
    await asyncio.wait_for(is_long.wait(), SECONDS)
    there.db.query, there.db.glance = query, glance  # type: ignore[method-assign]
    assert await there.hears("while it was away")
    for process in (here, there):
        await process.close()


async def test_more_than_are_remembered_are_each_heard_once(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import says tens of thousands of things within one look's time."""
    monkeypatch.setattr("adapters.bus.database.REMEMBERED", 2)
    said: set[UUID] = set()
    here, there = (Process(sqlite_url, lambda db: DatabaseBus(db, interval=0.01), said) for _ in range(2))
    for process in (here, there):
        await process.bus.start()
    async with here.db.write() as tx:  # what a newer Agora says, or says in another way
        for name in ("of.tomorrow", "settings.updated"):
            tx.add(FactRow(id=new_id(), name=name, about=new_id(), payload={}, created_at=tx.now))
    many = [f"{number}" for number in range(9)]
    await here.say(*many)
    assert await there.hears("8")
    await here.say("the end")
    assert await there.hears("the end")
    assert here.heard == there.heard == [*many, "the end"]
    for process in (here, there):
        await process.close()


async def in_topic(server: Program, wanted: set[str]) -> list[str]:
    """Return the settings keys that stand in the topic, once all that are wanted are there."""
    place = KafkaPlace(f"127.0.0.1:{server.port}")
    consumer = AIOKafkaConsumer("SETTINGS_UPDATED", **place.options(), auto_offset_reset="earliest")
    found: list[str] = []
    await consumer.start()
    try:
        async with asyncio.timeout(SECONDS):
            async for message in consumer:
                said = json.loads(message.value)
                assert message.key.decode() == said["data"]["about_id"]
                assert said["type"] == "settings.updated"
                found.append(said["data"]["key"])
                if wanted <= set(found):
                    return found
    finally:
        await consumer.stop()
    return found


class TestKafka:
    async def test_an_outage_loses_nothing_and_ends_by_itself(self, sqlite_url: str, kafka_server: Program) -> None:
        said: set[UUID] = set()
        here, there = (Process(sqlite_url, kafka_at(kafka_server, 1), said) for _ in range(2))
        kafka_server.stop()
        try:
            for process in (here, there):
                await process.bus.start()
            await here.say("while it is away")
            assert await there.hears("while it is away")  # by the table
            await here.jobs.run_until_idle()  # which fails, and waits
        finally:
            kafka_server.start()
        assert isinstance(here.bus, KafkaBus)
        await asyncio.wait_for(here.bus.connected.wait(), SECONDS)
        await here.say("afterwards")
        await here.jobs.run_until_idle()
        wanted = {"while it is away", "afterwards"}
        assert sorted(await in_topic(kafka_server, wanted)) == sorted(wanted)
        for process in (here, there):
            await process.close()
