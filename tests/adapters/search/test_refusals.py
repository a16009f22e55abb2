"""A search server that wants to know who asks: what it is sent, and what is said where it does not take it."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from adapters.search.elasticsearch import ElasticSearch
from engine.core.errors import Unavailable
from engine.core.ports import SearchWords

PASSWORD = "p@ss/w:rd #1"
BASIC = "Basic " + base64.b64encode(f"elastic:{PASSWORD}".encode()).decode()


class Guarded(BaseHTTPRequestHandler):
    """An empty server that lets two people in."""

    def do_GET(self) -> None:
        is_known = self.headers["Authorization"] in {BASIC, "ApiKey a2V5"}
        body = json.dumps({} if is_known else {"error": {"type": "security_exception"}}).encode()
        self.send_response(200 if is_known else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def place() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Guarded)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("before", "key", "is_let_in"),
    [
        ("elastic:p%40ss%2Fw%3Ard%20%231@", "", True),
        ("", "a2V5", True),
        ("elastic:wrong@", "", False),
        ("", "bm8=", False),
        ("", "", False),
    ],
)
async def test_who_is_let_in(place: str, before: str, key: str, *, is_let_in: bool) -> None:
    index = ElasticSearch(f"http://{before}{place}", SearchWords, (), api_key=key)
    try:
        if is_let_in:
            assert (await index.state()).problem == "missing"
        else:
            with pytest.raises(Unavailable, match="does not take the user and password, or the API key") as refused:
                await index.state()
            assert "wrong" not in str(refused.value)
    finally:
        await index.close()
