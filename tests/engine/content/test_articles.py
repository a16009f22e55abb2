"""Articles: what lists show is what visitors see, shelves gather them, and a change at once is in every version."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.api.ports import Ports
from engine.content.articles import linking, queries, search, wording
from engine.content.articles import writing as articles
from engine.content.articles.article_list import ARTICLES
from engine.content.articles.models import Article, ArticleAuthor
from engine.content.articles.queries import Card, Wanted
from engine.content.articles.resources import ARTICLE_CATEGORIES, ARTICLE_SERIES, ARTICLE_TAGS
from engine.content.pages import publishing
from engine.content.pages.models import PageStatus, PageVisibility
from engine.core.actor import Role
from engine.core.errors import Invalid, NotAllowed
from engine.core.paging import PageRequest
from engine.core.records import bin as trash
from engine.core.records import writing as records
from engine.core.records.tables import BinnedRecord
from engine.core.resource import Resource
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block

FIRST = PageRequest(1, 20)


@pytest.fixture
async def site(house: Ports) -> Site:
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


async def shelf(site: Site, resource: Resource, name: str) -> str:
    async with site.house.db.write() as tx:
        return str((await records.create(tx, site.actor, resource, {"name": name})).id)


async def listed(site: Site, **wanted: Any) -> list[Card]:
    return list((await site.house.db.query(queries.listed, Wanted(**wanted), FIRST)).items)


def titles(cards: list[Card]) -> list[str]:
    return [card.title for card in cards]


async def row_of(site: Site, page_id: UUID) -> Article:
    async with site.house.db.read() as session:
        found = await session.get(Article, page_id)
        assert found is not None
        return found


async def test_lists_show_what_was_published_and_not_what_is_written_on(site: Site) -> None:
    news, tips = await shelf(site, ARTICLE_CATEGORIES, "News"), await shelf(site, ARTICLE_CATEGORIES, "Tips")
    page = await site.article("First", published=True, fields={"article": {"categories": [news]}, "excerpt": "Short"})
    changed = {"title": "Second", "excerpt": "Long", "article": {"categories": [tips]}}
    await site.save(page.id, 1, {**changed, "blocks": []})
    (card,) = await listed(site)
    assert (card.title, card.excerpt, [one.name for one in card.categories]) == ("First", "Short", ["News"])
    assert await listed(site, category_id=UUID(tips)) == []
    await site.publish(page.id)
    (card,) = await listed(site, category_id=UUID(tips))
    assert (card.title, card.excerpt) == ("Second", "Long")


async def test_drafts_and_what_is_not_for_everybody_are_in_no_list(site: Site) -> None:
    await site.article("Draft")
    members = await site.article("Members", published=True)
    await site.change(members.id, visibility=PageVisibility.SIGNED_IN)
    gone = await site.article("Gone", published=True)
    async with site.house.db.write() as tx:
        await publishing.unpublish(tx, site.actor, gone.id)
    assert await listed(site) == []
    assert await site.house.db.query(queries.months, ZoneInfo("UTC")) == []


async def test_ids_that_nobody_bears_are_passed_over_and_what_is_no_id_is_refused(site: Site) -> None:
    gone = await shelf(site, ARTICLE_TAGS, "Gone")
    async with site.house.db.write() as tx:
        await records.delete(tx, site.actor, ARTICLE_TAGS, UUID(gone))
    page = await site.article("Kept", published=True, fields={"article": {"tags": [gone], "author": gone}})
    assert (await listed(site))[0].tags == ()
    with pytest.raises(Invalid) as refused:
        await site.save(page.id, 1, {"title": "Kept", "article": {"tags": ["<script>"]}, "blocks": []})
    assert "article.tags.0" in refused.value.fields


async def test_whoever_begins_an_article_is_its_author_once(site: Site) -> None:
    async with site.house.db.write() as tx:
        await articles.begin(tx, site.actor, title="One")
        await articles.begin(tx, site.actor, title="Two")
    async with site.house.db.read() as session:
        (author,) = await session.scalars(select(ArticleAuthor))
    assert (author.name, author.slug) == ("Edda", "edda")
    viewer = await people.account(site.house, Role.VIEWER)
    with pytest.raises(NotAllowed):
        async with site.house.db.write() as tx:
            await articles.begin(tx, viewer, title="Three")


async def test_what_is_changed_at_once_is_seen_at_once_and_publishes_nothing_else(site: Site) -> None:
    page = await site.article("Seen", published=True)
    await site.save(page.id, 1, {"title": "Waiting", "blocks": []})
    async with site.house.db.write() as tx:
        await ARTICLES.actions["pin"].run(tx, site.actor, page.id)
    (card,) = await listed(site, pinned_first=True)
    draft = await site.draft(page.id)
    assert (card.title, card.is_pinned) == ("Seen", True)
    assert (draft.title, draft.content["article"], draft.is_draft_newer) == ("Waiting", {"pinned": True}, True)
    async with site.house.db.write() as tx:
        await ARTICLES.actions["pin"].run(tx, site.actor, page.id)
    assert (await site.draft(page.id)).version_number == draft.version_number


async def test_pinned_articles_stand_first_in_the_blog_only(site: Site, clock: TestClock) -> None:
    await site.article("Old", published=True, fields={"article": {"pinned": True}})
    clock.move(days=1)
    await site.article("New", published=True)
    assert titles(await listed(site, pinned_first=True)) == ["Old", "New"]
    assert titles(await listed(site)) == ["New", "Old"]


async def test_related_articles_share_most(site: Site, clock: TestClock) -> None:
    news = await shelf(site, ARTICLE_CATEGORIES, "News")
    tag, other = await shelf(site, ARTICLE_TAGS, "Tea"), await shelf(site, ARTICLE_TAGS, "Cake")
    mine = await site.article("Mine", published=True, fields={"article": {"categories": [news], "tags": [tag]}})
    for title, article in {
        "Nothing": {"tags": [other]}, "Category": {"categories": [news]}, "Tag": {"tags": [tag]},
        "Both": {"categories": [news], "tags": [tag, other]},
    }.items():  # fmt: skip
        clock.move(hours=1)
        await site.article(title, published=True, fields={"article": article})
    await site.article("Draft", fields={"article": {"tags": [tag]}})
    assert titles(await site.house.db.query(queries.related, mine.id, 5)) == ["Both", "Tag", "Category"]


async def test_a_series_is_read_in_its_order_and_the_blog_in_time(site: Site, clock: TestClock) -> None:
    series = await shelf(site, ARTICLE_SERIES, "Bees")
    pages = {}
    for title, place in (("Two", 2), ("One", 1), ("Three", 3)):
        clock.move(hours=1)
        article = {"series": series, "seriesPlace": place}
        pages[title] = await site.article(title, published=True, fields={"article": article})
    parts = await site.house.db.query(queries.parts_of, UUID(series))
    assert [part.title for part in parts] == ["One", "Two", "Three"]
    middle = pages["One"]
    assert middle.first_published_at is not None
    before, after = await site.house.db.query(queries.neighbours, middle.id, middle.first_published_at)
    assert (before and before.title, after and after.title) == ("Two", "Three")


async def test_archives_know_the_sites_days(site: Site, clock: TestClock) -> None:
    clock.move(seconds=(datetime(2027, 1, 1, 0, 30, tzinfo=UTC) - clock.now()).total_seconds())
    await site.article("Midnight", published=True)
    assert await site.house.db.query(queries.months, ZoneInfo("America/New_York")) == [(2026, 12, 1)]
    assert await site.house.db.query(queries.months, ZoneInfo("UTC")) == [(2027, 1, 1)]


async def test_a_deleted_category_leaves_its_articles_and_comes_back_with_them(site: Site) -> None:
    news = await shelf(site, ARTICLE_CATEGORIES, "News")
    await site.article("Here", published=True, fields={"article": {"categories": [news]}})
    async with site.house.db.write() as tx:
        binned = await records.delete(tx, site.actor, ARTICLE_CATEGORIES, UUID(news))
        binned_id = binned.id
    assert (await listed(site))[0].categories == ()
    async with site.house.db.write() as tx:
        await trash.restore(tx, site.actor, ARTICLE_CATEGORIES, binned_id)
    assert titles(await listed(site, category_id=UUID(news))) == ["Here"]


async def test_a_deleted_article_comes_back_as_a_draft_with_its_shelves(site: Site) -> None:
    tag = await shelf(site, ARTICLE_TAGS, "Tea")
    page = await site.article("Here", published=True, fields={"article": {"tags": [tag], "featured": True}})
    async with site.house.db.write() as tx:
        await records.delete(tx, site.actor, ARTICLES, page.id)
    assert await listed(site) == []
    async with site.house.db.write() as tx:
        binned = await tx.scalar(select(BinnedRecord.id))
        await trash.restore(tx, site.actor, ARTICLES, binned)
    draft = await site.draft(page.id)
    assert (draft.status, draft.path) == (PageStatus.DRAFT, "/blog/here")
    assert (await row_of(site, page.id)).is_featured
    await site.publish(page.id)
    assert [one.name for one in (await listed(site))[0].tags] == ["Tea"]


async def test_search_knows_what_visitors_see_and_staff_find_drafts(site: Site) -> None:
    tag = await shelf(site, ARTICLE_TAGS, "Beekeeping")
    seen = await site.article(
        "Seen", block("text", text="<p>Honey</p>"), published=True, fields={"article": {"tags": [tag]}}
    )
    await site.save(seen.id, 1, {"title": "Seen", "blocks": [block("text", text="<p>Wax</p>")]})
    draft = await site.article("Draft")
    unlisted = await site.article("Unlisted", published=True, fields={"isIndexed": False})
    ids = [seen.id, draft.id, unlisted.id]
    found = {one.id: one for one in await site.house.db.query(search.SEARCH[1].documents, ids)}
    assert (found[seen.id].body, found[seen.id].visibility, found[seen.id].url) == ("Honey", "public", "/blog/seen")
    assert "Beekeeping" in found[seen.id].keywords
    assert (found[draft.id].visibility, found[draft.id].url) == ("staff", f"/admin/articles/{draft.id}/write")
    assert found[unlisted.id].visibility == "staff"
    assert await site.house.db.query(search.SEARCH[0].documents, ids) == []


async def test_comments_are_open_where_the_article_says_so(site: Site) -> None:
    open_, closed = await site.article("Open", published=True), await site.article("Draft")
    quiet = await site.article("Quiet", published=True, fields={"article": {"comments": False}})
    ids = [open_.id, closed.id, quiet.id]
    found = await site.house.db.query(linking.SUBJECT.find, ids)
    assert [found[id_].takes_comments for id_ in ids] == [True, False, False]


class TestWording:
    def test_hidden_blocks_are_not_read_and_nested_ones_are(self) -> None:
        inner = block("text", text="<p>Inside &amp; out</p>")
        hidden = {**block("text", text="<p>Secret</p>"), "hidden": True}
        assert wording.text_in({"blocks": [block("section", inner), hidden]}) == "Inside & out"

    def test_an_excerpt_is_what_was_written_or_the_first_words_that_are_no_heading(self) -> None:
        text = block("text", text="<h2>Bees</h2><p>They fly.</p>")
        assert wording.excerpt_of({"blocks": [text], "excerpt": " Own "}) == "Own"
        assert wording.excerpt_of({"blocks": [block("heading", text="H"), text]}) == "They fly."
        nested = block("text", html="<ul><li>Clay<ul><li>Stoneware</li></ul></li><li>Lunch</li></ul>")
        assert wording.excerpt_of({"blocks": [nested]}) == "Clay Stoneware Lunch"

    @pytest.mark.parametrize(
        ("text", "words", "minutes"),
        [("", 0, 1), ("don’t well-known x_y 3", 5, 1), ("word " * 700, 700, 3), ("漢字" * 500, 1000, 2)],
    )
    def test_length(self, text: str, words: int, minutes: int) -> None:
        assert (wording.words_in(text), wording.minutes_for(text)) == (words, minutes)
