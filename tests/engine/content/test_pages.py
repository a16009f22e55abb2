"""Pages: nothing that was written is lost, visitors see what was published, and addresses keep leading somewhere."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.api.ports import Ports
from engine.content.pages import publishing, queries, writing
from engine.content.pages.models import Page, PageStatus, VersionKind
from engine.content.pages.resources import PAGES
from engine.content.public import redirect_for
from engine.core.actor import Role
from engine.core.errors import Conflict, Invalid, NotAllowed
from engine.core.records import bin as trash
from engine.core.records import writing as records
from engine.core.records.tables import BinnedRecord
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block


@pytest.fixture
async def site(house: Ports) -> Site:
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


def text(words: str, id: str = "t1") -> dict[str, object]:  # noqa: A002
    return block("text", id=id, text=f"<p>{words}</p>")


async def seen(site: Site, path: str) -> Sequence[object] | None:
    found = await site.house.db.query(queries.published_at_path, path)
    return None if found is None else found.content["blocks"]


async def test_visitors_see_what_was_published_and_not_what_is_written_on(site: Site) -> None:
    page = await site.page("About us", text("First"), published=True)
    await site.save(page.id, 1, {"title": "About us", "blocks": [text("Second")]})
    assert "First" in str(await seen(site, "/about-us"))
    assert (await site.draft(page.id)).is_draft_newer
    await site.publish(page.id)
    assert "Second" in str(await seen(site, "/about-us"))


async def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(site: Site) -> None:
    page = await site.page("About us", text("Ours"))
    other = await people.account(site.house, Role.EDITOR, email="otto@example.org", name="Otto")
    await site.save(page.id, 1, {"title": "About us", "blocks": [text("Otto's")]}, actor=other)
    with pytest.raises(writing.Overtaken) as told:
        await site.save(page.id, 1, {"title": "About us", "blocks": [text("Edda's")]})
    assert told.value.name == "Otto"
    assert "Otto's" in str(told.value.theirs)
    assert "Otto's" in str((await site.draft(page.id)).content)


async def test_autosaves_of_a_sitting_are_one_version_and_those_of_another_person_are_not(
    site: Site, clock: TestClock
) -> None:
    page = await site.page("About us")
    edit = 1
    for words in ("a", "ab", "abc"):
        saved = await site.save(page.id, edit, {"blocks": [text(words)]}, how=VersionKind.AUTOSAVE)
        edit = saved.edit
    assert saved.number == 2
    other = await people.account(site.house, Role.EDITOR, email="otto@example.org", name="Otto")
    saved = await site.save(page.id, edit, {"blocks": [text("abcd")]}, actor=other, how=VersionKind.AUTOSAVE)
    assert saved.number == 3
    clock.move(minutes=11)
    saved = await site.save(page.id, saved.edit, {"blocks": [text("e")]}, actor=other, how=VersionKind.AUTOSAVE)
    assert saved.number == 4
    assert [one.number for one in await site.house.db.query(queries.versions, page.id)] == [4, 3, 2, 1]


async def test_what_was_published_is_never_written_on(site: Site) -> None:
    page = await site.page("About us")
    saved = await site.save(page.id, 1, {"blocks": [text("a")]}, how=VersionKind.AUTOSAVE)
    await site.publish(page.id)
    await site.save(page.id, saved.edit, {"blocks": [text("b")]}, how=VersionKind.AUTOSAVE)
    assert "<p>a</p>" in str(await seen(site, "/about-us"))


async def test_a_save_without_a_change_is_no_version(site: Site) -> None:
    page = await site.page("About us", text("Same"))
    saved = await site.save(page.id, 99, (await site.draft(page.id)).content)
    assert (saved.is_changed, saved.number, saved.edit) == (False, 1, 1)


async def test_an_old_version_comes_back_as_the_newest(site: Site) -> None:
    page = await site.page("About us", text("First"), published=True)
    await site.save(page.id, 1, {"title": "Us", "blocks": []})
    first = (await site.house.db.query(queries.versions, page.id))[-1]
    async with site.house.db.write() as tx:
        saved = await writing.restore(tx, site.actor, page.id, first.id)
    draft = await site.draft(page.id)
    assert (saved.number, draft.title, draft.content["blocks"][0]["id"]) == (3, "About us", "t1")


async def test_paths_follow_and_old_addresses_lead_to_the_new(site: Site) -> None:
    top = await site.page("About", published=True)
    below = await site.page("Team", parent_id=top.id, published=True)
    await site.change(top.id, slug="who-we-are")
    assert (await site.draft(below.id)).path == "/who-we-are/team"
    for old, new in (("/about", "/who-we-are"), ("/about/team", "/who-we-are/team")):
        moved = await site.house.db.query(redirect_for, old)
        assert moved is not None
        assert moved.target_url == new


async def test_a_branch_that_moves_on_and_back_leaves_no_circle(site: Site) -> None:
    top = await site.page("About", published=True)
    await site.page("Team", parent_id=top.id, published=True)
    for slug in ("we", "us", "about"):
        await site.change(top.id, slug=slug)
    found = {path: await site.house.db.query(redirect_for, path) for path in ("/about/team", "/we/team", "/us/team")}
    assert {path: moved and moved.target_url for path, moved in found.items()} == {
        "/about/team": None,
        "/we/team": "/about/team",
        "/us/team": "/about/team",
    }


@pytest.mark.parametrize("slug", ["admin", "blog", "api", "cart"])
async def test_the_houses_own_addresses_are_refused(site: Site, slug: str) -> None:
    with pytest.raises(Invalid) as refused:
        await site.page("Mine", slug=slug)
    assert "slug" in refused.value.fields


async def test_a_page_cannot_stand_below_itself_nor_at_anothers_address(site: Site) -> None:
    top = await site.page("Top")
    below = await site.page("Below", parent_id=top.id)
    with pytest.raises(Conflict):
        await site.change(top.id, parent_id=below.id)
    with pytest.raises(Invalid):
        await site.change((await site.page("Other")).id, slug="top")
    assert (await site.page("Top")).path == "/top-2"


async def test_the_front_page_changes_hands(site: Site) -> None:
    first, second = await site.page("Welcome", published=True), await site.page("New home", published=True)
    for page in (first, second):
        async with site.house.db.write() as tx:
            await publishing.make_front(tx, site.actor, page.id)
    assert (await site.draft(second.id)).path == "/"
    assert (await site.draft(first.id)).path == "/welcome"


async def test_the_schedule_brings_a_page_and_takes_it_away(site: Site, clock: TestClock) -> None:
    async def a_while() -> object:
        clock.move(hours=1)
        await site.house.jobs.start_scheduled()
        await site.house.jobs.run_until_idle()
        return await seen(site, "/summer")

    page = await site.page("Summer")
    start, end = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    async with site.house.db.write() as tx:
        await publishing.schedule(tx, site.actor, page.id, publish_at=start, unpublish_at=end)
    assert await a_while() is not None
    assert await a_while() is None


async def test_pages_appear_and_leave_at_their_time(site: Site, clock: TestClock) -> None:
    page = await site.page("Summer")
    start, end = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    async with site.house.db.write() as tx:
        await publishing.schedule(tx, site.actor, page.id, publish_at=start, unpublish_at=end)
    assert await publishing.publish_due(site.house.db) == 0
    clock.move(hours=1)
    assert await publishing.publish_due(site.house.db) == 1
    assert await seen(site, "/summer") == []
    clock.move(hours=1)
    assert await publishing.publish_due(site.house.db) == 1
    assert await seen(site, "/summer") is None
    with pytest.raises(Invalid):
        async with site.house.db.write() as tx:
            await publishing.schedule(tx, site.actor, page.id, publish_at=start, unpublish_at=None)


async def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(site: Site) -> None:
    page = await site.page("About us")
    await site.save(page.id, 1, {"blocks": [text("b")]})
    with pytest.raises(Conflict):
        async with site.house.db.write() as tx:
            await publishing.publish(tx, site.actor, page.id, edit=1)


async def test_a_deleted_page_comes_back_with_its_versions_as_a_draft(site: Site) -> None:
    page = await site.page("About us", text("First"), published=True)
    child = await site.page("Team", parent_id=page.id, published=True)
    await site.save(page.id, 1, {"title": "About us", "blocks": [text("Second")]})
    async with site.house.db.write() as tx:
        await records.delete(tx, site.actor, PAGES, page.id)
    assert (await site.draft(child.id)).path == "/team"
    async with site.house.db.write() as tx:
        binned = await tx.scalar(select(BinnedRecord.id))
        await trash.restore(tx, site.actor, PAGES, binned)
    draft = await site.draft(page.id)
    assert (draft.path, draft.status, draft.version_number) == ("/about-us", PageStatus.DRAFT, 2)
    assert "Second" in str(draft.content)


async def test_a_viewer_writes_nothing(site: Site) -> None:
    page = await site.page("About us")
    viewer = await people.account(site.house, Role.VIEWER)
    for attempt in (publishing.publish, publishing.unpublish, writing.delete, writing.copy):
        with pytest.raises(NotAllowed):
            async with site.house.db.write() as tx:
                await attempt(tx, viewer, page.id)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        await site.save(page.id, 1, {"blocks": []}, actor=viewer)
    async with site.house.db.read() as session:
        assert (await session.get(Page, page.id)).edit == 1  # type: ignore[union-attr]


async def test_only_one_footer(site: Site) -> None:
    await site.page("Footer", kind="footer")
    with pytest.raises(Conflict):
        await site.page("Footer", kind="footer")
