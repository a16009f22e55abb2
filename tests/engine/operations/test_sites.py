"""A site goes out as one file and comes in whole, from either database into the other."""

from pathlib import Path

import pytest

from engine.api.ports import Ports
from tests.factories.sites import WholeSite, another_house, exported, imported
from tests.postgres import PostgresServer


@pytest.fixture
async def whole(house: Ports) -> Ports:
    await WholeSite(house).build()
    return house


async def test_a_site_comes_back_equal_from_the_other_database(
    whole: Ports, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = await exported(whole, tmp_path / "one.zip")
    empty = [name for name, lines in first.items() if not lines.strip()]
    assert empty == []
    if database_url.startswith("sqlite"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        other = server.create(template="template_agora")
    else:
        other = request.getfixturevalue("sqlite_url")
    async with another_house(tmp_path / "second", other, whole.clock) as second:
        tried = await imported(second, tmp_path / "one.zip", is_dry_run=True)
        assert await exported(second, tmp_path / "still-empty.zip") != first
        report = await imported(second, tmp_path / "one.zip")
        assert report["problems"] == []
        assert {tuple(counts) for counts in report["counts"].values()} == {("created",)}
        assert tried == report
        await second.jobs.run_until_idle()
        assert await exported(second, tmp_path / "two.zip") == first
        again = await imported(second, tmp_path / "one.zip")
        assert {tuple(counts) for counts in again["counts"].values()} == {("unchanged",)}
