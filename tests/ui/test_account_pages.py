"""The ways in, one's account and the users in the admin, as a browser without scripts meets them."""

import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient, Response

from app.settings import Settings
from app.web import make_app
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.clock import TestClock
from tests.factories import people
from tests.factories.people import PASSWORD


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def browser(house: Ports, settings: Settings) -> AsyncIterator[AsyncClient]:
    """A browser on this machine, which keeps cookies and follows nothing by itself."""
    transport = ASGITransport(app=make_app(house, settings, runs_jobs=False), client=("127.0.0.1", 50000))
    headers = {"accept": "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    async with AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as made:
        yield made


@pytest.fixture
async def ada(house: Ports, owner: Actor) -> Actor:
    assert owner.is_signed_in
    return await people.account(house, email="ada@example.org", name="Ada")


async def enter(browser: AsyncClient, who: str, password: str = PASSWORD, **more: str) -> Response:
    return await browser.post("/account/sign-in", data={"email": who, "password": password, **more})


class TestSignIn:
    async def test_a_page_that_needs_it_is_reached_afterwards(self, browser: AsyncClient, ada: Actor) -> None:
        refused = await browser.get("/account/sessions?x=1")
        assert (refused.status_code, refused.headers["location"]) == (
            303,
            "/account/sign-in?next=%2Faccount%2Fsessions%3Fx%3D1",
        )
        form = await browser.get(refused.headers["location"])
        assert 'name="next" value="/account/sessions?x=1"' in form.text
        answer = await enter(browser, ada.email, next="/account/sessions?x=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/sessions?x=1")
        assert "Firefox on Linux" in (await browser.get("/account/sessions")).text

    @pytest.mark.parametrize(
        "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil", ""]
    )
    async def test_nobody_is_sent_to_another_site(self, browser: AsyncClient, ada: Actor, wanted: str) -> None:
        shown = await browser.get("/account/sign-in", params={"next": wanted})
        assert 'name="next" value="/account"' in shown.text
        assert (await enter(browser, ada.email, next=wanted)).headers["location"] == "/account"

    async def test_the_cookie_is_out_of_reach_and_new_each_time(self, browser: AsyncClient, ada: Actor) -> None:
        first = (await enter(browser, ada.email)).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(first.split("; "))
        assert "Secure" not in first
        kept = browser.cookies["agora_session"]
        secure = await browser.post(
            "https://localhost/account/sign-in", data={"email": ada.email, "password": PASSWORD}
        )
        assert "Secure" in secure.headers["set-cookie"]
        browser.cookies.clear()
        assert (await browser.get("/account", cookies={"agora_session": kept})).status_code == 303

    async def test_what_is_wrong_is_said_and_the_address_kept(self, browser: AsyncClient, ada: Actor) -> None:
        for email in (ada.email, "<script>alert(1)</script>"):
            answer = await enter(browser, email, "wrong")
            assert answer.status_code == 422
            assert "is wrong" in answer.text
            assert "<script>alert" not in answer.text
            assert "set-cookie" not in answer.headers
        assert f'value="{ada.email}"' in (await enter(browser, ada.email, "wrong")).text

    async def test_a_locked_address_is_told_for_how_long(self, browser: AsyncClient, ada: Actor) -> None:
        for _ in range(5):
            await enter(browser, ada.email, "wrong")
        answer = await enter(browser, ada.email)
        assert answer.status_code == 403
        assert "30 minutes" in answer.text

    async def test_another_sites_form_signs_nobody_in_or_out(self, browser: AsyncClient, ada: Actor) -> None:
        headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        answer = await browser.post(
            "/account/sign-in", data={"email": ada.email, "password": PASSWORD}, headers=headers
        )
        assert answer.status_code == 403
        await enter(browser, ada.email)
        assert (await browser.post("/account/sign-out", headers=headers)).status_code == 403
        assert (await browser.get("/account")).status_code == 200

    async def test_signing_out_ends_the_session_itself(self, browser: AsyncClient, ada: Actor) -> None:
        await enter(browser, ada.email)
        cookie = browser.cookies["agora_session"]
        assert (await browser.post("/account/sign-out")).headers["location"] == "/account/sign-in"
        assert (await browser.get("/account", cookies={"agora_session": cookie})).status_code == 303

    async def test_a_customer_does_not_come_into_the_admin(self, browser: AsyncClient, ada: Actor) -> None:
        assert (await browser.get("/admin/users")).headers["location"].startswith("/admin/sign-in?next=")
        await browser.post("/admin/sign-in", data={"email": ada.email, "password": PASSWORD, "next": "/admin/users"})
        assert (await browser.get("/admin/users")).status_code == 403
        assert (await browser.get("/admin/me")).status_code == 403


class TestRegister:
    async def test_it_signs_in_and_says_so(self, browser: AsyncClient, ada: Actor) -> None:
        sent = {"name": "Eve", "email": "eve@example.org", "password": PASSWORD}
        answer = await browser.post("/account/register", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        shown = await browser.get("/account")
        assert "Confirm your address" in shown.text
        assert "Welcome." in shown.text

    async def test_what_is_wrong_stands_beside_its_field(self, browser: AsyncClient, ada: Actor) -> None:
        for email, password, field in (
            ("ada@example.org", PASSWORD, "email"),
            ("eve@example.org", "sh0rt", "password"),
        ):
            answer = await browser.post("/account/register", data={"name": "Eve", "email": email, "password": password})
            assert answer.status_code == 422
            assert f'id="field-{field}-error"' in answer.text
            assert 'value="Eve"' in answer.text
            assert password not in answer.text


class TestAccount:
    async def test_name_password_and_places_are_changed_there(
        self, browser: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        other = await people.cookie(house, ada)
        await enter(browser, ada.email)
        await browser.post("/account/profile", data={"name": "Ada <b>Lovelace</b>"})
        assert "Ada &lt;b&gt;Lovelace&lt;/b&gt;" in (await browser.get("/account")).text
        wrong = await browser.post("/account/password", data={"currentPassword": "no", "password": "another kettle"})
        assert (wrong.status_code, "field-currentPassword-error" in wrong.text) == (422, True)
        await browser.post("/account/password", data={"currentPassword": PASSWORD, "password": "another kettle"})
        assert (await browser.get("/account")).status_code == 200
        mine = dict(browser.cookies)
        browser.cookies.clear()
        assert (await browser.get("/account", cookies=other)).status_code == 303
        assert (await browser.post("/account/sign-outs", cookies=mine)).headers["location"] == "/account/sign-in"
        assert (await browser.get("/account", cookies=mine)).status_code == 303

    async def test_one_place_is_signed_out(self, browser: AsyncClient, house: Ports, ada: Actor) -> None:
        other = await people.cookie(house, ada)
        await enter(browser, ada.email)
        shown = (await browser.get("/account/sessions")).text
        ids = re.findall(r'name="session" value="([0-9a-f-]+)"', shown)
        assert len(ids) == 2  # this browser comes first
        await browser.post("/account/sign-outs", data={"session": ids[1]})
        assert (await browser.get("/account")).status_code == 200
        browser.cookies.clear()
        assert (await browser.get("/account", cookies=other)).status_code == 303


class TestReset:
    async def test_the_page_says_the_same_for_every_address(self, browser: AsyncClient, ada: Actor) -> None:
        texts = [
            (await browser.post("/account/forgot", data={"email": email})).text.replace(email, "…")
            for email in (ada.email, "nobody@example.org")
        ]
        assert texts[0] == texts[1]

    async def test_a_link_that_is_over_offers_another(self, browser: AsyncClient, ada: Actor) -> None:
        assert "This link is over" in (await browser.get("/account/reset?token=x")).text
        answer = await browser.post("/account/reset", data={"token": "x", "password": "another kettle"})
        assert (answer.status_code, "This link is over" in answer.text) == (409, True)


class TestUsers:
    async def test_an_admin_changes_a_person_and_sees_what_happened(
        self, browser: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        browser.cookies.update(await people.cookie(house, await people.account(house, Role.ADMIN)))
        assert "ada@example.org" in (await browser.get("/admin/users?search=ADA&role=customer")).text
        assert "Nothing fits" in (await browser.get("/admin/users?isActive=false")).text
        path = f"/admin/users/{ada.user_id}"
        sent = {"name": "Ada L", "role": "store_manager", "isActive": "true", "isInstructor": "true"}
        assert (await browser.post(path, data=sent)).status_code == 303
        shown = (await browser.get(path)).text
        assert "Role changed" in shown
        assert "customer → store_manager" in shown
        assert 'value="super_admin"' not in shown

    async def test_a_super_admin_is_shown_and_not_changed(
        self, browser: AsyncClient, house: Ports, owner: Actor
    ) -> None:
        browser.cookies.update(await people.cookie(house, await people.account(house, Role.ADMIN)))
        path = f"/admin/users/{owner.user_id}"
        assert "only somebody of that role" in (await browser.get(path)).text
        assert (await browser.post(path, data={"name": "Mallory"})).status_code == 403
        assert "Olive Owner" in (await browser.get(path)).text

    async def test_the_last_owner_is_told_why(self, browser: AsyncClient, house: Ports, owner: Actor) -> None:
        browser.cookies.update(await people.cookie(house, owner))
        answer = await browser.post(f"/admin/users/{owner.user_id}", data={"name": "Olive", "role": "admin"})
        assert answer.status_code == 409
        assert "only super admin" in answer.text


class TestDesktop:
    async def test_its_token_works_once_for_a_minute_on_this_machine(
        self, browser: AsyncClient, house: Ports, owner: Actor, clock: TestClock
    ) -> None:
        desk = house.front_desk.desktop
        token = desk.issue()
        forwarded = await browser.get(f"/desktop/sign-in?token={token}", headers={"x-forwarded-for": "127.0.0.1"})
        assert forwarded.status_code == 403  # the storefront is for this machine only
        good = await browser.get(f"/desktop/sign-in?token={token}")
        assert (good.headers["location"], "agora_session" in good.cookies) == ("/admin", True)
        assert "Olive Owner" in (await browser.get("/admin/me")).text
        browser.cookies.clear()
        late = desk.issue()
        clock.move(seconds=60)
        for spent in (token, late, ""):
            answer = await browser.get(f"/desktop/sign-in?token={spent}")
            assert (answer.headers["location"], "agora_session" in answer.cookies) == ("/admin/sign-in", False)
