"""A site that is not live: strangers meet one page, staff and the secret link pass, and the house goes on working."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from engine.core.actor import Actor, Role
from tests.clock import TestClock
from tests.factories import people
from tests.factories.shop import Shop

BROWSER = {"Accept": "text/html"}
SETTINGS = "/admin/settings/site-status"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


class TestStrangers:
    async def test_under_maintenance_they_are_told_until_when(
        self, shop: Shop, owner: Actor, client: AsyncClient, clock: TestClock
    ) -> None:
        back = clock.now() + timedelta(hours=2)
        await shop.set(
            "site_status", status="maintenance", message="New shelves.\n\n<b>Soon</b>", backAt=back.isoformat()
        )
        answer = await client.get("/products", headers=BROWSER)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "7200")
        assert "New shelves." in answer.text
        assert "&lt;b&gt;Soon" in answer.text
        assert 'name="robots" content="noindex"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert (await client.get("/account/sign-in")).status_code == 503
        program = await client.get("/api/v1/products")
        assert (program.status_code, program.headers["content-type"]) == (503, "application/problem+json")

    async def test_coming_soon_answers_200_and_opens_by_itself(
        self, shop: Shop, owner: Actor, client: AsyncClient, clock: TestClock
    ) -> None:
        back = clock.now() + timedelta(minutes=5)
        await shop.set("site_status", status="coming_soon", backAt=back.isoformat(), opensItself=True)
        answer = await client.get("/anything", headers=BROWSER)
        assert (answer.status_code, answer.headers["x-robots-tag"]) == (200, "noindex")
        assert "Something is being made here" in answer.text
        clock.move(minutes=6)
        assert "Something is being made here" not in (await client.get("/", headers=BROWSER)).text

    async def test_what_must_work_works(self, shop: Shop, owner: Actor, client: AsyncClient) -> None:
        await shop.set("site_status", status="maintenance")
        for path in ("/health", "/robots.txt", "/favicon.ico", "/admin/sign-in", "/api/v1/settings/public"):
            assert (await client.get(path)).status_code == 200, path
        hook = await client.post("/api/v1/webhooks/payments/test", content=b"{}")
        assert hook.status_code in (400, 401, 422)
        known = await client.get("/api/v1/products", headers=await people.bearer(shop.house, owner))
        assert known.status_code == 200
        customer = await people.account(shop.house, Role.CUSTOMER)
        assert (
            await client.get("/api/v1/products", headers=await people.bearer(shop.house, customer))
        ).status_code == 503


class TestLetIn:
    async def test_staff_pass_and_are_told(self, shop: Shop, owner: Actor, client: AsyncClient) -> None:
        await shop.set("site_status", status="coming_soon")
        client.cookies.update(await people.cookie(shop.house, owner))
        answer = await client.get("/", headers=BROWSER)
        assert "You are let in." in answer.text
        assert SETTINGS in answer.text
        assert answer.headers["cache-control"] == "private, no-store"

    async def test_the_secret_link_lets_in_until_it_is_taken_back(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.set("site_status", status="maintenance")
        staff = await people.cookie(shop.house, owner)
        await client.post(f"{SETTINGS}/bypass", data={"act": "new"}, cookies=staff)
        await shop.house.settings.refresh()
        key = shop.house.site.site_status.bypass_key
        assert key in (await client.get(SETTINGS, cookies=staff)).text
        assert key not in (await client.get("/api/v1/settings/site_status", cookies=staff)).text
        client.cookies.clear()
        assert (await client.get("/opening/wrong")).status_code == 404
        assert (await client.get("/", headers=BROWSER)).status_code == 503
        assert (await client.get(f"/opening/{key}")).status_code == 303
        told = await client.get("/", headers=BROWSER)
        assert (told.status_code, "You are let in." in told.text, SETTINGS in told.text) == (200, True, False)
        async with shop.db.write() as tx:
            await shop.house.settings.update(tx, owner, "site_status", {"bypassKey": ""})
        await shop.house.settings.refresh()
        assert (await client.get("/", headers=BROWSER)).status_code == 503
        assert (await client.get("/opening/")).status_code == 404

    async def test_the_form_takes_a_date_in_the_sites_zone(self, shop: Shop, owner: Actor, client: AsyncClient) -> None:
        await shop.set("general", timezone="Europe/Berlin")
        client.cookies.update(await people.cookie(shop.house, owner))
        form = {"status": "coming_soon", "heading": "Soon", "message": "", "backAt": "2031-07-01T09:00"}
        assert (await client.post(SETTINGS, data=form)).status_code == 303
        await shop.house.settings.refresh()
        kept = shop.house.site.site_status
        assert kept.back_at is not None
        assert kept.back_at.isoformat() == "2031-07-01T07:00:00+00:00"
        assert 'value="2031-07-01T09:00"' in (await client.get(SETTINGS)).text
        refused = await client.post(SETTINGS, data={**form, "backAt": "soon"})
        assert refused.status_code == 422
