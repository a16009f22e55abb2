"""Pages that people made for addresses where nothing stands, and for failures, even those of the database."""

from dataclasses import replace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings
from app.web import make_app
from engine.api.ports import Ports
from engine.content.pages.models import PageKind
from engine.core.actor import Actor
from engine.core.database import Database
from tests.factories.pages import Site, block


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


class Disk:
    """A database until it is gone."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.is_gone = False

    def __getattr__(self, name: str) -> Any:
        if self.is_gone:
            raise RuntimeError("the disk is gone")
        return getattr(self._db, name)


class TestOwnPages:
    async def test_where_nothing_stands_the_own_page_does(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        site = Site(house, owner)
        text = block("text", text="<p>Have a look at the <a href='/products'>shop</a>.</p>")
        lost = await site.page("Lost at sea", text, kind=PageKind.NOT_FOUND)
        assert "Lost at sea" not in (await client.get("/nowhere")).text
        await site.publish(lost.id)
        answer = await client.get("/nowhere")
        assert answer.status_code == 404
        assert "Lost at sea" in answer.text
        assert 'href="/products"' in answer.text
        assert 'name="robots" content="noindex"' in answer.text
        assert (await client.get("/products/nowhere")).status_code == 404
        assert "Lost at sea" not in (await client.get("/admin/nowhere")).text

    async def test_a_failure_says_the_own_words_without_the_database(
        self, house: Ports, settings: Settings, owner: Actor
    ) -> None:
        site = Site(house, owner)
        words = block("section", block("text", text="<p>Call us at <b>the pier</b>.</p>"))
        await site.page("The kiln went out", words, kind=PageKind.SERVER_ERROR, published=True)
        disk = Disk(house.db)
        app = make_app(replace(house, db=disk), settings, runs_jobs=False)  # type: ignore[arg-type]
        transport = ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://localhost") as browser:
            await browser.get("/")  # the claim is known
            disk.is_gone = True
            answer = await browser.get("/products", headers={"accept": "text/html"})
        assert answer.status_code == 500
        assert "The kiln went out" in answer.text
        assert "Call us at <b>the pier</b>." in answer.text
        assert answer.headers["x-request-id"] in answer.text
        assert "disk" not in answer.text
