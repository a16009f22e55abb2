"""The demo: a shop that holds together, in without a mail, and out without a trace."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from engine.accounts import identity
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.commerce.catalog.models import Category, Product, ProductTag, Variant
from engine.commerce.ordering.models import Order
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.demo import demo_counts
from engine.core.errors import Conflict
from engine.core.facts import FactRow
from engine.core.jobs import Job
from engine.core.tables import Base
from engine.media.models import Media
from engine.messaging.models import Message, MessageStatus
from tests.audit import audited
from tests.clock import TestClock
from tests.factories import demo
from tests.factories.shop import Shop

#: What tells that the demo was here and went: nothing of what it was.
LOGS = {"audit_logs", "facts", "jobs", "processed_events", "search_documents", "schedules", "site_settings"}


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

    async def test_it_sends_nothing_and_leaves_only_its_pictures_to_be_done(self, house: Ports) -> None:
        await demo.made(house)
        assert await _values(house, Message.status) == {MessageStatus.KEPT}
        assert all(await _values(house, Message.html))
        assert await _values(house, Job.kind) == {"media.variants", "search.index", "reaction"}
        await house.jobs.run_until_idle()
        assert await _values(house, Job.status) == {"succeeded"}

    async def test_the_story_lies_in_the_past_and_not_beyond_now(self, house: Ports, clock: TestClock) -> None:
        await demo.made(house)
        for moments in (Order.created_at, FactRow.created_at, AuditEntry.created_at):
            found = await _values(house, moments)
            assert max(found) <= clock.now()
        assert len({moment.date() for moment in await _values(house, Order.created_at)}) > 3

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

    async def test_a_second_one_is_refused(self, house: Ports) -> None:
        await demo.made(house)
        with pytest.raises(Conflict, match="agora demo --remove"):
            await demo.made(house)

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

    async def test_what_real_people_made_meanwhile_stays(self, house: Ports, shop: Shop, owner: Actor) -> None:
        await demo.made(house)
        bought = await house.db.query(_in_stock)
        order = await shop.order(1, bought)
        category = (await _values(house, Category.id)).pop()
        tag = (await _values(house, ProductTag.id)).pop()
        picture = (await _values(house, Media.id)).pop()
        mine = await shop.product("Our own mug", category_ids=(category,), tag_ids=(tag,))
        await demo.removed(house)
        kept = await shop.see_order(order.id)
        assert kept.lines[0].name == order.lines[0].name
        assert (kept.lines[0].product_id, kept.lines[0].image_url) == (None, None)
        assert await _values(house, Order.number) == {"1001"}
        assert await _values(house, Product.name) == {"Our own mug"}
        assert await _values(house, ProductTag.id) == {tag}
        assert category in await _values(house, Category.id)
        assert await _values(house, User.email) == {"owner@example.org"}
        assert picture not in await _values(house, Media.id)
        assert await audited(house.db) == []
        assert mine.name == "Our own mug"

    async def test_a_setting_that_somebody_changed_since_stays(self, house: Ports, shop: Shop) -> None:
        await demo.made(house)
        await shop.set("general", siteName="Really ours")
        await demo.removed(house)
        assert house.site.general.site_name == "Really ours"
        assert house.site.general.currency == "USD"

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


def _in_stock(connection: Connection) -> Any:
    return connection.execute(
        select(Product.id, Product.name).join(Variant).where(Variant.stock > 1, Variant.option_values == {}).limit(1)
    ).first()


async def _rows(house: Ports) -> dict[str, int]:
    """Return how many rows each table has, apart from the logs."""

    def count(connection: Connection) -> dict[str, int]:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in LOGS]
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    return await house.db.query(count)
