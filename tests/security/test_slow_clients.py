"""Slow clients, floods of headers, and what poisons caches: nothing is held up, and nothing strange is kept."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient

from app.patience import PatientProtocol
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.site import Reach, System
from tests.security.serving import PATIENCE, said, serving


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class Hasty(PatientProtocol):
    """The same, with little time."""

    head_seconds = 0.2
    look_seconds = 0.2
    unread_seconds = 0.2


async def echo(_scope: Any, receive: Any, send: Any) -> None:
    """Answer how many bytes came."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(str(size)))]})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture
async def hasty() -> AsyncIterator[int]:
    async with serving(echo, Hasty) as port:
        yield port


@pytest.fixture
async def patient() -> AsyncIterator[int]:
    async with serving(echo) as port:
        yield port


class TestSlowloris:
    async def test_a_head_that_never_ends_is_hung_up_on(self, hasty: int) -> None:
        assert b"408" in await said(hasty, b"GET / HTTP/1.1\r\nhost: a\r\nx-a: ")

    async def test_so_is_a_connection_that_says_nothing(self, hasty: int) -> None:
        assert b"408" in await said(hasty)

    async def test_a_head_that_drips_gains_no_time(self, hasty: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
        writer.write(b"GET / HTTP/1.1\r\n")

        async def drip() -> None:
            while True:
                writer.write(b"x: y\r\n")
                await asyncio.sleep(0.01)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(PATIENCE):
            assert b"408" in await reader.read()
        dripping.cancel()
        writer.close()

    async def test_a_body_that_hardly_comes_is_hung_up_on(self, hasty: int) -> None:
        assert await said(hasty, b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n", b"x") == b""

    async def test_whoever_lets_the_answer_lie_is_hung_up_on(self) -> None:
        is_gone = asyncio.Event()

        async def pour(_scope: Any, receive: Any, send: Any) -> None:
            await receive()
            leaving = asyncio.create_task(receive())
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while not leaving.done():
                await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
                await asyncio.sleep(0)
            is_gone.set()

        async with serving(pour, Hasty) as port:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
            writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            async with asyncio.timeout(PATIENCE):
                await is_gone.wait()
            writer.close()

    async def test_whoever_sends_at_once_is_answered_again_and_again(self, hasty: int) -> None:
        one = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello"
        last = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 4\r\n\r\nlast"
        answer = await said(hasty, one, last)
        assert answer.count(b"200 OK") == 2


class TestFloods:
    @pytest.mark.parametrize(
        "head",
        [
            b"".join(b"x-%d: y\r\n" % number for number in range(200)),
            b"x: " + b"y" * 100_000 + b"\r\n",
            b"x: " + b"y" * 200_000,
            b"".join(b"x-%d: %s\r\n" % (number, b"y" * 1_000) for number in range(90)),
        ],
    )
    async def test_too_large_a_head_is_refused(self, patient: int, head: bytes) -> None:
        answer = await said(patient, b"GET / HTTP/1.1\r\nhost: a\r\n", head, b"\r\n")
        assert answer == b"" or b"431" in answer  # what is sent on after the answer has it lost on the way

    async def test_too_long_an_address_is_refused(self, patient: int) -> None:
        assert b"431" in await said(patient, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: a\r\n\r\n")

    async def test_a_large_body_is_no_head(self, patient: int) -> None:
        head = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 300000\r\n\r\n"
        assert (await said(patient, head, b"x" * 300_000)).endswith(b"300000")

    async def test_two_lengths_are_no_request(self, patient: int) -> None:
        smuggled = (
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x"
        )
        assert b"200 OK" not in (await said(patient, smuggled))[:20]


#: What proxies and caches believe, and pages might repeat.
STRANGE = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "evil",
    "forwarded": "host=evil.example",
    "x-original-url": "/admin-evil.example",
    "x-rewrite-url": "/evil.example",
    "x-host": "evil.example",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "accept-language": "evil.example",
    "user-agent": "evil.example",
}


class TestPoisoning:
    async def test_nothing_that_a_stranger_sends_stands_on_a_page(
        self, client: AsyncClient, owner: Actor, house: Ports
    ) -> None:
        assert owner.is_staff
        async with house.db.write() as tx:
            surfaces = dict.fromkeys(("storefront", "account"), Reach.EVERYONE)
            await house.settings.save(tx, Actor.system(), System, {"surfaces": surfaces})
        await house.settings.refresh()
        for path in ("/", "/products", "/sitemap.xml", "/robots.txt", "/blog/feed.xml", "/nowhere"):
            first = await client.get(path, headers=STRANGE)
            again = await client.get(path)
            for answer in (first, again):
                assert answer.status_code in (200, 404), path
                assert "evil" not in answer.text, path
                assert "evil" not in str(answer.headers.get("location")), path

    async def test_another_host_is_refused_before_anything_is_kept(self, client: AsyncClient, owner: Actor) -> None:
        assert owner.is_staff
        for host in ("evil.example", "localhost@evil.example", "localhost, evil.example", "localhost\tevil"):
            answer = await client.get("/", headers={"host": host})
            assert answer.status_code == 400, host
            assert "no-store" in answer.headers["cache-control"]
        assert "evil" not in (await client.get("/")).text


class TestOpenRedirects:
    @pytest.mark.parametrize(
        "target",
        [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/%09/evil.example",
            "\\\\evil",
            "javascript:x",
            "///evil.example",
        ],
    )
    async def test_signing_in_leads_nowhere_else(self, client: AsyncClient, owner: Actor, target: str) -> None:
        client.headers["sec-fetch-site"] = "same-origin"
        sent = {"email": owner.email, "password": "a quiet brown kettle", "next": target}
        for door in ("/admin/sign-in", "/account/sign-in"):
            client.cookies.clear()
            location = (await client.post(door, data=sent)).headers["location"]
            assert not location.startswith(("//", "/\\", "http", "java", "\\")), location
