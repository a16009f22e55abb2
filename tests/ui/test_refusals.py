"""What a person sees where the gateway itself says no."""

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings
from app.web import make_app
from engine.api.gateway import signposts
from engine.api.ports import Ports
from engine.core.actor import Actor
from ui.assets import FOLDER

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
HTML = {"accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def ask(house: Ports, settings: Settings, path: str, *, client: str = "127.0.0.1", fails: bool = False) -> object:
    app = make_app(house, settings, runs_jobs=False)
    if fails:

        @app.get("/fails")
        async def fail() -> None:
            raise RuntimeError("the secret of the house")

        signposts.install(app)
    transport = ASGITransport(app=app, client=(client, 50000), raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://localhost", headers=HTML) as made:
        return await made.get(path)


class TestRefusals:
    async def test_a_site_without_an_owner_shows_the_way_to_set_it_up(self, house: Ports, settings: Settings) -> None:
        answer = await ask(house, settings, "/")
        assert answer.status_code == 503
        assert 'href="/setup"' in answer.text
        assert "plain-card" in answer.text

    async def test_a_closed_surface_says_so_in_the_sites_look(
        self, house: Ports, settings: Settings, owner: Actor
    ) -> None:
        assert owner.is_staff
        answer = await ask(house, settings, "/products", client="203.0.113.9")
        assert answer.status_code == 403
        assert "plain-card" in answer.text
        assert answer.headers["cache-control"] == "no-store"

    async def test_a_failure_tells_the_requests_id_and_nothing_else(
        self, house: Ports, settings: Settings, owner: Actor
    ) -> None:
        assert owner.is_staff
        answer = await ask(house, settings, "/fails", fails=True)
        assert answer.status_code == 500
        assert answer.headers["x-request-id"] in answer.text
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
