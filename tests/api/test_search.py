"""`/search` over HTTP: facets, ranges, who finds what, and suggestions."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.shop import Shop


@pytest.fixture
def stranger(client: AsyncClient, owner: Actor) -> AsyncClient:
    assert owner.is_staff
    return client


class TestAsking:
    async def test_facets_ranges_and_sort(self, stranger: AsyncClient, house: Ports, shop: Shop) -> None:
        kitchen = await shop.category("Kitchen")
        await shop.product("Mug", "5.00", category_ids=(kitchen,))
        await shop.with_sizes("Tee", {"S": 1}, "20.00")
        await house.jobs.run_until_idle()
        asked = {"facets": "category,option:Size,price", "sort": "-price"}
        found = (await stranger.get("/api/v1/search", params=asked)).json()
        assert [one["title"] for one in found["items"]] == ["Tee", "Mug"]
        assert found["facets"] == {
            "category": {str(kitchen): 1},
            "option:Size": {"S": 1},
            "type": {"product": 2},
        }
        assert found["bounds"] == {"price": [500, 2000]}
        narrowed = {**asked, "filter": ["option:Size=S", f"category={kitchen}"]}
        assert (await stranger.get("/api/v1/search", params=narrowed)).json()["total"] == 0
        cheap = (await stranger.get("/api/v1/search", params={"range": "price=..1000"})).json()
        assert [one["title"] for one in cheap["items"]] == ["Mug"]

    async def test_a_better_question_is_offered(self, stranger: AsyncClient, house: Ports, shop: Shop) -> None:
        await shop.product("Chocolate")
        await house.jobs.run_until_idle()
        found = (await stranger.get("/api/v1/search", params={"q": "chokolatte "})).json()
        assert (found["total"], found["didYouMean"]) == (0, "chocolate")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("filter", "category"), ("filter", "=x"), ("range", "price"), ("range", "price=a..b"), ("range", "price=1")],
    )
    async def test_what_is_not_understood_is_named(self, stranger: AsyncClient, name: str, value: str) -> None:
        answer = await stranger.get("/api/v1/search", params={name: value})
        assert answer.status_code == 422
        assert value in answer.text

    async def test_staff_find_what_their_role_may_see(self, stranger: AsyncClient, house: Ports, shop: Shop) -> None:
        await shop.order(name="Ada Lovelace")
        await house.jobs.run_until_idle()
        for role, total in ((Role.VIEWER, 0), (Role.EDITOR, 0), (Role.STORE_MANAGER, 1), (None, 0)):
            headers = {} if role is None else await people.bearer(house, await people.account(house, role))
            for asked in ({"q": "lovelace"}, {"q": "lovelace", "type": "order"}):
                found = (await stranger.get("/api/v1/search", params=asked, headers=headers)).json()
                assert (found["total"], found["facets"]["type"]) == (total, {"order": 1} if total else {}), role


class TestSuggesting:
    async def test_questions_categories_and_products(self, stranger: AsyncClient, house: Ports, shop: Shop) -> None:
        mugs = await shop.category("Mugs")
        await shop.category("Mushrooms")
        made = await shop.product("Blue mug", category_ids=(mugs,))
        await house.jobs.run_until_idle()
        found = (await stranger.get("/api/v1/search/suggest", params={"q": "mu"})).json()
        assert found["completions"] == ["mug"]
        assert found["categories"] == [{"name": "Mugs", "url": "/categories/mugs"}]
        price = {"amount": 2000, "currency": "USD"}
        assert found["products"] == [{"name": "Blue mug", "url": made.url, "price": price, "imageUrl": None}]

    async def test_nothing_for_nothing(self, stranger: AsyncClient) -> None:
        empty = {"completions": [], "categories": [], "products": []}
        for text in ("", "  ", "🎉", "\"'<>()"):
            assert (await stranger.get("/api/v1/search/suggest", params={"q": text})).json() == empty
