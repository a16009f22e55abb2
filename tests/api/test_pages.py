"""Pages over the wire: what several people do with one, and what each role may."""

import html
from uuid import UUID

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block

HTML = {"Accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


async def as_(client: AsyncClient, house: Ports, actor: Actor) -> AsyncClient:
    client.headers.update(await people.bearer(house, actor))
    return client


async def test_a_page_is_begun_saved_and_published_and_a_late_save_is_told(client: AsyncClient, site: Site) -> None:
    api = await as_(client, site.house, site.actor)
    content = {"title": "About us", "blocks": [block("text", id="a", text="<p>One<script>x</script></p>")]}
    begun = await api.post("/api/v1/pages/begin", json={"content": content})
    assert begun.status_code == 201, begun.text
    page = begun.json()
    assert page["content"]["blocks"][0]["settings"]["text"] == "<p>One</p>"
    own = f"/api/v1/pages/{page['id']}"
    content["blocks"] = [block("text", id="a", text="<p>Two</p>")]
    saved = await api.put(f"{own}/draft", json={"edit": 1, "content": content})
    assert saved.json()["edit"] == 2
    late = await api.put(f"{own}/draft", json={"edit": 1, "content": {**content, "title": "Us"}})
    assert late.status_code == 409
    assert "Edda" in late.json()["detail"]
    published = await api.post(f"{own}/publish", json={"edit": 2})
    assert published.json()["status"] == "published"
    assert "Two" in (await client.get("/about-us", headers=HTML)).text


async def test_what_is_wrong_is_named(client: AsyncClient, site: Site) -> None:
    api = await as_(client, site.house, site.actor)
    sent = {"content": {"title": "x" * 300, "blocks": [block("button", href="javascript:x")], "colour": "red"}}
    answer = await api.post("/api/v1/pages/begin", json=sent)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"title", "colour", "blocks.0.settings.href"}


async def test_two_windows_know_of_each_other(client: AsyncClient, site: Site, clock: TestClock) -> None:
    page = await site.page()
    api = await as_(client, site.house, site.actor)
    path = f"/api/v1/pages/{page.id}/presence"
    assert (await api.post(path, json={"window": "w1", "blockId": "a"})).json() == {"edit": 1, "editors": []}
    there = (await api.post(path, json={"window": "w2"})).json()["editors"]
    assert there == [{"window": "w1", "name": "Edda", "blockId": "a"}]
    clock.move(seconds=61)
    assert (await api.post(path, json={"window": "w2"})).json()["editors"] == []


async def test_what_two_wrote_is_merged_without_saving(client: AsyncClient, site: Site) -> None:
    page = await site.page("About us", block("text", id="a", text="<p>a</p>"), block("text", id="b", text="<p>b</p>"))
    base = (await site.draft(page.id)).content
    theirs = {**base, "blocks": [block("text", id="a", text="<p>theirs</p>"), base["blocks"][1]]}
    await site.save(page.id, 1, theirs)
    mine = {**base, "blocks": [base["blocks"][0], block("text", id="b", text="<p>mine</p>")]}
    api = await as_(client, site.house, site.actor)
    merged = (await api.post(f"/api/v1/pages/{page.id}/merge", json={"base": base, "mine": mine})).json()
    assert merged["conflicts"] == []
    assert [one["settings"]["text"] for one in merged["content"]["blocks"]] == ["<p>theirs</p>", "<p>mine</p>"]
    assert (merged["edit"], merged["by"]) == (2, "Edda")


async def test_a_review_goes_back_and_forth(client: AsyncClient, site: Site) -> None:
    page = await site.page()
    api = await as_(client, site.house, site.actor)
    own = f"/api/v1/pages/{page.id}"
    assert (await api.post(f"{own}/review")).json() == {"status": "review"}
    assert (await api.post(f"{own}/request-changes", json={"text": "Shorter, please", "blockId": "a"})).json() == {
        "status": "draft"
    }
    (note,) = (await api.get(f"{own}/notes")).json()["items"]
    assert (note["text"], note["blockId"], note["authorName"]) == ("Shorter, please", "a", "Edda")
    answer = await api.post(f"{own}/notes", json={"text": "Done", "parentId": note["id"]})
    assert answer.json()["blockId"] == "a"
    settled = await api.post(f"{own}/notes/{note['id']}/resolve", json={"resolved": True})
    assert settled.json()["resolvedAt"]


async def test_a_preview_link_shows_the_draft_until_it_ends(client: AsyncClient, site: Site, clock: TestClock) -> None:
    page = await site.page("Plans", block("text", text="<p>Not yet public</p>"))
    api = await as_(client, site.house, site.actor)
    own = f"/api/v1/pages/{page.id}/previews"
    made = (await api.post(own, json={"hours": 2})).json()
    client.headers.pop("authorization")
    path = made["url"].removeprefix("http://localhost")
    shown = await client.get(path, headers=HTML)
    assert "Not yet public" in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert 'content="noindex"' in shown.text
    clock.move(hours=3)
    assert (await client.get(path, headers=HTML)).status_code == 404
    assert (await client.get("/preview/nothing", headers=HTML)).status_code == 404


async def test_a_preview_link_can_be_taken_back(client: AsyncClient, site: Site) -> None:
    page = await site.page("Plans")
    api = await as_(client, site.house, site.actor)
    own = f"/api/v1/pages/{page.id}/previews"
    made = (await api.post(own, json={})).json()
    assert (await api.get(own)).json()["items"][0]["url"] is None
    assert (await api.delete(f"{own}/{made['id']}")).status_code == 204
    assert (await client.get(made["url"].removeprefix("http://localhost"), headers=HTML)).status_code == 404


async def test_a_password_opens_a_page_and_an_old_key_does_not(client: AsyncClient, site: Site) -> None:
    page = await site.page("Members", block("text", text="<p>The secret plan</p>"), published=True)
    api = await as_(client, site.house, site.actor)
    own = f"/api/v1/pages/{page.id}/password"
    assert (await api.put(own, json={"password": "open sesame"})).status_code == 204
    client.headers.pop("authorization")
    asked = await client.get("/members", headers=HTML)
    assert "secret plan" not in asked.text
    assert 'type="password"' in asked.text
    wrong = await client.post(f"/go/page/{page.id}", data={"password": "guess"}, headers=HTML)
    assert wrong.status_code == 422
    opened = await client.post(f"/go/page/{page.id}", data={"password": "open sesame"}, headers=HTML)
    assert opened.headers["location"] == "/members"
    assert "secret plan" in (await client.get("/members", headers=HTML)).text
    client.headers.update(await people.bearer(site.house, site.actor))
    await api.put(own, json={"password": "another"})
    client.headers.pop("authorization")
    assert "secret plan" not in (await client.get("/members", headers=HTML)).text


async def test_checks_name_what_visitors_would_stumble_over(client: AsyncClient, site: Site) -> None:
    await site.page("Draft only")
    blocks = [
        block("heading", id="h", text="Deep", level="4"),
        block("button", id="b1", label="Go"),
        block("button", id="b2", label="Go", href="/nowhere"),
        block("button", id="b3", label="Shop", href="/products"),
        block("image", id="i"),
        block("text", id="t", text='<p><a href="/x"></a><img src="/media/a.png"></p>'),
    ]
    page = await site.page("Look")
    api = await as_(client, site.house, site.actor)
    found = await api.post(f"/api/v1/pages/{page.id}/checks", json={"content": {"title": "Look", "blocks": blocks}})
    named = {(one["level"], one["blockId"], one["setting"]) for one in found.json()["items"]}
    assert ("warning", "h", "level") in named
    assert ("error", "b1", "href") in named
    assert ("error", "b2", "href") in named
    assert not any(block_id == "b3" for _level, block_id, _setting in named)
    assert ("warning", "i", "image") in named
    assert ("warning", "t", "text") in named
    assert ("warning", "", "seoDescription") in named
    assert found.json()["items"][0]["level"] == "error"


async def test_checks_say_where_text_cannot_be_read_by_the_wire_as_in_the_builder(
    client: AsyncClient, site: Site
) -> None:
    async with site.house.db.write() as tx:
        theme = {"accentColor": "#d97706", "buttonFill": "outline"}
        await site.house.settings.update(tx, Actor.system("Olive"), "theme", theme)
    await site.house.settings.refresh()
    behind = block("hero", id="h", title="Hello", layout="behind", image=str(UUID(int=7)))
    page = await site.page("Look", behind)
    api = await as_(client, site.house, site.actor)
    sent = {"content": {"title": "Look", "blocks": [behind]}}
    found = (await api.post(f"/api/v1/pages/{page.id}/checks", json=sent)).json()["items"]
    client.cookies.update(await people.cookie(site.house, site.actor))
    shown = html.unescape((await client.get(f"/admin/builder/{page.id}/publishing", headers=HTML)).text)
    assert ("info", "h", "image") in {(one["level"], one["blockId"], one["setting"]) for one in found}
    assert all(one["message"] in shown for one in found)


async def test_versions_are_compared_looked_at_and_brought_back(client: AsyncClient, site: Site) -> None:
    page = await site.page("About us", block("text", id="a", text="<p>First words</p>"))
    await site.save(page.id, 1, {"title": "Us", "blocks": [block("text", id="a", text="<p>Second</p>"), block("divider")
                                 if "divider" in site.house.blocks else block("heading", text="New")]})  # fmt: skip
    client.cookies.update(await people.cookie(site.house, site.actor))
    own = f"/admin/pages/{page.id}/versions"
    shown = await client.get(own, headers=HTML)
    assert shown.status_code == 200
    for words in ("First words", "Second", "About us", "Version 2", "New"):
        assert words in shown.text
    first = (await client.get(f"/api/v1/pages/{page.id}/versions")).json()["items"][-1]
    look = await client.get(f"{own}/{first['id']}/look", headers=HTML)
    assert "First words" in look.text
    assert look.headers["x-frame-options"] == "SAMEORIGIN"
    assert (await client.post(f"{own}/{first['id']}/restore", headers=HTML)).status_code == 303
    assert "First words" in str((await site.draft(page.id)).content)
