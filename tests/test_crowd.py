"""A crowd as the benchmarks write it: its sums add up, and it goes on where it was interrupted."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from engine.accounts.models import User
from engine.commerce.catalog.models import Product
from engine.commerce.ordering.models import Order
from engine.content.pages.models import Page
from engine.content.reviews.models import Review
from engine.core.database import Database
from tests.audit import audited
from tests.benchmarks.crowd.filling import fill
from tests.benchmarks.crowd.plan import Plan

PLAN = Plan(people=60, products=40, orders=300, pages=130, gathered=30, days=60, told_days=60)
COUNTED = (User, Product, Order, Page, Review)


def counts(connection: Connection) -> list[int]:
    return [connection.scalar(select(func.count()).select_from(one)) or 0 for one in COUNTED]


class TestCrowd:
    async def test_its_sums_add_up_and_it_goes_on_where_it_was(self, db: Database, database_url: str) -> None:
        with pytest.raises(SystemExit, match="people who buy"):
            fill(database_url, replace(PLAN, people=0, products=0))
        fill(database_url, replace(PLAN, orders=0, pages=0, gathered=0))
        fill(database_url, replace(PLAN, people=0, products=0))
        fill(database_url, PLAN)
        assert await db.query(counts) == [60, 40, 300, 133, 30]
        assert await audited(db) == []
        with pytest.raises(SystemExit, match="begun with orders 300, not 400"):
            fill(database_url, replace(PLAN, orders=400))
