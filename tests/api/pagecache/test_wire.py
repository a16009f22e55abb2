"""Kept pages on the wire, in one piece: pipelined, without a body, unchanged, to old clients. On SQLite only."""

import gzip

import pytest
from fastapi import FastAPI

from tests.factories.shop import Shop
from tests.security.serving import said, serving


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def asking(port: int, method: str = "GET", version: str = "1.1", **headers: str) -> bytes:
    """Return the bytes of a request for the list of products."""
    lines = [f"{method} /products HTTP/{version}", f"host: 127.0.0.1:{port}", "accept: text/html"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_each_kind_of_answer_is_whole(app: FastAPI, shop: Shop) -> None:
    await shop.product("Blue mug")
    async with serving(app) as port:
        head, body = (await said(port, asking(port, connection="close"))).split(b"\r\n\r\n", 1)
        assert b"Blue mug" in body
        tag = next(line for line in head.split(b"\r\n") if line.startswith(b"etag: "))[6:].decode()
        requests = [
            asking(port),
            asking(port, "HEAD"),
            asking(port, if_none_match=tag, x_request_id="mine-and-long"),
            asking(port, accept_encoding="gzip"),
            asking(port, connection="close"),
        ]
        for parts in ([b"".join(requests)], [request[i : i + 9] for request in requests for i in range(0, 999, 9)]):
            whole, rest = (await said(port, *parts)).split(body, 1)
            assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"date: " in whole
            answers = rest.split(b"HTTP/1.1 ")
            assert answers[0] == b""
            assert [one.split(b"\r\n", 1)[0] for one in answers[1:4]] == [b"200 OK", b"304 Not Modified", b"200 OK"]
            assert answers[1].endswith(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in answers[1]
            assert b"x-request-id: mine-and-long\r\n" in answers[2]
            assert answers[2].endswith(b"\r\n\r\n")
            assert gzip.decompress(answers[3].split(b"\r\n\r\n", 1)[1]) == body
            assert answers[4].endswith(body)
            assert b"connection: close" in answers[4]


async def test_a_client_of_old_is_answered_and_hung_up_on(app: FastAPI, shop: Shop) -> None:
    await shop.product("Blue mug")
    async with serving(app) as port:
        for _time in range(2):
            answer = await said(port, asking(port, version="1.0"))
            assert b"Blue mug" in answer
            assert b"connection: close" in answer
