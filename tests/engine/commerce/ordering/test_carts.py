"""Carts: whose they are, what is in them, and what becomes of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.commerce.catalog.drafts import VariantDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.ordering import carts
from engine.commerce.ordering.models import Cart
from engine.commerce.ordering.views import Trouble
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.ids import new_id, new_random_id
from tests.clock import TestClock
from tests.factories.people import account
from tests.factories.shop import STRANGER, Shop


async def change(shop: Shop, cart_id: UUID, item_id: UUID, quantity: int, actor: Actor = STRANGER) -> None:
    async with shop.db.write() as tx:
        await carts.change(tx, actor, shop.house.site, cart_id, item_id, quantity)


class TestAdd:
    async def test_more_of_the_same_is_one_line(self, shop: Shop) -> None:
        mug = await shop.product(price="20.00")
        cart = await shop.cart((mug, 1), (mug, 2))
        seen = await shop.see_cart(cart)
        assert [(line.quantity, line.total_minor) for line in seen.lines] == [(3, 6000)]

    async def test_more_than_there_is_may_be_wished_for_and_is_marked(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(stock=2), 5))
        assert [(line.trouble, line.left) for line in (await shop.see_cart(cart)).lines] == [(Trouble.SHORT, 2)]

    async def test_a_version_is_chosen_by_its_options_or_its_id(self, shop: Shop) -> None:
        tee = await shop.with_sizes("Tee", {"S": 3, "M": 4})
        cart = await shop.put(None, tee, options={"Size": "M"})
        cart = await shop.put(cart, tee, variant_id=tee.variants[0].id)
        assert [line.variant_title for line in (await shop.see_cart(cart)).lines] == ["M", "S"]

    async def test_a_version_must_be_chosen(self, shop: Shop) -> None:
        tee = await shop.with_sizes()
        for said in ({}, {"options": {"Size": "XXL"}}):
            with pytest.raises(Invalid) as refusal:
                await shop.put(None, tee, **said)
            assert list(refusal.value.fields) == ["variantId"]

    async def test_what_is_not_sold_is_not_found(self, shop: Shop) -> None:
        draft = await shop.product(status=ProductStatus.DRAFT)
        mug, tee = await shop.product("Mug"), await shop.with_sizes()
        with pytest.raises(NotFound):
            await shop.put(None, draft)
        with pytest.raises(NotFound):
            await shop.put(None, mug, variant_id=tee.variants[0].id)
        with pytest.raises(NotFound):
            await shop.put(None, type("Gone", (), {"id": new_id()}))

    async def test_the_number_has_a_limit(self, shop: Shop) -> None:
        mug = await shop.product()
        cart = await shop.cart((mug, 999))
        with pytest.raises(Invalid, match="1 to 999"):
            await shop.put(cart, mug)


class TestWhose:
    async def test_an_unknown_id_gets_a_fresh_cart_with_its_own(self, shop: Shop) -> None:
        made_up = new_random_id()
        assert await shop.put(made_up, await shop.product()) != made_up

    async def test_a_persons_cart_is_nobody_elses_though_they_know_its_id(self, shop: Shop, house: Ports) -> None:
        ada, eve = await account(house, email="ada@example.org"), await account(house, email="eve@example.org")
        mug = await shop.product()
        cart = await shop.cart((mug, 1), actor=ada)
        line = (await shop.see_cart(cart, ada)).lines[0]
        for other in (STRANGER, eve):
            assert (await shop.see_cart(cart, other)).lines == ()
            with pytest.raises(NotFound):
                await change(shop, cart, line.id, 0, other)
            assert await shop.put(cart, mug, actor=other) != cart
        assert (await shop.see_cart(None, ada)).pieces == 1

    async def test_a_guests_cart_goes_into_the_persons_own(self, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        mug, cap = await shop.product("Mug"), await shop.product("Cap")
        own = await shop.cart((mug, 1), actor=ada)
        guest = await shop.cart((mug, 2), (cap, 1))
        async with shop.db.write() as tx:
            found = await carts.find(tx, ada, guest)
        assert found is not None
        assert found.id == own
        assert {line.name: line.quantity for line in (await shop.see_cart(None, ada)).lines} == {"Mug": 3, "Cap": 1}
        assert (await shop.see_cart(guest)).id is None

    async def test_a_first_cart_is_the_guests_things_too(self, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        guest = await shop.cart((await shop.product(), 2))
        async with shop.db.write() as tx:
            await carts.find(tx, ada, guest)
        assert (await shop.see_cart(None, ada)).pieces == 2


class TestChange:
    async def test_none_takes_the_line_out(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 2))
        line = (await shop.see_cart(cart)).lines[0]
        await change(shop, cart, line.id, 1)
        assert (await shop.see_cart(cart)).pieces == 1
        await change(shop, cart, line.id, 0)
        assert (await shop.see_cart(cart)).lines == ()

    async def test_a_line_of_another_cart_is_not_found(self, shop: Shop) -> None:
        mug = await shop.product()
        mine, theirs = await shop.cart((mug, 1)), await shop.cart((mug, 1))
        line = (await shop.see_cart(theirs)).lines[0]
        with pytest.raises(NotFound):
            await change(shop, mine, line.id, 5)


class TestSee:
    async def test_prices_are_todays_and_what_was_seen_is_kept_beside(self, shop: Shop) -> None:
        mug = await shop.product(price="20.00")
        cart = await shop.cart((mug, 1))
        await shop.change(mug.id, variants=(VariantDraft(price_minor=2500, stock=7),))
        seen = await shop.see_cart(cart)
        assert [(line.unit_price_minor, line.was_minor) for line in seen.lines] == [(2500, 2000)]

    async def test_what_is_archived_is_marked(self, shop: Shop) -> None:
        mug = await shop.product()
        cart = await shop.cart((mug, 1))
        await shop.change(mug.id, status=ProductStatus.ARCHIVED)
        assert [line.trouble for line in (await shop.see_cart(cart)).lines] == [Trouble.GONE]


class TestForget:
    async def test_carts_that_nobody_comes_back_to_go(self, shop: Shop, house: Ports, clock: TestClock) -> None:
        ada = await account(house, email="ada@example.org")
        mug = await shop.product()
        for actor in (STRANGER, ada):
            await shop.cart((mug, 1), actor=actor)
        clock.move(seconds=timedelta(days=30, hours=1).total_seconds())
        kept = await shop.cart((mug, 1))
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        async with shop.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Cart)) == 2
        assert (await shop.see_cart(kept)).pieces == 1
        assert (await shop.see_cart(None, ada)).pieces == 1
