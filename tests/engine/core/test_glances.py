"""Glances: a short read is made on the event loop, a long one in a thread, and both answer the same."""

import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from engine.core import shown
from engine.core.database import Database
from engine.core.settings import SiteSetting

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT count(*) FROM n"


def _thread(_connection: Connection) -> int:
    return threading.get_ident()


def _counted(connection: Connection, count: int) -> tuple[int, int]:
    return connection.execute(text(LONG.format(count))).scalar_one(), threading.get_ident()


def _settings(connection: Connection) -> int:
    return connection.execute(text("SELECT count(*) FROM site_settings")).scalar_one()


def _wiped(connection: Connection) -> None:
    connection.execute(text("DELETE FROM site_settings"))


class TestGlance:
    async def test_a_short_read_stays_where_it_is_asked_for_on_sqlite(self, db: Database) -> None:
        assert (await db.glance(_thread) == threading.get_ident()) is db.is_sqlite

    async def test_a_long_read_is_given_up_and_made_in_a_thread(self, db: Database) -> None:
        for count in (10, 2_000_000, 10, 2_000_000):
            found, thread = await db.glance(_counted, count)
            assert found == count
            assert thread != threading.get_ident() or count == 10

    async def test_what_was_committed_is_seen_at_once(self, db: Database) -> None:
        before = await db.glance(_settings)
        async with db.write() as tx:
            tx.session.add(SiteSetting(key="kettle", value={}))
        assert await db.glance(_settings) == before + 1

    async def test_it_cannot_write(self, db: Database) -> None:
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
            await db.glance(_wiped)

    async def test_a_writer_holds_up_no_glance(self, db: Database) -> None:
        async with db.write() as tx:
            tx.session.add(SiteSetting(key="kettle", value={}))
            await tx.session.flush()
            assert await db.glance(_settings) == 0

    async def test_what_a_page_read_in_a_glance_is_recorded_as_any_other_read(self, db: Database) -> None:
        by_glance, by_query = shown.Recording(), shown.Recording()
        with shown.recording(by_glance):
            await db.glance(_settings)
        with shown.recording(by_query):
            await db.query(_settings)
        assert by_glance.marks == by_query.marks != set()
