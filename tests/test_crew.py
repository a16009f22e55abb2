"""Several processes on one port, one of them killed: nobody who asks notices, and each tells the others what it did."""

import json
import os
import signal
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Self

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.postgres import PostgresServer
from tests.server import PASSWORD, Server

PATIENCE = 400.0  # a machine that does much else starts a process in a minute
TLS = ssl.create_default_context()  # read once: each request that is a connection of its own would read it anew


class Crew(Server):
    """`agora serve` with two processes. owner: a client of the API that is signed in."""

    patience = PATIENCE
    owner: httpx.Client

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, {"AGORA_WORKERS": "2", "AGORA_RATE_LIMITS": "on", **(environment or {})})

    def get(self, path: str, **more: object) -> httpx.Response:
        """Ask over a connection of its own, so that either process may answer."""
        return httpx.get(f"{self.url}{path}", timeout=PATIENCE, verify=TLS, **more)  # type: ignore[arg-type]

    @contextmanager
    def at(self, place: int, cookies: httpx.Cookies | None = None) -> Iterator[httpx.Client]:
        """A browser whose connection one of the two took, for the other one slept meanwhile."""
        other = sorted(self.children)[1 - place]
        with httpx.Client(base_url=self.url, headers=SAME_SITE, cookies=cookies, timeout=PATIENCE) as browser:
            os.kill(other, signal.SIGSTOP)
            try:
                browser.get("/health/live")
            finally:
                os.kill(other, signal.SIGCONT)
            yield browser


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    with Crew(tmp_path_factory.mktemp("crew") / "data") as made:
        made.claim()
        with made.client("owner@example.org") as made.owner:  # before a test uses up how often one may sign in
            yield made


class Proxy(BaseHTTPRequestHandler):
    """What stands before servers: it asks the next one where a connection broke before an answer came."""

    targets: Sequence[str] = ()
    turns = count()

    def do_GET(self) -> None:
        first = next(self.turns)
        for attempt in range(3):
            target = self.targets[(first + attempt) % len(self.targets)]
            try:
                answer = httpx.get(f"{target}{self.path}", timeout=PATIENCE, verify=TLS)
            except httpx.TransportError:
                continue
            self.send_response(answer.status_code)
            self.end_headers()
            self.wfile.write(answer.content)
            return
        self.send_error(502)

    def log_message(self, *_args: object) -> None:
        pass


class Visitors:
    """People who ask again and again, until the block ends. `answers`: statuses, or what went wrong."""

    def __init__(self, url: str, path: str = "/health/live") -> None:
        self.answers: list[object] = []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(f"{url}{path}",)) for _ in range(2)]

    def _ask(self, url: str) -> None:
        while not self._is_over.wait(0.1):
            try:
                self.answers.append(httpx.get(url, timeout=PATIENCE, verify=TLS).status_code)
            except httpx.HTTPError as error:
                self.answers.append(repr(error))

    def go_on(self) -> None:
        """Return once they asked some more."""
        enough = len(self.answers) + 10
        assert comes_true(lambda: len(self.answers) >= enough)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()


def comes_true(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_what_one_was_told_the_other_knows(crew: Crew) -> None:
    for name in ("First & Co", "Second & Co"):
        answer = crew.owner.put("/settings/general", json={"siteName": name})
        assert answer.status_code == 200, answer.text

        def says(name: str = name) -> bool:
            found = [crew.get("/api/v1/settings/public").json()["general"]["siteName"] for _ in range(10)]
            return set(found) == {name}

        assert comes_true(says)


def test_what_each_counts_is_told_as_one_by_whoever_is_asked(crew: Crew) -> None:
    def counted() -> int:
        told = crew.get("/metrics").text
        assert "agora_processes 2" in told or "agora_processes 1" in told
        return sum(int(line.split()[-1]) for line in told.splitlines() if 'route="/health/live"' in line)

    before = counted()
    assert {crew.get("/health/live").status_code for _ in range(20)} == {200}
    assert comes_true(lambda: [counted() - before for _ in range(6)] == [20] * 6)


def test_the_level_of_the_log_reaches_all_of_them(crew: Crew) -> None:
    assert crew.owner.put("/settings/logs", json={"level": "info"}).status_code == 200

    def follow() -> bool:
        lines = "".join(path.read_text() for path in (crew.folder / "logs").glob("*.jsonl")).splitlines()
        said = [json.loads(line) for line in lines if "keeps lines from info" in line]
        return {line["process"] for line in said} >= crew.children

    assert comes_true(follow)
    assert crew.owner.put("/settings/logs", json={"level": "started"}).status_code == 200


def test_each_schedule_has_one_runner(crew: Crew) -> None:
    engine = create_engine(f"sqlite:///{crew.folder / 'agora.sqlite3'}")
    started = "SELECT j.kind, count(*) FROM jobs j JOIN schedules s ON s.kind = j.kind GROUP BY j.kind"
    with engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(started))}
    engine.dispose()
    assert found
    assert set(found.values()) == {1}


SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
BUYER = {
    "email": "ada@example.org",
    "name": "Ada Lovelace",
    "shippingAddress": {"line1": "1 Kiln Lane", "city": "Leeds", "postalCode": "LS1 1AA", "country": "GB"},
    "shippingMethod": "flat_rate",
    "paymentMethod": "manual",
}


def test_the_last_piece_is_sold_once_and_the_other_one_tells_of_it(crew: Crew) -> None:
    sent = {"name": "Last plate", "price": {"amount": 1250, "currency": "GBP"}, "stock": 1, "status": "active"}
    item = {"productId": crew.owner.post("/products", json=sent).json()["id"], "quantity": 1}
    carts = []
    for place in (0, 1):
        with crew.at(place) as shopper:  # both have drawn the page, and keep it as it is now
            assert "Sold out" not in shopper.get("/products/last-plate").text
            carts.append(shopper.post("/api/v1/cart/items", json=item).json()["id"])
    with crew.at(0) as browser:
        cookies = signed_in(browser)
    with crew.at(1, cookies) as listener, listener.stream("GET", "/admin/events") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        with crew.at(0) as shopper:
            assert bought(shopper, carts[0]).status_code == 201
        assert next(line for line in lines if line.startswith("event:")) == "event: order.created"
    with crew.at(1) as shopper:
        assert bought(shopper, carts[1]).status_code == 409
    for place in (0, 1):
        with crew.at(place) as shopper:
            assert comes_true(lambda shopper=shopper: "Sold out" in shopper.get("/products/last-plate").text)


def signed_in(browser: httpx.Client) -> httpx.Cookies:
    answer = browser.post("/admin/sign-in", data={"email": "owner@example.org", "password": PASSWORD})
    assert answer.status_code == 303
    return answer.cookies


def bought(shopper: httpx.Client, cart: str) -> httpx.Response:
    return shopper.post("/api/v1/checkout", json=BUYER, headers={"X-Cart-Id": cart, "Idempotency-Key": cart})


def test_an_upload_goes_on_at_the_other_and_a_session_ends_at_both(crew: Crew) -> None:
    tus = {"Tus-Resumable": "1.0.0"}
    text = b"WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome to the kiln.\n" + b"\nNOTE more\n" * 9
    with crew.at(0) as browser:
        cookies = signed_in(browser)
        begun = {"Upload-Length": str(len(text)), "Upload-Metadata": "filename " + b64encode(b"a.vtt").decode()}
        begun |= tus
        url = browser.post("/api/v1/media/uploads", headers=begun).headers["location"]
    for place, (start, end) in enumerate(((0, 100), (100, len(text)))):
        part = {**tus, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        with crew.at(place, cookies) as browser:
            sent = browser.patch(url, headers=part, content=text[start:end])
        assert (sent.status_code, sent.headers.get("upload-offset")) == (204, str(end)), sent.text
    assert sent.headers["media-id"]
    with crew.at(1, cookies) as browser:
        assert browser.get("/admin").status_code == 200
        browser.post("/admin/sign-out")
    with crew.at(0, cookies) as browser:
        assert browser.get("/admin").status_code == 303


def test_wrong_passwords_are_counted_together(crew: Crew) -> None:
    sent = {"email": "nobody@example.org", "password": "x"}
    answers = [httpx.post(f"{crew.url}/api/v1/auth/login", json=sent, timeout=30).status_code for _ in range(14)]
    assert answers.count(429) >= 4  # with a count for each process all would have passed


def test_one_is_killed_and_nobody_behind_the_proxy_notices(crew: Crew) -> None:
    handler = type("Handler", (Proxy,), {"targets": [crew.url]})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    before = crew.children
    assert len(before) == 2
    with Visitors(f"http://127.0.0.1:{proxy.server_port}") as visitors:
        os.kill(min(before), signal.SIGKILL)
        assert comes_true(lambda: len(crew.children) == 2 and min(before) not in crew.children)
        visitors.go_on()
    proxy.shutdown()
    proxy.server_close()
    assert set(visitors.answers) == {200}


def test_all_are_renewed_and_no_request_is_dropped(crew: Crew) -> None:
    before = crew.children
    with Visitors(crew.url) as visitors:
        os.kill(crew.pid, signal.SIGHUP)
        assert comes_true(lambda: len(crew.children) == 2 and not crew.children & before)
        visitors.go_on()
    assert set(visitors.answers) == {200}


def test_a_parent_that_is_killed_leaves_nobody_behind(crew: Crew) -> None:
    orphans = crew.children
    crew.kill()
    assert comes_true(lambda: not any(_lives(pid) for pid in orphans))
    crew.start()
    assert crew.get("/health/ready").status_code == 200


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_backup_is_put_back_under_all_of_them(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = postgres_server.create()
    with Crew(tmp_path / "data", {"DATABASE_URL": url.replace("+psycopg", "")}) as crew:
        crew.claim()
        with crew.client("owner@example.org") as owner:
            bearer = {"Authorization": owner.headers["Authorization"]}
            owner.post("/backups").raise_for_status()
            assert comes_true(lambda: owner.get("/backups").json()["total"] == 1)
            name = owner.get("/backups").json()["items"][0]["name"]
            owner.put("/settings/general", json={"siteName": "Later & Co"}).raise_for_status()
            before = crew.children
            begun = owner.post(f"/backups/{name}/restores", json={"confirm": "later & co"})
            assert begun.status_code == 202, begun.text
            told = [crew.get("/api/v1/backups/restore", headers=bearer).json()["name"] for _ in range(6)]
            assert set(told) == {name}  # whichever process answers
        assert comes_true(lambda: len(crew.children) == 2 and not crew.children & before)
        seen = {crew.get("/").text.count("Kiln &amp; Co") > 0 for _ in range(8)}
        assert seen == {True}
        with crew.client("owner@example.org") as owner:
            last = owner.get("/backups/restore").json()
            assert (last["lastName"], last["lastProblem"], last["isRunning"]) == (name, "", False)
    postgres_server.drop(url)
