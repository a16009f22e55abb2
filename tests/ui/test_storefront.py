"""The shop's pages, as a stranger and a search engine meet them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import Engine, event

from engine.api.ports import Ports
from engine.commerce.catalog import categories
from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.resources import PRODUCT_TAGS
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.records import writing
from engine.core.site import General
from tests.factories.catalog import MANAGER, CatalogShelf, minor
from tests.factories.pictures import photo, uploaded
from ui.assets import FOLDER

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
HOSTILE = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
HTML = {"accept": "text/html"}


@pytest.fixture
def shelf(house: Ports, owner: Actor) -> CatalogShelf:
    assert owner.is_staff
    return CatalogShelf(house.db)


@pytest.fixture
def visitor(client: AsyncClient, shelf: CatalogShelf) -> AsyncClient:
    assert shelf
    client.headers.update(HTML)
    return client


class Tags(HTMLParser):
    """Notes what would run: handlers, scripts, and addresses that are code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.running: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_ours = (values.get("src") or "").startswith("/assets/") or values.get("type") == "application/ld+json"
        if tag == "script" and not is_ours:
            self.running.append(tag)
        self.running += [name for name in values if name.startswith("on") or name == "style"]
        self.running += [v for v in values.values() if v and v.strip().lower().startswith(("javascript:", "data:"))]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the queries that run meanwhile, on any engine."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def data_of(answer: Response) -> list[dict]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert found
    parsed = json.loads(found.group(1))
    return parsed if isinstance(parsed, list) else [parsed]


def names_in(answer: Response) -> list[str]:
    return re.findall(r'class="product-card-link" href="[^"]*">([^<]*)<', answer.text)


async def tee(shelf: CatalogShelf, **fields) -> ProductDraft:
    """A tee in two colours and sizes: red M is sold out, and white M is not made."""
    combos = {("Red", "S"): 3, ("Red", "M"): 0, ("White", "S"): 30}
    variants = tuple(
        VariantDraft(option_values={"Color": c, "Size": s}, price_minor=2000 + 500 * (s == "M"), stock=stock)
        for (c, s), stock in combos.items()
    )
    options = (NamedList(name="Color", values=("Red", "White")), NamedList(name="Size", values=("S", "M")))
    draft = ProductDraft(name="Tee", status=ProductStatus.ACTIVE, options=options, variants=variants, **fields)
    return await shelf.add(draft)


class TestFront:
    async def test_an_empty_shop_says_so(self, visitor: AsyncClient) -> None:
        answer = await visitor.get("/")
        assert answer.status_code == 200
        assert "Nothing is for sale here yet" in answer.text

    async def test_it_shows_what_is_new_and_nothing_that_is_not_sold(
        self, visitor: AsyncClient, shelf: CatalogShelf
    ) -> None:
        await shelf.product("Blue mug")
        await shelf.product("Secret mug", status=ProductStatus.DRAFT)
        await shelf.product("Old mug", status=ProductStatus.ARCHIVED)
        assert names_in(await visitor.get("/")) == ["Blue mug"]

    async def test_it_can_be_kept_by_anybodys_cache(self, visitor: AsyncClient) -> None:
        answer = await visitor.get("/", headers={"cookie": "agora_session=whatever"})
        assert "set-cookie" not in answer.headers
        assert answer.headers["vary"] == "HX-Request, Accept-Encoding"

    async def test_the_organisations_name_cannot_break_out(
        self, visitor: AsyncClient, house: Ports, shelf: CatalogShelf
    ) -> None:
        async with house.db.write() as tx:
            await house.settings.save(tx, Actor.system(), General, {"siteName": HOSTILE, "tagline": HOSTILE})
        await house.settings.refresh()
        answer = await visitor.get("/")
        assert Tags(answer.text).running == []
        assert data_of(answer)[0]["name"] == HOSTILE


class TestList:
    async def test_it_is_narrowed_by_price_stock_and_label(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        glazed = await shelf.tag("Glazed")
        await shelf.product("Cheap", "5.00", tag_ids=(glazed,))
        await shelf.product("Dear", "50.00", tag_ids=(glazed,))
        await shelf.product("Gone", "6.00", stock=0)
        assert names_in(await visitor.get("/products?max=10&sort=price")) == ["Cheap", "Gone"]
        assert names_in(await visitor.get("/products?max=10&available=true")) == ["Cheap"]
        assert names_in(await visitor.get("/products?tag=glazed&sort=-price")) == ["Dear", "Cheap"]
        assert "Nothing fits all of that" in (await visitor.get("/products?min=900")).text

    @pytest.mark.parametrize(
        "query", ["page=x", "page=-3", "sort=;", "min=abc", "max=99999999999999999999", "tag=%27%3B--", "available=1"]
    )
    async def test_what_makes_no_sense_is_left_out(self, visitor: AsyncClient, shelf: CatalogShelf, query: str) -> None:
        await shelf.product("Blue mug")
        assert (await visitor.get(f"/products?{query}")).status_code == 200

    async def test_a_page_beyond_the_last_leads_to_the_last(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        await shelf.product("Blue mug")
        answer = await visitor.get("/products?page=7&sort=name")
        assert (answer.status_code, answer.headers["location"]) == (302, "/products?sort=name")

    async def test_only_the_whole_list_is_for_search_engines(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        await shelf.product("Blue mug")
        assert "noindex" not in (await visitor.get("/products")).text
        assert "noindex" in (await visitor.get("/products?max=10")).text

    async def test_its_count_and_labels_follow_every_change_at_once(
        self, visitor: AsyncClient, shelf: CatalogShelf
    ) -> None:
        async def shown() -> tuple[str, bool, bool]:
            text = (await visitor.get("/products")).text
            return re.findall(r'id="list-count" role="status">(.*?)<', text)[0], "Glazed" in text, "Matt" in text

        glazed = await shelf.tag("Glazed")
        await shelf.product("Plain")
        mug = await shelf.product("Mug", tag_ids=(glazed,))
        assert await shown() == ("2 products", True, False)
        await shelf.product("Bowl", tag_ids=(glazed,))
        assert await shown() == ("3 products", True, False)
        async with shelf.db.write() as tx:
            await writing.update(tx, MANAGER, PRODUCT_TAGS, glazed, {"name": "Matt"})
        assert await shown() == ("3 products", False, True)
        await shelf.change(mug.id, status=ProductStatus.DRAFT)
        assert await shown() == ("2 products", False, True)

    async def test_an_address_with_a_nul_is_refused(self, visitor: AsyncClient) -> None:
        for path in ("/products/%00", "/products?tag=%00", "/search?q=a%00b"):
            assert (await visitor.get(path)).status_code == 400


class TestCategory:
    async def test_it_holds_what_stands_in_those_below(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        kitchen = await shelf.category("Kitchen")
        mugs = await shelf.category("Mugs", kitchen)
        await shelf.product("Blue mug", category_ids=(mugs,))
        answer = await visitor.get("/categories/kitchen")
        assert names_in(answer) == ["Blue mug"]
        assert 'href="/categories/kitchen/mugs"' in answer.text
        assert names_in(await visitor.get("/categories/kitchen/mugs")) == ["Blue mug"]

    async def test_its_own_picture_stands_for_it_until_the_picture_is_deleted(
        self, visitor: AsyncClient, shelf: CatalogShelf, house: Ports
    ) -> None:
        picture, other = await uploaded(house), await uploaded(house, photo(colour="#224466"))
        image = ImageDraft(media_id=other.id)
        for name in ("Mugs", "Pots"):
            await shelf.product(name, category_ids=(await shelf.category(name),), images=(image,))
        async with house.db.write() as tx:
            mugs = (await categories.create(tx, MANAGER, name="Jugs", image_id=picture.id)).id
        await shelf.product("Jug", category_ids=(mugs,), images=(image,))
        assert (await visitor.get("/")).text.count(picture.thumbnail.rsplit("/", 1)[0]) > 0
        assert f'content="http://localhost{picture.large}"' in (await visitor.get("/categories/jugs")).text
        with pytest.raises(Invalid, match="gone from the library"):
            async with house.db.write() as tx:
                await categories.update(tx, MANAGER, mugs, {"image_id": mugs})

    async def test_an_unknown_one_is_a_page_of_the_shop(self, visitor: AsyncClient) -> None:
        answer = await visitor.get("/categories/nowhere")
        assert answer.status_code == 404
        assert "shop-header" in answer.text

    async def test_one_that_moved_leads_on(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        kitchen = await shelf.category("Kitchen")
        async with shelf.db.write() as tx:
            await categories.update(tx, MANAGER, kitchen, {"slug": "cooking"})
        answer = await visitor.get("/categories/kitchen?sort=name")
        assert (answer.status_code, answer.headers["location"]) == (301, "/categories/cooking?sort=name")


class TestProduct:
    async def test_what_is_not_sold_is_not_there(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        draft = await shelf.product("Secret mug", status=ProductStatus.DRAFT)
        assert (await visitor.get(draft.url)).status_code == 404

    async def test_an_old_address_leads_to_the_new_one_and_is_counted(
        self, visitor: AsyncClient, shelf: CatalogShelf
    ) -> None:
        mug = await shelf.product("Blue mug")
        await shelf.change(mug.id, slug="azure-mug")
        for _visit in range(2):
            answer = await visitor.get("/products/blue-mug")
            assert (answer.status_code, answer.headers["location"]) == (301, "/products/azure-mug")

    async def test_the_first_choice_is_one_that_can_be_had(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        made = await tee(shelf)
        text = (await visitor.get(made.url)).text
        assert re.search(r'name="option:Size"[^>]*value="S"[^>]*\schecked', text)
        assert "Only 3 left" in text

    async def test_choices_in_the_address_decide_price_and_stock(
        self, visitor: AsyncClient, shelf: CatalogShelf
    ) -> None:
        made = await tee(shelf)
        sold_out = (await visitor.get(made.url, params={"option:Color": "Red", "option:Size": "M"})).text
        assert "$25.00" in sold_out
        assert "Sold out" in sold_out
        not_made = (await visitor.get(made.url, params={"option:Color": "White", "option:Size": "M"})).text
        assert "Not made in this combination" in not_made
        nonsense = await visitor.get(made.url, params={"option:Color": "Mauve", "option:Weight": "9"})
        assert "Only 3 left" in nonsense.text

    async def test_htmx_gets_only_what_changes_with_the_choice(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        made = await tee(shelf)
        answer = await visitor.get(made.url, params={"option:Color": "White"}, headers={"hx-request": "true"})
        assert answer.text.lstrip().startswith('<div class="buy" id="buy"')
        assert "shop-header" not in answer.text

    async def test_without_a_photo_there_is_a_drawing_and_with_one_the_photo(
        self, visitor: AsyncClient, shelf: CatalogShelf, house: Ports
    ) -> None:
        drawn = await shelf.product("Blue mug")
        assert 'class="drawing' in (await visitor.get(drawn.url)).text
        picture = await uploaded(house, photo())
        shown = await shelf.product("Red mug", images=(ImageDraft(media_id=picture.id, alt="A red mug"),))
        text = (await visitor.get(shown.url)).text
        assert picture.medium in text
        assert 'alt="A red mug"' in text

    async def test_a_hostile_product_neither_runs_nor_breaks_its_page(
        self, visitor: AsyncClient, shelf: CatalogShelf
    ) -> None:
        made = await shelf.add(
            ProductDraft(
                name=HOSTILE,
                status=ProductStatus.ACTIVE,
                short_description=HOSTILE,
                description=HOSTILE,
                options=(NamedList(name=HOSTILE[:60], values=(HOSTILE[:60],)),),
                variants=(
                    VariantDraft(option_values={HOSTILE[:60]: HOSTILE[:60]}, price_minor=minor("1.00"), stock=1),
                ),
                details=(NamedList(name=HOSTILE[:60], values=(HOSTILE,)),),
            )
        )
        for path in (made.url, "/products", "/"):
            assert Tags((await visitor.get(path)).text).running == []
        found = data_of(await visitor.get(made.url))
        assert found[0]["name"] == HOSTILE
        assert found[0]["offers"]["price"] == "1.00"

    async def test_search_engines_learn_the_range_of_prices(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        made = await tee(shelf)
        offer = data_of(await visitor.get(made.url))[0]["offers"]
        assert (offer["lowPrice"], offer["highPrice"], offer["offerCount"]) == ("20.00", "25.00", 3)
        assert offer["url"] == f"http://localhost{made.url}"

    async def test_others_of_its_kind_come_as_a_fragment(self, visitor: AsyncClient, shelf: CatalogShelf) -> None:
        mugs = await shelf.category("Mugs")
        made = await shelf.product("Blue mug", category_ids=(mugs,))
        await shelf.product("Red mug", category_ids=(mugs,))
        await shelf.product("Lamp")
        answer = await visitor.get(f"{made.url}/related", headers={"hx-request": "true"})
        assert names_in(answer) == ["Red mug"]


class TestSearch:
    async def test_words_are_found_as_they_begin(self, visitor: AsyncClient, shelf: CatalogShelf, house: Ports) -> None:
        await shelf.product("Blue mug")
        await shelf.product("Lamp")
        await house.jobs.run_until_idle()
        assert names_in(await visitor.get("/search?q=mu")) == ["Blue mug"]

    @pytest.mark.parametrize(
        "words", [HOSTILE, "' OR 1=1 --", '"*" NEAR AND', "x" * 5000, "{{7*7}}", "😀", "\u202eabc"]
    )
    async def test_hostile_words_find_nothing_and_come_back_as_words(self, visitor: AsyncClient, words: str) -> None:
        answer = await visitor.get("/search", params={"q": words})
        assert answer.status_code == 200
        assert Tags(answer.text).running == []
        assert "Nothing found" in answer.text

    async def test_while_typing_only_the_results_come(self, visitor: AsyncClient) -> None:
        answer = await visitor.get("/search?q=mug", headers={"hx-request": "true"})
        assert answer.text.lstrip().startswith('<div id="results"')


class TestQueries:
    async def test_no_page_asks_the_database_more_than_four_times(
        self, visitor: AsyncClient, shelf: CatalogShelf, house: Ports
    ) -> None:
        mugs = await shelf.category("Mugs")
        picture = await uploaded(house)
        image = (ImageDraft(media_id=picture.id),)
        for number in range(6):
            await shelf.product(f"Mug {number}", category_ids=(mugs,), images=image)
        made = await tee(shelf, category_ids=(mugs,), images=image)
        await house.jobs.run_until_idle()
        await visitor.get("/")  # the category tree is in memory from here on
        for path in ("/", "/products", "/categories/mugs", made.url, f"{made.url}/related", "/search?q=mug"):
            with statements() as seen:
                assert (await visitor.get(path)).status_code == 200
            assert len(seen) <= 4, (path, seen)


class TestRobots:
    async def test_crawlers_are_kept_out_of_carts(self, visitor: AsyncClient) -> None:
        assert "Disallow: /cart" in (await visitor.get("/robots.txt")).text
