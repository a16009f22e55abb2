"""Drafts, versions, previews, histories and exports of pages: each route, for each role, about each kind of page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient, Response

from engine.api.ports import Ports
from engine.content.pages import reviewing
from engine.content.pages.models import PageKind, PageStatus, PageVisibility
from engine.core.actor import Actor, Role
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block

HTML = {"Accept": "text/html"}
STRANGER = "stranger"
RANKS = [STRANGER, Role.CUSTOMER, Role.VIEWER, Role.EDITOR, Role.STORE_MANAGER, Role.ADMIN, Role.SUPER_ADMIN]
#: What can be read of a page, by the least role. {kind}: the list that it stands in.
READS: Mapping[str, Role] = {
    "/api/v1/pages/{id}/draft": Role.VIEWER,
    "/api/v1/pages/{id}/versions": Role.VIEWER,
    "/api/v1/pages/{id}/versions/{version}": Role.VIEWER,
    "/api/v1/pages/{id}/notes": Role.VIEWER,
    "/api/v1/pages/{id}/previews": Role.EDITOR,
    "/admin/pages/{id}/versions": Role.VIEWER,
    "/admin/pages/{id}/versions/{version}/look": Role.VIEWER,
    "/admin/{kind}/{id}/history": Role.EDITOR,
    "/admin/articles/export?format=json": Role.VIEWER,
    "/admin/articles/export?format=csv": Role.VIEWER,
    "/admin/pages/export?format=json": Role.VIEWER,
    "/admin/pages/export?format=csv": Role.VIEWER,
    "/admin/site-file": Role.ADMIN,
    "/admin/builder/{id}": Role.EDITOR,
    "/admin/builder/{id}/canvas": Role.EDITOR,
    "/admin/builder/{id}/publishing": Role.EDITOR,
}


@dataclass(frozen=True)
class Thing:
    """A page and what is written in it. draft: words that nobody has published. seen_by: who may open its address."""

    id: UUID
    kind: str
    path: str | None
    version: UUID
    words: str
    draft: str
    seen_by: frozenset[str]


EVERYBODY, NOBODY = frozenset(map(str, RANKS)), frozenset[str]()
STAFF = frozenset(str(role) for role in RANKS[2:])


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def crowd(house: Ports, owner: Actor) -> dict[str, Actor]:
    made = {str(role): await people.account(house, role) for role in RANKS[1:-1]}
    return {**made, "super_admin": owner, STRANGER: Actor.stranger()}


@pytest.fixture
async def things(house: Ports, crowd: Mapping[str, Actor]) -> list[Thing]:
    """A page of every standing and visibility, articles, and the kinds that have no address."""
    site = Site(house, crowd["editor"])

    async def thing(name: str, seen_by: frozenset[str], *, published: bool = True, **more: Any) -> Thing:
        changes = more.pop("changes", {})
        page = await site.page(name, block("text", id="a", text=f"<p>open {name}</p>"), published=published, **more)
        if changes:
            await site.change(page.id, **changes)
        draft = await site.draft(page.id)
        version = draft.version_id
        later = {**draft.content, "blocks": [block("text", id="a", text=f"<p>secret {name}</p>")]}
        await site.save(page.id, draft.edit, later)
        kind = "articles" if page.kind is PageKind.ARTICLE else "pages"
        path = (await site.draft(page.id)).path
        return Thing(page.id, kind, path, version, f"open {name}", f"secret {name}", seen_by)

    roles = {"visibility": PageVisibility.ROLES, "roles": [str(Role.CUSTOMER)]}
    return [
        await thing("Public", EVERYBODY),
        await thing("Unpublished", NOBODY, published=False),
        await thing("Archived", NOBODY, published=False, changes={"status": PageStatus.ARCHIVED}),
        await thing("Members", EVERYBODY - {STRANGER}, changes={"visibility": PageVisibility.SIGNED_IN}),
        await thing("Customers", STAFF | {str(Role.CUSTOMER)}, changes=roles),
        await thing("News", EVERYBODY, kind=PageKind.ARTICLE),
        await thing("Rumour", NOBODY, kind=PageKind.ARTICLE, published=False),
        await thing("Pattern", NOBODY, kind=PageKind.TEMPLATE, published=False),
        await thing("Head", NOBODY, kind=PageKind.HEADER, published=False),
    ]


class Eyes:
    """Reads addresses as each of the crowd, and keeps what they saw that they should not have."""

    def __init__(self, client: AsyncClient, house: Ports, crowd: Mapping[str, Actor]) -> None:
        self.client, self.house, self.crowd = client, house, crowd
        self.wrong: list[str] = []
        self._held: dict[str, dict[str, str]] = {}

    async def get(self, who: str, path: str) -> Response:
        if who not in self._held:
            actor = self.crowd[who]
            cookies = await people.cookie(self.house, actor) if actor.is_signed_in else {}
            bearer = await people.bearer(self.house, actor) if actor.is_signed_in else {}
            self._held[who] = {**bearer, "cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        headers = self._held[who]
        if path.startswith("/api/"):
            headers = {name: value for name, value in headers.items() if name != "cookie"}
        else:
            headers = {**HTML, "cookie": headers["cookie"]}
        return await self.client.get(path, headers=headers)

    async def see(self, who: str, path: str, *, is_open: bool, secret: str) -> None:
        answer = await self.get(who, path)
        refused = (401, 403) if path.startswith("/api/") else (303, 401, 403)
        if (answer.status_code == 200) is not is_open or not (is_open or answer.status_code in refused):
            self.wrong.append(f"{who} at {path}: {answer.status_code}")
        if not is_open and secret in answer.text:
            self.wrong.append(f"{who} at {path} reads “{secret}”")


@pytest.fixture
def eyes(client: AsyncClient, house: Ports, crowd: dict[str, Actor]) -> Eyes:
    return Eyes(client, house, crowd)


@pytest.mark.parametrize("route", READS)
async def test_what_is_not_published_is_read_by_those_who_may_alone(
    eyes: Eyes, things: list[Thing], route: str
) -> None:
    least = RANKS.index(READS[route])
    for thing in things if "{id}" in route else things[:1]:
        if ("builder" in route and thing.kind == "articles") or (route.endswith("history") and thing.path is None):
            continue  # articles are written on the sheet, and what has no address stands in no list
        path = route.format(id=thing.id, version=thing.version, kind=thing.kind)
        for rank, who in enumerate(RANKS):
            await eyes.see(str(who), path, is_open=rank >= least, secret=thing.draft)
    assert eyes.wrong == [], "\n".join(eyes.wrong)


async def test_an_address_shows_what_is_published_to_whom_it_is_for_and_never_a_draft(
    eyes: Eyes, things: list[Thing]
) -> None:
    for thing in things:
        for who in map(str, RANKS):
            answer = await eyes.get(who, thing.path or "/nowhere")
            is_seen = answer.status_code == 200 and thing.words in answer.text
            if is_seen is not (who in thing.seen_by):
                eyes.wrong.append(f"{who} at {thing.path}: {answer.status_code}, seen {is_seen}")
            if thing.draft in answer.text:
                eyes.wrong.append(f"{who} at {thing.path} reads the draft")
    assert eyes.wrong == [], "\n".join(eyes.wrong)


async def test_lists_feeds_and_searches_tell_strangers_nothing_of_drafts(eyes: Eyes, things: list[Thing]) -> None:
    await eyes.house.jobs.run_until_idle()
    paths = (
        "/api/v1/pages?limit=100", "/api/v1/articles?limit=100", "/api/v1/search?q=secret", "/search?q=secret",
        "/blog", "/blog/feed.xml", "/sitemap.xml", "/llms.txt", "/", "/api/v1/pages/export?format=json",
        "/api/v1/articles/export?format=csv",
    )  # fmt: skip
    for who in (STRANGER, str(Role.CUSTOMER)):
        for path in paths:
            text = (await eyes.get(who, path)).text
            told = [one.draft for one in things if one.draft in text]
            told += [one.words for one in things if who not in one.seen_by and one.words in text]
            eyes.wrong += [f"{who} at {path} reads “{one}”" for one in told]
    assert eyes.wrong == [], "\n".join(eyes.wrong)


async def test_a_version_a_preview_and_a_note_belong_to_their_own_page(
    eyes: Eyes, things: list[Thing], client: AsyncClient
) -> None:
    one, other = things[0], things[1]
    editor = await people.bearer(eyes.house, eyes.crowd["editor"])
    for path in ("/api/v1/pages/{id}/versions/{version}", "/admin/pages/{id}/versions/{version}/look"):
        answer = await eyes.get("editor", path.format(id=one.id, version=other.version))
        assert answer.status_code == 404, path
    restored = await client.post(f"/api/v1/pages/{one.id}/versions/{other.version}/restore", headers=editor)
    assert restored.status_code == 404
    async with eyes.house.db.write() as tx:
        note = await reviewing.add_note(tx, eyes.crowd["editor"], other.id, "Shorter", block_id="a")
    made = (await client.post(f"/api/v1/pages/{other.id}/previews", json={}, headers=editor)).json()
    for method, path, sent in (
        ("POST", f"notes/{note.id}/resolve", {"resolved": True}),
        ("POST", "notes", {"text": "Yes", "parentId": str(note.id)}),
        ("DELETE", f"previews/{made['id']}", None),
    ):
        answer = await client.request(method, f"/api/v1/pages/{one.id}/{path}", json=sent, headers=editor)
        assert answer.status_code in (404, 422), (path, answer.status_code, answer.text)
    assert (await client.get(made["url"].removeprefix("http://localhost"), headers=HTML)).status_code == 200


async def test_a_preview_shows_its_own_page_to_whoever_has_the_link_until_it_ends(
    eyes: Eyes, things: list[Thing], client: AsyncClient, clock: TestClock
) -> None:
    editor = await people.bearer(eyes.house, eyes.crowd["editor"])
    for thing in things:
        made = await client.post(f"/api/v1/pages/{thing.id}/previews", json={"hours": 1}, headers=editor)
        if thing.path is None:
            continue
        path = made.json()["url"].removeprefix("http://localhost")
        for who in (STRANGER, "customer", "viewer"):
            answer = await eyes.get(who, path)
            assert answer.status_code == 200
            assert thing.draft in answer.text
            assert answer.headers["cache-control"] == "private, no-store"
            assert sum(other.draft in answer.text for other in things) == 1
    clock.move(hours=2)
    assert (await eyes.get(STRANGER, path)).status_code == 404
