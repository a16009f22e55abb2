"""Two machines behind a proxy, with nothing in common but PostgreSQL, Redis, S3 and their keys: together one shop.

They begin at the same moment on an empty database; later one is killed and comes back, and the other one ends.
"""

import json
import os
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.neighbours import redis_url, s3_place
from tests.postgres import PostgresServer
from tests.programs import Program
from tests.server import PASSWORD, Server
from tests.test_crew import BUYER, PATIENCE, SAME_SITE, Proxy, Visitors, comes_true, signed_in
from tests.warm import said

#: Jobs of a schedule that were begun by both: none runs more often than each minute.
TWICE = """
SELECT a.kind, a.created_at, b.created_at FROM jobs a
JOIN jobs b ON b.kind = a.kind AND b.id > a.id
JOIN schedules s ON s.kind = a.kind WHERE b.created_at < a.created_at + interval '40 seconds'
"""


class Machine(Server):
    """One of them."""

    patience = PATIENCE


@pytest.fixture(scope="module")
def database(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="module")
def machines(
    tmp_path_factory: pytest.TempPathFactory, database: str, redis_server: Program, s3_server: Program
) -> Iterator[tuple[Machine, Machine]]:
    keys = said(["secrets", "make"], os.environ).strip()
    place = s3_place(s3_server)
    shared = {
        "AGORA_RATE_LIMITS": "on", "AGORA_SECRETS": keys, "AGORA_SEARCH": "database", "AGORA_STORAGE": "s3",
        "DATABASE_URL": f"{database.replace('+psycopg', '')}?connection_limit=8", "REDIS_URL": redis_url(redis_server),
        "S3_ENDPOINT": place.endpoint, "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret", "S3_REGION": "us-east-1",
        "S3_BUCKET_MEDIA": place.media_bucket, "S3_BUCKET_LABELS": place.private_bucket,
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("machines")
    both = Machine(folder / "one", shared), Machine(folder / "two", shared)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Machine.start, both))
        both[0].claim()
        yield both
    finally:
        for one in both:
            one.stop()


@pytest.fixture(scope="module")
def owner(machines: tuple[Machine, Machine]) -> dict[str, str]:
    """The headers of the owner, signed in once: after wrong passwords nobody is let in from here for a while."""
    with machines[0].client("owner@example.org") as client:
        return {"Authorization": client.headers["Authorization"]}


@contextmanager
def proxied(machines: tuple[Machine, ...]) -> Iterator[str]:
    """The address of what asks them in turn, and the next one where the first does not answer."""
    handler = type("Handler", (Proxy,), {"targets": [one.url for one in machines]})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{proxy.server_port}"
    proxy.shutdown()
    proxy.server_close()


@contextmanager
def browsing(machine: Machine, cookies: httpx.Cookies | None = None) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=machine.url, headers=SAME_SITE, cookies=cookies, timeout=PATIENCE) as browser:
        yield browser


def test_a_person_signed_in_at_one_is_known_at_the_other_and_goes_on_with_an_upload_there(
    machines: tuple[Machine, Machine],
) -> None:
    one, two = machines
    with browsing(one) as browser:
        cookies = signed_in(browser)
        text = b"WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome to the kiln.\n" + b"\nNOTE more\n" * 9
        named = {"Upload-Length": str(len(text)), "Upload-Metadata": "filename " + b64encode(b"a.vtt").decode()}
        tus = {"Tus-Resumable": "1.0.0"}
        url = browser.post("/api/v1/media/uploads", headers=named | tus).headers["location"]
    path = httpx.URL(url).path
    for machine, (start, end) in ((one, (0, 100)), (two, (100, len(text)))):
        part = {**tus, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        with browsing(machine, cookies) as browser:
            sent = browser.patch(path, headers=part, content=text[start:end])
        assert (sent.status_code, sent.headers.get("upload-offset")) == (204, str(end)), sent.text
    with browsing(two, cookies) as browser:
        assert browser.get(f"/api/v1/media/{sent.headers['media-id']}").status_code == 200
        assert browser.get("/admin").status_code == 200
        browser.post("/admin/sign-out")
    with browsing(one, cookies) as browser:
        assert browser.get("/admin").status_code == 303


def test_the_last_piece_is_sold_once_and_both_tell_of_it(
    machines: tuple[Machine, Machine], database: str, owner: dict[str, str]
) -> None:
    sent = {"name": "Last plate", "price": {"amount": 1250, "currency": "GBP"}, "stock": 1, "status": "active"}
    with machines[0].client() as client:
        item = {"productId": client.post("/products", json=sent, headers=owner).json()["id"], "quantity": 1}

    def buy(number: int) -> int:
        with browsing(machines[number % 2]) as shopper:
            assert "Sold out" not in shopper.get("/products/last-plate").text
            cart = shopper.post("/api/v1/cart/items", json=item).json()["id"]
            ready.wait(PATIENCE)
            headers = {"X-Cart-Id": cart, "Idempotency-Key": cart}
            return shopper.post("/api/v1/checkout", json=BUYER, headers=headers).status_code

    ready = threading.Barrier(6)
    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(buy, range(6))) == [201, 409, 409, 409, 409, 409]
    for machine in machines:
        with browsing(machine) as shopper:
            assert comes_true(lambda shopper=shopper: "Sold out" in shopper.get("/products/last-plate").text)
    assert len(rows(database, "SELECT number FROM orders")) == 1
    assert rows(database, TWICE) == []
    assert rows(database, "SELECT j.kind FROM jobs j JOIN schedules s ON s.kind = j.kind")


def rows(database: str, question: str) -> list[object]:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return list(found)


def test_wrong_passwords_are_counted_together(machines: tuple[Machine, Machine]) -> None:
    sent = {"email": "nobody@example.org", "password": PASSWORD}
    asked = [f"{one.url}/api/v1/auth/login" for one in machines] * 7
    answers = [httpx.post(url, json=sent, timeout=30).status_code for url in asked]
    assert answers.count(429) >= 4, json.dumps(answers)


def test_one_is_killed_the_other_ends_and_nobody_behind_the_proxy_notices(
    machines: tuple[Machine, Machine],
) -> None:
    one, two = machines
    with proxied(machines) as url, Visitors(url, path="/products/last-plate") as visitors:
        two.kill()
        two.start()
        assert one.stop() == 0
        alone = len(visitors.answers)
        assert comes_true(lambda: len(visitors.answers) > alone + 10)
    assert set(visitors.answers) == {200}


def test_a_backup_put_back_by_one_is_what_the_other_serves(
    machines: tuple[Machine, Machine], owner: dict[str, str]
) -> None:
    one, two = machines
    if one.process is None:
        one.start()

    def command(*words: str) -> str:
        return said(["backup", *words, "--data", str(one.folder)], {**os.environ, **one.environment})

    def front() -> str:
        try:
            return httpx.get(two.url, headers={"Accept": "text/html"}, timeout=PATIENCE).text
        except httpx.TransportError:  # it begins again
            return ""

    command("create", "--output", str(one.folder / "kept.zip"))
    with two.client() as client:
        assert client.put("/settings/general", json={"siteName": "Later & Co"}, headers=owner).status_code == 200
    assert "Later &amp; Co" in front()
    pid = two.pid
    one.stop()
    assert "is in place" in command("restore", str(one.folder / "kept.zip"), "--yes")
    assert comes_true(lambda: "Kiln &amp; Co" in front())
    assert two.pid == pid
    assert "put in the place of the database; starting again" in two.log.read_text()
