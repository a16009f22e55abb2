"""The blog as readers meet it: lists, shelves, archives, articles, and feeds that any reader takes."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.articles.resources import ARTICLE_AUTHORS, ARTICLE_CATEGORIES, ARTICLE_SERIES, ARTICLE_TAGS
from engine.core.actor import Actor, Role
from engine.core.records import writing as records
from engine.core.resource import Resource
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


def parsed(feed: bytes) -> ET.Element:
    return ET.fromstring(feed)  # noqa: S314 - our own


async def shelf(site: Site, resource: Resource, **values: Any) -> str:
    async with site.house.db.write() as tx:
        return str((await records.create(tx, site.actor, resource, values)).id)


async def test_an_article_stands_with_what_belongs_to_it(client: AsyncClient, site: Site) -> None:
    article = {
        "categories": [await shelf(site, ARTICLE_CATEGORIES, name="News & <views>")],
        "tags": [await shelf(site, ARTICLE_TAGS, name="Bees", color="#b45309")],
        "author": await shelf(site, ARTICLE_AUTHORS, name="Ada", bio="<p>Writes.</p><script>alert(1)</script>"),
        "series": (series := await shelf(site, ARTICLE_SERIES, name="Honey")),
    }
    await site.article("Part two", published=True, fields={"article": {"series": series, "seriesPlace": 2}})
    text = block("text", text="<p>They fly.</p>")
    fields = {"article": article, "excerpt": "About </script> bees"}
    await site.article("Of bees", text, published=True, fields=fields)
    page = (await client.get("/blog/of-bees")).text
    for part in (
        "<p>They fly.</p>", "News &amp; &lt;views&gt;", 'href="/blog/tag/bees"', 'href="/blog/author/ada"',
        "<p>Writes.</p>", 'href="/blog/series/honey"', 'property="og:type" content="article"', "1 minute",
    ):  # fmt: skip
        assert part in page
    assert "alert(1)" not in page
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert (data["@type"], data["author"]["name"], data["keywords"]) == ("BlogPosting", "Ada", ["Bees"])
    assert data["description"] == "About </script> bees"


async def test_lists_of_the_blog_by_shelf_and_time(client: AsyncClient, site: Site, clock: TestClock) -> None:
    news = await shelf(site, ARTICLE_CATEGORIES, name="News", description="<p>What happens</p>", seo_title="All news")
    await site.article("Old", published=True)
    year = clock.now().year
    clock.move(days=400)
    await site.article("New", published=True, fields={"article": {"categories": [news]}})
    await site.article("Draft")
    front = (await client.get("/blog")).text
    assert ">Old<" in front
    assert ">New<" in front
    assert ">Draft<" not in front
    category = (await client.get("/blog/category/news")).text
    assert "<title>All news" in category
    assert "<p>What happens</p>" in category
    assert ">Old<" not in category
    assert ">Old<" in (await client.get(f"/blog/{year}")).text
    assert ">New<" not in (await client.get(f"/blog/{year}")).text
    assert f'href="/blog/{year}/' in (await client.get("/blog/archive")).text


@pytest.mark.parametrize(
    "path",
    ["/blog/category/none", "/blog/shelf/x", "/blog/1066", "/blog/2026/13", "/blog/99999/1", "/blog/0000/00",
     "/blog?page=99", "/blog/x.xml", "/blog/author/x/feed.xml", "/blog/٢٠٢٦/1"],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(client: AsyncClient, site: Site, path: str) -> None:
    await site.article("Here", published=True)
    assert (await client.get(path)).status_code == 404


async def test_an_article_may_be_called_as_a_year(client: AsyncClient, site: Site) -> None:
    await site.article("1984", published=True)
    assert "1984</h1>" in (await client.get("/blog/1984")).text


async def test_pages_of_the_list(client: AsyncClient, site: Site, house: Ports, clock: TestClock) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system("tests"), "blog", {"postsPerPage": 1, "title": "Diary"})
    await house.settings.refresh()
    for title in ("One", "Two"):
        clock.move(hours=1)
        await site.article(title, published=True)
    first, second = (await client.get("/blog")).text, (await client.get("/blog?page=2")).text
    assert "Diary</h1>" in first
    assert (">Two<" in first, ">One<" in first) == (True, False)
    assert (">Two<" in second, ">One<" in second) == (False, True)
    assert 'rel="canonical" href="http://localhost/blog?page=2"' in second


class TestFeeds:
    async def test_both_formats_hold_whole_articles_with_whole_addresses(self, client: AsyncClient, site: Site) -> None:
        text = block("text", text='<p>Look <a href="/visit">here</a>\x0b <img src="/media/x.jpg" alt="x"></p>')
        button = block("button", label="Come", href="/come")
        await site.article("Tea & <cake>", text, button, published=True)
        rss = await client.get("/blog/feed.xml")
        item = parsed(rss.content).find("channel/item")
        assert item is not None
        assert (item.findtext("title"), item.findtext("link")) == ("Tea & <cake>", "http://localhost/blog/tea-cake")
        body = item.findtext(ENCODED) or ""
        assert 'href="http://localhost/visit"' in body
        assert 'src="http://localhost/media/x.jpg"' in body
        assert 'href="http://localhost/come"' in body
        atom = parsed((await client.get("/blog/atom.xml")).content)
        entry = atom.find(f"{ATOM}entry")
        assert entry is not None
        assert entry.findtext(f"{ATOM}content") == body
        assert (entry.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")

    async def test_the_same_feed_is_not_sent_twice(self, client: AsyncClient, site: Site) -> None:
        await site.article("One", published=True)
        first = await client.get("/blog/atom.xml")
        again = await client.get("/blog/atom.xml", headers={"If-None-Match": f'{first.headers["etag"]}, "x"'})
        assert (again.status_code, again.content) == (304, b"")
        await site.article("Two", published=True)
        later = await client.get("/blog/atom.xml", headers={"If-None-Match": first.headers["etag"]})
        assert later.status_code == 200

    async def test_a_shelf_has_its_own(self, client: AsyncClient, site: Site) -> None:
        tag = await shelf(site, ARTICLE_TAGS, name="Tea")
        await site.article("With", published=True, fields={"article": {"tags": [tag]}})
        await site.article("Without", published=True)
        found = parsed((await client.get("/blog/tag/tea/feed.xml")).content)
        assert [one.text for one in found.iterfind("channel/item/title")] == ["With"]

    async def test_an_empty_blog_has_an_empty_feed(self, client: AsyncClient, site: Site) -> None:
        assert parsed((await client.get("/blog/feed.xml")).content).find("channel/item") is None


async def test_a_page_shows_the_latest_articles(client: AsyncClient, site: Site, clock: TestClock) -> None:
    news = await shelf(site, ARTICLE_CATEGORIES, name="News")
    await site.article("In", published=True, fields={"article": {"categories": [news]}})
    clock.move(hours=1)
    await site.article("Out", published=True)
    await site.page("Home", block("latest-articles", title="From the blog", category=news), published=True)
    page = (await client.get("/home")).text
    assert (">In<" in page, ">Out<" in page, "From the blog" in page) == (True, False, True)


async def test_the_api_lists_what_is_published_with_its_address(client: AsyncClient, site: Site) -> None:
    tag = await shelf(site, ARTICLE_TAGS, name="Tea")
    await site.article("Seen", published=True, fields={"article": {"tags": [tag]}})
    await site.article("Other", published=True)
    await site.article("Draft")

    async def titles(query: str) -> list[str]:
        answer = await client.get(f"/api/v1/articles{query}")
        assert answer.status_code == 200, answer.text
        items: list[Mapping[str, Any]] = answer.json()["items"]
        assert all(one["url"].startswith("/blog/") for one in items)
        return sorted(one["title"] for one in items)

    year = (await client.get("/api/v1/articles")).json()["items"][0]["firstPublishedAt"][:4]
    assert await titles("") == ["Other", "Seen"]
    assert await titles(f"?tagId={tag}") == ["Seen"]
    assert await titles(f"?year={year}") == ["Other", "Seen"]
    assert await titles("?year=1999") == []
    assert await titles("?search=oth") == ["Other"]


async def test_the_registries_of_the_settings_are_answered(client: AsyncClient, site: Site, house: Ports) -> None:
    await shelf(site, ARTICLE_TAGS, name="Tea", color="#b45309")
    await shelf(site, ARTICLE_CATEGORIES, name="News")
    assert (await client.get("/api/v1/settings/article_tags")).status_code == 401
    headers = await people.bearer(house, await people.account(house, Role.ADMIN))
    (tag,) = (await client.get("/api/v1/settings/article_tags", headers=headers)).json()
    assert (tag["name"], tag["slug"], tag["color"]) == ("Tea", "tea", "#b45309")
    (category,) = (await client.get("/api/v1/settings/article_categories", headers=headers)).json()
    assert set(category) == {"id", "name", "slug", "description", "image", "seo"}


async def test_the_front_page_of_a_site_without_a_shop_shows_the_latest(client: AsyncClient, site: Site) -> None:
    await site.article("Hello", published=True)
    page = (await client.get("/")).text
    assert ">Hello<" in page
    assert "The shelves are being filled" not in page


async def test_search_shows_articles_and_pages_besides_products(client: AsyncClient, site: Site) -> None:
    await site.article("Kettle news", published=True)
    await site.page("Kettle history", published=True)
    await site.article("Kettle secrets")
    await site.house.jobs.run_until_idle()
    page = (await client.get("/search?q=kettle")).text
    assert ">Kettle news<" in page
    assert ">Kettle history<" in page
    assert "secrets" not in page
