"""Money that forms ask for: one order for one sending, and an entry that always stands as its order does."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from engine.commerce.ordering.models import Order
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.commerce.ports import Answer, IntentState, MemoryProvider, Timing
from engine.content.forms import entries, exporting
from engine.content.forms.models import EntryPayment, EntryStatus
from engine.content.forms.queries import FormView
from engine.content.forms.resources import FORM_ENTRIES
from engine.content.forms.submitting import Taken
from engine.core.errors import Conflict, Invalid, KeyReused
from engine.core.records import bin as trash
from engine.core.records import writing
from engine.core.records.tables import BinnedRecord
from tests.audit import audited
from tests.clock import TestClock
from tests.engine.commerce.ordering.paying import P, S, expire, hear, letters, state
from tests.factories.forms import STAFF, Desk
from tests.factories.shop import Shop

WHO = {"name": "Ada Lovelace", "email": "ada@example.org"}
FAMILY = {"amount": "40.00 Family", "way": "card"}
EP = EntryPayment


def fields(**payment: Any) -> list[dict[str, Any]]:
    prices = [{"amountMinor": 2500}, {"amountMinor": 4000, "label": "Family"}]
    asked = {"pays": "choice", "prices": prices, "currency": "USD", "required": True, **payment}
    return [
        {"id": "name", "type": "text", "label": "Name", "required": True},
        {"id": "email", "type": "email", "label": "E-mail", "required": True},
        {"id": "member", "type": "checkbox", "label": "I become a member"},
        {"id": "fee", "type": "payment", "label": "Membership", **asked},
    ]


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    await shop.takes_cards()
    return Desk(shop.house)


@pytest.fixture
async def form(desk: Desk) -> FormView:
    return await desk.form(fields(), name="Join us", reply_text="Welcome, {{ name }}", notify=["desk@example.org"])


async def sent(desk: Desk, form: FormView, shop: Shop, fee: Any = FAMILY, **said: Any) -> tuple[Taken, OrderView]:
    """Send the form; return what became of it, and the order that it made."""
    taken = await desk.send(form, {**WHO, "fee": fee}, **said)
    assert taken.order_id is not None
    return taken, await shop.see_order(taken.order_id)


async def standing(desk: Desk, taken: Taken) -> EntryPayment | None:
    return (await desk.entry(taken.entry_id)).payment


async def orders(shop: Shop) -> int:
    async with shop.db.read() as session:
        return len((await session.scalars(select(Order.id))).all())


class TestSending:
    async def test_makes_one_order_of_one_named_thing_and_each_knows_the_other(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        entry = await desk.entry(taken.entry_id)
        assert (entry.order_id, order.entry_id, entry.payment) == (order.id, entry.id, EP.AWAITED)
        line = order.lines[0]
        assert (line.name, line.variant_title, line.quantity, line.total_minor) == ("Membership", "Family", 1, 4000)
        assert (order.name, order.email, order.total_minor, order.currency) == (*WHO.values(), 4000, "USD")
        assert state(order) == (S.PENDING, P.PENDING)
        assert await letters(shop) == ["form_notice"]  # the sender is answered once they have paid
        assert await audited(shop.db) == []
        columns = exporting.columns_of(form.fields)
        assert [label for _id, label in columns] == ["Name", "E-mail", "I become a member", "Membership", "payment"]
        assert exporting.row_of(entry, columns, "en")[-2:] == ["40.00 USD (Family)", "awaited"]

    async def test_a_repeat_and_two_at_once_make_no_second_order(self, desk, form, shop):
        both = await asyncio.gather(*(sent(desk, form, shop, key="once") for _ in range(3)))
        assert len({order.id for _taken, order in both}) == 1
        again, order = await sent(desk, form, shop, key="once")
        assert (again.is_repeat, order.id, await orders(shop)) == (True, both[0][1].id, 1)
        with pytest.raises(KeyReused):
            await sent(desk, form, shop, {"amount": "25.00", "way": "card"}, key="once")
        assert await orders(shop) == 1

    async def test_what_was_changed_meanwhile_is_not_charged(self, desk, form, shop):
        form = await desk.change(
            form, fields=fields(prices=[{"amountMinor": 2500}, {"amountMinor": 9900, "label": "Family"}])
        )
        with pytest.raises(Invalid) as refused:
            await sent(desk, form, shop)
        assert "not to be paid here any more" in str(refused.value.fields["fee"])
        await shop.set("general", currency="EUR")
        with pytest.raises(Invalid) as refused:
            await sent(desk, form, shop, {"amount": "25.00", "way": "card"})
        assert "priced in USD" in str(refused.value.fields["fee"])
        assert await orders(shop) == 0

    @pytest.mark.parametrize(
        "fee",
        ["", "-5", "0", "0.001", "1e9", "NaN", "9" * 500, "25.00 Family", {"amount": "25.00", "way": "gold"}, ["25.00"],
         {"amount": {"a": 1}}, 25.0, True, {"amount": "25.00", "way": ["card"]}, "25.00\x00", "<script>", "４"],
    )  # fmt: skip
    async def test_nothing_else_than_what_is_asked_for_becomes_an_order(self, desk, form, shop, fee):
        await shop.set("payments", enabled=True, manualEnabled=True)
        with pytest.raises(Invalid) as refused:
            await sent(desk, form, shop, fee)
        assert {name.partition(".")[0] for name in refused.value.fields} == {"fee"}
        assert await orders(shop) == 0

    async def test_own_amounts_keep_to_their_bounds(self, desk, shop):
        own = await desk.form(fields(pays="own", prices=[], leastMinor=500, mostMinor=50000))
        for wrong in ("4.99", "500.01", "-10", "1e3", "ten", "5.001"):
            with pytest.raises(Invalid):
                await sent(desk, own, shop, {"amount": wrong, "way": "card"})
        _taken, order = await sent(desk, own, shop, {"amount": "$ 12,50", "way": "card"})
        assert order.total_minor == 1250

    async def test_the_tax_is_inside_where_the_field_says_so_whatever_prices_of_goods_are(self, desk, shop):
        await shop.set("tax", enabled=True, ratePercent="25", pricesIncludeTax=False, label="VAT")
        taxed = await desk.form(fields(taxed=True))
        _taken, order = await sent(desk, taxed, shop)
        assert (order.total_minor, order.tax_minor, order.is_tax_included, order.tax_label) == (4000, 800, True, "VAT")
        free = await desk.form(fields(), name="Gift")
        _taken, order = await sent(desk, free, shop)
        assert (order.total_minor, order.tax_minor, order.tax_label) == (4000, 0, "")
        assert await audited(shop.db) == []

    async def test_what_is_not_shown_or_not_needed_asks_for_nothing(self, desk, shop):
        rule = {"conditions": [{"field": "member", "is": "filled"}]}
        form = await desk.form(fields(show=rule))
        taken = await desk.send(form, {**WHO, "fee": FAMILY})
        assert (taken.order_id, await standing(desk, taken), await orders(shop)) == (None, None, 0)
        taken = await desk.send(form, {**WHO, "member": "true", "fee": FAMILY})
        assert await standing(desk, taken) is EP.AWAITED
        optional = await desk.form(fields(required=False), name="Maybe")
        assert (await desk.send(optional, WHO)).order_id is None

    async def test_a_fixed_sum_needs_no_words_and_the_only_way_is_taken(self, desk, shop):
        await shop.set("payments", enabled=True, manualEnabled=False)
        form = await desk.form(fields(pays="fixed", prices=[{"amountMinor": 1000}], required=False))
        taken = await desk.send(form, WHO)
        assert (await shop.see_order(taken.order_id)).total_minor == 1000
        await shop.set("payments", enabled=False, manualEnabled=False)
        with pytest.raises(Invalid) as refused:
            await desk.send(form, WHO)
        assert "takes no payments" in str(refused.value.fields["fee"])

    async def test_spam_is_asked_for_nothing(self, desk, form, shop):
        taken = await desk.send(form, {**WHO, "fee": FAMILY}, trap="x")
        entry = await desk.entry(taken.entry_id)
        assert (entry.status, entry.payment, entry.order_id) == (EntryStatus.SPAM, EP.CANCELLED, None)
        assert await orders(shop) == 0


class TestFollowing:
    async def test_paid_the_entry_is_paid_the_order_done_and_the_sender_answered_once(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        await shop.answer(await shop.attempt(order), timing=Timing.TWICE)
        order = await shop.see_order(order.id)
        assert (state(order), await standing(desk, taken)) == ((S.COMPLETED, P.PAID), EP.PAID)
        assert await letters(shop) == ["form_notice", "form_reply", "form_receipt"]
        with pytest.raises(Conflict):
            await shop.attempt(order)
        assert await audited(shop.db) == []

    async def test_a_replayed_webhook_changes_nothing(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        provider = MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        provider.stand(attempt.intent_id, IntentState.SUCCEEDED)
        body = provider.event(attempt.intent_id)
        assert [await hear(shop, provider, body) for _ in range(3)] == [True, False, False]
        assert await hear(shop, provider, provider.event(attempt.intent_id, "evt_2"))
        assert await standing(desk, taken) is EP.PAID
        assert (await letters(shop)).count("form_reply") == 1

    async def test_failed_then_paid(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        await shop.answer(await shop.attempt(order), Answer.DECLINE)
        assert await standing(desk, taken) is EP.AWAITED
        await shop.pay_by_card(order)
        assert await standing(desk, taken) is EP.PAID

    async def test_not_in_time_it_is_cancelled_and_a_late_payment_still_counts(
        self, desk, form, shop, clock: TestClock
    ):
        taken, order = await sent(desk, form, shop)
        await shop.answer(await shop.attempt(order), timing=Timing.TOO_LATE, runs=False)
        clock.move(minutes=11)
        await expire(shop)
        assert await standing(desk, taken) is EP.CANCELLED
        clock.move(minutes=2)
        await shop.house.jobs.run_until_idle()
        assert (state(await shop.see_order(order.id)), await standing(desk, taken)) == ((S.COMPLETED, P.PAID), EP.PAID)
        assert (await letters(shop)).count("form_reply") == 1
        assert await audited(shop.db) == []

    async def test_by_transfer_it_waits_for_staff(self, desk, form, shop):
        taken, order = await sent(desk, form, shop, {"amount": "25.00", "way": "manual"})
        assert "form_bill" in await letters(shop)
        await shop.pay(order)
        assert await standing(desk, taken) is EP.PAID
        assert await audited(shop.db) == []

    async def test_cancelled_by_its_sender_and_given_back_by_staff(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        await shop.step(order, S.CANCELLED)
        assert await standing(desk, taken) is EP.CANCELLED
        taken, order = await sent(desk, form, shop)
        order = await shop.pay_by_card(order)
        await shop.step(order, S.CANCELLED)
        assert await standing(desk, taken) is EP.REFUND_DUE
        assert await shop.refund(order) == 1
        assert await standing(desk, taken) is EP.REFUNDED
        assert state(await shop.see_order(order.id)) == (OrderStatus.REFUNDED, PaymentStatus.REFUNDED)
        assert await audited(shop.db) == []

    async def test_an_entry_in_the_bin_follows_and_one_that_is_erased_is_passed_over(self, desk, form, shop):
        taken, order = await sent(desk, form, shop)
        async with shop.db.write() as tx:
            await writing.delete(tx, STAFF, FORM_ENTRIES, taken.entry_id)
        await shop.pay_by_card(order)
        async with shop.db.write() as tx:
            binned = await tx.scalar(select(BinnedRecord.id).where(BinnedRecord.record_id == taken.entry_id))
            await trash.restore(tx, STAFF, FORM_ENTRIES, binned)
        assert await standing(desk, taken) is EP.PAID
        taken, order = await sent(desk, form, shop)
        async with shop.db.write() as tx:
            await entries.erase_person(tx, STAFF, "ada@example.org")
        assert state(await shop.pay_by_card(order)) == (S.COMPLETED, P.PAID)


class TestDeclaring:
    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"currency": ""}, "currency"),
            ({"currency": "XXZ"}, "currency"),
            ({"prices": []}, "prices"),
            ({"prices": [{"amountMinor": 5}, {"amountMinor": 5}]}, "prices"),
            ({"pays": "fixed"}, "prices"),
            ({"pays": "own", "leastMinor": 10, "mostMinor": 5}, "mostMinor"),
            ({"pays": "own", "default": "many"}, "default"),
            ({"prices": [{"amountMinor": 0}, {"amountMinor": 5}]}, "prices.0.amountMinor"),
            ({"prices": [{"amountMinor": 1.5}, {"amountMinor": 5}]}, "prices.0.amountMinor"),
            ({"prices": [{"amountMinor": 10**12}, {"amountMinor": 5}]}, "prices.0.amountMinor"),
        ],
    )
    async def test_what_cannot_be_asked_for_is_refused_by_name(self, desk, changes, name):
        with pytest.raises(Invalid) as refused:
            await desk.form(fields(**changes))
        assert list(refused.value.fields) == [f"fields.3.{name}"]

    async def test_it_is_asked_once_with_an_address_for_the_receipt_and_decides_nothing_else(self, desk):
        twice = [*fields(), {**fields()[3], "id": "again"}]
        nameless = [one for one in fields() if one["type"] != "email"]
        shown = {"conditions": [{"field": "fee", "is": "filled"}]}
        deciding = [*fields(), {"id": "note", "type": "text", "label": "Note", "show": shown}]
        for wrong, name in ((twice, "fields.4.pays"), (nameless, "fields.2.pays"), (deciding, "fields.4.show")):
            with pytest.raises(Invalid) as refused:
                await desk.form(wrong)
            assert list(refused.value.fields) == [name]
