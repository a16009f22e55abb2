"""A read replica: strangers who only look are answered by it, everybody else never, and nobody while it is away."""

from contextlib import AsyncExitStack

import psycopg
import pytest
from httpx import AsyncClient
from sqlalchemy import Connection, create_engine, text

from app.settings import Settings
from engine.api.ports import Ports
from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.replica import STATEMENT_SECONDS, reads_may_lag
from tests.clock import TestClock
from tests.conftest import Revealed
from tests.factories.shop import Shop
from tests.postgres import PostgresServer


@pytest.fixture
def database_url(postgres_server: PostgresServer) -> str:
    return postgres_server.create(template="template_agora")


@pytest.fixture
def copy_url(postgres_server: PostgresServer) -> str:
    """A database that says nothing new: a copy that is far behind."""
    return postgres_server.create(template="template_agora")


@pytest.fixture
def settings(settings: Settings, copy_url: str) -> Settings:
    return settings.model_copy(update={"database_read_url": Revealed(copy_url)})


OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


def where(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT current_database()")))


@pytest.mark.usefixtures("owner")
async def test_only_strangers_who_look_see_the_copy(house: Ports, shop: Shop, client: AsyncClient) -> None:
    await shop.order(1)
    path = "/api/v1/products"
    assert (await client.get(path)).json()["total"] == 0
    assert (await client.get(path, headers={"cookie": "agora_cart=x"})).json()["total"] == 1
    assert await house.db.query(where) == house.db.url.database


async def test_while_it_is_away_the_database_is_asked(
    database_url: str, copy_url: str, postgres_server: PostgresServer, clock: TestClock
) -> None:
    db = Database(database_url, clock=clock, read_url=copy_url)
    own, other = database_url.rsplit("/", 1)[1], copy_url.rsplit("/", 1)[1]
    reads_may_lag.set(True)
    assert await db.query(where) == other
    postgres_server.drop(copy_url)
    assert [await db.query(where) for _ in range(2)] == [own, own]
    postgres_server.create(other, template="template_agora")
    assert await db.query(where) == own  # not asked again yet
    clock.move(seconds=11)
    assert await db.query(where) == other
    await db.close()


@pytest.mark.parametrize(
    "dying",
    [
        "SELECT pg_terminate_backend(pg_backend_pid())",  # as when its server is stopped in the middle
        "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$",  # as when what it reads was removed by what it follows
        "SELECT of_this_version FROM users",  # as when an upgrade has not reached it
    ],
)
async def test_one_that_fails_on_the_way_costs_nobody_an_answer(
    database_url: str, copy_url: str, clock: TestClock, dying: str
) -> None:
    db = Database(database_url, clock=clock, read_url=copy_url)
    own, other = database_url.rsplit("/", 1)[1], copy_url.rsplit("/", 1)[1]

    def read(connection: Connection) -> str:
        if (found := where(connection)) == other:
            connection.execute(text(dying))
        return found

    reads_may_lag.set(True)
    assert await db.query(where) == other
    assert await db.query(read) == own
    clock.move(seconds=11)
    assert await db.query(where) == other
    await db.close()


async def test_what_takes_too_long_is_not_asked_twice(database_url: str, copy_url: str, clock: TestClock) -> None:
    db, asked = Database(database_url, clock=clock, read_url=copy_url), []

    def read(connection: Connection) -> None:
        asked.append(where(connection))
        connection.execute(text("SET statement_timeout = 20"))
        connection.execute(text("SELECT pg_sleep(30)"))

    reads_may_lag.set(True)
    with pytest.raises(Unavailable, match="too much to do"):
        await db.query(read)
    assert asked == [copy_url.rsplit("/", 1)[1]]
    await db.close()


async def test_no_more_connections_than_allowed(database_url: str) -> None:
    db = Database(database_url, most_connections=3, pool_timeout=0.2)

    async def hold(needed: int) -> None:
        async with AsyncExitStack() as held:
            for _ in range(needed):
                await (await held.enter_async_context(db.write())).execute(text("SELECT 1"))
            await db.query(where)
            with psycopg.connect(database_url.replace("+psycopg", "")) as other:
                row = other.execute(OPEN).fetchone()
            assert row is not None
            assert row[0] - 1 == 3 == db.connections()[1]

    await hold(2)
    with pytest.raises(Unavailable, match="connections"):
        await hold(3)
    await hold(2)
    await db.close()


async def test_a_statement_does_not_run_for_ever(database_url: str) -> None:
    db = Database(database_url)
    shown = await db.query(lambda connection: str(connection.scalar(text("SHOW statement_timeout"))))
    assert shown in (f"{STATEMENT_SECONDS}s", f"{STATEMENT_SECONDS // 60}min")
    async with db.write() as tx:
        assert await tx.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2min"
    await db.close()
    engine = create_engine(database_url)  # as a migration has it
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
    engine.dispose()
