"""Keys that keep a request from acting twice."""

import asyncio
from typing import Any

import pytest

from engine.core import idempotency
from engine.core.database import Database
from engine.core.errors import Invalid, KeyReused
from engine.core.idempotency import IdempotencyKey
from engine.core.transaction import Tx


async def act(tx: Tx, answer: int, key: str = "k", **request: Any) -> dict[str, Any] | None:
    once = await idempotency.begin(tx, "tests", key, request)
    if once.replay is None:
        await idempotency.finish(tx, once, {"answer": answer})
    return once.replay


class TestBegin:
    async def test_five_at_once_act_once_and_hear_the_same(self, db: Database) -> None:
        async def one(answer: int) -> dict[str, Any] | None:
            async with db.write() as tx:
                return await act(tx, answer, cups=2)

        heard = await asyncio.gather(*(one(i) for i in range(5)))
        first = heard.index(None)
        assert heard.count(None) == 1
        assert all(answer == {"answer": first} for answer in heard if answer is not None)

    async def test_another_request_under_the_same_key_is_refused(self, db: Database) -> None:
        async with db.write() as tx:
            await act(tx, 1, cups=2)
        with pytest.raises(KeyReused, match="Send a new key"):
            async with db.write() as tx:
                await act(tx, 2, cups=3)

    async def test_what_failed_leaves_the_key_free(self, db: Database) -> None:
        with pytest.raises(RuntimeError):
            async with db.write() as tx:
                await act(tx, 1)
                raise RuntimeError("spilt")
        async with db.write() as tx:
            assert await act(tx, 2) is None

    @pytest.mark.parametrize("key", ["", "a" * 201, "line\nbreak", "\x00"])
    async def test_what_is_no_key_is_refused(self, db: Database, key: str) -> None:
        with pytest.raises(Invalid, match="Idempotency-Key"):
            async with db.write() as tx:
                await act(tx, 1, key)


class TestInsertNew:
    async def test_says_whether_it_was_there(self, db: Database) -> None:
        for expected in (True, False):
            async with db.write() as tx:
                row = {"scope": "s", "key": "k", "fingerprint": "", "result": None, "created_at": tx.now}
                assert await tx.insert_new(IdempotencyKey, row) is expected
