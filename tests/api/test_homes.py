"""Host names per surface: pages lead home, and what is not at home there is refused. On SQLite only."""

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings
from app.web import make_app
from engine.api.gateway.homes import Homes
from engine.api.serving import Serving
from engine.core.site import SurfaceName
from tests.factories import people

HOMES = Homes(
    site="https://example.org",
    admin="https://admin.example.org",
    builder="https://builder.example.org",
    api="https://api.example.org",
)
ADMIN, SHOP, API = SurfaceName.ADMIN, SurfaceName.STOREFRONT, SurfaceName.API
PAGE = {"accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    urls = {f"{name}_url": getattr(HOMES, name) for name in ("admin", "builder", "api")}
    return settings.model_copy(update={"frontend_url": HOMES.site, **urls})


@pytest.fixture
async def client(house, settings, owner):
    assert owner.is_staff
    app = make_app(house, settings, runs_jobs=False)
    app.state.serving = Serving(cookie_domain="example.org")
    transport = ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with AsyncClient(transport=transport, base_url="http://localhost", headers=PAGE) as made:
        yield made


class TestLead:
    @pytest.mark.parametrize(
        ("host", "surface", "path", "target"),
        [
            ("example.org", SHOP, "/", None),
            ("example.org", ADMIN, "/admin/orders", "https://admin.example.org/admin/orders"),
            ("admin.example.org", ADMIN, "/admin/orders", None),
            ("admin.example.org", SHOP, "/", "/admin"),
            ("admin.example.org", SHOP, "/products/mug", "https://example.org/products/mug"),
            ("admin.example.org", API, "/api/v1/products", None),
            ("admin.example.org", None, "/assets/x.css", None),
            ("builder.example.org", SHOP, "/", "https://admin.example.org/admin/pages"),
            ("builder.example.org", ADMIN, "/admin/builder/7", "https://admin.example.org/admin/builder/7"),
            ("api.example.org", SHOP, "/", "/api/docs"),
            ("api.example.org", API, "/api/v1/products", None),
            ("localhost", ADMIN, "/admin", None),
            ("192.168.1.20", ADMIN, "/admin", None),
            ("example.org", ADMIN, "@evil.example/admin", None),
        ],
    )
    def test_each_surface_is_at_home_at_one_name(self, host, surface, path, target) -> None:
        assert HOMES.lead(host, surface, path) == target

    @pytest.mark.parametrize("host", ["example.org", "admin.example.org", "localhost"])
    @pytest.mark.parametrize("surface", [SHOP, ADMIN, API, None])
    def test_without_names_of_their_own_all_is_at_home_everywhere(self, host, surface) -> None:
        alone = Homes(site="https://example.org")
        assert alone.lead(host, surface, "/admin") is None
        assert not alone.is_barred(host, surface)


class TestOverTheWire:
    async def test_a_page_leads_home_with_its_question(self, client) -> None:
        answer = await client.get("/admin/orders?status=paid", headers={"host": "example.org"})
        assert answer.status_code == 307
        assert answer.headers["location"] == "https://admin.example.org/admin/orders?status=paid"
        assert answer.headers["cache-control"] == "no-store"

    async def test_the_sites_name_does_not_answer_for_the_admin_whatever_is_sent(self, client) -> None:
        for method, path in (("POST", "/admin/sign-in"), ("DELETE", "/admin/orders"), ("GET", "/admin/live")):
            answer = await client.request(method, path, headers={"host": "example.org", "sec-fetch-dest": "empty"})
            assert answer.status_code == 421, (method, path)
            assert "https://admin.example.org" in answer.text

    async def test_the_apis_name_answers_for_the_api_only(self, client) -> None:
        api = {"host": "api.example.org"}
        assert (await client.get("/api/v1/settings/public", headers=api)).status_code == 200
        assert (await client.get("/health", headers=api)).status_code == 200
        assert (await client.get("/products", headers=api)).status_code == 421
        assert (await client.get("/", headers=api)).headers["location"] == "/api/docs"

    async def test_forms_may_lead_from_one_to_the_other(self, client) -> None:
        policy = (await client.get("/", headers={"host": "example.org"})).headers["content-security-policy"]
        assert "https://admin.example.org" in policy.partition("form-action")[2].partition(";")[0]

    async def test_a_sign_in_counts_below_the_name_that_was_set_and_at_this_machine_alone(self, client) -> None:
        sent = {"email": "owner@example.org", "password": people.PASSWORD}
        for host, domain in (("admin.example.org", "domain=example.org"), ("localhost", "")):
            headers = {"host": host, "origin": f"http://{host}"}
            cookie = (await client.post("/admin/sign-in", data=sent, headers=headers)).headers["set-cookie"].lower()
            assert ("domain=" in cookie) == bool(domain)
            assert domain in cookie
            assert "httponly" in cookie
