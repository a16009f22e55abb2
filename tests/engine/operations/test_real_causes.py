"""Alerts from what really happens: wrong passwords, failing answers, and a site closed on purpose. On SQLite."""

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.operations.alerting.models import Alert
from tests.clock import TestClock


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def raised(house: Ports, clock: TestClock) -> set[str]:
    """Look once more, and return what is open, but for how busy this machine is."""
    clock.move(seconds=15)
    await house.alarm.tend()
    async with house.db.read() as session:
        return {one for one in await session.scalars(select(Alert.rule)) if not one.startswith(("high_", "disk_"))}


async def set_status(house: Ports, status: str) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system(), "site_status", {"status": status})
    await house.settings.refresh()


class TestCauses:
    async def test_answers_that_fail_raise_it_and_a_closed_site_does_not(
        self, house: Ports, client: AsyncClient, owner: Actor, clock: TestClock
    ) -> None:
        assert owner.is_staff
        assert await raised(house, clock) == set()
        await set_status(house, "maintenance")
        assert {(await client.get("/")).status_code for _ in range(10)} == {503}
        assert await raised(house, clock) == set()
        assert 'route="(closed)"' in await house.watch.exposition()
        await set_status(house, "live")
        async with house.db.write() as tx:
            await tx.execute(text("DROP TABLE redirects"))
        assert {(await client.get("/nowhere")).status_code // 100 for _ in range(5)} == {5}
        assert "error_rate" in await raised(house, clock)

    async def test_the_eleventh_lockout_of_an_hour_raises_it(
        self, house: Ports, client: AsyncClient, owner: Actor, clock: TestClock
    ) -> None:
        assert owner.is_staff
        for number in range(11):
            assert "account_lockouts" not in await raised(house, clock)
            for _ in range(5):
                sent = {"email": f"stranger{number}@example.org", "password": "x"}
                assert (await client.post("/api/v1/auth/login", json=sent)).status_code in (401, 429)
                clock.move(seconds=20)
        assert "account_lockouts" in await raised(house, clock)
