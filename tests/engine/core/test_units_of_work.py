"""Units of work, facts, reactions and jobs, on both databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.database import Database
from engine.core.ending import end
from engine.core.errors import Conflict, Invalid
from engine.core.facts import Fact, FactRow, ProcessedEvent
from engine.core.ids import new_id
from engine.core.jobs import LEASE, Job, JobStatus
from engine.core.leases import MOST_INTERRUPTED
from engine.core.reactions import Reaction
from engine.core.running import GiveUp, JobKind, JobRun, JobRunner, retry
from engine.core.settings import SiteSetting
from engine.core.transaction import Tx
from tests.clock import TestClock


@dataclass(frozen=True)
class KettleBoiled(Fact, name="kettle.boiled"):
    kettle_id: UUID
    litres: int


async def count(db: Database, table: type) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


class Heard:
    """A reaction that notes what it is told, and fails as often as asked."""

    def __init__(self, *, batched: bool = False, failures: int = 0) -> None:
        self.calls: list[list[int]] = []
        self.failures = failures
        self.reaction = Reaction("tests.heard", (KettleBoiled,), self.hear, batched)

    async def hear(self, tx: Tx, facts: Sequence[KettleBoiled]) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("spilt")
        self.calls.append([fact.litres for fact in facts])
        tx.enqueue("tests.pour", {"litres": [fact.litres for fact in facts]})


def runner(db: Database, *, reactions: Sequence[Reaction] = (), kinds: Sequence[JobKind] = ()) -> JobRunner:
    db.subscribers = reactions
    return JobRunner(db, kinds, reactions, owner="tests")


class TestWrite:
    async def test_what_fails_leaves_nothing_behind(self, db: Database) -> None:
        heard = Heard()
        runner(db, reactions=[heard.reaction])
        with pytest.raises(Conflict):
            async with db.write() as tx:
                tx.add(SiteSetting(key="general", value={}))
                tx.publish(KettleBoiled(new_id(), 1))
                tx.record(Actor.system(), "kettle.boil")
                raise Conflict("no tea")
        assert [await count(db, t) for t in (SiteSetting, FactRow, Job, AuditEntry)] == [0, 0, 0, 0]

    async def test_a_reader_cannot_write(self, db: Database) -> None:
        with pytest.raises(DBAPIError):
            async with db.read() as session:
                session.add(SiteSetting(key="x", value={}, created_at=db.clock.now(), updated_at=db.clock.now()))
                await session.commit()

    async def test_fifty_writers_at_once_each_count(self, db: Database) -> None:
        async with db.write() as tx:
            tx.add(SiteSetting(key="n", value={"n": 0}))

        async def add_one() -> None:
            async with db.write() as tx:
                row = await tx.get(SiteSetting, "n", locked=True)
                assert row is not None
                row.value = {"n": row.value["n"] + 1}

        await asyncio.gather(*(add_one() for _ in range(50)))
        async with db.read() as session:
            assert (await session.get_one(SiteSetting, "n")).value == {"n": 50}

    async def test_of_two_who_insert_one_key_the_second_is_told(self, db: Database) -> None:
        async def insert(n: int) -> bool:
            async with db.write() as tx:
                values = {"key": "n", "value": {"n": n}, "created_at": tx.now, "updated_at": tx.now}
                return await tx.insert_new(SiteSetting, values)

        assert sorted(await asyncio.gather(*(insert(n) for n in range(3)))) == [False, False, True]
        assert await insert(4) is False

    async def test_an_audit_line_holds_what_changed(self, db: Database) -> None:
        async with db.write() as tx:
            tx.add(SiteSetting(key="n", value={"n": 0}))
        async with db.write() as tx:
            row = await tx.get(SiteSetting, "n")
            assert row is not None
            row.value = {"n": 1}
            tx.record(Actor.system("tests"), "setting.change", row)
        async with db.read() as session:
            entry = (await session.scalars(select(AuditEntry))).one()
        assert entry.details == {"changes": {"value": [{"n": 0}, {"n": 1}]}}
        assert (entry.actor, entry.result) == ("tests", "success")


class TestReaction:
    async def test_each_fact_is_handled_once_and_recorded(self, db: Database) -> None:
        heard = Heard()
        jobs = runner(db, reactions=[heard.reaction], kinds=[JobKind("tests.pour", _nothing)])
        async with db.write() as tx:
            tx.publish(KettleBoiled(new_id(), 1), KettleBoiled(new_id(), 2))
        assert await jobs.run_until_idle() == 4
        assert sorted(heard.calls) == [[1], [2]]
        assert await count(db, ProcessedEvent) == 2

    async def test_one_transactions_facts_come_as_one_batch(self, db: Database) -> None:
        heard = Heard(batched=True)
        jobs = runner(db, reactions=[heard.reaction], kinds=[JobKind("tests.pour", _nothing)])
        async with db.write() as tx:
            tx.publish(*(KettleBoiled(new_id(), n) for n in range(3)))
        await jobs.run_until_idle()
        assert heard.calls == [[0, 1, 2]]

    async def test_facts_about_one_thing_wait_for_the_earlier_one(self, db: Database, clock: TestClock) -> None:
        heard = Heard(failures=1)
        jobs = runner(db, reactions=[heard.reaction], kinds=[JobKind("tests.pour", _nothing)])
        kettle = new_id()
        for litres in (1, 2):
            async with db.write() as tx:
                tx.publish(KettleBoiled(kettle, litres))
        await jobs.run_until_idle()
        assert heard.calls == []
        clock.move(minutes=1)
        await jobs.run_until_idle()
        assert heard.calls == [[1], [2]]


class TestJob:
    async def test_one_that_fails_is_tried_again_later(self, db: Database, clock: TestClock) -> None:
        tried: list[int] = []

        async def run(job: JobRun) -> dict[str, int]:
            tried.append(job.attempt)
            if job.attempt < 3:
                raise RuntimeError("not yet")
            return {"cups": 2}

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        await jobs.run_until_idle()
        assert tried == [1]
        for _ in range(2):
            clock.move(minutes=1)
            await jobs.run_until_idle()
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
        assert (tried, job.status, job.result) == ([1, 2, 3], JobStatus.SUCCEEDED, {"cups": 2})

    async def test_a_dead_letter_stays_until_staff_retry_it(self, db: Database) -> None:
        outcomes = iter([GiveUp("no water"), None])

        async def run(_job: JobRun) -> None:
            if error := next(outcomes):
                raise error

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        assert await jobs.run_until_idle() == 1
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
            assert (job.status, job.error) == (JobStatus.FAILED, "no water")
        async with db.write() as tx:
            assert await retry(tx, job_id)
        await jobs.run_until_idle()
        async with db.read() as session:
            assert (await session.get_one(Job, job_id)).status == JobStatus.SUCCEEDED

    @pytest.mark.parametrize(
        ("error", "said"),
        [(Invalid("The kettle is empty."), "The kettle is empty."), (ValueError("leaks"), "ValueError: leaks")],
    )
    async def test_a_sentence_is_told_as_it_is_and_a_surprise_with_its_kind(
        self, db: Database, error: Exception, said: str
    ) -> None:
        async def run(_job: JobRun) -> None:
            raise error

        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        await runner(db, kinds=[JobKind("tests.brew", run, attempts=1)]).run_until_idle()
        async with db.read() as session:
            assert (await session.get_one(Job, job_id)).error == said

    async def test_a_lease_does_not_wait_for_the_disk_and_all_else_does(self, db: Database) -> None:
        asks = text("PRAGMA synchronous" if db.is_sqlite else "SHOW synchronous_commit")
        asked: list[object] = []

        async def run(job: JobRun) -> None:
            async with job.db.write() as tx:
                asked.append(await tx.scalar(asks))

        async with db.write(is_redone=True) as tx:
            asked.append(await tx.scalar(asks))
            tx.enqueue("tests.brew")
        await runner(db, kinds=[JobKind("tests.brew", run)]).run_until_idle()
        async with db.write() as tx:
            asked.append(await tx.scalar(asks))
        assert asked[1] == asked[2]
        assert (asked[0] != asked[1]) is db.is_sqlite  # PostgreSQL can die alone, and waits as ever

    async def test_what_a_dead_process_held_is_taken_up_when_its_lease_ends(
        self, db: Database, clock: TestClock
    ) -> None:
        ran: list[int] = []

        async def run(job: JobRun) -> None:
            ran.append(job.attempt)

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        async with db.write() as tx:
            tx.enqueue("tests.brew")
        assert await jobs.lease() is not None  # and the process dies here
        assert not await jobs.run_next()
        clock.move(seconds=LEASE.total_seconds() + 1)
        assert await jobs.run_next()
        assert ran == [1]

    @pytest.mark.parametrize("is_alone", [True, False])
    async def test_tries_that_ended_with_their_process_are_no_failures(
        self, db: Database, clock: TestClock, is_alone: bool
    ) -> None:
        jobs = runner(db, kinds=[JobKind("tests.brew", _fail, attempts=2)])
        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        for _death in range(MOST_INTERRUPTED - 1):
            assert await jobs.lease() is not None  # and the process dies here
            if is_alone:
                await jobs.free_leases()
            else:
                clock.move(seconds=LEASE.total_seconds() + 1)
        assert await jobs.run_next()
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
            assert (job.status, job.attempts) == (JobStatus.QUEUED, 1)
            assert job.run_at - clock.now() < timedelta(seconds=10)
        clock.move(seconds=10)
        assert await jobs.run_next()
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
            assert (job.status, job.attempts) == (JobStatus.FAILED, 2)

    @pytest.mark.parametrize("is_alone", [True, False])
    async def test_what_ends_its_process_again_and_again_is_set_aside(
        self, db: Database, clock: TestClock, is_alone: bool
    ) -> None:
        jobs = runner(db, kinds=[JobKind("tests.brew", _nothing)])
        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        for _death in range(MOST_INTERRUPTED):
            assert await jobs.lease() is not None  # and takes the process with it
            if is_alone:
                await jobs.free_leases()
            else:
                clock.move(seconds=LEASE.total_seconds() + 1)
        assert not await jobs.run_next()
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
            (ended,) = (await session.scalars(select(FactRow).where(FactRow.name == "job.ended"))).all()
        assert (job.status, ended.payload["status"]) == (JobStatus.FAILED, "failed")
        assert job.error is not None
        assert f"ended {MOST_INTERRUPTED} times" in job.error
        async with db.write() as tx:
            assert await retry(tx, job_id)
        assert await jobs.lease() is not None
        await jobs.free_leases()  # this once does not set it aside again
        assert await jobs.run_next()
        async with db.read() as session:
            assert (await session.get_one(Job, job_id)).status == JobStatus.SUCCEEDED

    async def test_an_end_that_was_asked_for_is_no_interruption(self, db: Database) -> None:
        begun = asyncio.Event()

        async def run(_job: JobRun) -> None:
            begun.set()
            await asyncio.sleep(60)

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        async with db.write() as tx:
            job_id = tx.enqueue("tests.brew")
        for _start in range(MOST_INTERRUPTED + 1):
            await jobs.free_leases()
            begun.clear()
            task = asyncio.create_task(jobs.run_next())
            await begun.wait()
            await end(task)
        await jobs.free_leases()
        async with db.read() as session:
            job = await session.get_one(Job, job_id)
        assert (job.status, job.attempts, job.interrupted) == (JobStatus.QUEUED, 0, 0)

    async def test_a_job_is_not_begun_a_second_time_where_its_machine_slept(
        self, db: Database, clock: TestClock
    ) -> None:
        begun, may_end = asyncio.Event(), asyncio.Event()
        ran: list[int] = []

        async def run(job: JobRun) -> None:
            ran.append(job.attempt)
            begun.set()
            await may_end.wait()

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        async with db.write() as tx:
            tx.enqueue("tests.brew")
        first = asyncio.create_task(jobs.run_next())
        await begun.wait()
        clock.move(seconds=10 * LEASE.total_seconds())
        assert not await jobs.run_next()
        may_end.set()
        await first
        assert ran == [1]

    async def test_two_runners_never_take_the_same_job(self, db: Database) -> None:
        ran: list[str] = []

        async def run(job: JobRun) -> None:
            ran.append(str(job.id))
            await asyncio.sleep(0)

        jobs = runner(db, kinds=[JobKind("tests.brew", run)])
        other = JobRunner(db, [JobKind("tests.brew", run)], [], owner="others")
        async with db.write() as tx:
            for _ in range(20):
                tx.enqueue("tests.brew")
        await asyncio.gather(jobs.run_until_idle(), other.run_until_idle(), jobs.run_until_idle())
        assert len(ran) == len(set(ran)) == 20


async def _nothing(_job: JobRun) -> None:
    return None


async def _fail(_job: JobRun) -> None:
    raise RuntimeError("spilt")
