"""`agora secrets rotate` and `agora reset`: new keys without a loss, and nothing left."""

import json
import re
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import cli
from app.commands.opening import with_house
from engine.accounts.client import Client
from engine.accounts.models import User
from engine.accounts.sessions import open_session
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.errors import AgoraError
from engine.core.secrets import load_secrets, rotated, write_secrets
from engine.operations.rotating import must_rotate, rotate
from tests.clock import TestClock
from tests.postgres import TEMPLATE, PostgresServer

SECRET = "sk_test_averyveryverysecretkey"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with an owner who is signed in, and a secret in the settings."""
    made = tmp_path / "installation"
    sent = ["user", "create", "--email", "o@example.org", "--name", "O", "--role", "super_admin", "--password-stdin"]
    told = CliRunner().invoke(cli, [*sent, "--data", str(made)], input="a quiet brown kettle\n")
    assert told.exit_code == 0, told.output

    async def fill(ports: Ports) -> None:
        async with ports.db.write() as tx:
            await ports.settings.update(tx, Actor.system(), "payments", {"testSecretKey": SECRET})
            found = await tx.scalar(select(User))
            await open_session(tx, found, Client())

    with_house(made, fill)
    return made


async def _key(ports: Ports) -> str:
    return ports.site.payments.test_secret_key


def sessions(folder: Path) -> int:
    with sqlite3.connect(folder / "agora.sqlite3") as connection:
        return int(connection.execute("SELECT count(*) FROM sessions").fetchone()[0])


def run(*words: str, folder: Path) -> str:
    result = CliRunner().invoke(cli, [*words, "--data", str(folder)])
    if isinstance(result.exception, AgoraError):
        return str(result.exception)
    assert result.exit_code == 0, result.output
    return result.output


class TestRotate:
    def test_stored_secrets_open_with_the_new_keys_and_everybody_is_signed_out(self, folder: Path) -> None:
        before, stored = load_secrets(folder), (folder / "agora.sqlite3").read_bytes()
        assert SECRET.encode() not in stored
        assert sessions(folder) == 1
        assert "1 stored secrets" in run("secrets", "rotate", folder=folder)
        after = load_secrets(folder)
        assert not {after.settings_key, after.jwt_secret, after.session_secret} & {
            before.settings_key, before.jwt_secret, before.session_secret
        }  # fmt: skip
        assert (after.link_secret, after.former_key) == (before.link_secret, "")
        assert with_house(folder, _key) == SECRET
        assert sessions(folder) == 0
        assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
        run("secrets", "rotate", "--links", folder=folder)
        assert load_secrets(folder).link_secret != before.link_secret

    def test_killed_after_the_first_step_everything_can_be_read_and_the_command_ends_it(self, folder: Path) -> None:
        write_secrets(folder, rotated(load_secrets(folder)))
        assert with_house(folder, _key) == SECRET
        run("secrets", "rotate", folder=folder)
        assert with_house(folder, _key) == SECRET

    def test_killed_twice_before_anything_was_encrypted_anew_the_first_key_is_not_lost(self, folder: Path) -> None:
        write_secrets(folder, rotated(load_secrets(folder)))
        begun = load_secrets(folder)

        async def killed(ports: Ports) -> None:
            def cut() -> None:
                raise KeyboardInterrupt

            ports.db.clock.now = cut  # type: ignore[attr-defined]
            await rotate(ports.db, folder, ports.secrets, links=True)

        with pytest.raises(KeyboardInterrupt):
            with_house(folder, killed)
        assert load_secrets(folder).former_key == begun.former_key
        assert with_house(folder, _key) == SECRET
        run("secrets", "rotate", folder=folder)
        assert (load_secrets(folder).settings_key, load_secrets(folder).former_key) == (begun.settings_key, "")
        assert with_house(folder, _key) == SECRET

    def test_killed_before_the_former_key_was_put_away_nothing_is_lost(self, folder: Path) -> None:
        former = load_secrets(folder)
        run("secrets", "rotate", folder=folder)
        write_secrets(folder, replace(load_secrets(folder), former_key=former.settings_key))
        assert with_house(folder, _key) == SECRET
        run("secrets", "rotate", folder=folder)
        assert with_house(folder, _key) == SECRET
        assert load_secrets(folder).former_key == ""

    def test_a_running_server_is_not_pulled_the_ground_from(self, folder: Path) -> None:
        before = (folder / "secrets.json").read_text()
        with FileLock(folder / "agora.lock", thread_local=False):
            assert "Stop it first" in run("secrets", "rotate", folder=folder)
            assert "Stop it first" in run("reset", "--yes", folder=folder)
        assert (folder / "secrets.json").read_text() == before

    def test_after_a_quarter_it_is_asked_for(self, folder: Path, clock: TestClock) -> None:
        kept = json.loads((folder / "secrets.json").read_text())
        (folder / "secrets.json").write_text(json.dumps({**kept, "made_on": clock.now().date().isoformat()}))
        clock.move(days=90)
        assert not must_rotate(load_secrets(folder), clock.now())
        clock.move(days=3)
        assert must_rotate(load_secrets(folder), clock.now())


class TestReset:
    def test_it_must_be_meant(self, folder: Path) -> None:
        assert "--yes" in run("reset", folder=folder)
        assert (folder / "agora.sqlite3").exists()

    def test_nothing_is_left_and_the_next_start_begins_anew(self, folder: Path) -> None:
        (folder / "backups").mkdir(exist_ok=True)
        run("reset", "--yes", folder=folder)
        assert not (folder / "agora.sqlite3").exists()
        assert not (folder / "secrets.json").exists()
        assert (folder / "backups").is_dir()

        async def owners(ports: Ports) -> int:
            return await ports.db.query(lambda c: c.exec_driver_sql("SELECT count(*) FROM users").scalar_one())

        assert with_house(folder, owners) == 0

    @pytest.mark.postgres
    def test_a_database_that_is_shared_keeps_what_is_not_ours(
        self, postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = postgres_server.create(template=TEMPLATE)
        monkeypatch.setenv("DATABASE_URL", url.replace("+psycopg", ""))
        (tmp_path / "files").mkdir()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("CREATE TABLE theirs (id int)")
            assert "Everything is gone" in run("reset", "--yes", folder=tmp_path)
            tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            assert tables == [("theirs",)]
        assert not (tmp_path / "files").exists()

        async def owners(ports: Ports) -> int:
            return await ports.db.query(lambda c: c.exec_driver_sql("SELECT count(*) FROM users").scalar_one())

        assert with_house(tmp_path, owners) == 0
        postgres_server.drop(url)


class TestKeysThatMachinesShare:
    """AGORA_SECRETS: the same keys for all of them, whatever their data folders hold."""

    def test_another_machine_reads_what_one_kept(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AGORA_SECRETS", (folder / "secrets.json").read_text())
        other = tmp_path / "other"
        other.mkdir()
        shutil.copy(folder / "agora.sqlite3", other)
        assert with_house(other, _key) == SECRET
        assert json.loads((other / "secrets.json").read_text()) == json.loads((folder / "secrets.json").read_text())

    def test_they_are_changed_in_two_steps(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AGORA_SECRETS", (folder / "secrets.json").read_text())
        assert "agora secrets make --following" in run("secrets", "rotate", folder=folder)
        following = run("secrets", "make", "--following", folder=folder)
        monkeypatch.setenv("AGORA_SECRETS", following)
        assert with_house(folder, _key) == SECRET
        said = run("secrets", "rotate", folder=folder)
        assert sessions(folder) == 0
        monkeypatch.setenv("AGORA_SECRETS", re.findall(r"\{.*\}", said)[0])
        assert with_house(folder, _key) == SECRET
        kept = json.loads((folder / "secrets.json").read_text())
        assert kept["settings_key"] == json.loads(following)["settings_key"]

    def test_what_is_none_is_refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for wrong in ("{}", "four words nobody guesses", '{"settings_key": "short"}', "[1]"):
            monkeypatch.setenv("AGORA_SECRETS", wrong)
            with pytest.raises(AgoraError, match=r"AGORA_SECRETS.*agora secrets make"):
                with_house(folder, _key)
            assert wrong not in run("secrets", "rotate", folder=folder)
