"""The gateway: hosts, surfaces, the claim, headers, CORS, CSRF, limits. On SQLite only: it knows no database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient, Response

from app.settings import Settings
from app.web import make_app
from engine.accounts.claim_token import ClaimToken
from engine.api.gateway.headers import is_request_id
from engine.api.gateway.surfaces import distance_of, surface_of
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.distance import Distance
from engine.core.site import Reach, SurfaceName, System

Ask = Callable[..., Awaitable[Response]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def claimed(house: Ports, owner: Actor) -> Ports:
    assert owner.is_staff
    return house


@pytest.fixture
def ask(claimed: Ports, settings: Settings) -> Ask:
    """`await ask("GET", "/path", client="10.0.0.9", host="...", limits=True)`."""
    apps = {on: make_app(claimed, settings.model_copy(update={"rate_limits": on}), runs_jobs=False) for on in (0, 1)}

    async def asking(method: str, path: str, *, client: str = "127.0.0.1", limits: bool = False, **more) -> Response:
        transport = ASGITransport(app=apps[limits], client=(client, 50000))
        async with AsyncClient(transport=transport, base_url="http://localhost") as made:
            return await made.request(method, path, **more)

    return asking


async def open_surface(house: Ports, name: str, reach: Reach) -> None:
    async with house.db.write() as tx:
        await house.settings.save(tx, Actor.system(), System, {"surfaces": {name: reach}})


class TestHost:
    @pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "192.168.1.20:8000"])
    async def test_this_machines_names_and_addresses_are_known(self, ask: Ask, host: str) -> None:
        assert (await ask("GET", "/health", headers={"host": host})).status_code == 200

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.nip.io"])
    async def test_another_name_is_refused(self, ask: Ask, host: str) -> None:
        answer = await ask("GET", "/health", headers={"host": host})
        assert answer.status_code == 400
        assert "AGORA_HOSTS" in answer.json()["detail"]


class TestSurface:
    @pytest.mark.parametrize(
        ("path", "surface"),
        [
            ("/", SurfaceName.STOREFRONT),
            ("/products/mug", SurfaceName.STOREFRONT),
            ("/admin", SurfaceName.ADMIN),
            ("/admin/orders", SurfaceName.ADMIN),
            ("/administrator", SurfaceName.STOREFRONT),
            ("/account/sign-in", SurfaceName.ACCOUNT),
            ("/api/v1/products", SurfaceName.API),
            ("/api/docs", SurfaceName.API),
            ("/health/ready", None),
            ("/assets/x.css", None),
        ],
    )
    def test_each_path_is_on_one_surface(self, path: str, surface: SurfaceName | None) -> None:
        assert surface_of(path) is surface

    @pytest.mark.parametrize(
        ("client", "forwarded", "distance"),
        [
            ("127.0.0.1", False, Distance.THIS_MACHINE),
            ("::1", False, Distance.THIS_MACHINE),
            ("::ffff:127.0.0.1", False, Distance.THIS_MACHINE),
            ("127.0.0.1", True, Distance.AWAY),
            ("192.168.1.7", False, Distance.LOCAL_NETWORK),
            ("fe80::1", False, Distance.LOCAL_NETWORK),
            ("8.8.8.8", False, Distance.AWAY),
            ("testclient", False, Distance.AWAY),
        ],
    )
    def test_what_comes_through_a_proxy_is_never_this_machine(
        self, client: str, *, forwarded: bool, distance: Distance
    ) -> None:
        assert distance_of(client, is_forwarded=forwarded) is distance

    def test_each_switch_lets_in_whom_it_says(self) -> None:
        far = (Distance.THIS_MACHINE, Distance.LOCAL_NETWORK, Distance.AWAY)
        assert [Reach.THIS_MACHINE.admits(d) for d in far] == [True, False, False]
        assert [Reach.LOCAL_NETWORK.admits(d) for d in far] == [True, True, False]
        assert [Reach.EVERYONE.admits(d) for d in far] == [True, True, True]

    async def test_a_neighbour_is_refused_until_the_owner_opens_the_surface(self, ask: Ask, claimed: Ports) -> None:
        assert (await ask("GET", "/api/v1/settings/public", client="192.168.1.7")).status_code == 403
        await open_surface(claimed, "api", Reach.LOCAL_NETWORK)
        assert (await ask("GET", "/api/v1/settings/public", client="192.168.1.7")).status_code == 200
        assert (await ask("GET", "/api/v1/settings/public", client="8.8.8.8")).status_code == 403
        assert (await ask("GET", "/admin", client="192.168.1.7")).status_code == 403

    @pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto", "via"])
    async def test_forwarding_headers_do_not_open_what_is_for_this_machine(self, ask: Ask, header: str) -> None:
        answer = await ask("GET", "/api/v1/settings/public", headers={header: "127.0.0.1"})
        assert answer.status_code == 403


class TestProxies:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"trusted_proxies": (ip_network("192.168.1.2/32"),)})

    @pytest.mark.parametrize(
        ("proxy", "client", "status"),
        [
            ("192.168.1.2", "192.168.1.9", 200),
            ("192.168.1.2", "8.8.8.8", 403),
            ("192.168.1.3", "192.168.1.9", 403),
            ("8.8.8.8", "192.168.1.9", 403),
        ],
    )
    async def test_who_comes_through_our_own_is_as_far_as_it_says_and_through_another_from_afar(
        self, ask: Ask, claimed: Ports, proxy: str, client: str, status: int
    ) -> None:
        await open_surface(claimed, "api", Reach.LOCAL_NETWORK)
        for headers in ({"x-forwarded-for": client}, {"forwarded": f"for={client};proto=https"}):
            answer = await ask("GET", "/api/v1/settings/public", client=proxy, headers=headers)
            assert answer.status_code == status, headers


class TestUnclaimed:
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/"), ("GET", "/admin"), ("GET", "/api/v1/products"), ("POST", "/api/v1/checkout")]
    )
    async def test_everything_but_the_claim_is_503(self, client: AsyncClient, method: str, path: str) -> None:
        answer = await client.request(method, path)
        assert answer.status_code == 503
        assert "/setup" in answer.text

    async def test_health_and_the_claim_page_answer(self, client: AsyncClient) -> None:
        assert (await client.get("/health/ready")).json() == {
            "status": "ok",
            "database": "connected",
            "cache": "disk",
            "search": "missing",  # nobody has built it yet
        }
        assert (await client.get("/setup")).status_code == 200


class TestHeaders:
    async def test_the_admin_is_never_framed_and_the_storefront_by_itself_only(self, ask: Ask) -> None:
        admin, shop = await ask("GET", "/admin"), await ask("GET", "/")
        assert (admin.headers["x-frame-options"], shop.headers["x-frame-options"]) == ("DENY", "SAMEORIGIN")
        for answer in (admin, shop):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert "strict-transport-security" not in answer.headers

    async def test_hsts_is_sent_behind_a_public_certificate_only(self, claimed: Ports, settings: Settings) -> None:
        app = make_app(
            claimed, settings.model_copy(update={"frontend_url": "https://shop.example.org"}), runs_jobs=False
        )
        async with AsyncClient(
            transport=ASGITransport(app=app, client=("127.0.0.1", 1)), base_url="http://localhost"
        ) as c:
            answer = await c.get("/health")
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"

    async def test_a_request_id_is_answered_the_clients_own_if_it_is_one(self, ask: Ask) -> None:
        own = await ask("GET", "/health", headers={"x-request-id": "abcdef-12345"})
        assert own.headers["x-request-id"] == "abcdef-12345"
        answers = [await ask("GET", "/health", headers={"x-request-id": "<script>"}) for _number in range(2)]
        first, second = [answer.headers["x-request-id"] for answer in answers]
        assert is_request_id(first)
        assert is_request_id(second)
        assert first != second


class TestCors:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": ("https://app.example.org",)})

    async def test_a_listed_origin_may_use_the_api(self, ask: Ask) -> None:
        headers = {"origin": "https://app.example.org", "access-control-request-method": "PATCH"}
        answer = await ask("OPTIONS", "/api/v1/products", headers=headers)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
        assert answer.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, PATCH, OPTIONS"
        allowed = "Authorization, Content-Type, X-Request-ID, Idempotency-Key, X-Cart-Id"
        assert answer.headers["access-control-allow-headers"] == allowed
        assert answer.headers["access-control-max-age"] == "3600"
        got = await ask("GET", "/api/v1/settings/public", headers={"origin": "https://app.example.org"})
        assert "X-RateLimit-Limit" in got.headers["access-control-expose-headers"]

    async def test_another_origin_is_told_nothing(self, ask: Ask) -> None:
        answer = await ask("GET", "/api/v1/settings/public", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


class TestCsrf:
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "http://localhost:9"},
        ],
    )
    async def test_a_form_from_elsewhere_is_refused(self, ask: Ask, headers: dict[str, str]) -> None:
        assert (await ask("POST", "/admin/sign-in", headers=headers)).status_code == 403

    async def test_a_cookie_does_not_open_the_api_from_elsewhere(self, ask: Ask) -> None:
        headers = {"origin": "https://evil.example", "cookie": "agora_session=x"}
        assert (await ask("POST", "/api/v1/auth/logout", headers=headers, json={})).status_code == 403

    async def test_our_own_form_and_a_program_come_in(self, ask: Ask) -> None:
        own = await ask("POST", "/admin/sign-in", headers={"origin": "http://localhost"})
        program = await ask("POST", "/api/v1/auth/login", json={"email": "a@example.org", "password": "x"})
        assert own.status_code != 403
        assert program.status_code == 401


class TestLimits:
    async def test_the_eleventh_sign_in_of_a_minute_waits(self, ask: Ask) -> None:
        sent = {"email": "nobody@example.org", "password": "x"}
        answers = [await ask("POST", "/api/v1/auth/login", json=sent, limits=True) for _ in range(11)]
        assert answers[0].headers["x-ratelimit-limit"] == "10"
        assert answers[0].headers["x-ratelimit-remaining"] == "9"
        assert answers[-1].status_code == 429
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        other = await ask("POST", "/api/v1/auth/login", json=sent, limits=True, client="127.0.0.2")
        assert other.status_code != 429

    async def test_a_body_over_the_limit_is_refused_said_or_not(self, ask: Ask) -> None:
        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"x" * 100_000

        said = await ask("POST", "/api/v1/auth/login", content=b"x" * 3_000_000)
        unsaid = await ask(
            "POST", "/api/v1/auth/login", content=endless(), headers={"content-type": "application/json"}
        )
        assert (said.status_code, unsaid.status_code) == (413, 413)


class TestErrors:
    async def test_an_unknown_path_is_a_problem_for_programs(self, ask: Ask) -> None:
        answer = await ask("GET", "/api/v1/nothing")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["requestId"] == answer.headers["x-request-id"]

    async def test_a_stale_token_is_told_apart_from_a_stranger(self, ask: Ask) -> None:
        answer = await ask("GET", "/api/v1/settings/general", headers={"authorization": "Bearer nonsense"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


class TestClaimToken:
    def test_it_is_made_once_and_for_its_owner_only(self, tmp_path: Path) -> None:
        first = ClaimToken(tmp_path).read()
        assert ClaimToken(tmp_path).read() == first
        assert (tmp_path / "claim-token").stat().st_mode & 0o777 == 0o600
