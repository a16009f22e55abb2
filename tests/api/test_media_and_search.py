"""`/media`, the pictures that everybody sees, and `/search`, over HTTP."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor
from tests.factories.catalog import CatalogShelf
from tests.factories.pictures import photo, uploaded


@pytest.fixture
def stranger(client: AsyncClient, owner: Actor) -> AsyncClient:
    assert owner.is_staff
    return client


class TestPictures:
    async def test_a_variant_is_anybodys_and_never_changes(self, stranger: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        answer = await stranger.get(found.medium)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_under_another_version_or_name_there_is_nothing(self, stranger: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        version = found.medium.split("/")[3]
        old = await stranger.get(found.medium.replace(version, "0" * 16))
        assert (old.status_code, old.headers["location"]) == (307, found.medium)
        for path in (
            found.medium.replace("medium", "original").replace(version, "0" * 16),
            found.medium.replace("medium", "original"),
            found.medium.replace("medium", "..%2foriginal"),
            f"/media/{found.id}/{version}/original.jpg",
        ):
            assert (await stranger.get(path)).status_code == 404

    async def test_strangers_neither_send_pictures_nor_see_originals(self, stranger: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        assert (await stranger.get(f"/api/v1/media/{found.id}/original")).status_code == 401
        assert (await stranger.get(f"/api/v1/media/{found.id}")).status_code == 401
        sent = await stranger.post("/api/v1/media", files={"file": ("a.jpg", photo(), "image/jpeg")})
        assert sent.status_code == 401


class TestSearch:
    async def test_what_is_found_says_what_it_is_and_where(self, stranger: AsyncClient, house: Ports) -> None:
        shelf = CatalogShelf(house.db)
        made = await shelf.product("Blue mug", description="<p>Holds a <b>generous</b> coffee.</p>")
        await house.jobs.run_until_idle()
        found = (await stranger.get("/api/v1/search?q=generous")).json()
        (hit,) = found["items"]
        assert (hit["type"], hit["id"], hit["title"], hit["url"]) == ("product", str(made.id), "Blue mug", made.url)
        assert "<" not in hit["snippet"]
        assert (found["total"], found["page"], found["limit"]) == (1, 1, 20)
        assert found["facets"] == {"type": {"product": 1}}

    async def test_an_empty_question_finds_nothing(self, stranger: AsyncClient) -> None:
        assert (await stranger.get("/api/v1/search")).json()["total"] == 0

    async def test_a_question_that_is_too_long_names_its_limit(self, stranger: AsyncClient) -> None:
        answer = await stranger.get("/api/v1/search", params={"q": "x" * 300})
        assert answer.status_code == 422
        assert "200" in answer.text
