"""Requests as no client makes them, over a real socket; and, in one place, where each kind of attack is met.

`MET` names the tests that meet what is met elsewhere; that they are there is a test of its own.
"""

import ast
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.web import make_app
from engine.core.actor import Actor
from engine.core.site import Reach, System
from tests.security.serving import Brisk, said, serving

ROOT = Path(__file__).parents[2]
SLOW = "tests/security/test_slow_clients.py"
MET = {
    "slowloris: a head in drops": f"{SLOW} test_a_head_that_drips_gains_no_time",
    "slowloris: a body in drops": f"{SLOW} test_a_body_that_hardly_comes_is_hung_up_on",
    "slowloris: an answer not read": f"{SLOW} test_whoever_lets_the_answer_lie_is_hung_up_on",
    "slowloris: nothing said": f"{SLOW} test_so_is_a_connection_that_says_nothing",
    "header flood: count and size": f"{SLOW} test_too_large_a_head_is_refused",
    "header flood: the address": f"{SLOW} test_too_long_an_address_is_refused",
    "body: over the limit, said or not": "tests/api/test_gateway.py test_a_body_over_the_limit_is_refused_said_or_not",
    "zip bomb: an import": "tests/engine/content/moving/test_reading.py test_an_archive_gives_only_what_is_inside_it",
    "zip bomb: a site file": "tests/engine/operations/test_hostile_sites.py test_no_trap_is_opened",
    "zip bomb: a backup": "tests/engine/operations/test_hostile_backups.py test_a_bomb_is_not_unpacked",
    "pixel bomb: the media library": "tests/engine/media/test_uploads.py bomb",
    "pixel bomb: a review's picture": "tests/ui/test_voices.py bomb",
    "traversal: addresses": "tests/security/test_requests.py test_nothing_is_read_from_outside_its_folder",
    "traversal: a file's name": "tests/engine/media/test_kinds.py etc/passwd",
    "traversal: an import": "tests/engine/content/moving/test_reading.py ../up.md",
    "traversal: a site file": "tests/engine/operations/test_hostile_sites.py ../../x",
    "traversal: a backup": "tests/engine/operations/test_hostile_backups.py files/../../outside",
    "traversal: the file store": "tests/adapters/blobs/test_contract.py ../secrets.json",
    "host: unknown names": f"{SLOW} test_another_host_is_refused_before_anything_is_kept",
    "cache poisoning: unkeyed headers": f"{SLOW} test_nothing_that_a_stranger_sends_stands_on_a_page",
    "forwarding: made up": "tests/api/test_forwarding.py test_it_is_the_nearest_that_no_proxy_of_ours_vouches_for",
    "CSRF: every write": "tests/security/test_cross_site.py test_every_write_from_elsewhere_is_refused",
    "open redirects: signing in": "tests/security/test_requests.py test_nobody_is_sent_off_the_site",
    "open redirects: all others": "tests/security/test_cross_site.py test_whoever_comes_back_stays_on_the_site",
    "BREACH": "tests/api/test_compression.py test_what_is_one_persons_own_is_packed_only_when_our_own_page_asked",
    "null characters": "tests/security/test_requests.py test_in_addresses_and_forms_it_is_refused_too",
    "what is no UTF-8": "tests/security/test_requests.py test_an_address_that_is_no_utf8_is_answered",
    "every call, whatever is sent": "tests/security/test_every_call.py test_it_is_answered_as_described",
}
END = b"\r\n\r\n"
HOST = b"\r\nHost: localhost"
CLOSE = b"\r\nConnection: close"
#: The request that must never be seen as one of its own.
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /account/sign-in HTTP/1.1" + HOST + b"\r\nContent-Type: text/plain"
CHUNKED = b"\r\nTransfer-Encoding: chunked"


def post(*headers: bytes, body: bytes = b"") -> bytes:
    return POST + b"".join(b"\r\n" + one for one in headers) + END + body


#: name -> what is sent. Whatever is answered, the request inside is not.
SMUGGLED = {
    "a length and chunks": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    "chunks and a length": post(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=b"0\r\n\r\n" + HIDDEN),
    "two lengths": post(b"Content-Length: 0", b"Content-Length: %d" % len(HIDDEN), body=HIDDEN),
    "a list of lengths": post(b"Content-Length: 0, %d" % len(HIDDEN), body=HIDDEN),
    "a length with a sign": post(b"Content-Length: +0", body=HIDDEN),
    "a negative length": post(b"Content-Length: -1", body=HIDDEN),
    "a length in hexadecimal": post(b"Content-Length: 0x0", body=HIDDEN),
    "a space before the colon": post(b"Content-Length : %d" % len(HIDDEN), b"Content-Length: 0", body=HIDDEN),
    "a folded header": post(b"Content-Length: 0\r\n Transfer-Encoding: chunked", body=HIDDEN),
    "another coding": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + HIDDEN),
    "two codings": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + HIDDEN),
    "a coding after a tab": post(b"Transfer-Encoding:\tchunked", b"Content-Length: 5", body=b"0\r\n\r\n" + HIDDEN),
    "a size of chunk with a sign": post(b"Transfer-Encoding: chunked", body=b"+0\r\n\r\n" + HIDDEN),
    "a size of chunk beyond all": post(b"Transfer-Encoding: chunked", body=b"f" * 17 + b"\r\n" + HIDDEN),
    "a chunk that ends elsewhere": post(b"Transfer-Encoding: chunked", body=b"1\r\nxx0\r\n\r\n" + HIDDEN),
    "a header after a bare line feed": b"GET / HTTP/1.1" + HOST + b"\r\nX: a\nGET /hidden HTTP/1.1\n" + END,
    "a bare carriage return": b"GET / HTTP/1.1" + HOST + b"\r\nX: a\rGET /hidden HTTP/1.1" + END,
}
#: name -> (what is sent, statuses of which one is answered; none: the server hangs up).
ODD = {
    "a null in the address": (b"GET /a\x00b HTTP/1.1" + HOST + END, {400}),
    "a null that is written": (b"GET /a%00b HTTP/1.1" + HOST + CLOSE + END, {400}),
    "a null in a header": (b"GET / HTTP/1.1" + HOST + b"\r\nX-A: a\x00b" + END, {400}),
    "a null in the question": (b"GET /search?q=%00 HTTP/1.1" + HOST + CLOSE + END, {400}),
    "overlong dots": (b"GET /assets/%C0%AE%C0%AE/%C0%AE%C0%AE/etc/passwd HTTP/1.1" + HOST + CLOSE + END, {404}),
    "overlong dots, bare": (b"GET /assets/\xc0\xae\xc0\xae/x HTTP/1.1" + HOST + CLOSE + END, {400, 404}),
    "an overlong slash": (b"GET /theme/..%C0%AF..%C0%AFagora.sqlite3 HTTP/1.1" + HOST + CLOSE + END, {404}),
    "up and out": (b"GET /assets/../../../../etc/passwd HTTP/1.1" + HOST + CLOSE + END, {404}),
    "up and out, written": (b"GET /assets/%2e%2e/%2e%2e/secrets.json HTTP/1.1" + HOST + CLOSE + END, {404}),
    "two slashes": (b"GET //etc/passwd HTTP/1.1" + HOST + CLOSE + END, {307, 404}),
    "no host": (b"GET / HTTP/1.1" + CLOSE + END, {400}),
    "two hosts": (b"GET / HTTP/1.1" + HOST + b"\r\nHost: evil.example" + CLOSE + END, {400}),
    "two hosts, the other first": (b"GET / HTTP/1.1\r\nHost: evil.example" + HOST + CLOSE + END, {400}),
    "a host with a name before it": (b"GET / HTTP/1.1\r\nHost: localhost@evil.example" + CLOSE + END, {400}),
    "a host with a name after it": (b"GET / HTTP/1.1\r\nHost: localhost:80@evil.example" + CLOSE + END, {400}),
    "a host with a port that is none": (b"GET / HTTP/1.1\r\nHost: localhost:evil" + CLOSE + END, {400}),
    "another host in the address": (b"GET http://evil.example/ HTTP/1.1" + HOST + CLOSE + END, {200, 303, 400}),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443" + END, {400, 404, 405}),
    "a trace": (b"TRACE / HTTP/1.1" + HOST + b"\r\nCookie: agora_session=x" + CLOSE + END, {404, 405}),
    "a verb that is none": (b"HACK / HTTP/1.1" + HOST + END, {400}),
    "a verb in small letters": (b"get / HTTP/1.1" + HOST + END, {400}),
    "a deletion of a page": (b"DELETE /products HTTP/1.1" + HOST + CLOSE + END, {404, 405}),
    "a verb in a header": (
        b"POST /products HTTP/1.1\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0" + HOST + CLOSE + END,
        {403, 404, 405},
    ),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40, {400}),
    "a body of a terabyte": (post(b"Content-Length: 1000000000000"), {413}),
    "a body that says no end": (post(b"Content-Length: " + b"9" * 30), {400, 413}),
    "chunks without end": (
        b"POST /api/v1/auth/login HTTP/1.1\r\nContent-Type: application/json"
        + HOST
        + CHUNKED
        + END
        + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 40,
        {413},
    ),
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Sockets know no database."""
    return sqlite_url


@pytest.fixture
async def seen() -> list[str]:
    """The addresses that the application was asked for."""
    return []


@pytest.fixture
async def port(house, settings, owner, seen) -> AsyncIterator[int]:
    """A claimed house that is open to everybody, on a socket."""
    assert owner.is_staff
    async with house.db.write() as tx:
        surfaces = dict.fromkeys(("storefront", "account"), Reach.EVERYONE)
        await house.settings.save(tx, Actor.system(), System, {"surfaces": surfaces})
    await house.settings.refresh()
    app = make_app(house, settings, runs_jobs=False)

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope.get("path", ""))
        await app(scope, receive, send)

    async with serving(watched, Brisk) as at:
        yield at


def statuses(answer: bytes) -> list[int]:
    return [int(part[2:5]) for part in answer.split(b"HTTP/1.")[1:]]


class TestOverASocket:
    async def test_no_request_is_smuggled_in_another(self, port, seen) -> None:
        failed = []
        for name, sent in SMUGGLED.items():
            seen.clear()
            answer = await said(port, sent)
            if "/hidden" in seen or any(status >= 500 for status in statuses(answer)):
                failed.append((name, seen[:], answer[:200]))
        assert failed == []

    async def test_what_is_odd_is_refused(self, port) -> None:
        failed = []
        for name, (sent, expected) in ODD.items():
            answer = await said(port, sent)
            is_repeated = b"evil.example" in answer.partition(END)[0] or b"root:" in answer
            if not set(statuses(answer)[:1]) <= expected or is_repeated:
                failed.append((name, answer[:300]))
        assert failed == []

    async def test_headers_that_name_another_address_change_nothing(self, port, seen) -> None:
        headers = b"\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nX-Forwarded-Prefix: /admin"
        answer = await said(port, b"GET /products HTTP/1.1" + HOST + headers + CLOSE + END)
        assert statuses(answer) == [200]
        assert seen[-1] == "/products"


class TestMet:
    @pytest.mark.parametrize("attack", list(MET))
    def test_each_attack_is_met_where_it_says(self, attack) -> None:
        path, _space, what = MET[attack].partition(" ")
        text = (ROOT / path).read_text(encoding="utf-8")
        named = {
            one.name for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert what in named if what.startswith("test_") else what in text
