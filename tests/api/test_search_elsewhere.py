"""A shop whose search is a server beside it: what happens while that is away, and once it is back with nothing."""

import pytest
from httpx import AsyncClient

from app.settings import Settings
from engine.api.ports import Ports
from engine.core.ids import new_id
from tests.clock import TestClock
from tests.conftest import Revealed
from tests.factories.catalog import CatalogShelf
from tests.programs import Program


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def settings(settings: Settings, search_server: Program) -> Settings:
    address = Revealed(f"http://127.0.0.1:{search_server.port}")
    return settings.model_copy(update={"elasticsearch_url": address, "elasticsearch_index": f"t{new_id().hex}"})


@pytest.mark.usefixtures("owner")
async def test_the_shop_goes_on_and_finds_everything_again(
    house: Ports, client: AsyncClient, search_server: Program, clock: TestClock
) -> None:
    async def found(words: str) -> list[str]:
        answer = await client.get("/api/v1/search", params={"q": words})
        assert answer.status_code == 200
        return [hit["title"] for hit in answer.json()["items"]]

    assert house.search.name == "elasticsearch"
    assert await house.keeper.tend()
    await CatalogShelf(house.db).product("Blue mug")
    await house.jobs.run_until_idle()
    assert await found("mug") == ["Blue mug"]
    search_server.stop()
    try:
        await CatalogShelf(house.db).product("Red bowl")
        await house.jobs.run_until_idle()
        assert await found("bowl") == []
        page = await client.get("/search?q=bowl", headers={"accept": "text/html"})
        assert (page.status_code, "try again in a moment" in page.text) == (200, True)
        assert (await client.get("/products/red-bowl", headers={"accept": "text/html"})).status_code == 200
        assert (await client.get("/health/ready")).json()["search"] == "away"
        assert not await house.keeper.tend()
        for _ in range(4):
            clock.move(minutes=10)
            await house.jobs.run_until_idle()
    finally:
        search_server.start()
    assert await house.keeper.tend()
    await house.jobs.run_until_idle()
    assert (await found("bowl"), await found("mug")) == (["Red bowl"], ["Blue mug"])
    assert not await house.keeper.tend()
    assert (await client.get("/health/ready")).json()["search"] == "ready"
    await house.search.close()
