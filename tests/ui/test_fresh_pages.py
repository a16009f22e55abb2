"""A published page shows the theme, the menu, the header, what it reuses and a price the moment any of them changes."""

import re
from typing import Any

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.pages.models import PageKind
from engine.core.actor import Actor, Role
from tests.engine.content.test_menus import fill
from tests.factories import people
from tests.factories.pages import Site, block
from tests.factories.shop import Shop
from ui.assets import FOLDER
from ui.themes import PREFIX

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)


@pytest.fixture
async def site(house: Ports, owner: Actor) -> Site:
    assert owner.is_staff
    return Site(house, await people.account(house, Role.EDITOR))


async def shown(client: AsyncClient) -> str:
    """Return the page as a stranger gets it now."""
    answer = await client.get("/about-us", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


async def rewrite(site: Site, page_id: Any, text: str) -> None:
    """Write other words into a page, and publish them."""
    draft = await site.draft(page_id)
    blocks = [block("text", id="t", text=f"<p>{text}</p>")]
    await site.save(page_id, draft.edit, {**draft.content, "blocks": blocks})
    await site.publish(page_id)


async def test_a_page_follows_all_that_it_is_made_of_at_once(
    client: AsyncClient, site: Site, shop: Shop, house: Ports
) -> None:
    mug = await shop.product(name="Blue mug", price="20.00")
    reused = await site.page("Hours", block("text", text="<p>Open at nine</p>"), kind=PageKind.REUSABLE, published=True)
    header = await site.page("Header", block("text", text="<p>Welcome in</p>"), kind=PageKind.HEADER, published=True)
    await site.page(
        "About us",
        block("reusable", source=str(reused.id)),
        block("product", product=str(mug.id)),
        block("text", text="<p>Who we are</p>"),
        published=True,
    )
    first = await shown(client)
    assert [word for word in ("Open at nine", "Welcome in", "$20.00", "Who we are") if word not in first] == []

    before = sheet(first)
    await shop.set("theme", accentColor="#aa2200", headingFont="serif")
    assert sheet(await shown(client)) != before
    assert (await client.get(sheet(await shown(client)))).status_code == 200

    await rewrite(site, reused.id, "Open at ten")
    assert ("Open at ten" in await shown(client), "Open at nine" in await shown(client)) == (True, False)
    await rewrite(site, header.id, "Come in")
    assert ("Come in" in await shown(client), "Welcome in" in await shown(client)) == (True, False)
    await shop.reprice(mug, "21.50")
    assert ("$21.50" in await shown(client), "$20.00" in await shown(client)) == (True, False)
    await shop.set("general", siteName="Kiln & Daughters")
    assert "Kiln &amp; Daughters" in await shown(client)
    await fill(house, [{"label": "Opening hours", "target": "/about-us"}], "footer")
    assert "Opening hours" in await shown(client)
    await shop.set("theme", accentColor="#0f766e", headingFont="inter")
    assert sheet(await shown(client)) == before


async def test_what_stands_around_pages_is_drawn_for_each_place_and_told_of_every_change(
    client: AsyncClient, site: Site, shop: Shop, house: Ports
) -> None:
    await shop.product(name="Blue mug", price="20.00")
    await site.page("About us", block("text", text="<p>Who we are</p>"), published=True)
    await fill(house, [{"label": "Everything", "target": "/products"}, {"label": "Who", "target": "/about-us"}])
    marked = re.compile(r'class="site-menu-link"[^>]*href="(/[^"]*)" aria-current="page"')
    pages = ("/about-us", "/products", "/products/blue-mug", "/about-us", "/")
    around = [(await client.get(path, headers={"Accept": "text/html"})).text for path in pages]
    assert [marked.findall(page) for page in around] == [["/about-us"], ["/products"], [], ["/about-us"], []]
    assert around[0] == around[3]

    await shop.set("general", tagline="Mugs by the sea", phone="+44 20 7946 0000")
    assert "Mugs by the sea" in await shown(client)
    await fill(house, [{"label": "Us", "target": "/about-us"}])
    now = await shown(client)
    assert (now.count(">Us</a>"), now.count(">Who</a>")) == (2, 0)  # in the header, and in the sheet of a phone


def sheet(html: str) -> str:
    """Return the address of the theme's stylesheet."""
    return next(part.partition('"')[0] for part in html.split('href="') if part.startswith(PREFIX))
