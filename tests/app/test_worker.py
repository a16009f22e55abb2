"""The loops beside the web server."""

import asyncio

from app.worker import LANES, Worker
from engine.api.ports import Ports
from engine.core.jobs import LEASE
from engine.core.running import JobKind, JobRun, JobRunner
from tests.clock import TestClock


class TestLanes:
    async def test_run_jobs_side_by_side_and_one_that_comes_while_they_run(self, house):
        met, ended = asyncio.Barrier(LANES), asyncio.Event()

        async def meet(_job: JobRun) -> None:
            await met.wait()

        async def follow(_job: JobRun) -> None:
            ended.set()

        house.jobs.kinds |= {"meet": JobKind("meet", meet), "follow": JobKind("follow", follow)}
        worker = Worker(house)
        await worker.start(is_alone=True)
        try:
            async with house.db.write() as tx:
                for _lane in range(LANES):
                    tx.enqueue("meet")
            async with house.db.write() as tx:
                tx.enqueue("follow")  # a lane is free for it only once the three have met
            await asyncio.wait_for(ended.wait(), 30)
        finally:
            await worker.stop()

    async def test_end_even_where_the_database_goes_away_as_they_are_told_to(self, house, monkeypatch):
        """PostgreSQL's driver raises that the server is away in the place of the cancellation that it waits in."""
        waits, told = asyncio.Event(), 0

        async def lease() -> None:
            nonlocal told
            waits.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told += 1
                if told > 1:
                    raise
                raise OSError("server closed the connection") from None

        monkeypatch.setattr(house.jobs, "lease", lease)
        monkeypatch.setattr("app.worker.POLL_SECONDS", 0.01)
        worker = Worker(house)
        await worker.start(is_alone=True)
        await asyncio.wait_for(waits.wait(), 30)
        await asyncio.wait_for(worker.stop(), 30)
        assert told == 2

    async def test_look_at_schedules_without_writing_where_none_is_due(self, house):
        await house.jobs.start_scheduled()
        written = house.db.measures.database["write"].total
        await house.jobs.start_scheduled()
        assert house.db.measures.database["write"].total == written


async def test_whoever_was_not_told_of_a_job_looks_whether_there_is_one(house: Ports, clock: TestClock) -> None:
    assert not await house.jobs.may_find()
    async with house.db.write() as tx:
        tx.enqueue("nobody.knows.it")
    assert await house.jobs.may_find()
    assert await JobRunner(house.db, [], [], "another").lease() is not None
    clock.move(seconds=LEASE.total_seconds() + 1)
    assert await house.jobs.may_find()  # its holder died
    assert await house.jobs.lease() is not None
