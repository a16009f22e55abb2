"""SQLite's statements: where each is run never changes what it answers, and a slow one holds up nobody for long."""

import threading
from pathlib import Path

import pytest

from engine.core import hops

COUNTED = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*), here() FROM n"
SLOW = 1_000_000


@pytest.fixture
async def connection(tmp_path: Path):
    made = await hops.connect(str(tmp_path / "some.sqlite3"), isolation_level=None, check_same_thread=False)
    await made.create_function("here", 0, threading.get_ident)
    yield made
    await made.close()


async def _count(connection: hops.Connection, count: int) -> tuple[int, bool]:
    """Return what was counted, and whether the event loop's own thread did it."""
    ((counted, thread),) = (await connection.run(COUNTED, (count,), is_many=False)).rows
    return counted, thread == threading.get_ident()


class TestRun:
    async def test_what_was_quick_a_few_times_is_run_where_it_is_asked_for(self, connection: hops.Connection) -> None:
        seen = [await _count(connection, 5) for _ in range(hops.TRIALS + 2)]
        assert seen == [(5, False)] * hops.TRIALS + [(5, True)] * 2

    async def test_what_turned_slow_goes_back_and_is_tried_for_longer(self, connection: hops.Connection) -> None:
        for _ in range(hops.TRIALS):
            await _count(connection, 5)
        assert await _count(connection, SLOW) == (SLOW, True)
        seen = [await _count(connection, 5) for _ in range(hops.LONG_TRIALS + 1)]
        assert [is_here for _counted, is_here in seen] == [False] * hops.LONG_TRIALS + [True]

    async def test_what_is_slow_is_never_run_here(self, connection: hops.Connection) -> None:
        for _ in range(hops.TRIALS + 2):
            assert await _count(connection, SLOW) == (SLOW, False)

    async def test_one_that_waits_for_others_and_many_at_once_stay_in_the_thread(
        self, connection: hops.Connection
    ) -> None:
        await connection.run("CREATE TABLE kettles (litres, thread)", (), is_many=False)
        for _ in range(hops.TRIALS + 2):
            await connection.run("BEGIN IMMEDIATE", (), is_many=False)
            await connection.run("INSERT INTO kettles VALUES (?, here())", [(1,), (2,)], is_many=True)
            await connection.run("COMMIT", (), is_many=False)
        rows = (await connection.run("SELECT DISTINCT thread FROM kettles", (), is_many=False)).rows
        assert threading.get_ident() not in {thread for (thread,) in rows}
        assert not connection._known.is_quick("BEGIN IMMEDIATE")

    async def test_a_statement_that_fails_fails_alike_on_either_side(self, connection: hops.Connection) -> None:
        for _ in range(hops.TRIALS + 2):
            with pytest.raises(Exception, match="no such table"):
                await connection.run("SELECT * FROM kettles", (), is_many=False)
