"""What robots and readers of addresses are told: the sitemap, robots.txt, llms.txt, heads of pages, drawn pictures."""

import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from httpx import AsyncClient
from PIL import Image

from engine.api.ports import Ports
from engine.commerce.catalog.models import ProductStatus
from engine.content.seo import sitemaps
from engine.core.actor import Actor
from engine.core.linking import Address, Addresses
from engine.media import public as media
from tests.factories import people, pictures
from tests.factories.pages import Site
from tests.factories.shop import Shop

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


async def addresses(client: AsyncClient, path: str) -> list[str]:
    answer = await client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "application/xml"
    return [found.text or "" for found in parsed(answer.text).iter(f"{MAP}loc")]


class TestSitemap:
    async def test_it_lists_what_strangers_may_find_and_nothing_else(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        site = Site(shop.house, owner)
        await shop.product("Mug & <saucer>")
        await shop.product("Secret", status=ProductStatus.DRAFT)
        await site.page("About us", published=True)
        await site.page("Draft")
        await site.page("Hidden", published=True, fields={"isIndexed": False})
        members = await site.page("Members", published=True)
        await site.change(members.id, visibility="signed_in")
        await shop.set("general", siteUrl="https://shop.example")
        parts = await addresses(client, "/sitemap.xml")
        assert all(one.startswith("https://shop.example/sitemap/") for one in parts)
        found = [one for part in parts for one in await addresses(client, part.removeprefix("https://shop.example"))]
        assert found == [
            "https://shop.example/",
            "https://shop.example/about-us",
            "https://shop.example/products",
            "https://shop.example/products/mug-saucer",
        ]
        told = (await client.get("/api/v1/sitemap?limit=2&page=2")).json()
        assert (told["total"], [one["path"] for one in told["items"]]) == (4, ["/products", "/products/mug-saucer"])
        assert (await client.get("/sitemap/products-2.xml")).status_code == 404
        await shop.set("seo", sitemapEnabled=False)
        assert (await client.get("/sitemap.xml")).status_code == 404

    def test_a_long_list_is_split_and_languages_and_pictures_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        everything = [
            Address(f"/p{n}", images=[f"/media/{n}.webp"], alternates={"en": f"/p{n}", "de": f"/de/p{n}?a=1&b=2"})
            for n in range(120)
        ]
        monkeypatch.setattr(sitemaps, "MOST_IN_PART", 50)
        offered = Addresses("things", "", lambda _c: 120, lambda _c, at, most: iter(everything[at : at + most]), None)
        found = sitemaps.parts(None, [offered])
        assert [part.path for part in found] == [f"/sitemap/things-{n}.xml" for n in (1, 2, 3)]
        last = parsed("".join(sitemaps.part_xml(None, offered, 3, lambda path: f"https://x.example{path}")))
        assert len(last) == 20
        first = last[0]
        assert [one.get("href") for one in first if one.get("hreflang") == "de"] == [
            "https://x.example/de/p100?a=1&b=2"
        ]
        assert [one.text for one in first.iter(f"{IMAGE}loc")] == ["https://x.example/media/100.webp"]


class TestTexts:
    async def test_robots_are_told_the_usual_or_the_organisations_own_words_and_the_sitemap(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        assert "Disallow: /admin" in (await client.get("/robots.txt")).text
        await shop.set("seo", robotsTxt="User-agent: *\nDisallow: /private")
        text = (await client.get("/robots.txt")).text
        assert text == "User-agent: *\nDisallow: /private\n\nSitemap: http://localhost/sitemap.xml\n"

    async def test_language_models_are_told_what_to_read_and_no_markup_of_others(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.product("Mug](https://evil.example) [x")
        await shop.set("general", siteName="Salt\n# marsh", tagline="Pots")
        text = (await client.get("/llms.txt")).text
        assert text.startswith("# Salt \\# marsh\n\n> Pots\n")
        assert "[Mug\\](https://evil.example) \\[x](http://localhost/products/" in text


class TestHead:
    async def test_every_public_page_says_its_own_address_words_and_picture(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        await shop.set("seo", metaDescription="Pots and prints.", twitterHandle="@salt")
        await shop.product("Mug")
        text = (await client.get("/products?sort=name")).text
        assert '<link rel="canonical" href="http://localhost/products">' in text
        assert 'name="description" content="Pots and prints."' in text
        assert 'name="twitter:site" content="@salt"' in text
        card = re.search(r'property="og:image" content="http://localhost(/social/[^"]+)"', text)
        assert card is not None
        answer = await client.get(card[1])
        assert answer.headers["cache-control"].endswith("immutable")
        assert Image.open(BytesIO(answer.content)).size == (1200, 630)
        again = await client.get(card[1])
        assert again.content == answer.content
        signature = card[1].split("/")[2]
        assert (await client.get(card[1].replace(signature, "x" * 22))).status_code == 404
        found = await client.get("/cart")
        assert "canonical" not in found.text
        assert 'name="robots" content="noindex"' in found.text


class TestIcons:
    async def test_a_site_without_a_picture_has_its_letter_and_one_with_a_picture_has_that(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        letter = await client.get("/apple-touch-icon.png")
        assert Image.open(BytesIO(letter.content)).size == (180, 180)
        ico = await client.get("/favicon.ico")
        assert Image.open(BytesIO(ico.content)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        urls = await _uploaded(shop.house, owner)
        await shop.set("general", favicon=urls)
        own = await client.get("/apple-touch-icon.png")
        assert own.content != letter.content
        manifest = (await client.get("/site.webmanifest")).json()
        for icon in manifest["icons"]:
            answer = await client.get(icon["src"])
            side = int(icon["sizes"].split("x")[0])
            assert Image.open(BytesIO(answer.content)).size == (side, side)
        assert (await client.get("/icons/x/evil.png")).status_code == 404


async def _uploaded(house: Ports, owner: Actor) -> str:
    media_id = await media.upload(house.db, house.blobs, owner, data=pictures.photo(), filename="icon.png")
    return (await house.db.query(media.urls, [media_id]))[media_id].medium


class TestPrograms:
    async def test_they_read_menus_and_find_what_a_link_can_lead_to(
        self, shop: Shop, owner: Actor, client: AsyncClient
    ) -> None:
        mug = await shop.product("Mug")
        bearer = await people.bearer(shop.house, owner)
        kept = (await client.get("/api/v1/navigation/footer", headers=bearer)).json()
        items = [{"label": "Help", "children": [{"target": "/products/mug", "newTab": True}]}]
        sent = await client.patch(f"/api/v1/navigation/{kept['id']}", json={"items": items}, headers=bearer)
        assert sent.status_code == 200, sent.text
        (shown,) = (await client.get("/api/v1/menus/footer")).json()["items"]
        assert shown["children"] == [
            {"label": "Mug", "url": "/products/mug", "newTab": True, "columns": 0, "children": []}
        ]
        (found,) = (await client.get("/api/v1/links?search=mug&kind=product", headers=bearer)).json()["items"]
        assert (found["reference"], found["url"]) == (f"agora:product/{mug.id}", "/products/mug")
        assert (await client.get("/api/v1/links")).status_code == 401
        assert (await client.get("/api/v1/seo")).json()["sitemapUrl"] == "http://localhost/sitemap.xml"
