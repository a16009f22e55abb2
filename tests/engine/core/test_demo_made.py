"""The demo once it stands: made once for all these tests, each of which gets a copy of its database and its files."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.settings import Settings, load_settings
from app.wiring import wire
from engine.accounts.hashing import Passwords
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.commerce.catalog.models import Category, Product, ProductTag, Variant
from engine.commerce.ordering.models import Order
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict
from engine.core.facts import FactRow
from engine.core.jobs import Job
from engine.media.models import Media
from engine.messaging.models import Message, MessageStatus
from tests.audit import audited
from tests.clock import TestClock
from tests.conftest import BACKENDS, Revealed
from tests.factories import demo
from tests.factories.shop import Shop
from tests.postgres import TEMPLATE, PostgresServer


@pytest.fixture(scope="module", params=BACKENDS)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The address of a database that the demo was made into, and the data folder beside it."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), folder / 'agora.sqlite3')}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create("template_demo", template=TEMPLATE)
    data = folder / "data"
    data.mkdir()
    asyncio.run(_make(load_settings(data_dir=data).model_copy(update={"database_url": Revealed(url)})))
    return url, data


async def _make(settings: Settings) -> None:
    house = wire(settings, clock=TestClock(), passwords=Passwords(rounds=4))
    await house.settings.refresh()
    await demo.made(house)
    await house.db.close()


@pytest.fixture
def database_url(template: tuple[str, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    url, _data = template
    if url.startswith("sqlite"):
        yield f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), tmp_path / 'agora.sqlite3')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    copy = server.create(template="template_demo")
    yield copy
    server.drop(copy)


@pytest.fixture
def settings(database_url: str, template: tuple[str, Path], tmp_path: Path) -> Settings:
    folder = shutil.copytree(template[1], tmp_path / "data")
    loaded = load_settings(data_dir=folder)
    return loaded.model_copy(update={"database_url": Revealed(database_url), "rate_limits": False})


class TestMade:
    async def test_it_sends_nothing_and_leaves_only_its_pictures_to_be_done(self, house: Ports) -> None:
        assert await _values(house, Message.status) == {MessageStatus.KEPT}
        assert all(await _values(house, Message.html))
        assert await _values(house, Job.kind) == {"media.variants", "search.index", "reaction"}
        await house.jobs.run_until_idle()
        assert await _values(house, Job.status) == {"succeeded"}

    async def test_the_story_lies_in_the_past_and_not_beyond_now(self, house: Ports, clock: TestClock) -> None:
        for moments in (Order.created_at, FactRow.created_at, AuditEntry.created_at):
            found = await _values(house, moments)
            assert max(found) <= clock.now()
        assert len({moment.date() for moment in await _values(house, Order.created_at)}) > 3

    async def test_a_second_one_is_refused(self, house: Ports) -> None:
        with pytest.raises(Conflict, match="agora demo --remove"):
            await demo.made(house)


class TestRemove:
    async def test_what_real_people_made_meanwhile_stays(self, house: Ports, shop: Shop, owner: Actor) -> None:
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
        await shop.set("general", siteName="Really ours")
        await demo.removed(house)
        assert house.site.general.site_name == "Really ours"
        assert house.site.general.currency == "USD"


async def _values(house: Ports, column: Any) -> set[Any]:
    return await house.db.query(lambda connection: set(connection.scalars(select(column))))


def _in_stock(connection: Connection) -> Any:
    return connection.execute(
        select(Product.id, Product.name).join(Variant).where(Variant.stock > 1, Variant.option_values == {}).limit(1)
    ).first()
