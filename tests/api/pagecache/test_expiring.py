"""Kept pages go when what they show changes, and only they: in this process, in others, and by the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from app.settings import Settings
from app.web import make_app
from app.wiring import wire
from engine.accounts.hashing import Passwords
from engine.api.pagecache.expiring import marks_of
from engine.api.pagecache.shelf import Key, Shelf
from engine.api.ports import Ports
from engine.content.menus.models import Menu
from engine.core.actor import Actor, Role
from engine.core.facts import Fact, known_facts
from engine.core.records import writing
from tests.api.pagecache.conftest import Ask, asking_of
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import Site, block
from tests.factories.shop import Shop

Change = Callable[[], Awaitable[Any]]
SECONDS = 20


@pytest.fixture(autouse=True)
def _at_once(house: Ports) -> None:
    """What may be late a little is not, so that nobody waits for it."""
    house.categories.calm_seconds = house.expiry.calm_seconds = 0


@pytest.fixture
async def site(house: Ports) -> Site:
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


def paths(kept: Shelf) -> set[str]:
    return {key.path for key in kept.entries}


async def fill_menu(house: Ports, *items: Any) -> None:
    async with house.db.write() as tx:
        menu_id = await tx.scalar(select(Menu.id).where(Menu.location == "header"))
        await writing.update(tx, Actor.system(), house.resources["navigation"], menu_id, {"items": list(items)})


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what another task does."""
    async with asyncio.timeout(SECONDS):
        while not is_so():  # noqa: ASYNC110 - what is awaited is whatever the test says
            await asyncio.sleep(0.01)


class TestExactly:
    async def test_the_pages_go_that_showed_what_changed(self, ask: Ask, kept: Shelf, shop: Shop, site: Site) -> None:
        mug, bowl = await shop.product("Blue mug"), await shop.product("Red bowl")
        about = await site.page("About us", block("text", text="<p>Words</p>"), published=True)
        await site.page("Imprint", block("text", text="<p>Small print</p>"), published=True)
        every = {f"/products/{mug.slug}", f"/products/{bowl.slug}", "/products", "/about-us", "/imprint", "/"}

        async def gone_by(change: Awaitable[Any]) -> set[str]:
            for path in every:
                await ask(path)
            assert paths(kept) == every
            await change
            return every - paths(kept)

        assert await gone_by(shop.reprice(mug, "21.00")) == {f"/products/{mug.slug}", "/products", "/"}
        assert "21.00" in (await ask(f"/products/{mug.slug}")).text
        order = await gone_by(shop.order(product=bowl))
        assert order == {f"/products/{bowl.slug}", "/products", "/"}
        assert f"/products/{bowl.slug}" not in await gone_by(shop.cart((mug, 1)))
        draft = await site.draft(about.id)
        written = {"title": "About us", "blocks": [block("text", text="<p>Better words</p>")]}
        await site.save(about.id, draft.edit, written)
        assert await gone_by(site.publish(about.id)) >= {"/about-us"}
        assert "Better words" in (await ask("/about-us")).text
        assert not {f"/products/{mug.slug}", "/products"} & await gone_by(site.change(about.id, title="About"))
        assert await gone_by(shop.set("general", tagline="Fired twice")) == every

    async def test_what_stands_around_pages_takes_all_along(
        self, ask: Ask, kept: Shelf, house: Ports, shop: Shop, site: Site
    ) -> None:
        mug = await shop.product("Blue mug")
        await site.page("About us", published=True)
        await fill_menu(house, {"target": f"/products/{mug.slug}"})
        assert "Blue mug" in (await ask("/about-us")).text
        await shop.reprice(mug, "3.00")
        await house.expiry.settled()
        assert "/about-us" in paths(kept)  # the menu says the same
        await shop.change(mug.id, name="Green mug")
        await until(lambda: "/about-us" not in paths(kept))
        assert "Green mug" in (await ask("/about-us")).text
        await fill_menu(house, {"label": "Near", "target": "/products"})
        assert not kept.entries
        assert "Near" in (await ask("/about-us")).text


class TestUnknownFacts:
    def test_make_all_pages_go(self, house: Ports) -> None:
        class Odd(Fact, name="orchard.harvested"):
            pass

        assert marks_of(Odd(), house.resources) is None
        known_facts().pop("orchard.harvested", None)


class TestInTime:
    async def test_what_changes_while_a_page_is_drawn_is_not_kept_out(
        self, ask: Ask, kept: Shelf, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mug = await shop.product("Blue mug", price="20.00")
        await ask("/products")  # what stands around pages is known
        read, changed = asyncio.Event(), asyncio.Event()
        real = shop.house.categories.tree

        async def slow() -> Any:
            read.set()
            await changed.wait()
            return await real()

        drawn = asyncio.create_task(self._slowly(ask, mug.slug, monkeypatch, shop, slow))
        await asyncio.wait_for(read.wait(), SECONDS)
        waits = asyncio.create_task(ask(f"/products/{mug.slug}"))
        await shop.reprice(mug, "21.00")
        changed.set()
        assert "20.00" in (await drawn).text
        assert "21.00" in (await waits).text
        assert "21.00" in (await ask(f"/products/{mug.slug}")).text

    async def _slowly(self, ask: Ask, slug: str, patch: pytest.MonkeyPatch, shop: Shop, slow: Any) -> Response:
        patch.setattr(type(shop.house.categories), "tree", lambda _self: slow())
        return await ask(f"/products/{slug}")

    async def test_what_ends_by_the_clock_ends(self, ask: Ask, site: Site, clock: TestClock) -> None:
        ends = (clock.now() + timedelta(minutes=3)).isoformat()
        await site.page("Doors", block("countdown", until=ends, after="The doors are open."), published=True)
        assert "data-countdown=" in (await ask("/doors")).text
        clock.move(minutes=2)
        assert "data-countdown=" in (await ask("/doors")).text
        clock.move(minutes=1)
        assert "data-countdown=" not in (await ask("/doors")).text

    async def test_nothing_is_kept_for_ever(self, ask: Ask, kept: Shelf, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product()
        await ask(f"/products/{mug.slug}")
        entry = kept.entries[Key("http://localhost", f"/products/{mug.slug}", b"", is_part=False)]
        clock.move(minutes=10)
        await ask(f"/products/{mug.slug}")
        assert entry not in kept.entries.values()


class TestProcesses:
    async def test_a_price_that_changes_in_one_is_seen_in_the_other(
        self, ask: Ask, house: Ports, settings: Settings, shop: Shop, clock: TestClock
    ) -> None:
        mug = await shop.product("Blue mug", price="20.00")
        other = wire(settings, clock=clock, passwords=Passwords(rounds=4))
        await other.settings.refresh()
        await other.bus.start()
        there = asking_of(make_app(other, settings, runs_jobs=False))
        page = f"/products/{mug.slug}"
        assert "20.00" in (await there(page)).text
        assert "20.00" in (await ask(page)).text
        assert page in paths(other.expiry.shelf)
        await shop.reprice(mug, "21.00")
        await until(lambda: page not in paths(other.expiry.shelf))
        assert "21.00" in (await there(page)).text
        await shop.set("general", tagline="Fired twice")
        await until(lambda: other.site.general.tagline == "Fired twice" and not other.expiry.shelf.entries)
        assert "Fired twice" in (await there(page)).text
        await other.bus.stop()
        await other.db.close()
