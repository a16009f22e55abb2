"""A claimed shop and its visitors, each known by address, cookies and headers."""

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.settings import Settings
from app.web import make_app
from engine.api.pagecache.shelf import Shelf
from engine.api.ports import Ports
from engine.core.actor import Actor
from ui.assets import FOLDER

Ask = Callable[..., Awaitable[Response]]
collect_ignore_glob = [] if (FOLDER / "manifest.json").exists() else ["test_*.py"]


@pytest.fixture
def app(house: Ports, settings: Settings, owner: Actor) -> FastAPI:
    assert owner.is_staff
    return make_app(house, settings, runs_jobs=False)


@pytest.fixture
def kept(house: Ports) -> Shelf:
    """The pages that are kept."""
    return house.expiry.shelf


@pytest.fixture
def ask(app: FastAPI) -> Ask:
    """`await ask("/products", cookie="agora_cart=…", client="203.0.113.9", host="…", **headers)`: a stranger asks."""
    return asking_of(app)


def asking_of(app: FastAPI) -> Ask:
    """Return what asks an application."""

    async def asking(
        path: str, method: str = "GET", client: str = "127.0.0.1", host: str = "localhost", **headers: str
    ) -> Response:
        transport = ASGITransport(app=app, client=(client, 50000))
        sent = {
            "host": host,
            "accept": "text/html",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        async with AsyncClient(transport=transport, base_url="http://localhost") as made:
            return await made.request(method, path, headers=sent)

    return asking


@pytest.fixture
def fresh(ask: Ask) -> Ask:
    """The same, past the cache."""

    async def asking(path: str, **headers: str) -> Response:
        return await ask(path, x_agora_bypass_cache="1", **headers)

    return asking
