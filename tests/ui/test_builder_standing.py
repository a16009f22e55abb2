"""A page's own settings in the builder: its place, who may see it, its plan, and what is done with the whole of it."""

from typing import Any

import pytest
from httpx import AsyncClient, Response

from engine.api.ports import Ports
from engine.content.pages.models import Page, PageKind
from engine.core.actor import Role
from tests.factories import people
from tests.factories.pages import Site, block


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports, client: AsyncClient) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    editor = await people.account(house, Role.EDITOR, name="Edda")
    client.cookies.update(await people.cookie(house, editor))
    client.headers["accept"] = "application/json"
    return Site(house, editor)


async def sent(client: AsyncClient, page: Page, name: str, **form: Any) -> Response:
    usual = {"slug": page.slug, "position": "0", "visibility": "public"} if name == "place" else {}
    return await client.post(f"/admin/builder/{page.id}/{name}", data={**usual, **form})


def wrong_in(answer: Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["message"] for one in answer.json()["errors"]}


class TestPlace:
    async def test_it_is_moved_below_another_and_opened_to_a_role(self, client: AsyncClient, site: Site):
        above = await site.page("About", published=True)
        page = await site.page("Team", published=True)
        form = {"slug": "us", "parentId": str(above.id), "visibility": "roles", "roles": ["instructor", "customer"]}
        answer = await sent(client, page, "place", **form)
        assert answer.json()["url"] == "/about/us", answer.text
        draft = await site.draft(page.id)
        assert (draft.path, draft.visibility.value, list(draft.roles)) == (
            "/about/us",
            "roles",
            ["customer", "instructor"],
        )
        panel = (await client.post(f"/admin/builder/{page.id}/page-panel", json={"fields": {}})).text
        assert 'value="instructor" checked' in panel.replace("\n", " ")
        assert "About" in panel

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"slug": "not a slug"}, "slug"),
            ({"slug": "admin"}, "slug"),
            ({"position": "-1"}, "position"),
            ({"visibility": "friends"}, "visibility"),
            ({"visibility": "password"}, "password"),
            ({"visibility": "roles", "roles": "super_admin"}, "roles"),
            ({"parentId": "nobody"}, "parentId"),
        ],
    )
    async def test_what_is_wrong_is_named_and_nothing_is_changed(
        self, client: AsyncClient, site: Site, form: dict[str, str], field: str
    ):
        page = await site.page("Team")
        assert list(wrong_in(await sent(client, page, "place", **{"slug": "other", **form}))) == [field]
        assert (await site.draft(page.id)).path == "/team"

    async def test_below_itself_is_said_at_the_field(self, client: AsyncClient, site: Site):
        page = await site.page("Team")
        assert "parentId" in wrong_in(await sent(client, page, "place", parentId=str(page.id)))

    async def test_a_password_opens_it_and_stays_when_none_is_typed(self, client: AsyncClient, site: Site):
        page = await site.page("Team")
        assert (await sent(client, page, "place", visibility="password", password="open sesame")).status_code == 200
        kept = (await site.draft(page.id)).password_hash
        assert kept
        assert "sesame" not in kept
        assert (await sent(client, page, "place", visibility="password", slug="crew")).status_code == 200
        assert (await site.draft(page.id)).password_hash == kept

    async def test_the_front_page_stays_it_when_something_else_is_changed(self, client: AsyncClient, site: Site):
        page = await site.page("Welcome", published=True)
        await sent(client, page, "acts/front")
        answer = await sent(client, page, "place", visibility="signed_in", slug="hello")
        assert answer.json()["url"] == "/"
        assert (await site.draft(page.id)).slug == "hello"

    async def test_an_article_has_no_place_below_a_page_and_keeps_its_address(self, client: AsyncClient, site: Site):
        article = await site.article("News")
        answer = await sent(client, article, "place", slug="big-news", parentId=str((await site.page()).id))
        assert answer.json()["url"] == "/blog/big-news", answer.text

    async def test_a_page_for_instructors_opens_to_them_alone(self, client: AsyncClient, site: Site, house: Ports):
        page = await site.page("Staff room", block("text", text="<p>Inside</p>"), published=True)
        await sent(client, page, "place", visibility="roles", roles="instructor")
        for flags, status in (({"is_instructor": True}, 200), ({}, 403)):
            customer = await people.account(house, Role.CUSTOMER, email=f"{status}@example.org", **flags)
            client.cookies.clear()
            client.cookies.update(await people.cookie(house, customer))
            assert (await client.get("/staff-room", headers={"accept": "text/html"})).status_code == status


class TestPlan:
    async def test_times_are_the_sites_own_and_an_empty_one_takes_the_plan_back(
        self, client: AsyncClient, site: Site, house: Ports
    ):
        page = await site.page("Sale")
        answer = await sent(client, page, "plan", publishAt="2099-07-01T09:00", unpublishAt="")
        assert answer.status_code == 200, answer.text
        planned = (await site.draft(page.id)).publish_at
        assert planned is not None
        assert planned.year == 2099
        assert (await sent(client, page, "plan", publishAt="", unpublishAt="")).json()["publishAt"] is None

    async def test_an_end_before_the_beginning_is_named(self, client: AsyncClient, site: Site):
        page = await site.page("Sale")
        answer = await sent(client, page, "plan", publishAt="2099-07-02T09:00", unpublishAt="2099-07-01T09:00")
        assert list(wrong_in(answer)) == ["unpublishAt"]
        assert list(wrong_in(await sent(client, page, "plan", publishAt="soon", unpublishAt=""))) == ["publishAt"]


class TestActs:
    async def test_it_becomes_the_front_page(self, client: AsyncClient, site: Site):
        page = await site.page("Welcome")
        answer = await sent(client, page, "acts/front")
        assert answer.headers["location"] == f"/admin/builder/{page.id}"
        assert (await site.draft(page.id)).path == "/"

    @pytest.mark.parametrize(("name", "kind"), [("duplicate", PageKind.PAGE), ("template", PageKind.TEMPLATE)])
    async def test_a_copy_opens_in_the_builder(self, client: AsyncClient, site: Site, name: str, kind: PageKind):
        page = await site.page("Welcome", block("heading", text="Hello"))
        answer = await sent(client, page, f"acts/{name}")
        made_id = answer.headers["location"].rsplit("/", 1)[1]
        assert made_id != str(page.id)
        made = (await client.get(f"/api/v1/pages/{made_id}/draft")).json()
        assert (made["kind"], made["content"]["blocks"][0]["settings"]["text"]) == (kind.value, "Hello")

    @pytest.mark.parametrize("kind", [PageKind.PAGE, PageKind.ARTICLE, PageKind.REUSABLE, PageKind.FOOTER])
    async def test_what_is_deleted_comes_back_from_the_bin(self, client: AsyncClient, site: Site, kind: PageKind):
        page = await site.page("Hours", block("heading", text="Open"), kind=kind)
        answer = await sent(client, page, "acts/delete")
        assert answer.headers["location"].split("?")[0] in ("/admin/pages", "/admin/articles", "/admin/pages/parts")
        assert (await client.get(f"/admin/builder/{page.id}")).status_code == 404
        listed = (await client.get(answer.headers["location"], headers={"accept": "text/html"})).text
        undo = next(part.split('"')[0] for part in listed.split('action="')[1:] if "/bin/" in part.split('"')[0])
        back = await client.post(undo)
        assert back.status_code == 303, back.text
        assert (await site.draft(page.id)).content["blocks"][0]["settings"]["text"] == "Open"

    async def test_a_footer_does_not_come_back_beside_another(self, client: AsyncClient, site: Site):
        page = await site.page("Old footer", kind=PageKind.FOOTER)
        answer = await sent(client, page, "acts/delete")
        await site.page("New footer", kind=PageKind.FOOTER)
        listed = (await client.get(answer.headers["location"], headers={"accept": "text/html"})).text
        undo = next(part.split('"')[0] for part in listed.split('action="')[1:] if "/bin/" in part.split('"')[0])
        await client.post(undo)
        assert (await client.get(f"/admin/builder/{page.id}")).status_code == 404

    @pytest.mark.parametrize("name", ["front", "explode"])
    async def test_what_does_not_fit_is_refused_in_words(self, client: AsyncClient, site: Site, name: str):
        above = await site.page("About")
        page = await site.page("Team", parent_id=above.id)
        answer = await sent(client, page, f"acts/{name}")
        assert answer.headers["location"] == f"/admin/builder/{page.id}"
        assert (await site.draft(page.id)).path == "/about/team"

    @pytest.mark.parametrize("name", ["place", "plan", "acts/delete"])
    async def test_who_may_not_edit_does_nothing(self, client: AsyncClient, site: Site, house: Ports, name: str):
        page = await site.page("Team")
        client.cookies.clear()
        client.cookies.update(await people.cookie(house, await people.account(house, Role.VIEWER)))
        assert (await sent(client, page, name)).status_code == 403
        assert (await site.draft(page.id)).path == "/team"
