"""Cloudflare is told which addresses changed, by its own API as it describes it."""

import json
from collections.abc import Callable

import httpx
import pytest

from adapters.edge.cloudflare import MOST_AT_ONCE, Cloudflare
from engine.core.errors import Unavailable

ZONE = "023e105f4ecef8ad9ca31a8372d0c353"


def cloudflare(answer: Callable[[httpx.Request], httpx.Response]) -> Cloudflare:
    return Cloudflare(ZONE, "a-token", transport=httpx.MockTransport(answer))


class TestPurge:
    async def test_names_the_addresses_in_parts(self) -> None:
        asked: list[dict] = []

        def answer(request: httpx.Request) -> httpx.Response:
            assert str(request.url) == f"https://api.cloudflare.com/client/v4/zones/{ZONE}/purge_cache"
            assert (request.method, request.headers["authorization"]) == ("POST", "Bearer a-token")
            asked.append(json.loads(request.content))
            return httpx.Response(200, json={"success": True, "errors": [], "result": {"id": ZONE}})

        pages = [f"https://shop.example/products/{number}" for number in range(MOST_AT_ONCE + 5)]
        await cloudflare(answer).purge(pages)
        assert [one for part in asked for one in part["files"]] == pages
        assert [len(part["files"]) for part in asked] == [MOST_AT_ONCE, 5]
        await cloudflare(answer).purge_all()
        assert asked[-1] == {"purge_everything": True}

    @pytest.mark.parametrize(
        "answer",
        [httpx.Response(403, json={"success": False}), httpx.Response(200, json={"success": False}),
         httpx.Response(200, text="<html>"), httpx.Response(200, json=[1])],
    )  # fmt: skip
    async def test_says_so_where_it_was_not_done(self, answer: httpx.Response) -> None:
        with pytest.raises(Unavailable, match="Cloudflare"):
            await cloudflare(lambda _request: answer).purge(["https://shop.example/"])

    async def test_says_so_where_nobody_answers(self) -> None:
        def away(_request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("away")

        with pytest.raises(Unavailable, match="ConnectError"):
            await cloudflare(away).purge_all()
