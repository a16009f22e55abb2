"""The demo: a shop that holds together, in without a mail, and out without a trace."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from engine.accounts import identity
from engine.api.ports import Ports
from engine.commerce.ordering.models import Order
from engine.core.actor import Actor, Role
from engine.core.demo import demo_counts
from engine.core.errors import Conflict
from engine.core.tables import Base
from engine.media.models import Media
from tests.audit import audited
from tests.factories import demo
from tests.factories.shop import Shop

#: What tells that the demo was here and went: nothing of what it was.
LOGS = {
    "audit_actors",
    "audit_logs",
    "facts",
    "jobs",
    "processed_events",
    "search_documents",
    "schedules",
    "site_settings",
}


class TestMake:
    async def test_its_orders_and_stock_hold_together(self, house: Ports) -> None:
        making = await demo.made(house, days=25)
        assert await audited(house.db) == []
        assert house.site.general.site_name == "Saltmarsh Clay & Print"
        assert {one.role for one in making.credentials} == set(Role)
        counts = await house.db.query(demo_counts)
        assert counts is not None
        assert counts.products == 2
        assert counts.orders > 20
        assert counts.is_complete

    async def test_the_same_seed_tells_the_same_story(self, house: Ports) -> None:
        def told(connection: Connection) -> list[Any]:
            columns = (Order.number, Order.name, Order.total_minor, Order.status, Order.created_at)
            return [tuple(row) for row in connection.execute(select(*columns).order_by(Order.number))]

        await demo.made(house)
        first, pictures = await house.db.query(told), await _values(house, Media.sha256)
        await demo.removed(house)
        await demo.made(house)
        assert await house.db.query(told) == first
        assert await _values(house, Media.sha256) == pictures

    async def test_a_claimed_installation_keeps_its_name_and_its_numbers(
        self, house: Ports, shop: Shop, owner: Actor
    ) -> None:
        await shop.set("general", siteName="Ours", currency="JPY")
        before = await shop.order()
        await demo.made(house)
        after = await shop.order()
        assert (before.number, after.number) == ("1001", "1002")
        assert house.site.general.site_name == "Ours"
        numbers = await _values(house, Order.number)
        assert all(number.startswith("D") for number in numbers - {"1001", "1002"})
        assert await audited(house.db) == []


class TestRemove:
    async def test_nothing_is_left(self, house: Ports) -> None:
        before = await _rows(house)
        await demo.made(house)
        files = house.blobs._root if hasattr(house.blobs, "_root") else None
        await house.jobs.run_until_idle()
        await demo.removed(house)
        await house.jobs.run_until_idle()
        assert await _rows(house) == before
        assert not await house.db.query(identity.has_owner)
        assert house.site.general.site_name == "Agora"
        assert await house.db.query(demo_counts) is None
        assert files is None or not [path for path in files.rglob("media/*") if path.is_dir()]
        with pytest.raises(Conflict):
            await demo.removed(house)

    async def test_one_that_was_cut_off_can_be_removed(self, house: Ports) -> None:
        before = await _rows(house)
        with pytest.raises(RuntimeError):
            await demo.made(house, hash_password=_broken)
        with pytest.raises(Conflict, match="not finished"):
            await demo.made(house)
        await demo.removed(house)
        assert await _rows(house) == before


async def _broken(_password: str) -> str:
    raise RuntimeError("the machine stopped")


async def _values(house: Ports, column: Any) -> set[Any]:
    return await house.db.query(lambda connection: set(connection.scalars(select(column))))


async def _rows(house: Ports) -> dict[str, int]:
    """Return how many rows each table has, apart from the logs."""

    def count(connection: Connection) -> dict[str, int]:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in LOGS]
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    return await house.db.query(count)
