"""What every test stands on: a fresh, migrated database of each kind, and the wired house over it."""

import gc
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings, load_settings
from app.web import make_app
from app.wiring import wire
from engine.accounts.hashing import Passwords
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.database import Database
from engine.migrations import migrate
from tests import dialects
from tests.clock import TestClock
from tests.factories import people
from tests.factories.shop import Shop
from tests.postgres import PostgresServer, postgres_binaries
from tests.server import Server

pytest_plugins = ["tests.neighbours"]
BACKENDS = ("sqlite", "postgres")
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each commit waits for the disk, if there is one
ENOUGH = 4 * 2**30


def pytest_configure() -> None:
    """Keep what tests write in memory, where there is enough, and end on Ctrl-C by a handler of our own.

    Around each test and each asynchronous fixture, asyncio puts its own in place of Python's and takes it away again;
    `signal` looks the two up among its names, fails, and so writes the wired house out in full: a quarter of the time.
    """
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    signal.signal(signal.SIGINT, _interrupted)
    dialects.share()
    Server.is_warm = True
    gc.disable()  # while all the tests are read, nothing becomes garbage


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make, never again in the program and the tests themselves: a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no `.env` of the machine changes a test."""
    kept = {
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "AGORA_SAMPLES",
        "AGORA_SCREENSHOTS",
        "CI",
        "DISPLAY",
        "PYTEST_CURRENT_TEST",
        "LC_ALL",
    }
    for name in list(os.environ):
        if name not in kept and not name.startswith(("PYTEST_", "XDG_", "COVERAGE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AGORA_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands still until a test moves it."""
    return TestClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "agora.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One PostgreSQL cluster a worker, with a migrated template database."""
    if postgres_binaries() is None:
        pytest.skip("PostgreSQL's server binaries are not installed (Debian: postgresql)")
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    server.make_template(migrate)
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    path = tmp_path / "agora.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database: the test runs on SQLite and on PostgreSQL.

    A module that knows no database says so with a `database_url` fixture of its own that returns `sqlite_url`.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.lend()
    yield url
    server.take_back(url)


@pytest.fixture
async def db(database_url: str, clock: TestClock) -> AsyncIterator[Database]:
    """A database alone, without domains."""
    database = Database(database_url, clock=clock)
    yield database
    await database.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Process settings for the test's own folder and database."""
    folder = tmp_path / "data"
    folder.mkdir()
    own = {"data_dir": folder, "database_url": Revealed(database_url), "rate_limits": False}
    return unset_settings().model_copy(update=own)


@cache
def unset_settings() -> Settings:
    """The settings of a machine on which nothing is set."""
    return load_settings(data_dir=Path("nowhere"))


class Revealed:
    """What `SecretStr` offers, for an address that is no secret."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        return self._value


@pytest.fixture
async def house(settings: Settings, clock: TestClock) -> AsyncIterator[Ports]:
    """The wired house: verbs are called with `house.db.write()`, jobs run with `house.jobs.run_until_idle()`."""
    ports = wire(settings, clock=clock, passwords=Passwords(rounds=4))
    await ports.settings.refresh()
    yield ports
    await ports.db.close()


@pytest.fixture
async def client(house: Ports, settings: Settings) -> AsyncIterator[AsyncClient]:
    """A stranger's HTTP client on this machine; jobs run only when the test says so."""
    app = make_app(house, settings, runs_jobs=False)
    transport = ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with AsyncClient(transport=transport, base_url="http://localhost") as made:
        yield made


@pytest.fixture
async def owner(house: Ports) -> Actor:
    """The super admin of a claimed installation."""
    return await people.account(house, Role.SUPER_ADMIN, email="owner@example.org", name="Olive Owner")


@pytest.fixture
def shop(house: Ports) -> Shop:
    """The wired house as a shop that sells."""
    return Shop(house)
