"""Answers that are made at once and taken slowly."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import pytest
from anyio import fail_after
from sqlalchemy import Connection, select

from engine.api.spooling import CHUNK, spooled
from engine.core.database import Database
from engine.core.settings import SiteSetting

PART = b"0123456789" * 7_000


def rows(connection: Connection) -> Iterator[bytes]:
    connection.execute(select(SiteSetting.key)).all()
    for _part in range(40):
        yield PART


async def of(db: Database) -> AsyncGenerator[bytes, None]:
    async with aclosing(db.stream(rows, 1)) as batches:
        async for several in batches:
            for part in several:
                yield part


class TestSpooled:
    async def test_nobody_waits_for_who_takes_slowly(self, db: Database) -> None:
        answer = aiter(spooled(of(db)))
        taken = [await anext(answer)]
        assert len(taken[0]) <= CHUNK
        with fail_after(30):
            while db.connections()[0]:  # noqa: ASYNC110 - the pool tells nobody that it got one back
                await asyncio.sleep(0)
        taken += [chunk async for chunk in answer]
        assert b"".join(taken) == PART * 40

    async def test_who_leaves_ends_it(self, db: Database) -> None:
        answer = spooled(of(db))
        await anext(aiter(answer))
        await answer.aclose()
        assert db.connections()[0] == 0

    async def test_what_goes_wrong_is_raised_after_what_was_made(self) -> None:
        async def broken() -> AsyncGenerator[bytes, None]:
            yield b"begun"
            raise RuntimeError("the disk is full")

        answer = aiter(spooled(broken()))
        assert await anext(answer) == b"begun"
        with pytest.raises(RuntimeError, match="the disk is full"):
            await anext(answer)
