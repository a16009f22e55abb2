"""Links: what may be one, and that a reference follows its thing and leads nowhere once it is not public."""

import pytest

from engine.commerce.catalog.models import ProductStatus
from engine.core.errors import Invalid
from engine.core.ids import new_id
from engine.core.linking import checked_link, is_address, reference_to, split_reference
from engine.media import public as media
from tests.factories import files
from tests.factories.shop import Shop

REFUSED = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://",
    "http://[::1",
    "https://a:99999/",
    "mailto:nobody",
    "tel:call-me",
    'https://a.example/"onclick',
    "https://a.example/<b>",
    "/two words",
    "/tab\there",
    "file:///etc/passwd",
    "ftp://example.org",
    "agora:product/not-an-id",
    "agora:Product/../x",
    "relative",
    "/" + "x" * 2_000,
)
TAKEN = (
    "https://example.org/a?b=c#d",
    "http://localhost:8000",
    "mailto:ada@example.org?subject=Hello",
    "tel:+44(0)20-7946",
    "/about",
    "/über-uns",
    "#top",
    "?page=2",
    "/",
)


class TestAddress:
    @pytest.mark.parametrize("text", REFUSED)
    def test_what_could_run_or_lead_astray_is_refused(self, text: str) -> None:
        assert not is_address(text)
        with pytest.raises(Invalid, match="no address"):
            checked_link(text)

    @pytest.mark.parametrize("text", TAKEN)
    def test_the_web_mail_phone_and_this_site_are_taken(self, text: str) -> None:
        assert checked_link(f" {text} ") == text

    def test_what_lacks_its_beginning_gets_it(self) -> None:
        assert checked_link("example.org/shop") == "https://example.org/shop"
        assert checked_link("ada@example.org") == "mailto:ada@example.org"
        assert checked_link("") == ""

    def test_a_reference_names_a_kind_an_id_and_a_place_in_the_page(self) -> None:
        id_ = new_id()
        assert split_reference(f"{reference_to('page', id_)}#team") == ("page", id_, "#team")
        assert split_reference("/products/mug") is None


class TestPlaces:
    async def test_a_link_follows_a_product_and_ends_with_it(self, shop: Shop) -> None:
        mug = await shop.product("Blue mug")
        links, reference = shop.house.links, reference_to("product", mug.id)
        assert await shop.db.query(links.url, f"{reference}#more") == "/products/blue-mug#more"
        await shop.change(mug.id, slug="the-mug")
        assert await shop.db.query(links.url, reference) == "/products/the-mug"
        at = await shop.db.query(links.at, "/products/the-mug/")
        assert at is not None
        assert at.reference == reference
        await shop.change(mug.id, status=ProductStatus.DRAFT)
        assert await shop.db.query(links.url, reference) is None
        place = (await shop.db.query(links.places, [reference]))[reference]
        assert (place.is_public, str(place.note)) == (False, "Draft")

    async def test_what_is_gone_or_no_link_is_left_out(self, shop: Shop) -> None:
        asked = [reference_to("product", new_id()), reference_to("unicorn", new_id()), "javascript:x", "/about"]
        assert list(await shop.db.query(shop.house.links.places, asked)) == ["/about"]

    async def test_every_kind_is_found_by_words_and_files_under_their_present_address(self, shop: Shop) -> None:
        await shop.product("Menu card 100%")
        await shop.category("Menus")
        await media.take(shop.db, shop.house.blobs, shop.staff, data=files.pdf(), filename="menu.pdf")
        found = await shop.db.query(shop.house.links.find, "MENU")
        assert [(kind.kind, str(place.title)) for kind, place in found] == [
            ("category", "Menus"),
            ("product", "Menu card 100%"),
            ("file", "menu.pdf"),
        ]
        assert found[2][1].url.endswith("/file.pdf")
        assert [str(place.title) for _kind, place in await shop.db.query(shop.house.links.find, "100%")] == [
            "Menu card 100%"
        ]
        shop_places = await shop.db.query(shop.house.links.find, "all pro", ("shop",))
        assert [place.url for _kind, place in shop_places] == ["/products"]
