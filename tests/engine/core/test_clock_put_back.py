"""The machine's clock is put back: what was planned by the wrong time does not wait for it, and what comes is later."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from adapters.bus.database import DatabaseBus
from engine.core.database import Database
from engine.core.facts import RecordedFact
from engine.core.ids import Order, new_id
from engine.core.jobs import Job, JobStatus
from engine.core.running import JobKind, JobRun, JobRunner
from engine.core.settings import SettingsUpdated
from tests.clock import TestClock


class Work:
    """A kind of job that counts how often it ran, and fails as often as asked."""

    def __init__(self, failures: int = 0) -> None:
        self.times = 0
        self.failures = failures

    async def run(self, _job: JobRun) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not yet")
        self.times += 1

    def runner(self, db: Database, **kind: timedelta) -> JobRunner:
        return JobRunner(db, [JobKind("tests.work", self.run, **kind)], [], owner="tests")


async def ask(db: Database, after: timedelta = timedelta()) -> UUID:
    async with db.write() as tx:
        return tx.enqueue("tests.work", run_at=tx.now + after)


class TestJob:
    async def test_one_that_was_asked_for_by_the_wrong_time_runs_now(self, db: Database, clock: TestClock) -> None:
        work = Work()
        await ask(db)
        clock.move(hours=-3)
        assert await work.runner(db).run_until_idle() == 1

    async def test_one_that_was_to_wait_waits_as_long_as_it_was_to(self, db: Database, clock: TestClock) -> None:
        work = Work()
        await ask(db, timedelta(minutes=2))
        clock.move(hours=-3)
        assert await work.runner(db).run_until_idle() == 0
        clock.move(minutes=2)
        assert await work.runner(db).run_until_idle() == 1

    async def test_one_that_failed_by_the_wrong_time_is_tried_again_soon(self, db: Database, clock: TestClock) -> None:
        work = Work(failures=1)
        await ask(db)
        clock.move(hours=3)
        await work.runner(db).run_until_idle()
        clock.move(hours=-3)
        await work.runner(db).run_until_idle()
        assert work.times == 1

    async def test_one_whose_holder_died_is_taken_up_after_a_lease(self, db: Database, clock: TestClock) -> None:
        work = Work()
        await ask(db)
        assert await work.runner(db).lease() is not None
        clock.move(hours=-3)
        assert await work.runner(db).run_until_idle() == 0
        clock.move(seconds=31)
        assert await work.runner(db).run_until_idle() == 1

    async def test_one_that_is_planned_for_later_is_left_alone(self, db: Database, clock: TestClock) -> None:
        work = Work()
        job = await ask(db, timedelta(days=30))
        clock.move(minutes=5)
        assert await work.runner(db).run_until_idle() == 0
        async with db.read() as session:
            assert (await session.get_one(Job, job)).run_at == clock.now() + timedelta(days=30, minutes=-5)


async def test_a_schedule_does_not_wait_until_the_wrong_time_comes_again(db: Database, clock: TestClock) -> None:
    work = Work()
    runner = work.runner(db, every=timedelta(minutes=10))
    for _time in range(2):
        await runner.start_scheduled()
        clock.move(hours=-3)
    await runner.run_until_idle()
    assert work.times == 2
    async with db.read() as session:
        assert set(await session.scalars(select(Job.status))) == {JobStatus.SUCCEEDED}


async def test_two_who_come_to_a_schedule_at_once_begin_it_once_though_the_second_looked_at_its_clock_first(
    db: Database, clock: TestClock
) -> None:
    runner = Work().runner(db, every=timedelta(minutes=10))
    await runner.start_scheduled()
    clock.move(seconds=-0.04)
    await runner.start_scheduled()
    async with db.read() as session:
        assert len((await session.scalars(select(Job.id))).all()) == 1


class TestId:
    def test_each_is_greater_than_what_was_known_of_a_later_time(self) -> None:
        order = Order()
        later = UUID(int=new_id().int + (3_600_000 << 80))
        order.follow(later)
        made = [order.next() for _time in range(1_000)]
        assert made == sorted(set(made))
        assert made[0] > later
        assert {one.version for one in made} == {7}
        assert len({one.int & ((1 << 62) - 1) for one in made}) == 1_000


@pytest.mark.parametrize("hours", [3, -3])
async def test_a_bus_hears_what_was_said_just_before_a_jump(db: Database, clock: TestClock, hours: int) -> None:
    heard: list[UUID] = []

    async def hear(recorded: RecordedFact) -> None:
        heard.append(recorded.id)

    bus = DatabaseBus(db, interval=0.01)
    bus.subscribe(hear)
    await bus.start()
    async with db.write() as tx:
        tx.publish(SettingsUpdated(new_id(), "general"))
        said = tx.facts[0].id
        clock.move(hours=hours)
    while said not in heard:
        await bus._tell(await bus._recent())
    await bus.stop()
    assert heard == [said]


async def test_a_job_of_long_ago_is_not_moved(db: Database, clock: TestClock) -> None:
    await ask(db)
    async with db.write() as tx:
        await tx.execute(update(Job).values(run_at=tx.now + timedelta(hours=1), attempts=1))
    await Work().runner(db).run_until_idle()
    async with db.read() as session:
        assert set(await session.scalars(select(Job.run_at))) == {clock.now() + timedelta(hours=1)}
