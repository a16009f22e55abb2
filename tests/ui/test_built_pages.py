"""Pages that people build, as visitors meet them."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.api.rules import rules_of
from engine.content.blocks import BLOCKS
from engine.content.pages import publishing
from engine.content.pages.models import PageVisibility
from engine.content.pages.paths import BLOG, RESERVED
from engine.core.actor import Role
from tests.factories import people
from tests.factories.pages import Site, block
from ui.templates import FOLDER


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


async def test_a_page_stands_at_its_address_with_what_was_published(client: AsyncClient, site: Site) -> None:
    blocks = (
        block("hero", title="Our <museum>"),
        block("text", text="<p>Open on Sundays.</p>"),
        block("button", label="Come", href="/visit"),
    )
    await site.page("About us", *blocks, published=True)
    answer = await client.get("/about-us")
    assert answer.status_code == 200
    assert "Our &lt;museum&gt;" in answer.text
    assert "<p>Open on Sundays.</p>" in answer.text
    assert 'content="Open on Sundays."' in answer.text
    assert "data-block" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_drafts_and_hidden_blocks_are_not_there(client: AsyncClient, site: Site) -> None:
    await site.page("Secret plans")
    assert (await client.get("/secret-plans")).status_code == 404
    await site.page(
        "Open", {"type": "text", "settings": {"text": "<p>Hidden words</p>"}, "hidden": True}, published=True
    )
    assert "Hidden words" not in (await client.get("/open")).text


async def test_the_front_page_is_the_one_that_people_built(client: AsyncClient, site: Site) -> None:
    page = await site.page("Welcome", block("hero", title="Come in"), published=True)
    async with site.house.db.write() as tx:
        await publishing.make_front(tx, site.actor, page.id)
    answer = await client.get("/")
    assert "Come in" in answer.text
    assert (await client.get("/welcome", follow_redirects=False)).headers["location"] == "/"


@pytest.mark.parametrize(
    ("visibility", "role", "status"),
    [
        (PageVisibility.SIGNED_IN, None, 303),
        (PageVisibility.SIGNED_IN, Role.CUSTOMER, 200),
        (PageVisibility.ROLES, Role.CUSTOMER, 403),
        (PageVisibility.ROLES, Role.VIEWER, 200),
        (PageVisibility.PASSWORD, None, 200),
    ],
)
async def test_who_may_see_a_page(
    client: AsyncClient, site: Site, visibility: PageVisibility, role: Role | None, status: int
) -> None:
    page = await site.page("Members", published=True)
    await site.change(page.id, visibility=visibility)
    if role is not None:
        client.cookies.update(await people.cookie(site.house, await people.account(site.house, role)))
    answer = await client.get("/members")
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["cache-control"] == "private, no-store"


def test_every_block_has_a_template() -> None:
    assert [one.name for one in BLOCKS if not (FOLDER / "blocks" / f"{one.name}.html").is_file()] == []


async def test_no_page_can_take_an_address_of_the_house(client: AsyncClient) -> None:
    paths = {rule.path.split("/")[1] for rule in rules_of(client._transport.app)}  # type: ignore[attr-defined]
    assert {first for first in paths if first and "{" not in first} <= RESERVED | {BLOG[1:]}
