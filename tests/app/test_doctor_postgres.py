"""What the doctor says of a PostgreSQL server: each in one sentence, with what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.doctor.finding import Level
from app.doctor.postgres import postgres_findings
from app.settings import Settings, load_settings
from app.variables import ENVIRONMENT
from tests.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    found = postgres_server.lend()
    yield found.replace("postgresql+psycopg", "postgresql")
    postgres_server.take_back(found)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> Settings:
    for variable in ENVIRONMENT:
        monkeypatch.delenv(variable.name, raising=False)
    return load_settings(data_dir=tmp_path).model_copy(update={"database_url": SecretStr(url)})


def said(settings: Settings, **changes: object) -> str:
    found = list(postgres_findings(settings.model_copy(update=changes)))
    return "\n".join(f"{one.level} {one.sentence}" for one in found)


def with_parameter(url: str, parameter: str) -> SecretStr:
    return SecretStr(f"{url}{'&' if '?' in url else '?'}{parameter}")


def test_a_server_that_allows_enough_is_fine(settings: Settings) -> None:
    told = said(settings)
    assert told.startswith(f"{Level.OK} PostgreSQL allows 200 connections")
    assert Level.WARN not in told


def test_more_connections_than_it_allows(settings: Settings, url: str) -> None:
    told = said(settings, database_url=with_parameter(url, "connection_limit=60"), workers=4)
    assert "may ask for 245 connections and PostgreSQL allows 200. Lower connection_limit" in told


def test_a_time_out_that_ends_upgrades(settings: Settings, url: str) -> None:
    told = said(settings, database_url=with_parameter(url, "options=-cstatement_timeout%3D5000"))
    assert "ends every statement after 5 s (statement_timeout)" in told


def test_a_copy_that_is_away_or_none(settings: Settings, url: str) -> None:
    assert "follows no other server" in said(settings, database_read_url=SecretStr(url))
    told = said(settings, database_read_url=SecretStr("postgresql://agora:hush@127.0.0.1:1/x"))
    assert "cannot be opened" in told
    assert "answered by the database itself" in told
    assert "hush" not in told


def test_a_copy_of_a_file_does_nothing(settings: Settings, url: str) -> None:
    assert "does nothing" in said(settings, database_url=None, database_read_url=SecretStr(url))
