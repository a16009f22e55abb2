"""Moving an installation between SQLite and PostgreSQL: nothing is lost, however often it breaks off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.settings import Settings
from app.wiring import wire
from engine.api.ports import Ports
from engine.core.errors import Conflict, Invalid
from engine.migrations.moving import move
from tests.conftest import Revealed
from tests.factories.shop import Shop
from tests.postgres import PostgresServer

FOREIGN_KEYS = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"


class PowerCutError(Exception):
    pass


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def target(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


def one(url: str, statement: str) -> object:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text(statement))
    engine.dispose()
    return found


async def sold(house: Ports, shop: Shop) -> None:
    """Have it hold people, products with trees of categories, orders, letters, facts and jobs."""
    await shop.order(2)
    await shop.order(1)
    await house.jobs.run_until_idle()


@pytest.mark.usefixtures("owner")
async def test_there_and_back_after_breaking_off(
    house: Ports, shop: Shop, sqlite_url: str, target: str, tmp_path: Path
) -> None:
    await sold(house, shop)
    await house.db.close()
    mark = tmp_path / "move.json"
    seen: list[str] = []

    def cut(table: str, _done: int, _of: int) -> None:
        seen.append(table)
        if table == "orders":
            raise PowerCutError

    with pytest.raises(PowerCutError):
        move(sqlite_url, target, mark, cut)
    assert mark.exists()
    with pytest.raises(Conflict, match="is not finished"):
        move(sqlite_url, f"sqlite:///{tmp_path / 'other.sqlite3'}", mark)
    there = move(sqlite_url, target, mark)
    assert there.already > 0
    assert not mark.exists()
    assert one(target, "SELECT count(*) FROM orders") == 2
    assert int(str(one(target, FOREIGN_KEYS))) > 50
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    again = move(target, back, mark)
    assert (again.rows, again.already) == (there.rows, 0)
    with pytest.raises(Conflict, match="holds an installation already"):
        move(target, sqlite_url, mark)
    with pytest.raises(Invalid):
        move(back, back, mark)


@pytest.mark.usefixtures("owner")
async def test_a_row_that_reads_otherwise_is_found(
    house: Ports, shop: Shop, sqlite_url: str, target: str, tmp_path: Path
) -> None:
    await sold(house, shop)
    await house.db.close()
    mark = tmp_path / "move.json"

    def cut(table: str, _done: int, _of: int) -> None:
        if table == "orders":
            raise PowerCutError

    with pytest.raises(PowerCutError):
        move(sqlite_url, target, mark, cut)
    engine = create_engine(target)
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET name = 'Mallory'"))
    engine.dispose()
    with pytest.raises(Conflict, match="of users reads otherwise"):
        move(sqlite_url, target, mark)


@pytest.mark.usefixtures("owner")
async def test_the_shop_sells_on_in_the_new_place(
    house: Ports, shop: Shop, sqlite_url: str, target: str, tmp_path: Path, settings: Settings
) -> None:
    await sold(house, shop)
    await house.db.close()
    move(sqlite_url, target, tmp_path / "move.json")
    moved = wire(settings.model_copy(update={"database_url": Revealed(target)}), clock=house.clock)
    await moved.settings.refresh()
    order = await Shop(moved).order(1)
    assert one(target, "SELECT count(*) FROM orders") == 3
    assert order.number
    await moved.db.close()
