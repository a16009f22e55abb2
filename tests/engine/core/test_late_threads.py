"""Threads that outlast who waited for them: what they give back late is closed."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.core.database import Database


async def test_a_connection_that_comes_back_after_the_end_is_closed(database_url: str) -> None:
    db, may_go, driver = Database(database_url), threading.Event(), []

    def hold(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))
        driver.append(connection.connection.driver_connection)
        held.set()
        may_go.wait(10)

    held = threading.Event()
    asking = asyncio.create_task(db.query(hold))
    await asyncio.to_thread(held.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await db.close()
    may_go.set()
    async with asyncio.timeout(10):
        while _answers(driver[0]):  # noqa: ASYNC110 - a thread closes it
            await asyncio.sleep(0.01)


def _answers(driver: Any) -> bool:
    try:
        driver.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - each driver has its own
        return False
    return True
