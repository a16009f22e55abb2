"""Several processes look after the leases of one PostgreSQL at once."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from engine.core.database import Database
from engine.core.jobs import LEASE, Job, JobStatus
from engine.core.leases import MOST_INTERRUPTED, bring_back, set_aside
from engine.core.running import JobRunner
from engine.core.transaction import Tx
from tests.clock import TestClock
from tests.postgres import PostgresServer

PATIENCE = 60.0
FORWARDS = 3 * 3600


@pytest.fixture
def database_url(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.lend()
    yield url
    postgres_server.take_back(url)


async def look(tx: Tx) -> None:
    await bring_back(tx)
    await set_aside(tx)


async def test_none_waits_for_another_that_looks(db: Database, clock: TestClock) -> None:
    """Each has renewed the leases of its own jobs, and looks at those of the others: the clock was put back."""
    async with db.write() as tx:
        ids = [tx.enqueue("tests.brew") for _process in range(2)]
    clock.move(seconds=FORWARDS)
    for owner in ("one", "two"):
        assert await JobRunner(db, [], [], owner).lease() is not None
    clock.move(seconds=-FORWARDS)
    async with db.write() as one, db.write() as two, asyncio.timeout(PATIENCE):
        for tx, id_ in zip((one, two), ids, strict=True):
            own = update(Job).where(Job.id == id_)
            await tx.execute(own.values(lease_until=tx.now + LEASE, interrupted=MOST_INTERRUPTED - 1))
        await asyncio.gather(look(one), look(two))
    async with db.read() as session:
        jobs = (await session.scalars(select(Job).where(Job.id.in_(ids)))).all()
    assert [job.status for job in jobs] == [JobStatus.FAILED] * 2


async def test_what_was_leased_before_the_clock_was_put_back_is_free_soon(db: Database, clock: TestClock) -> None:
    async with db.write() as tx:
        tx.enqueue("tests.brew")
    clock.move(seconds=FORWARDS)
    dies, other = (JobRunner(db, [], [], owner) for owner in ("one", "two"))
    assert await dies.lease() is not None
    clock.move(seconds=-FORWARDS)
    assert await other.lease() is None
    clock.move(seconds=LEASE.total_seconds() + 1)
    assert await other.lease() is not None
