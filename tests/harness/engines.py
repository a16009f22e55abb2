"""The installations that a run strikes: one on SQLite, and one on PostgreSQL and Redis with two processes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engine.migrations import migrate
from tests.harness.installation import Installation
from tests.harness.place import made_place
from tests.postgres import PostgresServer
from tests.programs import Program, found, free_port


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Installation]:
    """One process on SQLite, with nothing beside it."""
    with made_place(folder) as place, Installation(place, {}) as server:
        server.claim()
        yield server


@contextmanager
def on_postgres(folder: Path) -> Iterator[Installation]:
    """Two processes on a PostgreSQL and a Redis of our own."""
    with ExitStack() as stack:
        postgres = PostgresServer(folder, is_durable=True)
        postgres.start()
        stack.callback(postgres.stop)
        port = free_port()
        command = [found("redis-server", "Debian: redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
        redis = Program([*command, "--save", ""], port, folder)
        redis.start()
        stack.callback(redis.stop)
        around = {"DATABASE_URL": postgres.create(), "AGORA_CACHE": "redis", "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        place = stack.enter_context(made_place(folder))
        server = stack.enter_context(Installation(place, around, workers=2, postgres=postgres, redis=redis))
        server.claim()
        yield server


@contextmanager
def on_database(folder: Path, url: str) -> Iterator[Installation]:
    """An empty database of somebody's; two processes where it is no file."""
    migrate(url)
    workers = 1 if url.startswith("sqlite") else 2
    with made_place(folder) as place, Installation(place, {"DATABASE_URL": url}, workers=workers) as server:
        server.claim()
        yield server
