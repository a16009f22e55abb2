"""What stands around pages and in place of them: header, footer, what is not there, what went wrong, what is shared."""

import json
import re

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings
from app.web import make_app
from engine.api.ports import Ports
from engine.content.pages import publishing, writing
from engine.content.pages.loading import load
from engine.content.pages.models import Page, PageKind
from engine.core.actor import Actor, Role
from engine.core.blocks import tree
from engine.core.linking import reference_to
from tests.factories import people
from tests.factories.pages import Site, block

HTML = {"accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


async def part(site: Site, kind: PageKind, *blocks: dict[str, object]) -> Page:
    return await site.page("A part", *blocks, kind=kind, published=True)


class TestHeaderAndFooter:
    async def test_they_stand_around_every_page_of_the_site_once_published(
        self, client: AsyncClient, site: Site
    ) -> None:
        assert "shop-header" in (await client.get("/search")).text
        draft = await site.page("Header", block("logo"), block("navigation"), kind=PageKind.HEADER)
        assert "site-header" not in (await client.get("/search")).text
        await site.publish(draft.id)
        await part(site, PageKind.FOOTER, block("text", text="<p>Our own footer</p>"))
        for path in ("/", "/search", "/cart", "/products"):
            page = (await client.get(path)).text
            assert "site-header" in page
            assert 'class="shop-header' not in page
            assert "Our own footer" in page
            assert len(re.findall("<h1", page)) == 1

    async def test_they_change_the_moment_that_they_are_published_or_taken_back(
        self, client: AsyncClient, site: Site
    ) -> None:
        page = await part(site, PageKind.FOOTER, block("text", text="<p>First</p>"))
        assert "<p>First</p>" in (await client.get("/search")).text
        raw = {"title": "A part", "blocks": [block("text", text="<p>Second</p>")]}
        await site.save(page.id, 1, raw)
        assert "<p>First</p>" in (await client.get("/search")).text
        await site.publish(page.id)
        assert "<p>Second</p>" in (await client.get("/search")).text
        async with site.house.db.write() as tx:
            await publishing.unpublish(tx, site.actor, page.id)
        assert "shop-footer" in (await client.get("/search")).text

    async def test_what_they_show_of_the_settings_follows_them(self, client: AsyncClient, site: Site) -> None:
        await part(site, PageKind.FOOTER, block("contact"))
        await client.get("/search")
        admin = await people.account(site.house, Role.ADMIN)
        async with site.house.db.write() as tx:
            await site.house.settings.update(tx, admin, "general", {"contactEmail": "new@example.org"})
        assert "mailto:new@example.org" in (await client.get("/search")).text


class TestWhatIsNotThere:
    async def test_a_page_that_people_built_answers_404(self, client: AsyncClient, site: Site) -> None:
        await part(site, PageKind.NOT_FOUND, block("hero", title="This pot is broken"))
        answer = await client.get("/no-such-page", headers=HTML)
        assert answer.status_code == 404
        assert "This pot is broken" in answer.text
        assert "noindex" in answer.text
        assert "This pot is broken" not in (await client.get("/admin/no-such", headers=HTML)).text
        assert (await client.get("/api/v1/no-such")).headers["content-type"] == "application/problem+json"

    async def test_a_failure_shows_the_built_page_although_the_database_does_not_answer(
        self, house: Ports, settings: Settings, site: Site
    ) -> None:
        await part(site, PageKind.SERVER_ERROR, block("hero", title="The kiln is cold"))
        app = make_app(house, settings, runs_jobs=False)
        transport = ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 1))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            await client.get("/search")
            await house.db.close()
            house.db.query = _broken  # type: ignore[method-assign]
            answer = await client.get("/some-page", headers=HTML)
        assert answer.status_code == 500
        assert "The kiln is cold" in answer.text
        assert "request id" in answer.text


async def _broken(*_given: object, **_named: object) -> None:
    raise ConnectionError("no database")


class TestReusable:
    async def shared(self, site: Site, *blocks: dict[str, object], published: bool = True) -> Page:
        return await site.page("Shared", *blocks, kind=PageKind.REUSABLE, published=published)

    async def test_it_is_edited_once_and_changes_everywhere_but_where_it_differs(
        self, client: AsyncClient, site: Site
    ) -> None:
        shared = await self.shared(site, block("heading", id="h", text="Come on Sunday"))
        own = {"h": {"text": "Come on Monday"}}
        await site.page("One", block("reusable", source=str(shared.id)), published=True)
        await site.page("Two", block("reusable", source=str(shared.id), overrides=own), published=True)
        assert "Come on Sunday" in (await client.get("/one")).text
        await site.save(shared.id, 1, {"title": "Shared", "blocks": [block("heading", id="h", text="Come on Tuesday")]})
        await site.publish(shared.id)
        assert "Come on Tuesday" in (await client.get("/one")).text
        assert "Come on Monday" in (await client.get("/two")).text

    async def test_what_differs_is_cleaned_like_everything_else(self, client: AsyncClient, site: Site) -> None:
        shared = await self.shared(site, block("button", id="b", label="Go", href="/fine"))
        own = {"b": {"href": "javascript:alert(1)", "label": "<script>"}, "nobody": {"x": 1}}
        await site.page("One", block("reusable", source=str(shared.id), overrides=own), published=True)
        page = (await client.get("/one")).text
        assert "javascript:" not in page
        assert 'href="/fine"' in page

    async def test_what_is_not_published_or_no_reusable_shows_nothing(self, client: AsyncClient, site: Site) -> None:
        draft = await self.shared(site, block("text", text="<p>Secret</p>"), published=False)
        page = await site.page("Other", block("text", text="<p>A page</p>"), published=True)
        uses = [block("reusable", source=str(one.id)) for one in (draft, page)]
        await site.page("One", *uses, published=True)
        answer = await client.get("/one")
        assert answer.status_code == 200
        assert "Secret" not in answer.text
        assert "A page" not in answer.text

    async def test_one_that_holds_itself_ends_and_each_depth_is_one_query(self, site: Site) -> None:
        first = await self.shared(site, block("text"))
        second = await self.shared(site, block("reusable", source=str(first.id)))
        circle = {"title": "Shared", "blocks": [block("text"), block("reusable", source=str(second.id))]}
        await site.save(first.id, 1, circle)
        await site.publish(first.id)
        house = site.house
        nodes = tree.read([block("reusable", source=str(first.id))] * 3, house.blocks)
        loaded = await house.db.query(load, nodes, house.blocks, house.moment(Actor.stranger()))
        assert len(loaded.inside) == 6  # three times the first and the second; the first in the second is cut


class TestLinksThatFollow:
    async def test_a_button_leads_to_where_its_page_went_and_is_words_once_it_is_gone(
        self, client: AsyncClient, site: Site
    ) -> None:
        target = await site.page("Visit", published=True)
        href = reference_to("page", target.id)
        text = f'<p><a href="{href}">the way</a></p>'
        await site.page("Start", block("button", label="Come", href=href), block("text", text=text), published=True)
        await site.change(target.id, slug="plan-your-visit")
        assert (await client.get("/start")).text.count('href="/plan-your-visit"') == 2
        async with site.house.db.write() as tx:
            await writing.delete(tx, site.actor, target.id)
        page = (await client.get("/start")).text
        assert "plan-your-visit" not in page
        assert "agora:" not in page
        assert "the way" in page


class TestWhatSearchEnginesAreTold:
    def told(self, page: str) -> list[dict[str, object]]:
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert found
        data = json.loads(found[1])
        return data if isinstance(data, list) else [data]

    async def test_what_a_page_is_the_way_to_it_and_its_questions(self, client: AsyncClient, site: Site) -> None:
        above = await site.page("Visit", published=True)
        asked = block("faq", block("question", question="A dog?", answer="<p>On a <b>lead</b>.</p>"))
        await site.page("Prices", asked, parent_id=above.id, published=True, fields={"structured": "AboutPage"})
        data = {one["@type"]: one for one in self.told((await client.get("/visit/prices")).text)}
        assert set(data) == {"AboutPage", "FAQPage", "BreadcrumbList"}
        assert data["FAQPage"]["mainEntity"][0]["acceptedAnswer"]["text"] == "On a lead."  # type: ignore[index]
        assert [one["name"] for one in data["BreadcrumbList"]["itemListElement"]][1:] == ["Visit", "Prices"]  # type: ignore[attr-defined]


async def test_a_page_may_frame_only_whom_its_blocks_name(client: AsyncClient, site: Site) -> None:
    await site.page("Film", block("video", address="https://youtu.be/dQw4w9WgXcQ"), published=True)
    await site.page("Plain", block("text"), published=True)
    policy = (await client.get("/film")).headers["content-security-policy"]
    assert "frame-src 'self' https://www.youtube-nocookie.com" in policy
    assert "frame-src" not in (await client.get("/plain")).headers["content-security-policy"]
