"""How SQLite reads what stands on long lists: by an index, and no row is sorted that is not shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from adapters.bus import database as bus
from engine.commerce.catalog import mapped, shop
from engine.commerce.catalog import queries as catalog
from engine.commerce.catalog.product_list import PRODUCTS
from engine.commerce.catalog.resources import CATEGORIES
from engine.commerce.catalog.shop import Choice
from engine.commerce.ordering import queries as ordering
from engine.commerce.ordering.models import Order
from engine.commerce.ordering.queries import TO_SHIP, OrderFilter
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.core import jobqueries
from engine.core.actor import Actor
from engine.core.counting import count
from engine.core.database import Database
from engine.core.paging import PageRequest
from engine.core.ports import SystemClock
from engine.core.records.reading import ListRequest, listed
from engine.messaging import queries as messaging
from engine.messaging.models import MessageStatus
from engine.operations.resources import AUDIT

LONG = "orders|order_items|products|product_variants|messages|jobs|users|stock_movements|facts|audit_logs"
FIRST = PageRequest(1, 50)
SYSTEM = Actor.system()

Read = Callable[[Connection], Any]
READS: dict[str, Read] = {
    "what waits": ordering.order_counts,
    "messages that wait": messaging.counts,
    "jobs": jobqueries.counts,
    "orders": lambda c: ordering.order_rows(c, OrderFilter(), FIRST),
    "orders to ship": lambda c: ordering.order_rows(c, OrderFilter(statuses=TO_SHIP), FIRST),
    "unpaid orders": lambda c: ordering.order_rows(
        c, OrderFilter(statuses=list(OrderStatus), payment_statuses=[PaymentStatus.PENDING]), FIRST
    ),
    "orders that the index found": lambda c: ordering.order_rows(c, OrderFilter(search="1001", found=()), FIRST),
    "outbox": lambda c: messaging.messages(c, SYSTEM, FIRST),
    "products": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST)),
    "products added last": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="-createdAt")),
    "audit": lambda c: listed(c, SYSTEM, AUDIT, ListRequest(FIRST)),
    "audit by what was done": lambda c: listed(c, SYSTEM, AUDIT, ListRequest(FIRST, sort="-action")),
    "audit searched": lambda c: listed(c, SYSTEM, AUDIT, ListRequest(FIRST, "kettle")),
    "audit searched for two words": lambda c: listed(c, SYSTEM, AUDIT, ListRequest(FIRST, "greta kettle")),
    "outbox searched": lambda c: messaging.messages(c, SYSTEM, FIRST, search="kettle"),
    "outbox of a kind": lambda c: messaging.messages(c, SYSTEM, FIRST, status=MessageStatus.KEPT),
    "categories": lambda c: listed(c, SYSTEM, CATEGORIES, ListRequest(FIRST)),
    "products nearly gone": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, filters={"stockState": ["low"]})),
    "front page": lambda c: shop.front(c, 12),
    "newest products": lambda c: shop.some(c, Choice(sort="newest"), 12),
    "sitemap": lambda c: list(mapped.ADDRESSES[-1].part(c, 2, 5)),
    "products by name": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="name")),
    "products by name, backwards": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="-name")),
    "products by stock": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="-stock")),
    "products by SKU": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="sku")),
    "products by price": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, sort="price")),
    "products searched": lambda c: listed(c, SYSTEM, PRODUCTS, ListRequest(FIRST, "kettle")),
    "sold products by name": lambda c: shop.some(c, Choice(sort="name"), 12),
    "facts of the last moment": lambda c: bus._others(c, SystemClock().now(), 1),
    "products of the wire": lambda c: catalog.products(c, catalog.ProductFilter(), FIRST),
}
#: Those that are shown in the order in which an index has them.
IN_ORDER = (
    "orders",
    "outbox",
    "products",
    "audit",
    "audit by what was done",
    "products by name",
    "products by name, backwards",
    "products by stock",
    "products by SKU",
    "products by price",
)
BY_OWN_INDEX = {
    "front page": "ix_products_status_featured",
    "newest products": "ix_products_status_newest",
    "sold products by name": "ix_products_folded_shown",
    "products nearly gone": "ix_products_fewest_stock_low_stock_id",
    "sitemap": "ix_products_status_shown",
    "facts of the last moment": "ix_facts_created_at",
}


@contextmanager
def _plans(connection: Connection) -> Iterator[list[str]]:
    """Gather how each statement of the block is carried out."""
    asked: list[tuple[str, Any]] = []
    plans: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    yield plans
    event.remove(connection, "before_cursor_execute", note)
    for statement, values in asked:
        plans += [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def plan_of(connection: Connection, read: Read) -> list[str]:
    with _plans(connection) as plans:
        read(connection)
    return plans


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone tells of its plans in words that do not hang on what is there."""
    return sqlite_url


@pytest.mark.parametrize("what", READS)
async def test_it_is_read_by_an_index(db: Database, what: str) -> None:
    plan = await db.query(plan_of, READS[what])
    assert plan
    assert not [line for line in plan if re.fullmatch(f"SCAN ({LONG})", line)], plan


@pytest.mark.parametrize("what", IN_ORDER)
async def test_nothing_is_sorted_that_is_not_shown(db: Database, what: str) -> None:
    plan = await db.query(plan_of, READS[what])
    sorted_after = [before for before, line in pairwise(plan) if line == "USE TEMP B-TREE FOR ORDER BY"]
    assert all("(id=?)" in before for before in sorted_after), plan


@pytest.mark.parametrize("what", BY_OWN_INDEX)
async def test_it_is_read_by_the_index_that_was_made_for_it(db: Database, what: str) -> None:
    assert BY_OWN_INDEX[what] in str(await db.query(plan_of, READS[what]))


async def test_a_long_list_is_counted_without_its_rows(db: Database) -> None:
    plan = await db.query(plan_of, lambda c: count(c, select(Order.id)))
    assert "SCAN orders USING COVERING INDEX" in str(plan), plan
