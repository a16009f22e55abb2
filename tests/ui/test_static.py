"""Bundled files, as small as each reader takes them."""

import gzip

import brotli
import pytest
from httpx import AsyncClient

from ui.assets import FOLDER, asset_url, manifest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class TestAsset:
    @pytest.mark.parametrize("name", ["storefront.css", "storefront.js", "sprite.svg"])
    async def test_each_reader_gets_the_same_bytes_as_they_take_them(self, client: AsyncClient, name: str) -> None:
        whole = (FOLDER / manifest()[name]).read_bytes()
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
        for accepted, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)):
            async with client.stream("GET", asset_url(name), headers={"accept-encoding": accepted}) as answer:
                body = b"".join([part async for part in answer.aiter_raw()])
            assert answer.headers.get("content-encoding") == coding
            assert answer.headers["vary"] == "Accept-Encoding"
            assert "immutable" in answer.headers["cache-control"]
            assert (unpack[coding](body) if coding else body) == whole
