"""Consent: nothing is asked while nothing needs it, and no is no until somebody says yes."""

import pytest
from httpx import AsyncClient
from starlette.requests import Request

from engine.core.actor import Actor
from engine.core.consent import ConsentCategory, answers_in, written
from tests.factories.shop import Shop
from ui.storefront import consent

STATISTICS = ConsentCategory.STATISTICS
MEASURED = {"enabled": True, "measurementId": "G-ABC123"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


def said(client: AsyncClient) -> str:
    return client.cookies.get("agora_consent") or ""


class TestCookie:
    def test_it_bears_what_was_answered_in_its_edition(self) -> None:
        kept = written({STATISTICS: True, ConsentCategory.MARKETING: False}, 3)
        assert kept == "3.marketing-0.statistics-1"
        assert answers_in(kept, 3) == {STATISTICS: True, ConsentCategory.MARKETING: False}
        assert answers_in(kept, 4) == {}

    @pytest.mark.parametrize(
        "cookie", ["", "x", "1.", "1.nonsense-1", "1.statistics", "1.statistics-2", "1." + "a" * 500]
    )
    def test_nonsense_is_no_answer(self, cookie: str) -> None:
        assert answers_in(cookie, 1) == {}


class TestAsking:
    async def test_nothing_is_asked_while_there_is_nothing_to_consent_to(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        text = (await client.get("/")).text
        assert "data-consent" not in text
        assert 'href="/consent"' not in text
        assert "nothing to consent to" in (await client.get("/consent")).text
        await shop.set("analytics", **MEASURED, trackingConfig={"cookieConsent": False})
        assert "data-consent" not in (await client.get("/")).text

    async def test_the_page_is_the_same_for_all_and_sets_no_cookie(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.set("analytics", **MEASURED)
        first = await client.get("/")
        assert 'data-asks="statistics"' in first.text
        assert "set-cookie" not in first.headers
        await client.post("/consent", data={"choice": "none", "next": "/"})
        client.cookies.delete("agora_flash")
        assert (await client.get("/")).text == first.text


class TestChoosing:
    async def test_a_form_without_scripts_keeps_the_choice_and_takes_it_back(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.set("analytics", **MEASURED)
        answer = await client.post("/consent", data={"choice": "all", "next": "/products"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/products")
        assert said(client) == "1.statistics-1"
        client.cookies.set("_ga_ABC", "1", domain="localhost.local")
        taken_back = await client.post("/consent", data={"choice": "chosen", "next": "https://evil.example"})
        assert taken_back.headers["location"] == "/consent"
        assert said(client) == "1.statistics-0"
        assert '_ga_ABC=""' in "".join(taken_back.headers.get_list("set-cookie"))
        page = await client.get("/consent")
        assert page.headers["cache-control"] == "private, no-store"
        assert 'value="statistics" checked' not in page.text

    async def test_another_edition_asks_anew_and_foreign_forms_change_nothing(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.set("analytics", **MEASURED)
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert (await client.post("/consent", data={"choice": "all"}, headers=foreign)).status_code == 403
        await client.post("/consent", data={"only": "external_media", "next": "/"})
        assert said(client) == "1.external_media-1"
        request = Request({"type": "http", "headers": [(b"cookie", b"agora_consent=" + said(client).encode())],
                           "app": client._transport.app})  # type: ignore[attr-defined]  # fmt: skip
        assert consent.allows(request, "external_media")
        assert not consent.allows(request, "statistics")
        await shop.set("consent", version=2)
        assert not consent.allows(request, "external_media")
