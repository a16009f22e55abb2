"""A real server is put back to a backup from its admin: it starts again by itself, and a kill makes no difference."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.server import PASSWORD, PATIENCE, ROOT, Server
from tests.warm import said

HOME = "/admin/backups"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data") as started:
        started.claim()
        yield started


@contextmanager
def browser(server: Server) -> Iterator[httpx.Client]:
    """The owner's browser, signed in."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        said = {"email": "owner@example.org", "password": PASSWORD}
        assert client.post("/admin/sign-in", data=said).status_code == 303
        yield client


def until(client: httpx.Client, path: str, words: str) -> str:
    """Ask for a page until it says these words; a server that starts again does not answer for a while."""
    end, seen = time.monotonic() + PATIENCE, ""
    while time.monotonic() < end:
        try:
            seen = client.get(path, follow_redirects=True).text
        except httpx.TransportError:
            seen = "no answer"
        if words in seen:
            return seen
        time.sleep(0.1)
    raise AssertionError(seen)


def rename(server: Server, name: str) -> None:
    with server.client("owner@example.org") as owner:
        assert owner.put("/settings/general", json={"siteName": name}).status_code == 200


def backed_up(client: httpx.Client) -> str:
    """Have a backup made; return its name."""
    job = client.post(HOME).headers["location"]
    until(client, job, "It is whole")
    page = client.get(HOME).text
    return page.split(f'href="{HOME}/agora-')[1].split('"')[0]


def databases_of(process: "subprocess.Popen[str]") -> set[str]:
    """Return which files of databases a process has open."""
    links = Path(f"/proc/{process.pid}/fd").iterdir()
    return {str(link.readlink()) for link in links if link.is_symlink() and "sqlite3" in str(link.readlink())}


def test_a_worker_beside_it_goes_on_with_the_data_that_was_put_back(server: Server) -> None:
    database = server.folder / "agora.sqlite3"
    command = [sys.executable, "-m", "app", "worker", "--data", str(server.folder)]
    around = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert "Jobs are run here" in worker.stdout.readline()
        with browser(server) as client:
            before = database.stat().st_ino
            name = f"agora-{backed_up(client)}"
            rename(server, "Later & Co")
            client.post(f"{HOME}/{name}/restores", data={"typed": "later & co"})
            until(client, "/", "Kiln &amp; Co")
        assert database.stat().st_ino != before
        assert "A backup is put back" in worker.stdout.readline()
        assert "Jobs are run here" in worker.stdout.readline()
        opened = databases_of(worker)
        worker.terminate()
        worker.communicate(timeout=PATIENCE)
    assert {Path(name).parent for name in opened} == {server.folder}
    assert str(database) in opened
    assert worker.returncode == 0


def test_it_is_put_back_from_the_admin_and_the_server_starts_again(server: Server) -> None:
    with browser(server) as client:
        name = f"agora-{backed_up(client)}"
        rename(server, "Later & Co")
        pid = server.pid
        answer = client.post(f"{HOME}/{name}/restores", data={"typed": "later & co"})
        assert answer.headers["location"] == f"{HOME}/restore"
        until(client, "/", "Kiln &amp; Co")
        assert server.pid == pid
    with browser(server) as client:
        assert "The backup is in place" in client.get(f"{HOME}/restore").text
        again = f"agora-{backed_up(client)}"
    before = server.folder / "before-restore" / "agora.sqlite3"
    with closing(sqlite3.connect(before)) as connection:
        assert "Later & Co" in connection.execute("SELECT value FROM site_settings WHERE key = 'general'").fetchone()[0]
    server.kill()
    words = ["backup", "restore", again, "--yes", "--data", str(server.folder)]
    assert "“Kiln & Co”" in said(words, os.environ)
    server.start()
    with browser(server) as client:
        assert client.get("/admin").status_code == 200


def test_a_server_killed_before_it_starts_again_begins_with_the_backup(server: Server) -> None:
    with browser(server) as client:
        name = f"agora-{backed_up(client)}"
        rename(server, "Later & Co")
        client.post(f"{HOME}/{name}/restores", data={"typed": "Later & Co"})
        end = time.monotonic() + PATIENCE
        while not (server.folder / "agora-restore" / "plan.json").exists() and time.monotonic() < end:
            time.sleep(0.01)
        server.kill()
    server.start()
    with httpx.Client(base_url=server.url) as client:
        assert "Kiln &amp; Co" in client.get("/").text
    assert not (server.folder / "agora-restore").exists()
