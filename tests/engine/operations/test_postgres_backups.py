"""What is PostgreSQL's own: a user who may make no databases, a death between renames, tools that are missing."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.backups.postgres import PostgresCopies
from engine.core.errors import Conflict, Invalid, Unavailable
from engine.core.ports import SystemClock
from engine.operations.backups import restoring
from engine.operations.backups.making import Ground
from engine.operations.backups.restoring import Plan
from engine.operations.backups.staging import refuse_others
from tests.factories.backups import made
from tests.postgres import PostgresServer


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    made = postgres_server.create(template="template_agora")
    yield made
    postgres_server.drop(made)


@pytest.fixture
def on(url: str, tmp_path: Path) -> Ground:
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    return Ground(folder, PostgresCopies(url), SystemClock(), "1")


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def names(url: str) -> list[str]:
    """Return the databases that belong to this one."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, current_database())")
        return sorted(row[0] for row in rows)


def named(on: Ground, word: str) -> str:
    assert isinstance(on.copies, PostgresCopies)
    with on.copies._connect() as connection:
        connection.execute(
            "INSERT INTO site_settings (key, value, created_at, updated_at) VALUES "
            "('general', jsonb_build_object('siteName', %s::text), now(), now()) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (word,),
        )
    return word


def name(on: Ground) -> str:
    return str(on.copies.settings("general").get("siteName"))


class TestWithoutTheRight:
    @pytest.fixture
    def on(self, on: Ground, url: str) -> Ground:
        """The same, by a user who may make no databases."""
        run(url, "DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            "GRANT USAGE ON SCHEMA public TO plain", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain",
            "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO plain")  # fmt: skip
        named(on, "Kiln & Co")
        return Ground(on.folder, PostgresCopies(url.replace("agora@", "plain@")), SystemClock(), "1")

    def test_a_backup_is_made_and_read_through(self, on: Ground) -> None:
        kept = on.shelf.backup(made(on).name)
        assert kept.verified_at is not None
        assert (kept.site, kept.rows and kept.rows["site_settings"]) == ("Kiln & Co", 1)

    def test_putting_it_back_says_what_an_administrator_has_to_do(self, on: Ground) -> None:
        path = made(on)
        with pytest.raises(Unavailable, match="ALTER USER plain CREATEDB"):
            restoring.stage(on, path)
        assert restoring.plan_of(on) is None

    def test_a_dump_that_is_torn_is_found_out(self, on: Ground, tmp_path: Path) -> None:
        dump = tmp_path / "dump"
        on.copies.copy(dump)
        dump.write_bytes(dump.read_bytes()[:-2_000])
        with pytest.raises(Invalid, match="damaged"):
            on.copies.try_out(dump, tmp_path)


class Died(BaseException):
    """The power went."""


@pytest.mark.parametrize(("is_right", "steps"), [(True, 1), (False, 2), (False, 3)])
def test_a_death_between_what_is_renamed_and_what_is_written_down(
    on: Ground, url: str, monkeypatch: pytest.MonkeyPatch, *, is_right: bool, steps: int
) -> None:
    named(on, "old")
    path = made(on)
    named(on, "new")
    restoring.stage(on, path)
    write, left = restoring.write_json, [steps]

    def check(_plan: Plan) -> None:
        assert name(on) == "old"
        if not is_right:
            raise ValueError("not this one")

    def writing(place: Path, said: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Died
        write(place, said)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "write_json", writing)
        with pytest.raises(Died):
            restoring.settle(on, check)
    restoring.settle(on, check)
    assert name(on) == ("old" if is_right else "new")
    restoring.forget_before(on)
    assert names(url) == [url.rsplit("/", 1)[1]]


def test_tools_that_are_missing_are_named(on: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr("adapters.backups.postgres._installed", lambda _program: None)
    with pytest.raises(Unavailable, match=r"pg_dump is not installed\. It comes with PostgreSQL's client"):
        made(on)
    assert on.shelf.backups() == []


def test_it_is_not_put_back_while_other_machines_write(on: Ground) -> None:
    assert on.copies.file is None
    assert on.copies.names is not None
    assert on.copies.names.others() == []
    refuse_others(on)

    class Shared:
        """A database that another machine is connected to."""

        def others(self) -> list[str]:
            return ["192.0.2.7"]

    on.copies.names = Shared()  # type: ignore[assignment]
    with pytest.raises(Conflict, match=r"Other machines use this database, too \(192\.0\.2\.7\)\. Stop Agora there"):
        refuse_others(on)
