"""What must hold whatever races: no oversell, no double order, stock back once. Each buyer is a real connection."""

import asyncio
from collections import Counter

from engine.commerce.ordering.states import OrderStatus
from engine.core.errors import AgoraError, Conflict
from engine.core.ids import new_secret
from tests.audit import audited
from tests.factories.shop import Shop


class TestCheckOut:
    async def test_fifty_buyers_of_the_last_seven_make_seven_orders(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug", stock=7)
        carts = [await shop.cart((mug, 1)) for _ in range(50)]
        answers = await asyncio.gather(*(shop.check_out(cart) for cart in carts), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        assert len(answers) - len(refused) == 7
        assert {type(refusal) for refusal in refused} == {Conflict}
        assert {str(refusal) for refusal in refused} == {"“Blue mug” is sold out."}
        assert await shop.stock_of(mug) == 0
        assert await audited(shop.db) == []

    async def test_ten_identical_checkouts_are_one_order_and_ten_identical_answers(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        cart, key = await shop.cart((mug, 2)), new_secret()
        answers = await asyncio.gather(*(shop.check_out(cart, key) for _ in range(10)))
        assert len({answer.order for answer in answers}) == 1
        assert Counter(answer.is_repeat for answer in answers) == {True: 9, False: 1}
        assert await shop.stock_of(mug) == 5
        assert await audited(shop.db) == []

    async def test_ten_checkouts_of_one_cart_with_keys_of_their_own_are_one_order(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        cart = await shop.cart((mug, 2))
        answers = await asyncio.gather(*(shop.check_out(cart) for _ in range(10)), return_exceptions=True)
        refused = [str(answer) for answer in answers if isinstance(answer, Conflict)]
        assert len(refused) == 9
        assert refused[0].startswith("Your cart is empty.")
        assert await shop.stock_of(mug) == 5
        assert await audited(shop.db) == []

    async def test_carts_that_hold_the_same_things_in_other_orders_do_not_wait_for_each_other(self, shop: Shop) -> None:
        mug, tee = await shop.product("Mug", stock=20), await shop.product("Cap", stock=20)
        wanted = [((mug, 1), (tee, 1)), ((tee, 1), (mug, 1))]
        carts = [await shop.cart(*wanted[i % 2]) for i in range(20)]
        answers = await asyncio.gather(*(shop.check_out(cart) for cart in carts))
        assert len({answer.order.number for answer in answers}) == 20
        assert (await shop.stock_of(mug), await shop.stock_of(tee)) == (0, 0)
        assert await audited(shop.db) == []


class TestCancel:
    async def test_ten_at_once_give_the_stock_back_once(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        order = await shop.order(3, mug)
        attempts = (shop.step(order, OrderStatus.CANCELLED) for _ in range(10))
        answers = await asyncio.gather(*attempts, return_exceptions=True)
        assert sum(isinstance(answer, Conflict) for answer in answers) == 9
        assert await shop.stock_of(mug) == 7
        assert await audited(shop.db) == []

    async def test_a_payment_that_races_it_either_confirms_the_order_or_is_refused(self, shop: Shop) -> None:
        for _ in range(5):
            order = await shop.order()
            await asyncio.gather(
                shop.pay(order), shop.step(order, OrderStatus.CANCELLED), shop.pay(order), return_exceptions=True
            )
        assert await audited(shop.db) == []


class TestPay:
    async def test_ten_at_once_pay_once(self, shop: Shop) -> None:
        order = await shop.order()
        answers = await asyncio.gather(*(shop.pay(order) for _ in range(10)), return_exceptions=True)
        assert sum(isinstance(answer, AgoraError) for answer in answers) == 9
        assert await audited(shop.db) == []


class TestCart:
    async def test_ten_that_add_at_once_all_count(self, shop: Shop) -> None:
        mug = await shop.product(stock=70)
        cart = await shop.cart((mug, 1))
        await asyncio.gather(*(shop.put(cart, mug) for _ in range(10)))
        assert (await shop.see_cart(cart)).pieces == 11
