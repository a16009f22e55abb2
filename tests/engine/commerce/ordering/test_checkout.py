"""Placing an order, one buyer at a time."""

import pytest
from sqlalchemy import select

from engine.api.ports import Ports
from engine.commerce.catalog.drafts import VariantDraft
from engine.commerce.catalog.models import ProductStatus, ProductType
from engine.commerce.ordering.models import Order
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.core.errors import Conflict, Invalid, KeyReused
from engine.core.facts import FactRow
from engine.messaging.models import Message
from tests.audit import audited
from tests.clock import TestClock
from tests.factories.shop import ADDRESS, Shop


async def nothing_happened(shop: Shop) -> bool:
    async with shop.db.read() as session:
        orders = (await session.scalars(select(Order))).all()
        facts = (await session.scalars(select(FactRow.name).where(FactRow.name == "order.created"))).all()
        letters = (await session.scalars(select(Message))).all()
    return not orders and not facts and not letters and await audited(shop.db) == []


class TestPlace:
    async def test_an_order_keeps_what_was_agreed(self, shop: Shop) -> None:
        await shop.set("tax", enabled=True, ratePercent="19", label="VAT")
        mug = await shop.product("Blue mug", price="20.00", stock=7)
        order = await shop.order(2, mug, note=" Leave it\r\nwith the neighbour. ")
        assert (order.number, order.status, order.payment_status) == ("1001", "pending", "pending")
        assert (order.subtotal_minor, order.shipping_minor, order.tax_minor, order.total_minor) == (
            4000,
            500,
            718,
            4500,
        )
        assert [(line.name, line.quantity, line.total_minor) for line in order.lines] == [("Blue mug", 2, 4000)]
        assert order.shipping_address is not None
        assert (order.shipping_address.name, order.shipping_address.region) == ("Ada Lovelace", "CA")
        assert order.note == "Leave it\nwith the neighbour."
        assert [(event.kind, event.actor) for event in order.events] == [("placed", "Ada Lovelace")]
        assert await shop.stock_of(mug) == 5
        assert await shop.see_order(order.id) == order
        assert await audited(shop.db) == []

    async def test_the_cart_is_empty_then_and_still_there(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 1))
        await shop.check_out(cart)
        seen = await shop.see_cart(cart)
        assert (seen.id, seen.lines) == (cart, ())

    async def test_what_changes_later_does_not_change_the_order(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug", price="20.00")
        order = await shop.order(1, mug)
        await shop.change(mug.id, name="Green mug", slug="green-mug", status=ProductStatus.ARCHIVED)
        assert await shop.see_order(order.id) == order

    async def test_numbers_follow_each_other_and_a_refusal_leaves_no_gap(self, shop: Shop) -> None:
        mug = await shop.product(stock=3)
        first = await shop.order(2, mug)
        with pytest.raises(Conflict):
            await shop.order(2, mug)
        second = await shop.order(1, mug)
        assert (first.number, second.number) == ("1001", "1002")

    async def test_what_costs_nothing_is_paid_and_confirmed(self, shop: Shop) -> None:
        await shop.set("shipping", flatRateMinor=0)
        order = await shop.order(1, await shop.product(price="0.00"))
        assert (order.total_minor, order.status, order.payment_status) == (0, OrderStatus.CONFIRMED, PaymentStatus.PAID)
        assert await audited(shop.db) == []


class TestRepeat:
    async def test_is_answered_as_the_first_time_even_after_the_order_went_on(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 1))
        first = await shop.check_out(cart, "key")
        await shop.pay(first.order)
        again = await shop.check_out(cart, "key")
        assert (again.order, again.is_repeat) == (first.order, True)

    async def test_does_not_order_what_was_put_into_the_cart_since(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        cart = await shop.cart((mug, 1))
        first = await shop.check_out(cart, "key")
        await shop.put(cart, mug, 3)
        assert (await shop.check_out(cart, "key")).order.id == first.order.id
        assert await shop.stock_of(mug) == 6

    async def test_the_same_key_for_another_order_is_refused(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 1))
        await shop.check_out(cart, "key")
        with pytest.raises(KeyReused):
            await shop.check_out(cart, "key", email="eve@example.org")

    async def test_the_same_key_from_another_cart_is_another_order(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        numbers = {(await shop.check_out(await shop.cart((mug, 1)), "key")).order.number for _ in range(2)}
        assert numbers == {"1001", "1002"}

    async def test_a_key_whose_order_was_refused_is_still_free(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 1))
        with pytest.raises(Invalid):
            await shop.check_out(cart, "key", email="nobody")
        assert not (await shop.check_out(cart, "key")).is_repeat


class TestRefusal:
    async def test_says_what_is_short_and_takes_nothing(self, shop: Shop) -> None:
        mug, cap = await shop.product("Blue mug", stock=2), await shop.product("Cap", stock=9)
        cart = await shop.cart((mug, 5), (cap, 1))
        with pytest.raises(Conflict, match=r"Only 2 of “Blue mug” are left; you asked for 5\.") as refusal:
            await shop.check_out(cart)
        variant = str(mug.variants[0].id)
        detail = {"variantId": variant, "product": "Blue mug", "reason": "short", "wanted": 5, "left": 2}
        assert refusal.value.details == [detail]
        assert (await shop.stock_of(mug), await shop.stock_of(cap)) == (2, 9)
        assert len((await shop.see_cart(cart)).lines) == 2
        assert await nothing_happened(shop)

    async def test_names_everything_that_is_short(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product("Mug", stock=1), 2), (await shop.product("Cap", stock=0), 1))
        with pytest.raises(Conflict, match=r"“Mug” are left; you asked for 2\. “Cap” is sold out") as refusal:
            await shop.check_out(cart)
        assert len(refusal.value.details) == 2

    @pytest.mark.parametrize("name", ["{left}", "{0.__class__}", "%s %(x)s", "<b>Mug</b>"])
    async def test_bears_a_product_whose_name_looks_like_a_template(self, shop: Shop, name: str) -> None:
        cart = await shop.cart((await shop.product(name, stock=1), 2))
        with pytest.raises(Conflict) as refusal:
            await shop.check_out(cart)
        assert f"“{name}”" in str(refusal.value)

    async def test_names_what_was_archived_meanwhile(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug")
        cart = await shop.cart((mug, 1), (await shop.product("Cap"), 1))
        await shop.change(mug.id, status=ProductStatus.ARCHIVED)
        with pytest.raises(Conflict, match="No longer sold: “Blue mug”") as refusal:
            await shop.check_out(cart)
        assert [detail["reason"] for detail in refusal.value.details] == ["unavailable"]
        assert await nothing_happened(shop)

    async def test_of_an_empty_cart(self, shop: Shop) -> None:
        with pytest.raises(Conflict, match="Your cart is empty"):
            await shop.check_out(None)

    async def test_tells_when_the_sum_is_another_than_the_buyer_saw(self, shop: Shop) -> None:
        mug = await shop.product(price="20.00")
        cart = await shop.cart((mug, 1))
        await shop.change(mug.id, variants=(VariantDraft(price_minor=2500, stock=7),))
        with pytest.raises(Conflict, match=r"The total is now \$30\.00; it was \$25\.00"):
            await shop.check_out(cart, expected_total_minor=2500)
        assert await nothing_happened(shop)
        assert (await shop.check_out(cart, expected_total_minor=3000)).order.total_minor == 3000

    async def test_names_every_field_at_once(self, shop: Shop) -> None:
        cart = await shop.cart((await shop.product(), 1))
        said = {"email": "nobody", "name": " ", "shipping_method": "drone", "payment_method": "shells"}
        with pytest.raises(Invalid) as refusal:
            await shop.check_out(cart, **said, shipping_address={"country": "US", "postal_code": "1"})
        assert set(refusal.value.fields) == {
            "email",
            "name",
            "shippingMethod",
            "paymentMethod",
            "shippingAddress.line1",
            "shippingAddress.city",
            "shippingAddress.region",
            "shippingAddress.postalCode",
        }
        assert await nothing_happened(shop)

    async def test_of_a_country_that_the_shop_does_not_deliver_to(self, shop: Shop) -> None:
        await shop.set("shipping", countries=["DE", "AT"])
        cart = await shop.cart((await shop.product(), 1))
        with pytest.raises(Invalid) as refusal:
            await shop.check_out(cart)
        assert "Germany, Austria" in str(refusal.value.fields["shippingAddress.country"])


class TestDelivery:
    async def test_a_virtual_cart_needs_no_address_and_costs_no_delivery(self, shop: Shop) -> None:
        song = await shop.product("Song", price="2.00", stock=None, type=ProductType.VIRTUAL)
        order = await shop.order(1, song, shipping_address=None, shipping_method=None)
        assert (order.shipping_address, order.shipping_method, order.total_minor) == (None, None, 200)

    async def test_a_mixed_cart_needs_one(self, shop: Shop) -> None:
        song = await shop.product("Song", stock=None, type=ProductType.VIRTUAL)
        cart = await shop.cart((song, 1), (await shop.product(), 1))
        with pytest.raises(Invalid) as refusal:
            await shop.check_out(cart, shipping_address=None, shipping_method=None)
        assert "shippingMethod" in refusal.value.fields
        assert "shippingAddress.line1" in refusal.value.fields

    async def test_who_picks_it_up_needs_no_address(self, shop: Shop) -> None:
        await shop.set("shipping", pickupEnabled=True, pickupLabel="From the workshop")
        order = await shop.order(shipping_address=None, shipping_method="pickup")
        assert (order.shipping_label, order.shipping_minor, order.shipping_address) == ("From the workshop", 0, None)

    async def test_pick_up_is_refused_where_it_is_not_offered(self, shop: Shop) -> None:
        with pytest.raises(Invalid) as refusal:
            await shop.order(shipping_method="pickup")
        assert str(refusal.value.fields["shippingMethod"]) == "“pickup” is not offered. Choose one of: flat_rate."


class TestLetter:
    async def test_goes_to_the_buyer_with_everything_in_it(self, shop: Shop, clock: TestClock) -> None:
        await shop.set("payments", manualInstructions="Transfer it to DE02 1203.")
        order = await shop.order(2)
        async with shop.db.read() as session:
            letter = (await session.scalars(select(Message))).one()
        assert (letter.template, letter.recipient, letter.about) == ("order_received", "ada@example.org", order.id)
        said = letter.contents
        assert (said["number"], said["total"]) == ("1001", {"amount": 4500, "currency": "USD"})
        assert said["payment_instructions"] == "Transfer it to DE02 1203."
        assert said["shipping_address"][0] == "Ada Lovelace"
        assert said["status_url"].startswith(f"/orders/{order.id}/")
        assert said["placed_at"] == clock.now().isoformat()

    async def test_reads_as_the_order_was(self, shop: Shop, house: Ports) -> None:
        order = await shop.order(2, await shop.product("Blue mug", price="20.00"), note="Ring twice")
        await shop.step(order, OrderStatus.CANCELLED, note="The kiln broke.")
        await house.jobs.run_until_idle()
        async with shop.db.read() as session:
            received, cancelled = (await session.scalars(select(Message).order_by(Message.id))).all()
        for words in ("Blue mug", "$45.00", "Ring twice", f"/orders/{order.id}/"):
            assert words in received.text
        assert "The kiln broke." in cancelled.text
        assert "paid already" not in cancelled.text


class TestHostileInput:
    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>",
            "Robert'); DROP TABLE orders;--",
            "A\x00B\x07",
            "a\r\nBcc: x@y",
            "\u202egnp.exe",
            "\ud800x",
        ],
    )
    async def test_names_are_kept_as_text_on_one_line(self, shop: Shop, name: str) -> None:
        order = await shop.order(name=name, shipping_address={**ADDRESS, "name": name}, note=name)
        assert order.name.isprintable()
        assert (await shop.see_order(order.id)).name == order.name
        assert await audited(shop.db) == []
