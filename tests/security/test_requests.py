"""Requests that were never made by a browser: odd headers and addresses, ways out of a folder, ways off the site."""

import json
from urllib.parse import quote

import pytest

from engine.core.errors import Invalid
from engine.core.money import parse_minor
from tests.factories import people
from tests.security.pages import Page, problems_of
from tests.security.values import REDIRECTS, TRAVERSALS, UNKEEPABLE, samples

OWN_REDIRECTS = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "/\t/evil.example",
    "///evil.example",
    "/%0d%0aLocation:%20//evil.example",
    "/\r\nLocation: //evil.example",
    "javascript:alert(1)",
    "//evil.example/..;/",
    "/.evil.example\\@x",
    "https:/\\evil.example",
    "http://[",
    "/admin\u2028//evil.example",
)
OWN_TRAVERSALS = (
    "../../agora.sqlite3",
    "..%2f..%2fagora.sqlite3",
    "%2e%2e/%2e%2e/secrets.json",
    "....//....//etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "%00",
    "..%c0%af..%c0%afetc/passwd",
    "manifest.json",
    ".",
    "",
)
ODD = {
    "origin": (b"http://[", b"null", b"\xff", b"http://", b"x" * 5_000),
    "referer": (b"http://[", b"\xff\xfe", b"http://localhost//evil.example", b"http://localhost@evil.example/"),
    "cookie": (
        b"agora_session=\xff\xff",
        b"agora_session=" + b"x" * 7_000,
        b"=;=;;;,",
        b"agora_flash=bm9uc2Vuc2U",
        b"agora_flash=e30=",
        b"agora_flash=W10=",
        b"agora_flash=eyJtZXNzYWdlIjogWzFdfQ==",
        b"agora_cart=x",
        b'agora-scheme="><script>',
    ),
    "authorization": (b"Bearer", b"Bearer \xff", b"Basic Og==", b"Bearer " + b"e30." * 3, b"Bearer " + b"A" * 7_000),
    "accept-language": (b"\xff", b"en;q=\xff", b"x" * 5_000, b"de-DE-x-y;q=1e999"),
    "accept": (b"\xff", b"text/html;q=x"),
    "x-request-id": (b"a\xffb", b"<script>", b"x" * 500),
    "x-forwarded-for": (b"\xff", b"127.0.0.1, ::1, [", b"'; DROP TABLE users"),
    "x-cart-id": (b"\xff", b"0", b"x" * 90),
    "user-agent": (b"\xff<script>alert(1)</script>", b"x" * 5_000),
    "content-length": (b"\xb2",),
    "host": (b"localhost:\xff", b"[::1", b"localhost:99999999999", b"evil.example", b"localhost\xad"),
    "range": (b"bytes=9-1", b"bytes=\xff"),
    "hx-request": (b"\xff",),
}
PAGES = ("/", "/products", "/account/sign-in", "/api/v1/cart", "/nowhere")


@pytest.fixture(params=["own", "samples"])
def redirects(request) -> list[str]:
    return list(OWN_REDIRECTS) if request.param == "own" else samples(REDIRECTS)


@pytest.fixture(params=["own", "samples"])
def traversals(request) -> list[str]:
    return list(OWN_TRAVERSALS) if request.param == "own" else samples(TRAVERSALS)[::4]


def stays(location: str) -> bool:
    """Return whether a browser that follows this stays on the site."""
    start = location.replace("\\", "/").lstrip("\t\n\r ")
    return location.isascii() and location.isprintable() and start.startswith("/") and not start.startswith("//")


@pytest.mark.usefixtures("owner")
class TestSqlite:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        """Addresses and headers know no database."""
        return sqlite_url

    async def test_odd_headers_are_answered_and_never_by_a_failure(self, client):
        failed = []
        for name, values in ODD.items():
            for value in values:
                for path in PAGES:
                    headers = {"accept": b"text/html", name: value}
                    for method in (
                        ("GET", "POST") if name in ("origin", "referer", "content-length", "cookie") else ("GET",)
                    ):
                        answer = await client.request(method, path, headers=headers)
                        if answer.status_code >= 500:
                            failed.append((method, path, name, value[:40], answer.text[:200]))
                        if "<script>alert" in answer.text or '<script>"' in answer.text:
                            failed.append((path, name, value, "shown as markup"))
                        sent = answer.headers.get("x-request-id", "")
                        if not sent.isascii() or "<" in sent:
                            failed.append((path, "x-request-id", sent))
        assert failed == []

    async def test_nobody_is_sent_off_the_site(self, house, client, owner, redirects):
        cookie = {"cookie": f"agora_session={(await people.cookie(house, owner))['agora_session']}"}
        outside = []
        for wanted in redirects:
            value = quote(wanted, safe="%")
            for path in ("/account/sign-in", "/account/register", "/admin/sign-in", "/desktop/sign-in"):
                answer = await client.get(f"{path}?next={value}", headers=cookie)
                if "location" in answer.headers and not stays(answer.headers["location"]):
                    outside.append((path, wanted, answer.headers["location"]))
            form = {"email": "owner@example.org", "password": people.PASSWORD, "next": wanted}
            if redirects[0] == OWN_REDIRECTS[0] or wanted in redirects[:10]:
                answer = await client.post("/account/sign-in", data=form)
                if not stays(answer.headers.get("location", "")):
                    outside.append(("sign-in", wanted, answer.headers.get("location"), answer.status_code))
            refused = Page((await client.get(f"/account/sign-in?next={value}", headers={"accept": "text/html"})).text)
            outside += [(wanted, link) for link in refused.links if not stays(link)]
            for path in ("/preferences/scheme", "/cart/items"):
                headers = {"referer": wanted.encode("utf-8", "replace"), "host": "localhost"}
                headers["referer"] = headers["referer"].replace(b"\r", b"").replace(b"\n", b"")
                answer = await client.post(path, headers=headers, data={"productId": "0" * 32})
                if answer.status_code >= 500 or not stays(answer.headers.get("location", "/")):
                    outside.append((path, wanted, answer.status_code, answer.headers.get("location")))
        assert outside == []

    async def test_nothing_is_read_from_outside_its_folder(self, client, traversals):
        leaked = []
        for path in traversals:
            for start in (
                "/assets/",
                "/theme/",
                "/media/",
                "/media/0192e4a0-0000-7000-8000-000000000000/x/",
                "/products/",
                "/categories/",
            ):
                for way in (path, quote(path, safe="")):
                    answer = await client.get(start + way.lstrip("/") if way == path else start + way)
                    if answer.status_code not in (200, 301, 302, 303, 307, 308, 400, 404, 405, 422):
                        leaked.append((start, path, answer.status_code))
                    if "root:" in answer.text or "SQLite format" in answer.text or "sessionSecret" in answer.text:
                        leaked.append((start, path, answer.text[:50]))
                    if answer.status_code == 200 and not answer.headers["content-type"].startswith("text/html"):
                        leaked.append((start, path, answer.headers["content-type"]))
        assert leaked == []

    @pytest.mark.parametrize(
        "path", ["/products/%FF%FE", "/%C3%28", "/search?q=%FF%FE%C3%28", "/categories/%E2%82", "/api/v1/products/%FF"]
    )
    async def test_an_address_that_is_no_utf8_is_answered(self, client, path):
        answer = await client.get(path, headers={"accept": "text/html"})
        assert answer.status_code in (200, 404)
        if "html" in answer.headers["content-type"]:
            assert problems_of(answer.text) == []

    @pytest.mark.parametrize(
        "kind", ["utf-7", "punycode", "idna", "unicode_escape", "zlib", "nonsense", "utf-16", "\xff"]
    )
    async def test_a_form_in_an_odd_encoding_is_answered(self, client, kind):
        body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\xff\r\n--x--\r\n'
        headers = {"content-type": f"multipart/form-data; boundary=x; charset={kind}".encode("latin-1")}
        answer = await client.post("/account/sign-in", content=body, headers=headers)
        assert answer.status_code in (400, 415, 422)

    @pytest.mark.parametrize("page", ["9" * 5_000, "-1", "0", "1e9", "²", "٣", ""])
    async def test_a_page_that_is_no_number_is_the_first(self, client, page):
        for path in ("/products", "/search"):
            answer = await client.get(f"{path}?q=x&page={quote(page)}", follow_redirects=True)
            assert answer.status_code == 200

    @pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "9" * 60, "9" * 6_000, "--1", "0x10"])
    def test_what_is_no_amount_is_refused(self, text):
        with pytest.raises(Invalid):
            parse_minor(text, "USD")

    @pytest.mark.parametrize("address", ["http://[", "https://x:y/", "//\x00", "http://a\nb", "javascript:alert(1)"])
    async def test_an_address_of_the_site_that_would_break_it_is_refused(self, house, client, owner, address):
        headers = await people.bearer(house, owner)
        for field in ("siteUrl", "logo", "favicon"):
            answer = await client.put("/api/v1/settings/general", headers=headers, json={field: address})
            assert answer.status_code == 422
        assert (await client.get("/")).status_code == 200


@pytest.mark.usefixtures("owner")
class TestWhatNoTextCanBe:
    @pytest.mark.parametrize("text", UNKEEPABLE, ids=lambda text: text.encode("unicode_escape").decode())
    async def test_it_is_refused_by_name_wherever_it_stands(self, house, client, owner, text):
        headers = {**await people.bearer(house, owner), "content-type": "application/json"}
        price = {"amount": 1, "currency": "USD"}
        bodies = {
            "name": {"name": text, "price": price},
            "details.0.values.0": {"name": "Mug", "price": price, "details": [{"name": "a", "values": [text]}]},
            "variants.0.options": {"name": "Mug", "price": price, "variants": [{"options": {text: "a"}}]},
        }
        for field, body in bodies.items():
            answer = await client.post("/api/v1/products", headers=headers, content=json.dumps(body))
            assert answer.status_code == 422, field
            (error,) = answer.json()["errors"]
            assert error["field"] == field
            assert "cannot be kept (U+" in error["message"]
        answer = await client.put("/api/v1/settings/general", headers=headers, content=json.dumps({"siteName": text}))
        assert answer.status_code == 422
        answer = await client.post(
            "/api/v1/auth/login", headers=headers, content=json.dumps({"email": text, "password": text})
        )
        assert answer.status_code == 422

    async def test_a_whole_character_outside_the_first_plane_is_kept(self, house, client, owner):
        answer = await client.patch(
            "/api/v1/auth/me",
            content=b'{"name": "Ada \\ud83d\\ude00"}',
            headers={**await people.bearer(house, owner), "content-type": "application/json"},
        )
        assert answer.json()["name"] == "Ada \U0001f600"

    async def test_in_addresses_and_forms_it_is_refused_too(self, client):
        for address in (
            "/products/a%00b",
            "/api/v1/products/a%00b",
            "/api/v1/products?search=a%00b",
            "/search?q=a%00b",
        ):
            assert (await client.get(address)).status_code == 400
        answer = await client.post("/account/sign-in", data={"email": "a\x00b", "password": "x"})
        assert answer.status_code == 422
