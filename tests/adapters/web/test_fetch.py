"""Fetching what somebody else's address leads to, and nowhere inside this network."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator

import pytest

from adapters.web.fetch import WebPictureSource, is_public
from engine.core.errors import Invalid, Unavailable

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",  # noqa: S104
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
]  # fmt: skip


class TestAddresses:
    @pytest.mark.parametrize("text", PRIVATE)
    def test_no_private_address_passes_however_it_is_wrapped(self, text):
        assert not is_public(ipaddress.ip_address(text))

    @pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
    def test_public_ones_do(self, text):
        assert is_public(ipaddress.ip_address(text))

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:8000/a.png",
            "http://localhost/a.png",
            "http://[::1]/a.png",
            "http://2130706433/a.png",
            "http://0x7f.1/a.png",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "ftp://1.1.1.1/a.png",
            "gopher://1.1.1.1/",
            "http://user:pass@1.1.1.1/a.png",
            "http:///a.png",
            "http://[::1/a.png",
            "",
        ],
    )
    async def test_they_are_refused_before_anything_is_sent(self, address):
        with pytest.raises(Invalid):
            await WebPictureSource().fetch(address, 1_000)


class Server:
    """A server of HTTP/1.1 on this machine that answers as it is told, and notes what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.port = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        writer.write(self.answers.get(head.split(" ")[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        await writer.drain()
        writer.close()


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.handle, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield made


class TestFetching:
    @pytest.fixture
    def source(self) -> WebPictureSource:
        """It lets in this machine, and only this machine."""
        return WebPictureSource(lambda ip: str(ip) == "127.0.0.1")

    async def test_the_bytes_come_back_and_the_name_is_asked_for(self, server, source):
        server.answers["/a.png?x=1"] = ok(b"picture")
        assert await source.fetch(f"http://localhost:{server.port}/a.png?x=1", 100) == b"picture"
        assert f"Host: localhost:{server.port}".lower() in server.asked[0].lower()

    async def test_redirects_are_followed_and_checked_each(self, server, source):
        server.answers["/old"] = moved("/new")
        server.answers["/new"] = ok(b"picture")
        server.answers["/inside"] = moved("http://10.0.0.1/secret")
        server.answers["/round"] = moved("/round")
        base = f"http://127.0.0.1:{server.port}"
        assert await source.fetch(f"{base}/old", 100) == b"picture"
        with pytest.raises(Invalid, match="public internet"):
            await source.fetch(f"{base}/inside", 100)
        with pytest.raises(Invalid, match="never arrives"):
            await source.fetch(f"{base}/round", 100)

    async def test_more_than_the_limit_is_not_read_on(self, server, source):
        server.answers["/big"] = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000
        with pytest.raises(Invalid, match="larger"):
            await source.fetch(f"http://127.0.0.1:{server.port}/big", 1_000)

    async def test_what_is_not_there_is_final_and_what_is_broken_may_come_back(self, server, source):
        base = f"http://127.0.0.1:{server.port}"
        with pytest.raises(Invalid, match="404"):
            await source.fetch(f"{base}/nothing", 100)
        server.answers["/broken"] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(Unavailable, match="503"):
            await source.fetch(f"{base}/broken", 100)
        with pytest.raises(Unavailable):
            await source.fetch("http://127.0.0.1:1/a.png", 100)
