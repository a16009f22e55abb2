"""What is done with an order: steps, payments, notes, and whose it is."""

import pytest
from sqlalchemy import select

from engine.accounts.facts import EmailVerified
from engine.api.ports import Ports
from engine.commerce.catalog import products
from engine.commerce.ordering import orders, queries
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.money import Money
from engine.core.paging import PageRequest
from engine.core.ports import SearchRequest
from engine.messaging.models import Message
from tests.audit import audited
from tests.factories.people import account
from tests.factories.shop import STRANGER, Shop

S = OrderStatus


async def letters(shop: Shop) -> list[str]:
    async with shop.db.read() as session:
        return list(await session.scalars(select(Message.template).order_by(Message.id)))


async def facts(shop: Shop) -> list[str]:
    async with shop.db.read() as session:
        named = await session.scalars(select(FactRow.name).order_by(FactRow.id))
    return [name for name in named if name.startswith(("order.", "payment."))]


class TestStep:
    async def test_an_order_goes_all_the_way_and_tells_its_story(self, shop: Shop) -> None:
        order = await shop.order()
        await shop.pay(order)
        await shop.step(order, S.PROCESSING, S.SHIPPED, S.IN_TRANSIT, S.DELIVERED, S.COMPLETED)
        seen = await shop.see_order(order.id)
        assert [event.status for event in seen.events] == [
            "pending", "pending", "confirmed", "processing", "shipped", "in_transit", "delivered", "completed",
        ]  # fmt: skip
        assert await letters(shop) == ["order_received", "order_confirmed", "order_shipped"]
        assert await facts(shop) == [
            "order.created", "order.confirmed", "payment.succeeded", "order.updated", "order.shipped", "order.updated",
            "order.delivered", "order.updated",
        ]  # fmt: skip
        assert await audited(shop.db) == []

    async def test_a_cancelled_order_gives_its_stock_back_and_keeps_its_number(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        order = await shop.order(3, mug)
        cancelled = await shop.step(order, S.CANCELLED, note="The kiln broke.")
        assert (await shop.stock_of(mug), cancelled.number, cancelled.payment_status) == (7, "1001", "pending")
        async with shop.db.read() as session:
            letter = await session.scalar(select(Message).where(Message.template == "order_cancelled"))
        assert letter is not None
        assert letter.contents["note"] == "The kiln broke."
        with pytest.raises(Conflict, match="1001 is cancelled"):
            await shop.step(order, S.CANCELLED)
        assert await shop.stock_of(mug) == 7
        assert await audited(shop.db) == []

    async def test_cancelling_what_was_paid_leaves_a_refund_to_make(self, shop: Shop) -> None:
        order = await shop.pay(await shop.order())
        assert (await shop.step(order, S.CANCELLED)).payment_status is PaymentStatus.REFUND_NEEDED
        assert (await shop.step(order, S.REFUNDED)).payment_status is PaymentStatus.REFUNDED
        assert await audited(shop.db) == []

    async def test_a_variant_that_is_gone_does_not_stop_it(self, shop: Shop) -> None:
        mug = await shop.product(stock=7)
        order = await shop.order(3, mug)
        async with shop.db.write() as tx:
            await products.delete(tx, shop.staff, mug.id)
        assert (await shop.step(order, S.CANCELLED)).status is S.CANCELLED


class TestWhoMay:
    async def test_customers_cancel_their_own_while_it_is_pending(self, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        order = await shop.order(actor=ada)
        cancelled = await shop.step(order, S.CANCELLED, actor=ada)
        assert cancelled.events[-1].user_id == ada.user_id

    async def test_customers_take_no_other_step(self, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        order = await shop.order(actor=ada)
        with pytest.raises(NotAllowed):
            await shop.step(order, S.CONFIRMED, actor=ada)
        await shop.pay(order)
        with pytest.raises(NotAllowed, match="only the shop"):
            await shop.step(order, S.CANCELLED, actor=ada)

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_somebody_elses_is_not_found_below_store_manager(self, shop: Shop, house: Ports, role: Role) -> None:
        order = await shop.order()
        other = await account(house, role)
        with pytest.raises(NotFound):
            await shop.step(order, S.CANCELLED, actor=other)
        with pytest.raises(NotAllowed):
            await shop.pay(order, actor=other)

    async def test_strangers_must_sign_in_or_bring_the_link(self, shop: Shop) -> None:
        order = await shop.order()
        with pytest.raises(NotSignedIn):
            await shop.step(order, S.CANCELLED, actor=STRANGER)
        with pytest.raises(NotAllowed):
            await shop.step(order, S.CONFIRMED, actor=STRANGER, holds_link=True)
        assert (await shop.step(order, S.CANCELLED, actor=STRANGER, holds_link=True)).status is S.CANCELLED

    async def test_an_order_that_is_not_there_is_not_found(self, shop: Shop) -> None:
        with pytest.raises(NotFound):
            async with shop.db.write() as tx:
                await orders.locked(tx, new_id())


class TestReceive:
    async def test_paying_confirms_a_pending_order(self, shop: Shop) -> None:
        order = await shop.pay(await shop.order(), note="Cash")
        assert (order.status, order.payment_status) == (S.CONFIRMED, PaymentStatus.PAID)
        assert [event.kind for event in order.events] == ["placed", "payment", "note", "step"]
        assert [event.kind for event in order.public_events] == ["placed", "payment", "step"]

    async def test_twice_is_refused(self, shop: Shop) -> None:
        order = await shop.pay(await shop.order())
        with pytest.raises(Conflict, match=r"Order 1001 is paid already: \$25\.00\."):
            await shop.pay(order)
        assert await audited(shop.db) == []

    async def test_cash_on_delivery_pays_what_was_shipped_before(self, shop: Shop) -> None:
        order = await shop.step(await shop.order(), S.CONFIRMED, S.SHIPPED)
        assert (await shop.pay(order)).status is S.SHIPPED
        assert await letters(shop) == ["order_received", "order_confirmed", "order_shipped"]

    async def test_a_cancelled_order_takes_no_money(self, shop: Shop) -> None:
        order = await shop.step(await shop.order(), S.CANCELLED)
        with pytest.raises(Conflict, match="takes no money"):
            await shop.pay(order)

    @pytest.mark.parametrize("amount", [Money(1, "USD"), Money(2500, "EUR")])
    async def test_another_sum_is_refused(self, shop: Shop, amount: Money) -> None:
        with pytest.raises(Invalid, match=r"comes to \$25\.00"):
            await shop.pay(await shop.order(), amount=amount)


class TestNote:
    async def test_is_for_staff_only(self, shop: Shop) -> None:
        order = await shop.order()
        async with shop.db.write() as tx:
            noted = await orders.note(tx, shop.staff, order.id, "Call before noon.")
        assert [event.note for event in noted.events] == ["", "Call before noon."]
        assert [event.note for event in noted.public_events] == [""]
        with pytest.raises(NotAllowed):
            async with shop.db.write() as tx:
                await orders.note(tx, Actor.person(new_id(), Role.EDITOR), order.id, "No")


class TestGuestOrders:
    async def test_become_the_persons_once_the_address_is_known_to_be_theirs(self, shop: Shop, house: Ports) -> None:
        await shop.order(email="ada@example.org")
        await shop.order(email="adaX@example.org")
        ada = await account(house, email="ada@example.org")
        mine = OrderFilter(user_id=ada.user_id)
        await house.jobs.run_until_idle()
        assert (await house.db.query(queries.orders, mine, PageRequest())).total == 0
        assert ada.user_id is not None
        async with house.db.write() as tx:
            tx.publish(EmailVerified(ada.user_id, "Ada@example.org"))
        await house.jobs.run_until_idle()
        found = await house.db.query(queries.orders, mine, PageRequest())
        assert [order.email for order in found.items] == ["ada@example.org"]


class TestSearch:
    async def test_finds_by_number_name_and_address_and_takes_wildcards_as_they_are(self, shop: Shop) -> None:
        await shop.order(name="Ada Lovelace", email="ada@example.org")
        await shop.order(name="100% Bob_", email="bob@example.org")

        async def found(words: str) -> list[str]:
            rows = await shop.db.query(queries.order_rows, OrderFilter(search=words), PageRequest())
            return [row.number for row in rows.items]

        assert await found("#1001") == await found("LOVELACE") == await found("ada@") == ["1001"]
        assert await found("%") == await found("b_") == ["1002"]
        assert await found("' OR 1=1 --\x00") == []

    async def test_orders_are_found_by_staff_only(self, shop: Shop, house: Ports) -> None:
        await shop.order(name="Ada Lovelace")
        await house.jobs.run_until_idle()
        public = await house.search.search(SearchRequest("lovelace"))
        staff = await house.search.search(SearchRequest("lovelace", include_staff=True))
        assert (public.total, [hit.title for hit in staff.hits]) == (0, ["#1001 Ada Lovelace"])
