"""Upkeep on both databases: it runs, and what is empty is given back."""

from datetime import timedelta

from sqlalchemy import select, text

from engine.api.ports import Ports
from engine.core import upkeep
from engine.core.database import Database
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.jobs import Job, Schedule
from engine.core.running import JobKind, JobRun, JobRunner
from tests.clock import TestClock


async def test_it_runs_beside_readers_and_gives_back_what_is_empty(db: Database) -> None:
    async with db.write() as tx:
        tx.add(
            *(
                FactRow(id=new_id(), name="x", about=new_id(), payload={"t": "x" * 5_000}, created_at=tx.now)
                for _ in range(400)
            )
        )
    async with db.write() as tx:
        await tx.execute(text("DELETE FROM facts"))
    done = await upkeep.vacuum(db)
    assert done["vacuum"]
    await upkeep.reindex(db)
    if db.is_sqlite:
        assert not (await upkeep.vacuum(db))["vacuum"]
    async with db.write() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM facts")) == 0


async def test_a_new_database_is_not_tidied_in_its_first_minutes(house: Ports) -> None:
    await house.jobs.start_scheduled()
    async with house.db.read() as session:
        waiting = set(await session.scalars(select(Job.kind)))
    assert "records.purge_bin" in waiting
    assert not {kind for kind in waiting if kind.startswith("upkeep.") or kind == "search.rebuild"}


async def test_what_runs_once_something_is_due_leaves_no_trace_until_then(db: Database, clock: TestClock) -> None:
    due, outcomes, ran = False, [RuntimeError("spilt")], list[int]()

    async def run(job: JobRun) -> None:
        ran.append(job.attempt)
        if outcomes:
            raise outcomes.pop()

    kind = JobKind("tests.pour", run, 1, timedelta(minutes=1), has_work=lambda _connection, _now: due)
    jobs = JobRunner(db, [kind], [], owner="tests")

    async def a_minute() -> list[str]:
        clock.move(minutes=1)
        await jobs.start_scheduled()
        await jobs.run_until_idle()
        async with db.read() as session:
            return [str(one) for one in await session.scalars(select(Job.status).order_by(Job.id))]

    assert await a_minute() == []
    async with db.read() as session:
        assert (await session.scalars(select(Schedule.kind))).all() == []
    due = True
    assert await a_minute() == ["failed"]
    due = False
    assert await a_minute() == ["failed", "succeeded"]  # staff were told that it failed, and are told that it does not
    assert await a_minute() == ["failed", "succeeded"]
    assert len(ran) == 2
