"""A kept page goes to the socket without a task: the same answer, in its turn, whatever comes before and behind it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from engine.api.ports import Ports
from tests.api.pagecache.conftest import Ask
from tests.factories.shop import Shop
from tests.security.serving import said, serving

LAST = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    async with serving(app) as found:
        yield found


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: text/html", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def apart(answers: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Return each answer's headers, its first line under "", and its body."""
    found = []
    while answers:
        head, _, answers = answers.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {"": first} | {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        found.append((headers, answers[:length]))
        answers = answers[length:]
    return found


class TestAtOnce:
    async def test_is_the_answer_that_the_long_way_gives(self, port: int, ask: Ask, house: Ports, shop: Shop) -> None:
        product = await shop.product("Blue mug")
        path = f"/products/{product.slug}"
        tag = (await ask(path)).headers["etag"]
        for sent in ({}, {"accept_encoding": "br"}, {"if_none_match": tag}, {"x_request_id": "mine-12345"}):
            slow = await ask(path, **{"accept_encoding": "identity", **sent})
            lines = [f"{name.replace('_', '-')}: {value}" for name, value in sent.items()]
            headers, body = apart(await said(port, get(path, *lines), LAST))[0]
            kept = {n: v for n, v in headers.items() if n not in ("", "date", "server", "x-request-id")}
            assert headers[""].split()[1] == str(slow.status_code)
            assert kept == {n: v for n, v in slow.headers.items() if n != "x-request-id"}
            assert sent.get("accept_encoding") or body == slow.content
        assert house.db.measures.caches["pages", "hit"] == 8

    async def test_many_that_are_sent_together_come_in_their_order(self, port: int, ask: Ask, shop: Shop) -> None:
        paths = [f"/products/{(await shop.product(name)).slug}" for name in ("Blue mug", "Red mug")]
        for path in paths:
            await ask(path)
        asked = [paths[0], "/health/live", paths[1], paths[0], "/cart/count", paths[1]] * 40
        answers = apart(await said(port, b"".join([*(get(path) for path in asked), LAST])))
        named = [re.findall(rb"<h1>(\w+) mug</h1>", body) for _head, body in answers]
        assert named == [*([[b"Blue"], [], [b"Red"], [b"Blue"], [], [b"Red"]] * 40), []]

    async def test_a_reader_that_lets_them_lie_gets_them_later(self, port: int, ask: Ask, shop: Shop) -> None:
        path = f"/products/{(await shop.product('Blue mug')).slug}"
        await ask(path)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**12)
        writer.write(get(path) * 600)
        for _turn in range(50):
            await asyncio.sleep(0)
        writer.write(LAST)
        answers = apart(await reader.read())
        writer.close()
        assert len(answers) == 601
        assert {headers[""] for headers, _body in answers} == {"HTTP/1.1 200 OK"}

    async def test_has_no_body_for_who_asks_for_its_head(self, port: int, ask: Ask, shop: Shop) -> None:
        await shop.product()
        whole = await ask("/products", accept_encoding="identity")
        answer = await said(port, get("/products", method="HEAD"), LAST)
        assert f"content-length: {len(whole.content)}\r\n".encode() in answer
        assert b"<html" not in answer

    async def test_one_that_goes_wrong_takes_the_long_way(self, port: int, app: FastAPI, ask: Ask, shop: Shop) -> None:
        await shop.product()
        await ask("/products")
        app.at_once = lambda _scope: 1 / 0
        assert apart(await said(port, get("/products"), LAST))[0][0][""] == "HTTP/1.1 200 OK"
