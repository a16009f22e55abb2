"""The harness can fail: each kind of loss, of doubling and of a wrong sum is found, and nothing else is."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from engine.commerce.catalog.models import StockMovement, Variant
from engine.commerce.ordering.models import Order, OrderEvent, OrderItem, Payment
from engine.commerce.ordering.states import OrderStatus
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.ids import new_id
from engine.core.tables import Base
from engine.messaging.models import Message
from tests import audit as ledger
from tests.factories.shop import Shop
from tests.harness.audit import audit
from tests.harness.journal import COUNT, HAND_PAYMENT, ORDER, STEP, WEBHOOK, Journal
from tests.harness.report import Found

EMAIL = "ada@example.org"


class Bench:
    """A shop with one paid and cancelled order, and the journal of those who were told of it."""

    def __init__(self, shop: Shop, journal: Journal) -> None:
        self.shop = shop
        self.journal = journal

    async def build(self) -> None:
        product = await self.shop.product("Blue mug", stock=5_000)
        await self.shop.order(2, product)
        order = await self.shop.order(1, product, email="bob@example.org")
        await self.shop.pay(order)
        await self.shop.step(order, OrderStatus.CANCELLED)
        await self.shop.house.jobs.run_until_idle()
        self.journal.note(ORDER, EMAIL)
        self.journal.note(ORDER, "bob@example.org", number=order.number, total=order.total_minor)
        self.journal.note(HAND_PAYMENT, "bob@example.org")
        self.journal.note(STEP, "bob@example.org", to="cancelled")

    async def found(self) -> Found:
        """Return what both audits find."""
        found = Found(wrong=await ledger.audited(self.shop.db))
        await self.shop.db.query(audit, self.journal, found)
        return found

    async def change(self, *statements: object) -> None:
        async with self.shop.db.write() as tx:
            for statement in statements:
                await tx.execute(statement)  # type: ignore[arg-type]

    async def copy(self, kind: type[Base]) -> None:
        """Put a row in a second time, under another id."""
        async with self.shop.db.write() as tx:
            row = (await tx.execute(kind.__table__.select().limit(1))).one()._asdict()  # type: ignore[attr-defined]
            row["number"] = "9999" if "number" in row else None
            kept = {name: value for name, value in row.items() if name in kind.__table__.columns}
            await tx.execute(kind.__table__.insert().values(**{**kept, "id": new_id()}))  # type: ignore[attr-defined]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def bench(shop: Shop, tmp_path: Path) -> Bench:
    made = Bench(shop, Journal(tmp_path / "journal.jsonl"))
    await made.build()
    return made


async def test_what_is_whole_passes(bench: Bench) -> None:
    found = await bench.found()
    assert (found.wrong, dict(found.lost), dict(found.doubled)) == ([], {}, {})


async def test_a_lost_order_is_found(bench: Bench) -> None:
    await bench.change(*(delete(one) for one in (OrderItem, OrderEvent)), delete(Order).where(Order.email == EMAIL))
    found = await bench.found()
    assert found.lost[ORDER] == 1
    assert f"lost: order {EMAIL}" in found.wrong


async def test_a_doubled_order_is_found(bench: Bench) -> None:
    await bench.copy(Order)
    assert (await bench.found()).doubled[ORDER] == 1


async def test_a_doubled_payment_is_found(bench: Bench) -> None:
    await bench.copy(Payment)
    found = await bench.found()
    assert found.doubled[HAND_PAYMENT] == 1
    assert any("2 payments, its story tells of 1" in one for one in found.wrong)


async def test_a_step_that_is_not_in_the_story_is_found(bench: Bench) -> None:
    bench.journal.note(STEP, EMAIL, to="cancelled")
    assert (await bench.found()).lost[STEP] == 1


async def test_a_wrong_sum_is_found(bench: Bench) -> None:
    await bench.change(update(Order).where(Order.email == EMAIL).values(total_minor=Order.total_minor + 1))
    assert any("do not add up to the total" in one for one in (await bench.found()).wrong)


async def test_a_total_that_is_not_what_was_told_is_found(bench: Bench) -> None:
    bench.journal.note(ORDER, EMAIL, number="1001", total=1)
    assert any("was told as ('1001', 1)" in one for one in (await bench.found()).wrong)


async def test_stock_that_no_movement_tells_of_is_found(bench: Bench) -> None:
    await bench.change(update(Variant).values(stock=Variant.stock - 1))
    assert any("movements add up" in one for one in (await bench.found()).wrong)


async def test_a_doubled_movement_is_found(bench: Bench) -> None:
    bench.journal.note(COUNT, "5000")
    await bench.copy(StockMovement)
    assert (await bench.found()).doubled[COUNT] == 1


async def test_a_lost_and_a_doubled_letter_are_found(bench: Bench) -> None:
    await bench.copy(Message)
    await bench.change(delete(Message).where(Message.recipient == "bob@example.org"))
    wrong = (await bench.found()).wrong
    assert "bob@example.org got no e-mail at all" in wrong
    assert any("2 e-mails “" in one for one in wrong)


async def test_a_webhook_that_was_forgotten_is_found(bench: Bench) -> None:
    bench.journal.note(WEBHOOK, "evt_1")
    assert (await bench.found()).lost[WEBHOOK] == 1


async def test_a_fact_without_its_reaction_is_found(bench: Bench) -> None:
    async with bench.shop.db.read() as session:
        fact = await session.scalar(select(FactRow.id).where(FactRow.name == "order.created").limit(1))
    await bench.change(delete(ProcessedEvent).where(ProcessedEvent.event_id == str(fact)))
    assert any("1 of 2 facts order.created lack a reaction" in one for one in (await bench.found()).wrong)
