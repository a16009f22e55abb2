"""The shop's search as a shopper meets it: with help where nothing is found, and suggestions while typing."""

import re

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor
from tests.factories.shop import Shop

HOSTILE = (
    "<script>alert(1)</script>",
    '" onfocus=alert(1) x="',
    "mug' OR 1=1 --",
    "🎉",
    "x" * 10_000,
    "绿茶",
)


@pytest.fixture
def visitor(client: AsyncClient, owner: Actor) -> AsyncClient:
    assert owner.is_staff
    return client


class TestPage:
    async def test_where_nothing_is_found_there_is_help(self, visitor: AsyncClient, house: Ports, shop: Shop) -> None:
        shelf = await shop.category("Drinks")
        await shop.product("Chocolate", category_ids=(shelf,))
        await house.keeper.rebuild()
        text = (await visitor.get("/search?q=chokolatte+bisquit")).text
        assert "Nothing found for “chokolatte bisquit”" in text
        text = (await visitor.get("/search", params={"q": "chokolatte"})).text
        assert re.search(r'Did you mean <a href="/search\?q=chocolate">chocolate</a>', text)
        assert "/categories/drinks" in text
        assert "/products/chocolate" in text

    async def test_while_the_index_is_built_the_page_says_so(self, visitor: AsyncClient) -> None:
        assert "try again in a moment" in (await visitor.get("/search?q=mug")).text

    async def test_the_field_is_a_form_without_scripts(self, visitor: AsyncClient) -> None:
        text = (await visitor.get("/search")).text
        assert re.search(r'<form class="search-box" action="/search" method="get" role="search"', text)
        assert 'role="combobox"' not in text

    @pytest.mark.parametrize("words", HOSTILE)
    async def test_hostile_words_are_shown_as_words(self, visitor: AsyncClient, house: Ports, words: str) -> None:
        await house.keeper.rebuild()
        for path in ("/search", "/search/suggest"):
            answer = await visitor.get(path, params={"q": words})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert 'onfocus=alert(1) x=""' not in answer.text


class TestSuggestions:
    async def test_they_are_options_in_groups(self, visitor: AsyncClient, house: Ports, shop: Shop) -> None:
        mugs = await shop.category("Mugs")
        await shop.product("Blue mug", category_ids=(mugs,))
        await house.keeper.rebuild()
        answer = await visitor.get("/search/suggest?q=mu")
        options = re.findall(r'role="option" tabindex="-1" href="([^"]+)"', answer.text)
        assert options == ["/search?q=mug", "/categories/mugs", "/products/blue-mug"]
        assert "<html" not in answer.text
        assert "set-cookie" not in answer.headers
        assert 'data-status="3 suggestions"' in answer.text
        assert len(answer.content) < 3_000

    async def test_a_space_says_that_the_word_is_whole(self, visitor: AsyncClient, house: Ports, shop: Shop) -> None:
        await shop.product("Mug")
        await house.keeper.rebuild()
        assert "/products/mug" in (await visitor.get("/search/suggest", params={"q": "mu"})).text
        assert "/products/mug" not in (await visitor.get("/search/suggest", params={"q": "mu "})).text
