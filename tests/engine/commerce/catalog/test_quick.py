"""What a glance reads through the driver is what SQLAlchemy reads, to the last column and mark."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event

from engine.commerce.catalog import shop as shelf
from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.shop import Choice
from engine.core import quick, shown
from engine.core.paging import PageRequest
from tests.factories.shop import Shop

FEW, MANY = 3, quick.MOST_LISTED + 5
Read = Callable[..., Any]


async def _tee(shop: Shop) -> None:
    variants = tuple(
        VariantDraft(option_values={"Size": size}, price_minor=price, stock=stock, weight_grams=120)
        for size, price, stock in (("S", 2000, 3), ("M", 2500, 0))
    )
    options = (NamedList(name="Size", values=("S", "M")),)
    details = (NamedList(name="Made of “wool” & <hemp>", values=("yes",)),)
    await shop.add(
        ProductDraft(name="Tee", status=ProductStatus.ACTIVE, options=options, variants=variants, details=details)
    )


@pytest.fixture
async def reads(shop: Shop) -> list[tuple[Read, Any]]:
    await _tee(shop)
    made = [await shop.product(f"Mug {number}") for number in range(FEW)]
    ids = [one.id for one in made]
    twice = PageRequest(1, 2)
    return [
        (shelf.detail, ("tee",)),
        (shelf.detail, (made[0].slug,)),
        (shelf.detail, ("no-such-thing' OR 1=1 --",)),
        (shelf.front, (10,)),
        (shelf.cards, (ids,)),
        (shelf.cards, (ids[:1],)),
        (shelf.cards, ((*ids, *ids) * MANY,)),
        (shelf.related, ("tee",)),
        (shelf.some, (Choice(max_price=2400, bands=("500-2400",), sort="-price"), 10)),
        (shelf.listing, (Choice(), twice)),
        (shelf.listing, (Choice((ids[0],)), twice)),
        (shelf.listing, (Choice((), tags=("new", "old"), is_available=True), twice)),
        (shelf.listing, (Choice(min_price=2100, is_reduced=True), PageRequest(2, 2))),
    ]


class TestQuick:
    async def test_reads_what_sqlalchemy_reads(self, shop: Shop, reads: list[tuple[Read, Any]]) -> None:
        for run, asked in reads * 2:
            by_glance, by_query = shown.Recording(), shown.Recording()
            with shown.recording(by_glance):
                found = await shop.db.glance(run, *asked)
            with shown.recording(by_query):
                assert found == await shop.db.query(run, *asked), (run, asked)
            assert by_glance.marks == by_query.marks

    async def test_is_what_a_glance_asks(self, shop: Shop, reads: list[tuple[Read, Any]]) -> None:
        heard: list[str] = []
        others: list[str] = []

        def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith(("SELECT", "WITH")):
                (heard if cursor is None else others).append(statement)

        for run, asked in reads:
            await shop.db.glance(run, *asked)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            await shop.db.glance(shelf.detail, "tee")
            assert (len(heard), len(others)) == ((3, 0) if shop.db.is_sqlite else (0, 3))
            await shop.db.query(shelf.detail, "tee")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert (len(heard), len(others)) == ((3, 3) if shop.db.is_sqlite else (0, 6))

    async def test_sees_what_was_committed_since(self, shop: Shop) -> None:
        before = await shop.db.glance(shelf.front, 10)
        await shop.product("New mug")
        assert [card.name for card in await shop.db.glance(shelf.front, 10)] == ["New mug", *(c.name for c in before)]
