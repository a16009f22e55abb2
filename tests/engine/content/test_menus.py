"""Menus: their items are checked, follow what they lead to, and are read again when it changes."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.api.ports import Ports
from engine.commerce.catalog.models import ProductStatus
from engine.content.menus.items import MAX_ITEMS
from engine.content.menus.models import Menu
from engine.content.pages import publishing
from engine.content.public import MenuLink
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid
from engine.core.ids import new_id
from engine.core.linking import reference_to
from engine.core.records import writing
from tests.factories.pages import Site
from tests.factories.shop import Shop

EDITOR = Actor.person(new_id(), Role.EDITOR, "edith@example.org", "Edith")


async def fill(house: Ports, items: Any, location: str = "header") -> list[Any]:
    """Put items into a menu; return them as they are kept."""
    async with house.db.write() as tx:
        menu_id = await tx.scalar(select(Menu.id).where(Menu.location == location))
        changed: Menu = await writing.update(tx, EDITOR, house.resources["navigation"], menu_id, {"items": items})
        return changed.items


def told(links: Any) -> Any:
    """Return a menu's links in short: (label, address, what is below)."""
    return [(str(link.label), link.url, told(link.children)) for link in links]


class TestItems:
    async def test_an_address_of_the_house_becomes_a_link_that_follows(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug")
        kept = await fill(
            shop.house,
            [
                {"target": "/products/blue-mug#care"},
                {"label": "New", "target": "/products?sort=newest"},
                {"label": "About", "children": [{"label": "Team", "target": "example.org/team", "newTab": True}]},
            ],
        )
        assert kept[0]["target"] == f"{reference_to('product', mug.id)}#care"
        assert kept[1]["target"] == "/products?sort=newest"
        assert kept[2]["children"][0]["target"] == "https://example.org/team"
        assert told(await shop.house.menus.menu("header")) == [
            ("Blue mug", "/products/blue-mug#care", []),
            ("New", "/products?sort=newest", []),
            ("About", "", [("Team", "https://example.org/team", [])]),
        ]

    @pytest.mark.parametrize(
        ("items", "field"),
        [
            ([{"label": "x", "target": "javascript:alert(1)"}], "items.0.target"),
            ([{"label": "", "target": "/about"}], "items.0.label"),
            ([{"label": ""}], "items.0.label"),
            ([{"label": "a", "children": [{"label": "b", "target": "data:,x"}]}], "items.0.children.0.target"),
            ([{"label": "x" * 200}], "items.0.label"),
            ([{"label": "x", "onclick": "y"}], "items.0.onclick"),
            ([{"label": "x", "columns": 9}], "items.0.columns"),
            ([{"label": "x", "id": "a b"}], "items.0.id"),
            ("x", "items"),
            ([{"label": "x", "id": "a"}, {"label": "y", "id": "a"}], "items"),
            ([{"label": "x"}] * (MAX_ITEMS + 1), "items"),
            ([{"label": "1", "children": [{"label": "2", "children": [{"label": "3", "children": [{"label": "4"}]}]}]}],
             "items"),
        ],
    )  # fmt: skip
    async def test_what_cannot_stand_in_a_menu_is_refused_by_name(self, house: Ports, items: Any, field: str) -> None:
        with pytest.raises(Invalid) as refused:
            await fill(house, items)
        assert field in refused.value.fields

    async def test_a_tree_without_end_is_refused_at_once(self, house: Ports) -> None:
        item: dict[str, Any] = {"label": "x"}
        for _level in range(900):
            item = {"label": "x", "children": [item]}
        with pytest.raises(Invalid, match="levels"):
            await fill(house, [item])


class TestMemory:
    async def test_an_item_moves_and_leaves_with_what_it_leads_to(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug")
        await fill(shop.house, [{"target": "/products/blue-mug"}, {"label": "All", "target": "/products"}])
        menus = shop.house.menus
        assert told(await menus.menu("header"))[0] == ("Blue mug", "/products/blue-mug", [])
        await shop.change(mug.id, name="Green mug", slug="green-mug")
        assert told(await menus.menu("header"))[0] == ("Green mug", "/products/green-mug", [])
        await shop.change(mug.id, status=ProductStatus.DRAFT)
        assert told(await menus.menu("header")) == [("All", "/products", [])]
        await shop.change(mug.id, status=ProductStatus.ACTIVE)
        assert len(await menus.menu("header")) == 2

    async def test_a_place_that_is_always_there_lends_its_title(self, house: Ports) -> None:
        await fill(house, [{"target": "/blog"}, {"target": "/products"}, {"target": "/"}])
        found = [(str(label), url) for label, url, _children in told(await house.menus.menu("header"))]
        assert found == [("Blog", "/blog"), ("All products", "/products"), ("Front page", "/")]

    async def test_a_heading_leaves_with_the_last_thing_below_it(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug")
        await fill(shop.house, [{"label": "Mugs", "columns": 2, "children": [{"target": "/products/blue-mug"}]}])
        (mugs,) = await shop.house.menus.menu("header")
        assert mugs == MenuLink("Mugs", "", False, 2, mugs.children)
        await shop.change(mug.id, status=ProductStatus.ARCHIVED)
        assert await shop.house.menus.menu("header") == ()

    async def test_what_changes_nothing_in_a_menu_is_not_read_again(self, shop: Shop) -> None:
        await fill(shop.house, [{"label": "All", "target": "/products"}])
        before = await shop.house.menus.menu("header")
        await shop.product("Another")
        assert await shop.house.menus.menu("header") is before
        assert await shop.house.menus.menu("nowhere") == ()


class TestPages:
    async def test_a_page_that_moves_takes_its_item_along_and_one_that_is_withdrawn_takes_it_away(
        self, house: Ports, owner: Actor
    ) -> None:
        site = Site(house, owner)
        about = await site.page("About us", published=True)
        team = await site.page("The team", parent_id=about.id, published=True)
        await fill(house, [{"label": "Us", "target": "/about-us"}, {"target": f"{team.path}#board"}])
        assert told(await house.menus.menu("header")) == [
            ("Us", "/about-us", []),
            ("The team", "/about-us/the-team#board", []),
        ]
        await site.change(about.id, slug="us")
        assert told(await house.menus.menu("header"))[1] == ("The team", "/us/the-team#board", [])
        async with house.db.write() as tx:
            await publishing.unpublish(tx, site.actor, team.id)
        assert told(await house.menus.menu("header")) == [("Us", "/us", [])]
