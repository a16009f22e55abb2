"""`/auth/me/addresses` and `/orders/{id}/repeats` over the wire."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from tests.factories import people
from tests.factories.shop import Shop

pytestmark = pytest.mark.usefixtures("owner")
PATH = "/api/v1/auth/me/addresses"
LONDON = {"line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def ada(house: Ports) -> dict[str, str]:
    return await people.bearer(house, await people.account(house, email="ada@example.org", name="Ada"))


async def test_an_address_is_kept_changed_and_taken_away(client: AsyncClient, ada: dict[str, str]) -> None:
    made = await client.post(PATH, json=LONDON, headers=ada)
    assert made.status_code == 201
    kept = made.json()
    assert (kept["name"], kept["line2"], kept["isDefault"]) == ("Ada", "", True)
    changed = await client.patch(f"{PATH}/{kept['id']}", json={"phone": "020 7946 0958"}, headers=ada)
    assert changed.json()["phone"] == "+44 20 7946 0958"
    assert (await client.get(f"{PATH}/{kept['id']}", headers=ada)).json() == changed.json()
    assert (await client.get(PATH, headers=ada)).json()["items"] == [changed.json()]
    assert (await client.delete(f"{PATH}/{kept['id']}", headers=ada)).status_code == 204
    assert (await client.get(PATH, headers=ada)).json()["total"] == 0


async def test_what_is_wrong_is_named(client: AsyncClient, ada: dict[str, str]) -> None:
    answer = await client.post(PATH, json={**LONDON, "postalCode": "x", "city": None}, headers=ada)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"city", "postalCode"}
    assert (await client.post(PATH, json={**LONDON, "userId": "x"}, headers=ada)).status_code == 422


async def test_it_is_ones_own(client: AsyncClient, house: Ports, ada: dict[str, str]) -> None:
    kept = (await client.post(PATH, json=LONDON, headers=ada)).json()
    grace = await people.bearer(house, await people.account(house, email="grace@example.org"))
    for ask in (
        client.get(f"{PATH}/{kept['id']}", headers=grace),
        client.patch(f"{PATH}/{kept['id']}", json={"city": "Paris"}, headers=grace),
        client.delete(f"{PATH}/{kept['id']}", headers=grace),
    ):
        assert (await ask).status_code == 404
    assert (await client.get(PATH)).status_code == 401


async def test_an_order_is_repeated_as_far_as_it_is_sold(client: AsyncClient, house: Ports, shop: Shop) -> None:
    grace = await people.account(house, email="grace@example.org")
    order = await shop.order(2, await shop.product("Blue mug", stock=3), actor=grace)
    answer = await client.post(f"/api/v1/orders/{order.id}/repeats", headers=await people.bearer(house, grace))
    assert answer.status_code == 200
    assert answer.json()["added"] == 1
    assert answer.json()["missing"] == [{"name": "Blue mug", "wanted": 2, "left": 1, "reason": "fewer"}]
    assert answer.json()["cart"]["items"][0]["quantity"] == 1
