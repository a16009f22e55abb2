"""Straight ways: a page answered past FastAPI's solver is what FastAPI would have answered."""

from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from httpx import AsyncClient
from starlette.responses import PlainTextResponse, Response

from engine.api.gateway import signposts
from engine.api.gateway.straight import straight
from engine.api.ports import Ports
from engine.api.request import Caller, House, public, signed_in
from engine.core.actor import Role
from tests.factories import people

#: Something sent along, however empty, has a request looked through and so takes FastAPI's way.
WHOLE_WAY = {"content-type": "text/plain"}
ADDRESSES = (
    "/",
    "/products",
    "/products?sort=price&page=2&min=abc",
    "/products/nothing-of-that-name",
    "/search?q=mug",
    "/categories/none/below",
    "/cart",
    "/cart/count",
    "/account",
    "/account/addresses/new",
    "/admin",
    "/admin/settings/general",
    "/admin/settings/nothing",
    "/admin/backups/..%2Fsecrets",
    "/blog",
    "/payment/not-an-id",
    "/site.webmanifest",
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Ways know no database."""
    return sqlite_url


async def _words(slug: str, house: House, actor: Caller, request: Request) -> Response:
    return PlainTextResponse(f"{slug} {actor.role} {request.url.path} {house.site.general.language}")


async def _numbered(number: UUID) -> Response:
    return PlainTextResponse(str(number))


async def _asked(word: str) -> Response:
    return PlainTextResponse(word)


async def _data() -> dict[str, str]:
    return {}


def _in_thread(slug: str) -> Response:
    return PlainTextResponse(slug)


def _of_another() -> str:
    return "another"


async def _deep(deep: str = Depends(_of_another)) -> Response:
    return PlainTextResponse(deep)


class TestStraight:
    async def test_whoever_asks_is_answered_as_by_the_whole_way(self, client: AsyncClient, house: Ports) -> None:
        owner = await people.account(house, Role.SUPER_ADMIN, email="owner@example.org", name="Olive Owner")
        buyer = await people.account(house, Role.CUSTOMER, email="bea@example.org", name="Bea Buyer")
        for person in (None, owner, buyer):
            held = await people.cookie(house, person) if person else {}
            for address in ADDRESSES:
                quick = await client.get(address, headers=held)
                whole = await client.get(address, headers=held | WHOLE_WAY)
                assert quick.status_code == whole.status_code, (person, address)
                assert quick.headers.get("location") == whole.headers.get("location"), (person, address)
                assert len(quick.content) == len(whole.content), (person, address)

    def test_only_what_asks_for_the_request_and_words_of_its_address_is_taken(self) -> None:
        router = APIRouter(dependencies=[public])
        router.add_api_route("/words/{slug}", _words, dependencies=[signed_in])
        for number, endpoint in enumerate((_numbered, _asked, _data, _in_thread, _deep)):
            router.add_api_route(f"/other/{number}/{{number}}/{{slug}}", endpoint)
        router.add_api_route("/sent", _words, methods=["POST"])
        router.add_api_route("/made", _deep, status_code=201)
        app = FastAPI()
        app.include_router(router)
        taken = {
            post.path
            for post in signposts.posts_of(app)
            if post.included and straight(post.route, post.included._build_effective_context(post.route).dependant)
        }
        assert taken == {"/words/{slug}"}
