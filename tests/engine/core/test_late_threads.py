"""Threads that outlast who waited for them: what they give back late is closed."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.pool import Pool

from engine.core.database import Database


async def test_a_connection_that_comes_back_after_the_end_is_closed(database_url: str) -> None:
    db, held, may_go, is_closed = Database(database_url), threading.Event(), threading.Event(), threading.Event()
    drivers: list[Any] = []

    def hold(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))
        drivers.append(connection.connection.driver_connection)
        held.set()
        may_go.wait(10)

    def close(connection: Any, _record: object) -> None:
        if connection in drivers:
            is_closed.set()

    event.listen(Pool, "close", close)
    try:
        asking = asyncio.create_task(db.query(hold))
        assert await asyncio.to_thread(held.wait, 10)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await db.close()
        assert not is_closed.is_set()
        may_go.set()
        assert await asyncio.to_thread(is_closed.wait, 10)
    finally:
        may_go.set()
        event.remove(Pool, "close", close)
