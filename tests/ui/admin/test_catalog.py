"""The admin's pages of the catalogue, by their forms and without scripts."""

import json
import re
from html import unescape

import pytest

from engine.commerce.catalog import queries, stock
from engine.commerce.catalog.queries import ProductFilter
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from engine.core.paging import PageRequest
from tests.engine.commerce.catalog.importing.files import as_csv
from tests.factories.catalog import MANAGER, CatalogShelf
from tests.factories.people import account, cookie
from tests.factories.pictures import photo

MANAGER_OF_SETTINGS = Actor.system()
ALL = (ProductFilter(), PageRequest())


@pytest.fixture
def database_url(sqlite_url):
    """On SQLite only: pages know no database."""
    return sqlite_url


@pytest.fixture
async def browser(client, house):
    """A store manager's browser, in a house that is claimed."""
    await account(house, Role.SUPER_ADMIN)
    client.cookies.update(await cookie(house, await account(house, Role.STORE_MANAGER)))
    client.headers["Origin"] = "http://localhost"
    return client


@pytest.fixture
def shelf(house) -> CatalogShelf:
    return CatalogShelf(house.db)


def typed(html: str) -> dict[str, str]:
    """Return what a page's fields hold, as a browser would send it back."""
    html = re.sub(r"<template>.*?</template>", "", html, flags=re.DOTALL)
    fields = dict(re.findall(r'<input[^>]*?value="([^"]*)"[^>]*?name="([^"]+)"', html))
    found = {name: value for value, name in fields.items()}
    for tag in re.findall(r"<input[^>]*>", html):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in {"checkbox", "radio", "file"}):
            found[name[1]] = unescape(value[1]) if value else ""
    return found


class TestProductPages:
    async def test_cost_size_low_stock_and_search_words_are_kept_as_typed(self, browser, shelf, house):
        form = {"name": "Box", "price": "20", "cost": "8,40", "lengthMm": "12.5", "widthMm": "8", "low_stock": "3"}
        form |= {"seo_title": "A box", "seo_description": "Of oak"}
        made = await browser.post("/admin/products/new", data=form)
        address = made.headers["location"]
        box = await shelf.see(address.rsplit("/", 1)[1])
        (variant,) = box.variants
        assert (variant.cost_minor, variant.length_mm, variant.width_mm, variant.height_mm) == (840, 125, 80, None)
        assert (box.low_stock, box.seo_title, box.seo_description) == (3, "A box", "Of oak")
        shown = typed((await browser.get(address)).text)
        names = ("cost", "lengthMm", "widthMm", "heightMm", "low_stock")
        assert [shown[name] for name in names] == ["8.40", "12.5", "8", "", "3"]
        wrong = await browser.post(address, data={**form, "lengthMm": "12.55 cm"})
        assert wrong.status_code == 422
        assert "12.55 cm" in wrong.text
        async with house.db.write() as tx:
            await house.settings.update(tx, MANAGER_OF_SETTINGS, "general", {"units": "imperial"})
        await house.settings.refresh()
        await browser.post(address, data={**form, "lengthMm": "1.2"})
        assert (await shelf.see(box.id)).variants[0].length_mm == 30
        assert typed((await browser.get(address)).text)["lengthMm"] == "1.2"

    async def test_a_draft_says_that_nobody_sees_it_and_is_put_in_the_shop_in_one_click(self, browser, shelf):
        made = await browser.post("/admin/products/new", data={"name": "Box", "price": "20"})
        shown = (await browser.get(made.headers["location"])).text
        assert "The product is added as a draft." in shown
        assert "Nobody sees it in the shop" in shown
        act = re.search(r'action="(/admin/products/[^"]+/actions/publish)"', shown)[1]
        await browser.post(act)
        assert (await shelf.see(made.headers["location"].rsplit("/", 1)[1])).status == "active"
        assert "Nobody sees it" not in (await browser.get(made.headers["location"])).text

    async def test_a_variant_is_shown_by_the_picture_chosen_for_it(self, browser, shelf):
        form = {"name": "Tee", "price": "20", "options.0.name": "Size", "options.0.values": "S, M"}
        files = [
            ("images", (f"{n}.jpg", photo(colour=colour), "image/jpeg")) for n, colour in ((1, "#123"), (2, "#321"))
        ]
        made = await browser.post("/admin/products/new", data=form, files=files)
        address = made.headers["location"]
        tee = await shelf.see(address.rsplit("/", 1)[1])
        first, second = (str(image.id) for image in tee.images)
        sent = {**typed((await browser.get(address)).text), "images": [first, second]}
        sent = {name: value for name, value in sent.items() if not name.startswith("fill.")}
        await browser.post(address, data={**sent, "variants.0.image": second, "variants.1.cost": "3"})
        small, medium = (await shelf.see(tee.id)).variants
        assert (str(small.image_id), medium.image_id, medium.cost_minor) == (second, None, 300)
        await browser.post(address, data={**sent, "variants.0.image": second, f"images.{second}.remove": "true"})
        assert [one.image_id for one in (await shelf.see(tee.id)).variants] == [None, None]

    async def test_a_product_is_added_with_options_pictures_and_tags(self, browser, shelf):
        form = {
            "name": "Big shirt",
            "description": "One.\n\nTwo & three",
            "price": "20,00",
            "stock": "3",
            "status": "active",
            "tags": "New, Gift",
            "options.0.name": "Size",
            "options.0.values": r"S, M, L\, tall",
        }
        answer = await browser.post(
            "/admin/products/new", data=form, files={"images": ("a.jpg", photo(), "image/jpeg")}
        )
        assert answer.status_code == 303, answer.text
        shirt = await shelf.see(answer.headers["location"].rsplit("/", 1)[1])
        assert [(v.title, v.price_minor, v.stock) for v in shirt.variants] == [
            ("S", 2000, 3),
            ("M", 2000, 3),
            ("L, tall", 2000, 3),
        ]
        assert shirt.description == "<p>One.</p>\n<p>Two &amp; three</p>"
        assert [tag.name for tag in shirt.tags] == ["New", "Gift"]
        assert len(shirt.images) == 1

    async def test_saving_a_page_as_it_stands_changes_nothing(self, browser, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": None})
        page = (await browser.get(f"/admin/products/{tee.id}")).text
        form = typed(page) | {"status": "active", "type": "physical", "visibility": "visible"}
        assert (await browser.post(f"/admin/products/{tee.id}", data=form)).status_code == 303
        assert await shelf.see(tee.id) == tee

    async def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(self, browser, shelf):
        mug = await shelf.product("Mug")
        form = {"name": "", "price": "abc", "stock": "-1", "slug": "Not a slug", "description": "<b>kept</b>"}
        answer = await browser.post(f"/admin/products/{mug.id}", data=form)
        assert answer.status_code == 422
        assert "“abc” is not an amount" in answer.text
        assert "&lt;b&gt;kept&lt;/b&gt;" in answer.text
        answer = await browser.post(f"/admin/products/{mug.id}", data=form | {"price": "5", "stock": "1"})
        assert "Give the product a name." in answer.text
        assert await shelf.see(mug.id) == mug

    async def test_the_selection_is_archived_together(self, browser, shelf):
        ids = [(await shelf.product(name)).id for name in ("A", "B")]
        form = {"selected": [str(id_) for id_ in ids], "act": "archive"}
        assert (await browser.post("/admin/products/bulk", data=form)).status_code == 303
        assert {(await shelf.see(id_)).status for id_ in ids} == {"archived"}

    async def test_what_was_deleted_comes_back_from_the_word_that_says_so(self, browser, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": None})
        gone = await browser.post(f"/admin/products/{tee.id}/deletion", follow_redirects=True)
        assert "“Tee” is in the bin." in gone.text
        undo = re.search(r"/admin/products/bin/[^/]+/restore", gone.text)[0]
        assert "Tee" in (await browser.get("/admin/products/bin")).text
        assert (await browser.post(undo)).headers["location"] == f"/admin/products/{tee.id}"
        assert [(v.sku, v.stock) for v in (await shelf.see(tee.id)).variants] == [("Tee-S", 3), ("Tee-M", None)]

    async def test_the_matrix_follows_the_options_before_anything_is_saved(self, browser, shelf):
        form = {
            "act": "matrix", "name": "Tee", "price": "20", "stock": "4",
            "options.0.name": "Size", "options.0.values": "S, M",
            "options.1.name": "Colour", "options.1.values": "Red, Blue",
        }  # fmt: skip
        shown = await browser.post("/admin/products/new", data=form, headers={"HX-Request": "true"})
        assert shown.status_code == 200
        assert "<html" not in shown.text
        rows = typed(shown.text)
        assert [json.loads(rows[f"variants.{n}.choice"]) for n in range(4)] == [
            ["S", "Red"], ["S", "Blue"], ["M", "Red"], ["M", "Blue"],
        ]  # fmt: skip
        more = form | rows | {"variants.1.price": "25", "options.0.values": "S, M, L", "variants.3.remove": "true"}
        rows = typed((await browser.post("/admin/products/new", data=more)).text)
        assert rows["variants.1.price"] == "25"
        assert "variants.5.choice" in rows
        filled = form | rows | {"act": "fill", "fill.stock": "9", "variants.0.ticked": "true"}
        rows = typed((await browser.post("/admin/products/new", data=filled)).text)
        assert (rows["variants.0.stock"], rows["variants.1.stock"]) == ("9", "4")
        saved = form | rows | {"act": "", "options.0.values": "S, M, L", "variants.3.remove": "true"}
        answer = await browser.post("/admin/products/new", data=saved)
        tee = await shelf.see(answer.headers["location"].rsplit("/", 1)[1])
        assert [(v.title, v.price_minor, v.stock) for v in tee.variants] == [
            ("S / Red", 2000, 9), ("S / Blue", 2500, 4), ("M / Red", 2000, 4), ("L / Red", 2000, 4),
            ("L / Blue", 2000, 4),
        ]  # fmt: skip

    async def test_a_value_more_or_a_new_option_keeps_the_variants_there_are(self, browser, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": None})
        form = typed((await browser.get(f"/admin/products/{tee.id}")).text)
        form |= {"status": "active", "options.1.name": "Colour", "options.1.values": "Red, Blue"}
        assert (await browser.post(f"/admin/products/{tee.id}", data=form)).status_code == 303
        found = (await shelf.see(tee.id)).variants
        assert [v.title for v in found] == ["S / Red", "S / Blue", "M / Red", "M / Blue"]
        assert (found[0].id, found[0].sku, found[0].stock) == (tee.variants[0].id, "Tee-S", 3)
        assert found[2].id == tee.variants[1].id

    async def test_stock_sold_while_the_page_was_open_stays_sold(self, browser, shelf):
        mug = await shelf.product("Mug", stock=7)
        form = typed((await browser.get(f"/admin/products/{mug.id}")).text)
        async with shelf.db.write() as tx:
            await stock.take(tx, MANAGER, [(mug.variants[0].id, 2)], new_id())
        await browser.post(f"/admin/products/{mug.id}", data=form | {"name": "Big mug"})
        assert (await shelf.see(mug.id)).variants[0].stock == 5
        form = typed((await browser.get(f"/admin/products/{mug.id}")).text)
        await browser.post(f"/admin/products/{mug.id}", data=form | {"stock": "9"})
        assert (await shelf.see(mug.id)).variants[0].stock == 9

    async def test_whoever_saves_second_is_told_and_keeps_what_was_typed(self, browser, shelf, clock):
        mug = await shelf.product("Mug")
        form = typed((await browser.get(f"/admin/products/{mug.id}")).text)
        clock.move(minutes=1)
        await shelf.change(mug.id, name="Blue mug")
        answer = await browser.post(f"/admin/products/{mug.id}", data=form | {"name": "Red mug"})
        assert answer.status_code == 422
        assert "Somebody else changed “Blue mug”" in answer.text
        assert 'value="Red mug"' in answer.text
        assert (await shelf.see(mug.id)).name == "Blue mug"

    async def test_pictures_are_chosen_named_ordered_and_taken_away(self, browser, shelf, house):
        sent = [("images", (f"{n}.jpg", photo(), "image/jpeg")) for n in "ab"]
        made = await browser.post("/admin/products/new", data={"name": "Mug", "price": "5"}, files=sent)
        own = made.headers["location"]
        one, two = (await shelf.see(own.rsplit("/", 1)[1])).images
        picked = f"new-{one.media_id}"
        form = typed((await browser.get(own)).text) | {
            "images": [str(two.id), picked, str(one.id)], f"images.{two.id}.alt": "From above",
            f"images.{one.id}.remove": "true", f"images.{two.id}.position": "2", f"images.{picked}.position": "1",
        }  # fmt: skip
        assert (await browser.post(own, data=form)).status_code == 303
        found = (await shelf.see(own.rsplit("/", 1)[1])).images
        assert [(image.media_id, image.alt) for image in found] == [(one.media_id, ""), (two.media_id, "From above")]
        gone = await browser.post(own, data=form | {"images": ["new-" + str(new_id()), "new-x", "' OR 1=1"]})
        assert gone.status_code == 422
        assert "gone from the library" in gone.text

    async def test_a_picture_that_came_with_a_refused_form_is_not_sent_again(self, browser, shelf):
        answer = await browser.post(
            "/admin/products/new", data={"name": ""}, files={"images": ("a.jpg", photo(), "image/jpeg")}
        )
        assert answer.status_code == 422
        again = typed(answer.text) | {"name": "Mug", "price": "5"}
        made = await browser.post("/admin/products/new", data=again)
        assert len((await shelf.see(made.headers["location"].rsplit("/", 1)[1])).images) == 1

    async def test_errors_of_variants_stand_at_their_rows(self, browser, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 1, "L": 1})
        form = typed((await browser.get(f"/admin/products/{tee.id}")).text)
        wrong = form | {"variants.0.remove": "true", "variants.2.sku": "Tee-M", "variants.0.choice": '{"a": 1}'}
        answer = await browser.post(f"/admin/products/{tee.id}", data=wrong)
        assert answer.status_code == 422
        assert re.search(r'id="field-variants.\d.sku-error"', answer.text)
        assert await shelf.see(tee.id) == tee

    async def test_a_viewer_looks_and_changes_nothing(self, browser, house, shelf):
        mug = await shelf.product("Mug")
        browser.cookies.update(await cookie(house, await account(house, Role.VIEWER)))
        page = await browser.get(f"/admin/products/{mug.id}")
        assert page.status_code == 200
        assert "Save product" not in page.text
        assert (await browser.post(f"/admin/products/{mug.id}", data={"name": "x"})).status_code == 403

    async def test_names_that_are_markup_stay_text(self, browser, shelf):
        await shelf.product('<img src=x onerror=alert(1)>"')
        page = (await browser.get("/admin/products")).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


class TestProductList:
    async def test_it_is_narrowed_by_status_stock_shelf_word_price_and_sku(self, browser, shelf):
        home, new = await shelf.category("Home"), await shelf.tag("New")
        await shelf.product("Mug", price="12.00", stock=2, category_ids=(home,), tag_ids=(new,))
        await shelf.product("Pot", price="30.00", stock=0, sku="POT-1")
        await shelf.product("Jug", stock=None, status="draft")
        await shelf.with_sizes("Tee", {"S": 40, "M": 50})
        for asked, names in {
            "": {"Mug", "Pot", "Jug", "Tee"},
            "status=draft": {"Jug"},
            "stockState=low": {"Mug"},
            "stockState=out": {"Pot"},
            "stockState=uncounted": {"Jug"},
            "stockState=enough": {"Tee"},
            "stockFrom=1&stockTo=90": {"Mug", "Tee"},
            f"category={home}": {"Mug"},
            f"tag={new}": {"Mug"},
            "tag=-": {"Pot", "Jug", "Tee"},
            "priceTo=1200": {"Mug"},
            "search=tee-m": {"Tee"},
            "search=pot-1": {"Pot"},
            "sort=-stock": {"Mug", "Pot", "Jug", "Tee"},
        }.items():
            page = (await browser.get(f"/admin/products?{asked}")).text
            assert set(re.findall(r"<span>\s*(Mug|Pot|Jug|Tee)\s*</span>", page)) == names, asked

    async def test_a_row_shows_its_first_picture(self, browser, shelf, house):
        form = {"name": "Mug", "price": "5"}
        await browser.post("/admin/products/new", data=form, files={"images": ("a.jpg", photo(), "image/jpeg")})
        (found,) = await house.db.query(lambda connection: queries.products(connection, *ALL).items)
        assert found.images[0].urls.thumbnail in (await browser.get("/admin/products")).text


class TestImportPages:
    async def test_a_file_is_sent_watched_and_read_about(self, browser, house):
        rows = [{"Type": "simple", "Name": "Mug", "Regular price": "5"}, {"Type": "grouped", "Name": "Set"}]
        file = {"file": ("shop.csv", as_csv(rows).encode(), "text/csv")}
        answer = await browser.post("/admin/products/import", files=file)
        assert answer.status_code == 303
        found = answer.headers["location"]
        page = (await browser.get(found)).text
        assert "WooCommerce" in page
        assert 'value="price" selected' in page
        refused = await browser.post(found, data={"format": "woocommerce", "column.1": "price", "act": "try"})
        assert refused.status_code == 422
        assert "cannot both be" in refused.text
        answer = await browser.post(found, data={"format": "woocommerce", "act": "try"})
        await house.jobs.run_until_idle()
        trial = (await browser.get(answer.headers["location"])).text
        assert "Nothing was changed" in trial
        assert await house.db.query(queries.counts_by_status) == {}
        answer = await browser.post(found, data={"format": "woocommerce", "act": "import"})
        address = answer.headers["location"]
        assert "every 1s" in (await browser.get(address)).text
        await house.jobs.run_until_idle()
        page = (await browser.get(address, headers={"HX-Request": "true"})).text
        assert "every 1s" not in page
        assert "<html" not in page
        assert "grouped" in page
        report = await browser.get(f"{address}/report")
        assert "grouped" in report.text
        again = await browser.post("/admin/products/import", files=file)
        assert "As you chose last time" in (await browser.get(again.headers["location"])).text

    async def test_the_list_is_exported_as_it_is_filtered(self, browser, shelf):
        await shelf.product("Mug", status="active")
        await shelf.product("=Pot")
        page = (await browser.get("/admin/products?search=Mug")).text
        assert "/admin/products/export?format=shopify&amp;search=Mug" in page
        some = await browser.get("/admin/products/export?search=Mug&format=agora")
        assert "Mug" in some.text
        assert "Pot" not in some.text
        everything = (await browser.get("/admin/products/export?format=shopify")).text
        assert ",'=Pot," in everything

    async def test_a_file_that_is_no_table_is_refused_in_the_form(self, browser):
        answer = await browser.post("/admin/products/import", files={"file": ("x.csv", b"%PDF-1.7", "text/csv")})
        assert answer.status_code == 422
        assert "PDF" in answer.text
        assert (await browser.post("/admin/products/import")).status_code == 422


class TestShelfPages:
    async def test_categories_and_tags_are_added_changed_and_deleted(self, browser):
        assert (await browser.post("/admin/categories", data={"name": "Home"})).status_code == 303
        assert (await browser.post("/admin/categories", data={"name": " "})).status_code == 422
        page = (await browser.get("/admin/categories")).text
        assert "/categories/home" in page
        own = re.search(r'href="(/admin/categories/[0-9a-f-]{36})"', page)[1]
        assert (await browser.post(own, data={"name": "House", "slug": "house"})).status_code == 303
        assert "/categories/house" in (await browser.get("/admin/categories")).text
        assert (await browser.post(f"{own}/deletion")).status_code == 303
        assert "No categories yet" in (await browser.get("/admin/categories")).text
        assert (await browser.post("/admin/product-tags", data={"name": "New"})).status_code == 303
        assert (await browser.post("/admin/product-tags", data={"name": "new"})).status_code == 422
        assert "New" in (await browser.get("/admin/product-tags")).text
