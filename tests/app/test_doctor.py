"""`agora doctor`: what it says of a folder, and that it changes nothing by looking."""

import os
import socket
import sqlite3

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.display import debian_package
from app.variables import ENVIRONMENT
from engine.migrations import migrate


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """None of our variables, no display, an empty folder."""
    for variable in ENVIRONMENT:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def examine(data):
    """Return (exit code, what was said)."""
    found = CliRunner().invoke(cli, ["doctor", "--data", str(data)])
    return found.exit_code, found.output


def made(data):
    """A data folder as a first start leaves it."""
    data.mkdir(mode=0o700)
    migrate(f"sqlite:///{data}/agora.sqlite3")
    (data / "secrets.json").touch(mode=0o600)
    (data / "secrets.json").write_text(
        '{"settings_key": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "jwt_secret": "a", "session_secret": "b",'
        ' "link_secret": "c"}'
    )
    return data


class TestDoctor:
    def test_a_folder_that_is_not_there_yet_is_fine_and_is_not_made(self, data):
        code, said = examine(data)
        assert code == 0
        assert "is not there yet; the first start makes it" in said
        assert not data.exists()

    def test_a_fresh_installation_is_fine_but_for_its_owner_and_e_mail(self, data):
        code, said = examine(made(data))
        assert code == 0
        assert "answers and is at this version" in said
        assert "Nobody owns this site yet" in said
        assert "E-mails stay in the admin's outbox" in said
        assert "Open to this machine: storefront, account, kiosk, admin, api, metrics." in said

    def test_an_ignored_variable_is_named_with_its_reason(self, data, monkeypatch):
        monkeypatch.setenv("PRINTFUL_API_KEY", "x")
        code, said = examine(data)
        assert code == 0
        assert "PRINTFUL_API_KEY is set and does nothing: products printed on demand" in said

    def test_a_setting_that_cannot_be_read_is_a_failure(self, data, monkeypatch):
        monkeypatch.setenv("AGORA_PORT", "eight thousand")
        code, said = examine(data)
        assert code == 1
        assert "AGORA_PORT is “eight thousand”" in said

    @pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
    def test_secrets_that_others_can_read_are_a_failure(self, data):
        (made(data) / "secrets.json").chmod(0o644)
        code, said = examine(data)
        assert code == 1
        assert f"chmod 600 {data}/secrets.json" in said

    @pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
    def test_a_folder_that_others_can_enter_is_a_warning(self, data):
        made(data).chmod(0o755)
        code, said = examine(data)
        assert code == 0
        assert f"chmod 700 {data}" in said

    def test_a_damaged_database_is_a_failure(self, data):
        path = made(data) / "agora.sqlite3"
        path.write_bytes(b"not a database at all " * 500)
        code, said = examine(data)
        assert code == 1
        assert "cannot be opened: file is not a database" in said

    def test_a_database_of_a_newer_agora_is_a_failure(self, data):
        with sqlite3.connect(made(data) / "agora.sqlite3") as connection:
            connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        code, said = examine(data)
        assert code == 1
        assert "written by a newer Agora (schema from_the_future)" in said

    def test_a_database_server_that_is_away_is_a_failure_that_hides_the_password(self, data, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://agora:hunter2@127.0.0.1:1/agora")
        code, said = examine(data)
        assert code == 1
        assert "cannot be opened" in said
        assert "hunter2" not in said

    def test_a_port_in_use_is_a_failure_only_where_it_was_asked_for(self, data, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as other:
            monkeypatch.setenv("AGORA_HOST", "127.0.0.1")
            monkeypatch.setenv("AGORA_PORT", str(other.getsockname()[1]))
            code, said = examine(data)
        assert code == 1
        assert "cannot be used" in said

    def test_rate_limits_off_is_a_failure_beyond_loopback(self, data, monkeypatch):
        monkeypatch.setenv("AGORA_RATE_LIMITS", "off")
        assert examine(data)[0] == 1
        monkeypatch.setenv("AGORA_HOST", "127.0.0.1")
        code, said = examine(data)
        assert code == 0
        assert "for load tests only" in said


class TestDebianPackage:
    @pytest.mark.parametrize(
        ("library", "package"),
        [
            ("libxcb-cursor.so.0", "libxcb-cursor0"),
            ("libnss3.so", "libnss3"),
            ("libEGL.so.1", "libegl1"),
            ("libdbus-1.so.3", "libdbus-1-3"),
            ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ],
    )
    def test_is_named_by_the_rule(self, library, package):
        assert debian_package(library) == package
