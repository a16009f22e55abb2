"""`agora user`: accounts from the command line."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.settings import load_settings
from app.wiring import wire
from engine.accounts import queries
from engine.accounts.queries import UserFilter, UserSummary
from engine.core.actor import Role
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.paging import PageRequest

PASSWORD = "a quiet brown kettle\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(folder: Path, *words: str, typed: str = "") -> str:
    done = CliRunner().invoke(cli, ["user", *words, "--data", str(folder)], input=typed)
    if isinstance(done.exception, AgoraError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def create(folder: Path, email: str, role: str, typed: str = PASSWORD) -> str:
    return run(folder, "create", "--email", email, "--name", "Ada", "--role", role, "--password-stdin", typed=typed)


def everybody(folder: Path) -> list[UserSummary]:
    ports = wire(load_settings(data_dir=folder))
    return list(ports.db.query_now(queries.users, UserFilter(), PageRequest()).items)


def site_name(folder: Path) -> str:
    ports = wire(load_settings(data_dir=folder))
    return asyncio.run(ports.settings.refresh()).general.site_name


class TestCreate:
    def test_a_first_super_admin_claims_a_new_installation(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "claim-token").write_text("x")
        assert "ada@example.org can sign in now" in create(folder, "Ada@Example.org", "super_admin")
        (ada,) = everybody(folder)
        assert (ada.email, ada.role) == ("ada@example.org", Role.SUPER_ADMIN)
        assert not (folder / "claim-token").exists()

    def test_the_first_one_says_what_the_organisation_is_called(self, folder: Path) -> None:
        first = ("create", "--email", "ada@example.org", "--name", "Ada", "--role", "super_admin")
        assert "What is the organisation called?" in run(folder, *first, typed=f"Kiln & Co\n{PASSWORD * 2}")
        assert site_name(folder) == "Kiln & Co"
        second = ("create", "--email", "eve@example.org", "--name", "Eve", "--role", "super_admin")
        with pytest.raises(Conflict, match="--site-name is for the first super_admin"):
            run(folder, *second, "--site-name", "Mine", "--password-stdin", typed=PASSWORD)
        assert "called?" not in run(folder, *second, typed=PASSWORD * 2)
        assert (site_name(folder), len(everybody(folder))) == ("Kiln & Co", 2)

    def test_a_script_says_it_by_an_option(self, folder: Path) -> None:
        first = ("create", "--email", "ada@example.org", "--name", "Ada", "--role", "super_admin")
        run(folder, *first, "--site-name", "  Kiln & Co ", "--password-stdin", typed=PASSWORD)
        assert site_name(folder) == "Kiln & Co"

    def test_the_password_is_asked_for_twice(self, folder: Path) -> None:
        run(folder, "create", "--email", "ada@example.org", "--name", "Ada", typed=PASSWORD * 2)
        assert [user.role for user in everybody(folder)] == [Role.CUSTOMER]

    def test_what_cannot_be_is_refused(self, folder: Path) -> None:
        create(folder, "ada@example.org", "customer")
        with pytest.raises(Conflict):
            create(folder, "ADA@example.org", "customer")
        with pytest.raises(Invalid):
            create(folder, "eve@example.org", "customer", typed="short\n")
        with pytest.raises(Invalid):
            create(folder, "nobody", "customer")
        assert len(everybody(folder)) == 1


class TestOthers:
    def test_promote_unlock_and_reset_find_the_account_by_its_address(self, folder: Path) -> None:
        create(folder, "owner@example.org", "super_admin")
        create(folder, "ada@example.org", "customer")
        run(folder, "promote", "--email", "ADA@example.org", "--role", "editor")
        run(folder, "unlock", "--email", "ada@example.org")
        run(folder, "reset-password", "--email", "ada@example.org", "--password-stdin", typed="another kettle\n")
        assert {user.email: user.role for user in everybody(folder)}["ada@example.org"] is Role.EDITOR
        with pytest.raises(NotFound):
            run(folder, "unlock", "--email", "nobody@example.org")
        with pytest.raises(Conflict):
            run(folder, "promote", "--email", "owner@example.org", "--role", "viewer")
