"""Signposts: whichever way a route is found, it is the one that the router would have taken."""

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient

from engine.api.gateway import signposts
from tests.factories import people


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Addresses know no database."""
    return sqlite_url


def _app() -> FastAPI:
    router = APIRouter()
    for path in ("/", "/things/new", "/things/{key}", "/things/{key}/parts/{part}", "/{page}", "/theme/{name}.css"):
        router.add_api_route(path, _answer(path), name=path)
    router.add_api_route("/things/{key}", _answer("deleted"), methods=["DELETE"])
    router.add_api_route("/things/{number:int}/count", _counted)
    app = FastAPI()
    app.include_router(router, prefix="")
    app.include_router(router, prefix="/api/v1")
    signposts.install(app)
    return app


def _client() -> AsyncClient:
    return AsyncClient(transport=ASGITransport(_app()), base_url="http://localhost")


def _answer(name: str):
    async def answer() -> str:
        return name

    return answer


async def _counted(number: int) -> int:
    return number + 1


class TestSignposts:
    async def test_the_first_declared_route_that_fits_answers(self) -> None:
        async with _client() as client:
            for start in ("", "/api/v1"):
                assert (await client.get(f"{start}/things/new")).json() == "/things/new"
                assert (await client.get(f"{start}/things/7")).json() == "/things/{key}"
                assert (await client.get(f"{start}/things/7/parts/8")).json() == "/things/{key}/parts/{part}"
                assert (await client.get(f"{start}/theme/1.css")).json() == "/theme/{name}.css"
                assert (await client.get(f"{start}/about")).json() == "/{page}"
                assert (await client.get(f"{start}/things/7/count")).json() == 8
                assert (await client.delete(f"{start}/things/7")).json() == "deleted"
            assert (await client.get("/")).json() == "/"

    async def test_what_no_route_takes_is_answered_as_the_router_would(self) -> None:
        async with _client() as client:
            assert (await client.get("/things/7/nothing")).status_code == 404
            assert (await client.get("/things/seven/count")).status_code == 404
            refused = await client.post("/things/new")
            assert (refused.status_code, refused.headers["allow"]) == (405, "DELETE, GET")
            sister = await client.get("/things/7/?a=b", follow_redirects=False)
            assert (sister.status_code, sister.headers["location"]) == (307, "http://localhost/things/7?a=b")
            assert (await client.get("/nothing/7/", follow_redirects=False)).status_code == 404


class TestBelowAList:
    """What a list of records answers by name takes any address below it; that says nothing of other methods there."""

    @pytest.mark.parametrize(
        ("method", "path"),
        [("PUT", "/pages/no-id/draft"), ("POST", "/pages/no-id/presence/leave"), ("DELETE", "/pages/a/previews/b")],
    )
    async def test_what_is_not_there_is_not_found(self, client, owner, method, path) -> None:
        assert owner.is_staff
        assert (await client.request(method, f"/api/v1{path}")).status_code == 404

    async def test_a_filter_that_is_none_is_refused_by_the_export_as_by_the_list(self, house, client, owner) -> None:
        headers = await people.bearer(house, owner)
        for asked in ("email-templates?purpose=AAA", f"articles?yearTo={'0' * 201}"):
            path, _mark, query = asked.partition("?")
            for address in (f"/api/v1/{path}?{query}", f"/api/v1/{path}/export?{query}"):
                assert (await client.get(address, headers=headers)).status_code == 422, address
