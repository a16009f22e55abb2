"""Cookies, requests from other sites, private pages, and what a failure tells: nothing that helps a stranger."""

import logging
import re

import pytest
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient

from engine.api.gateway import signposts
from engine.core.errors import Conflict
from engine.core.settings import SiteSetting
from tests.factories import people

HTML = {"accept": "text/html"}
FOREIGN = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Sessions are the same on both; what differs is tested with accounts."""
    return sqlite_url


def cookies_of(answer) -> dict[str, str]:
    """Return {name: whole line} of the cookies that an answer sets."""
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


def session_of(answer) -> str:
    return cookies_of(answer)["agora_session"].partition(";")[0]


async def enter(client: AsyncClient, **headers: str):
    form = {"email": "owner@example.org", "password": people.PASSWORD}
    return await client.post("/admin/sign-in", data=form, headers=headers)


@pytest.mark.usefixtures("owner")
class TestCookies:
    async def test_the_session_is_hidden_from_scripts_and_from_other_sites(self, client):
        line = cookies_of(await enter(client))["agora_session"].lower()
        assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in line.split(";")}
        assert "domain" not in line

    async def test_behind_tls_it_travels_by_tls_only(self, client):
        answer = await enter(client, **{"x-forwarded-proto": "https"})
        if answer.status_code == 303:
            assert "secure" in cookies_of(answer)["agora_session"].lower()
        else:
            assert answer.status_code == 403  # what comes by a proxy is not this machine

    async def test_every_cookie_says_to_whom_it_goes(self, client, shop):
        product = await shop.product()
        answers = [
            await client.post("/cart/items", data={"productId": str(product.id)}),
            await client.post("/preferences/scheme", data={"scheme": "dark"}),
            await enter(client),
        ]
        lines = [line.lower() for answer in answers for line in cookies_of(answer).values()]
        assert len(lines) >= 3
        read_by_scripts = ("agora-scheme", "agora_mine=1;")  # how it looks, and that something is theirs: no secret
        for line in lines:
            assert "samesite=lax" in line, line
            assert "httponly" in line or line.startswith(read_by_scripts), line

    async def test_a_session_that_was_planted_is_worth_nothing_after_signing_in(self, client, house, owner):
        planted = (await people.cookie(house, owner))["agora_session"]
        answer = await enter(client, cookie=f"agora_session={planted}")
        assert session_of(answer) != f"agora_session={planted}"
        client.cookies.clear()
        refused = await client.get("/admin", headers={**HTML, "cookie": f"agora_session={planted}"})
        assert refused.headers["location"].startswith("/admin/sign-in")
        made_up = await enter(client, cookie="agora_session=chosen-by-somebody-else")
        assert "chosen-by-somebody-else" not in session_of(made_up)

    async def test_signing_out_ends_it_on_the_server(self, client):
        session = session_of(await enter(client))
        client.cookies.clear()
        await client.post("/admin/sign-out", headers={"cookie": session})
        answer = await client.get("/admin", headers={**HTML, "cookie": session})
        assert answer.headers["location"].startswith("/admin/sign-in")


@pytest.mark.usefixtures("owner")
class TestOtherSites:
    @pytest.mark.parametrize("headers", FOREIGN, ids=str)
    async def test_nobody_can_be_signed_in_or_out_from_elsewhere(self, client, house, owner, headers):
        assert (await enter(client, **headers)).status_code == 403
        session = f"agora_session={(await people.cookie(house, owner))['agora_session']}"
        for path in ("/admin/sign-out", "/account/sign-out", "/account/register", "/cart/items", "/preferences/scheme"):
            answer = await client.post(path, headers={**headers, "cookie": session})
            assert answer.status_code == 403, path
            assert answer.headers.get_list("set-cookie") == []
        answer = await client.patch("/api/v1/auth/me", json={"name": "Mallory"}, headers={**headers, "cookie": session})
        assert answer.status_code == 403

    async def test_the_api_takes_no_json_in_disguise(self, client):
        body = '{"email": "eve@example.org", "password": "a quiet brown kettle"}'
        answer = await client.post("/api/v1/auth/register", content=body, headers={"content-type": "text/plain"})
        assert answer.status_code in (415, 422)

    async def test_no_other_origin_may_read_answers(self, client):
        answer = await client.get("/api/v1/products", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.usefixtures("owner")
class TestPrivatePages:
    async def test_what_is_somebodys_own_is_kept_by_no_cache(self, client, house, owner, shop):
        order = await shop.order()
        placed = await client.get(f"/api/v1/orders/{order.id}", headers=await people.bearer(house, owner))
        session = f"agora_session={(await people.cookie(house, owner))['agora_session']}"
        shop_pages = ("/cart", "/cart/count", "/checkout", "/setup", placed.json()["statusUrl"])
        for path in (*shop_pages, "/admin", "/admin/orders", "/account", "/account/sign-in", "/api/v1/orders"):
            answer = await client.get(path, headers={**HTML, "cookie": session})
            assert "no-store" in answer.headers["cache-control"], path

    async def test_the_secret_address_of_an_order_is_told_to_nobody(self, client, house, owner, shop):
        order = await shop.order()
        placed = await client.get(f"/api/v1/orders/{order.id}", headers=await people.bearer(house, owner))
        answer = await client.get(placed.json()["statusUrl"], headers=HTML)
        assert answer.headers["referrer-policy"] in ("strict-origin-when-cross-origin", "no-referrer", "same-origin")
        assert 'name="robots" content="noindex"' in answer.text


class Boom:
    """A route that fails, with something in its failure that nobody may see."""

    SECRET = "the-inner-secret"

    async def __call__(self) -> None:
        raise RuntimeError(self.SECRET)


@pytest.mark.usefixtures("owner")
class TestFailures:
    @pytest.fixture
    async def failing(self, client):
        app = client._transport.app
        app.router.routes.insert(0, _route("/boom"))
        app.router.routes.insert(0, _route("/api/v1/boom"))
        signposts.install(app)
        transport = ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://localhost") as made:
            yield made

    @pytest.mark.parametrize("path", ["/boom", "/api/v1/boom"])
    async def test_a_failure_shows_its_number_and_nothing_of_itself(self, failing, caplog, path):
        with caplog.at_level(logging.ERROR):
            answer = await failing.get(path, headers=HTML)
        assert answer.status_code == 500
        number = answer.headers["x-request-id"]
        assert number in answer.text
        assert Boom.SECRET not in answer.text
        assert "Traceback" not in answer.text
        assert ".py" not in answer.text
        assert number in caplog.text
        assert "content-security-policy" in answer.headers

    async def test_a_failing_statement_tells_no_values(self, house, caplog):
        with caplog.at_level(logging.DEBUG), pytest.raises(Conflict) as failed:
            for _time in range(2):
                async with house.db.write() as tx:
                    tx.add(SiteSetting(key="twice", value={"secret": "the-inner-secret"}))
        ours = [record.getMessage() for record in caplog.records if record.name.startswith("agora")]
        assert "the-inner-secret" not in "\n".join([str(failed.value), str(failed.value.__cause__), *ours])


def _route(path: str):
    return APIRoute(path, Boom().__call__)


@pytest.mark.usefixtures("owner")
class TestLogs:
    async def test_no_secret_is_ever_written_down(self, client, house, owner, caplog):
        secrets = [people.PASSWORD, "another long sentence", "sk_live_51H0secret", "whsec_0secret"]
        with caplog.at_level(logging.DEBUG):
            secrets.append(session_of(await enter(client)).partition("=")[2])
            client.cookies.clear()
            signed = await people.sign_in(client, "owner@example.org")
            again = (await client.post("/api/v1/auth/refresh", json={"refreshToken": signed["refreshToken"]})).json()
            await client.post("/api/v1/auth/refresh", json={"refreshToken": signed["refreshToken"]})
            secrets += [signed["accessToken"], signed["refreshToken"], again["refreshToken"]]
            headers = await people.bearer(house, owner)
            secrets.append(headers["Authorization"].partition(" ")[2])
            keys = {"liveSecretKey": secrets[2], "liveWebhookSecret": secrets[3]}
            answer = await client.put("/api/v1/settings/payments", json=keys, headers=headers)
            assert secrets[2] not in answer.text
            await client.post("/api/v1/auth/login", json={"email": "owner@example.org", "password": secrets[1]})
            await client.post("/api/v1/auth/password-reset", json={"email": "owner@example.org"})
            await client.post("/api/v1/auth/register", json={"email": "new@example.org", "password": secrets[1]})
            await house.jobs.run_until_idle()
            await client.get("/account/reset?token=a-token-in-the-address", headers=HTML)
        kept = [record.getMessage() + str(record.exc_text or "") for record in caplog.records]
        mine = [
            line
            for record, line in zip(caplog.records, kept, strict=True)
            if not record.name.startswith(("httpx", "aiosqlite"))
        ]
        written = "\n".join(mine)
        assert [one for one in [*secrets, "a-token-in-the-address"] if one in written] == []
        assert re.search(r"token=\w", written) is None
