"""Moving an installation between SQLite and PostgreSQL: nothing is lost, however often it breaks off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Uuid,
    create_engine,
    func,
    insert,
    select,
    text,
)

from app.settings import Settings
from app.wiring import wire
from engine.api.ports import Ports
from engine.core.errors import Conflict, Invalid
from engine.core.tables import EnumText, UtcDateTime
from engine.migrations.moving import move, tables
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


def change(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


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

    def meddle(table: str, _done: int, _of: int) -> None:
        if table == "orders":
            change(target, "UPDATE users SET name = 'Mallory'")

    with pytest.raises(Conflict, match="of users reads otherwise"):
        move(sqlite_url, target, mark, meddle)


@pytest.mark.usefixtures("owner")
async def test_what_changed_since_it_broke_off_is_brought_on(
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
    change(sqlite_url, "UPDATE users SET name = 'Olive Married'")
    change(sqlite_url, "DELETE FROM audit_logs")
    change(target, "UPDATE products SET name = 'Mallory'")
    move(sqlite_url, target, mark)
    assert one(target, "SELECT name FROM users LIMIT 1") == "Olive Married"
    assert one(target, "SELECT count(*) FROM products WHERE name = 'Mallory'") == 0
    assert one(target, "SELECT count(*) FROM audit_logs") == 0


@pytest.mark.usefixtures("owner")
async def test_an_older_state_of_this_site_is_replaced_and_another_site_is_not(
    house: Ports, shop: Shop, sqlite_url: str, target: str, tmp_path: Path
) -> None:
    await sold(house, shop)
    await house.db.close()
    mark = tmp_path / "move.json"
    move(sqlite_url, target, mark)
    change(sqlite_url, "UPDATE users SET name = 'Olive Married'")
    with pytest.raises(Conflict, match="holds an installation already"):
        move(sqlite_url, target, mark)
    move(sqlite_url, target, mark, replaces=True)
    assert one(target, "SELECT name FROM users LIMIT 1") == "Olive Married"
    change(target, "UPDATE users SET id = '018f0000000070008000000000000001'")
    with pytest.raises(Conflict, match="holds an installation already"):
        move(sqlite_url, target, mark, replaces=True)


def test_every_table_comes_through_with_the_hardest_values(sqlite_url: str, target: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    mark = tmp_path / "move.json"
    there = move(sqlite_url, target, mark)
    assert there.rows >= there.tables
    back = move(target, f"sqlite:///{tmp_path / 'back.sqlite3'}", mark)
    assert back.rows == there.rows


HARD = "Zoë’s “pots” 陶器 🏺 \\ ' % $1 {x}\n\tend"

HARDEST: tuple[tuple[type, object], ...] = (
    (UtcDateTime, datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)),
    (Boolean, True),
    (BigInteger, 2**63 - 1),
    (Integer, 2**31 - 1),
    (Float, 0.1 + 0.2),
    (Uuid, UUID("018f0000-0000-7000-8000-0000000000ff")),
    (JSON, {"text": HARD, "nested": [1, 2.5, None, {"": True}], "large": 2**53}),
)


def filled(url: str) -> None:
    """Put a row with the hardest values that its columns take into every table that is empty."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in tables():
            if connection.scalar(select(func.count()).select_from(table)) == 0:
                connection.execute(insert(table), {column.name: hard(connection, column) for column in table.columns})
    engine.dispose()


def hard(connection: Connection, column: Column[object]) -> object:
    """Return the hardest value that a column takes: what it refers to is there."""
    for key in column.foreign_keys:
        if key.column.table is column.table or (column.nullable and not column.primary_key):
            return None
        return connection.scalar(select(key.column).limit(1))
    kind = column.type
    if column.name == "stars":
        return 5  # the one number that has to be a small one
    if isinstance(kind, EnumText):
        return list(kind.kind)[-1]
    if isinstance(kind, String):
        return "x" if (kind.length or 200) < len(HARD) else HARD
    return next(value for one, value in HARDEST if isinstance(kind, one))


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
