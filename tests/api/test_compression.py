"""Answers packed with gzip: for those who take it, and never where their size would tell a secret. On SQLite only."""

import asyncio
import gzip

import pytest

from engine.api.gateway.compression import Compression, takes_brotli, takes_gzip
from engine.core.site import SurfaceName
from tests.factories import people

GZIP = {"accept-encoding": "gzip", "accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class TestPages:
    async def test_pages_styles_and_lists_are_packed_for_who_takes_it(self, client, owner) -> None:
        assert owner.is_staff
        sheet = (await client.get("/", headers=GZIP)).headers["link"].partition(">")[0].removeprefix("<")
        for path in ("/", sheet, "/api/openapi.json", "/sitemap.xml", "/nowhere"):
            packed = await client.get(path, headers=GZIP)
            plain = await client.get(path, headers={**GZIP, "accept-encoding": "identity"})
            assert "Accept-Encoding" in packed.headers["vary"], path
            assert "content-encoding" not in plain.headers, path
            if len(plain.content) > 1_000:
                assert packed.headers["content-encoding"] == "gzip", path
                assert int(packed.headers["content-length"]) < len(plain.content), path
            if path == sheet:
                assert packed.content == plain.content

    async def test_what_is_one_persons_own_is_packed_only_when_our_own_page_asked(self, house, client, owner) -> None:
        cookie = f"agora_session={(await people.cookie(house, owner))['agora_session']}"
        for site, is_packed in (("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)):
            answer = await client.get("/admin/orders", headers={**GZIP, "cookie": cookie, "sec-fetch-site": site})
            assert answer.status_code == 200
            assert ("content-encoding" in answer.headers) == is_packed, site
        answer = await client.get("/admin/orders", headers={**GZIP, "cookie": cookie})
        assert "content-encoding" not in answer.headers

    async def test_what_hands_out_tokens_never_is(self, client, owner) -> None:
        sent = {"email": owner.email, "password": people.PASSWORD}
        answer = await client.post("/api/v1/auth/login", json=sent, headers={"accept-encoding": "gzip"})
        assert len(answer.content) > 600
        assert "content-encoding" not in answer.headers

    async def test_a_page_names_its_styles_and_font_in_its_head(self, client, owner) -> None:
        assert owner.is_staff
        link = (await client.get("/", headers=GZIP)).headers["link"]
        assert "storefront-" in link
        assert "rel=preload; as=style" in link
        assert "as=font; type=font/woff2; crossorigin" in link
        assert "builder" not in link
        fragment = await client.get("/products", headers={**GZIP, "hx-request": "true"})
        assert "link" not in fragment.headers


class TestStreams:
    async def test_each_part_is_sent_as_it_comes(self) -> None:
        heard: list[bytes] = []
        first_was_heard = asyncio.Event()

        async def app(_scope, _receive, send) -> None:
            head = [(b"content-type", b"text/csv"), (b"etag", b'"a"')]
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body", "body": b"a,b\n" * 200, "more_body": True})
            assert heard
            first_was_heard.set()
            await send({"type": "http.response.body", "body": b"1,2\n"})

        async def send(message) -> None:
            if message["type"] == "http.response.body":
                heard.append(message["body"])
            else:
                assert (b"etag", b'W/"a"') in message["headers"]

        headers = [(b"accept-encoding", b"gzip")]
        state = {"surface": SurfaceName.STOREFRONT}
        scope = {"type": "http", "method": "GET", "path": "/x.csv", "headers": headers, "state": state}
        await Compression(app)(scope, None, send)
        assert first_was_heard.is_set()
        assert gzip.decompress(b"".join(heard)) == b"a,b\n" * 200 + b"1,2\n"


class TestTakesBrotli:
    @pytest.mark.parametrize(
        ("accepted", "does"), [("br", True), ("gzip, br;q=0.5", True), ("*", False), ("br;q=0", False), ("brx", False)]
    )
    def test_as_the_reader_says(self, accepted: str, *, does: bool) -> None:
        assert takes_brotli(accepted) is does


class TestTakesGzip:
    @pytest.mark.parametrize(
        ("accepted", "does"),
        [
            ("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("GZIP", True),
            ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.0, br", False), ("gzip;q=x", False),
            ("xgzip", False),
        ],
    )  # fmt: skip
    def test_as_the_reader_says(self, accepted: str, *, does: bool) -> None:
        assert takes_gzip(accepted) is does
