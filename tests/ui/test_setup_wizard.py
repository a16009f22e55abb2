"""The claim wizard, without scripts."""

import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient, Response

from app.settings import Settings
from app.web import make_app
from engine.api.ports import Ports
from tests.factories.people import PASSWORD

ANSWERS = {
    "name": {"name": "Kiln & <Loam>"},
    "language": {"language": "de"},
    "timezone": {"timezone": "Europe/Berlin"},
    "currency": {"currency": "EUR"},
    "owner": {"owner_name": "Mara", "owner_email": "mara@example.org", "password": PASSWORD},
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def browser(house: Ports, settings: Settings) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app=make_app(house, settings, runs_jobs=False), client=("127.0.0.1", 50000))
    async with AsyncClient(transport=transport, base_url="http://localhost", headers={"accept": "text/html"}) as made:
        yield made


def carried(shown: Response) -> dict[str, str]:
    """Return the hidden fields of a question, as a browser sends them back."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text)
    return {name: value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for name, value in found}


async def walk(browser: AsyncClient, shown: Response, steps: list[str], **headers: str) -> Response:
    for step in steps:
        assert carried(shown)["step"] == step
        shown = await browser.post("/setup", data={**carried(shown), **ANSWERS[step]}, headers=headers)
    return shown


class TestWizard:
    async def test_five_answers_make_an_owner_who_is_signed_in(self, browser: AsyncClient, house: Ports) -> None:
        shown = await browser.get("/setup", params={"token": house.front_desk.claim_token.read()})
        shown = await walk(browser, shown, list(ANSWERS))
        assert (shown.status_code, shown.headers["location"]) == (303, "/admin")
        assert "mara@example.org" in (await browser.get("/admin/me")).text
        general = house.settings.site.general
        assert (general.site_name, general.language, general.timezone) == ("Kiln & <Loam>", "de", "Europe/Berlin")
        assert (general.currency, house.settings.site.payments.currency) == ("EUR", "EUR")
        assert (await browser.get("/setup")).status_code == 409

    async def test_back_keeps_what_was_answered(self, browser: AsyncClient, house: Ports) -> None:
        shown = await browser.get("/setup", params={"token": house.front_desk.claim_token.read()})
        shown = await walk(browser, shown, ["name", "language"])
        shown = await browser.post("/setup", data={**carried(shown), "timezone": "Asia/Tokyo", "act": "back"})
        assert carried(shown)["step"] == "language"
        assert re.search(r'<option value="de"[^>]* selected', shown.text)
        assert carried(shown)["name"] == "Kiln & <Loam>"

    async def test_without_a_token_it_is_asked_for_and_a_wrong_one_is_said_at_once(self, browser: AsyncClient) -> None:
        shown = await browser.get("/setup")
        assert 'name="token"' in shown.text
        refused = await browser.post("/setup", data={**carried(shown), "name": "Kiln", "token": "wrong"})
        assert refused.status_code == 403
        assert 'id="field-token-error"' in refused.text
        assert 'value="Kiln"' in refused.text

    async def test_no_step_can_be_skipped_with_nonsense(self, browser: AsyncClient, house: Ports) -> None:
        token = house.front_desk.claim_token.read()
        sent = {"token": token, "step": "owner", "name": "Kiln", "language": "x", **ANSWERS["owner"]}
        assert (await browser.post("/setup", data=sent)).status_code == 422
        assert (await browser.get("/account/sign-in")).status_code == 503

    async def test_a_bad_password_keeps_the_rest_and_is_never_shown(self, browser: AsyncClient, house: Ports) -> None:
        shown = await browser.get("/setup", params={"token": house.front_desk.claim_token.read()})
        shown = await walk(browser, shown, ["name", "language", "timezone", "currency"])
        answer = await browser.post("/setup", data={**carried(shown), **ANSWERS["owner"], "password": "sh0rt"})
        assert answer.status_code == 422
        assert 'id="field-password-error"' in answer.text
        assert 'value="mara@example.org"' in answer.text
        assert "sh0rt" not in answer.text

    async def test_from_afar_it_ends_with_how_to_open_the_admin(self, browser: AsyncClient, house: Ports) -> None:
        shown = await browser.get("/setup", params={"token": house.front_desk.claim_token.read()})
        shown = await walk(browser, shown, list(ANSWERS), **{"x-forwarded-for": "203.0.113.9"})
        assert shown.status_code == 200
        assert "agora surface admin everyone" in shown.text
