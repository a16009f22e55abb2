"""`kill -9` while pages are autosaved, published and moved: what was answered is whole, and nothing is half done."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from engine.content.pages.models import Page, PageStatus, PageVersion
from engine.core.audit import AuditEntry
from engine.core.database import Database
from engine.core.facts import FactRow
from tests.server import PASSWORD, Server
from tests.test_kill import jobs_done

WRITERS = ("ada", "bob", "cy")
KILLS = 2
HTML = {"Accept": "text/html"}


@dataclass
class Work:
    """One page and its writer: what they were told. saved, published: the last numbers that were answered.

    paths: where it was before, each move answered; strange: what should not have been.
    """

    name: str
    page_id: str
    path: str
    edit: int = 1
    saved: int = 0
    published: int = 0
    paths: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def written(name: str, number: int) -> dict[str, Any]:
    """Return a page that says its number in every part, so that half of it shows."""
    texts = [{"id": f"t{i}", "type": "text", "settings": {"text": f"<p>part {number}</p>"}} for i in range(3)]
    return {"title": f"Chronicle {name} {number}", "blocks": texts}


def number_in(content: dict[str, Any]) -> int:
    """Return the number that a whole page says."""
    said = {int(content["title"].rpartition(" ")[2])}
    said |= {int(one["settings"]["text"].removeprefix("<p>part ").removesuffix("</p>")) for one in content["blocks"]}
    assert len(content["blocks"]) == 3
    assert len(said) == 1, content
    return said.pop()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "installation", {"DATABASE_URL": database_url}) as running:
        running.claim()
        yield running


def write(client: httpx.Client, work: Work, is_over: threading.Event) -> None:
    """Write on and on: a few autosaves, a version, a publication, and now and then another address."""
    number, own = 0, f"/pages/{work.page_id}"
    while not is_over.is_set():
        number += 1
        sent = {"edit": work.edit, "content": written(work.name, number), "autosave": number % 3 != 0}
        saved = until_answered(client, is_over, "PUT", f"{own}/draft", sent)
        if saved is None:
            return
        if saved.status_code == 409:  # it was written, and the answer was lost
            kept = until_answered(client, is_over, "GET", f"{own}/draft")
            if kept is None:
                return
            work.edit, saved = kept.json()["edit"], kept
            if number_in(kept.json()["content"]) != number:
                work.strange.append(f"{work.name}: {number} was refused, kept is {kept.text}")
        elif saved.status_code == 200:
            work.edit = saved.json()["edit"]
        else:
            work.strange.append(f"{work.name}: {saved.status_code} {saved.text}")
        work.saved = number
        if number % 4 == 0 and not publish(client, work, is_over, number):
            return


def publish(client: httpx.Client, work: Work, is_over: threading.Event, number: int) -> bool:
    """Publish the draft, and move the page every other time; return whether there was an answer."""
    own = f"/pages/{work.page_id}"
    answer = until_answered(client, is_over, "POST", f"{own}/publish", {"edit": work.edit})
    if answer is not None and answer.status_code == 200:
        work.published = number
        if number % 8 != 0:
            return True
        answer = until_answered(client, is_over, "PATCH", own, {"slug": f"{work.name}-{number}"})
        if answer is not None and answer.status_code == 200:
            work.paths.append(work.path)
            work.path = f"/{work.name}-{number}"
            return True
    if answer is not None:
        work.strange.append(f"{work.name}: {answer.status_code} {answer.text}")
    return answer is not None


def until_answered(
    client: httpx.Client, is_over: threading.Event, method: str, path: str, sent: object = None
) -> httpx.Response | None:
    """Ask until there is an answer; None once it is over."""
    while not is_over.is_set():
        try:
            return client.request(method, path, json=sent)
        except httpx.TransportError:
            time.sleep(0.05)
    return None


def write_under_kills(server: Server, owner: httpx.Client) -> list[Work]:
    """Have several people write while the server is killed and started again; return what they were told."""
    works = []
    for name in WRITERS:
        made = owner.post("/pages/begin", json={"slug": name, "content": written(name, 0)}).raise_for_status().json()
        works.append(Work(name, made["id"], f"/{name}", made["edit"]))
    is_over = threading.Event()
    writers = [threading.Thread(target=write, args=(owner, work, is_over)) for work in works]
    for writer in writers:
        writer.start()
    try:
        for _ in range(KILLS):
            _wait_for_more(works)
            time.sleep(random.uniform(0, 0.1))
            server.kill()
            server.start()
        _wait_for_more(works)
    finally:
        is_over.set()
    for writer in writers:
        writer.join(30)
    assert [said for work in works for said in work.strange] == []
    return works


def _wait_for_more(works: list[Work], more: int = 8) -> None:
    """Wait until each has written so much more."""
    wanted, until = {work.name: work.saved + more for work in works}, time.monotonic() + 90
    while any(work.saved < wanted[work.name] for work in works):
        assert time.monotonic() < until, works
        time.sleep(0.02)


async def test_what_was_answered_is_whole_and_nothing_is_half_published(server: Server, database_url: str) -> None:
    with server.client("owner@example.org") as owner:
        works = write_under_kills(server, owner)
        ledger = Database(database_url)
        await jobs_done(ledger)
        for work in works:
            published = await as_kept(ledger, work)
            await as_told(ledger, work)
            as_seen(server, owner, work, published)
        await ledger.close()


async def as_kept(ledger: Database, work: Work) -> int:
    """See that the draft, every version and what is published are whole; return the number that is published."""
    async with ledger.read() as session:
        page = await session.get(Page, UUID(work.page_id))
        versions = list(await session.scalars(select(PageVersion).where(PageVersion.page_id == page.id)))
    numbers = {version.id: number_in(version.content) for version in versions}
    assert numbers[page.draft_version_id] >= work.saved
    assert page.title == next(one.content["title"] for one in versions if one.id == page.draft_version_id)
    assert sorted(version.number for version in versions) == list(range(1, len(versions) + 1))
    assert page.status is PageStatus.PUBLISHED
    assert page.path is not None
    shown = next(one for one in versions if one.id == page.published_version_id)
    assert shown.published_at == page.published_at
    assert numbers[shown.id] >= work.published > 0
    work.path = page.path
    return numbers[shown.id]


async def as_told(ledger: Database, work: Work) -> None:
    """See that there is a fact and an audit line for each publication, the last about what is published."""
    async with ledger.read() as session:
        page = await session.get(Page, UUID(work.page_id))
        told = select(FactRow.payload).where(FactRow.name == "page.published", FactRow.about == page.id)
        facts = list(await session.scalars(told.order_by(FactRow.id)))
        is_line = (AuditEntry.action == "page.publish") & (AuditEntry.resource_id == page.id)
        lines = await session.scalar(select(func.count()).select_from(AuditEntry).where(is_line))
    assert lines == len(facts)
    assert facts[-1]["version_id"] == str(page.published_version_id)


def as_seen(server: Server, owner: httpx.Client, work: Work, published: int) -> None:
    """See that visitors, old addresses, the search and the builder all show the same page."""
    with httpx.Client(base_url=server.url, headers=HTML, follow_redirects=True, timeout=30) as browser:
        for path in (work.path, *work.paths):
            answer = browser.get(path)
            assert (answer.status_code, answer.url.path) == (200, work.path)
            assert answer.text.count(f"<p>part {published}</p>") == 3
        hits = owner.get("/search", params={"q": f"chronicle {work.name}", "type": "page"}).json()["items"]
        (hit,) = [one for one in hits if one["id"] == work.page_id]
        assert (hit["title"], hit["url"]) == (f"Chronicle {work.name} {published}", work.path)
        signed_in = browser.post("/admin/sign-in", data={"email": "owner@example.org", "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        builder = browser.get(f"/admin/builder/{work.page_id}")
        assert builder.status_code == 200
        assert f"Chronicle {work.name}" in builder.text
