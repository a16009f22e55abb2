"""Widgets as people use them: by key and by hand, with scripts and without, under the real policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.fieldpage import as_new, offer_pictures, opened, pick, sent, serious, style_guide, value


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with style_guide(tmp_path_factory.mktemp("guide")) as url:
        yield url


@pytest.fixture(scope="module")
def opened_page(chromium: Browser, address: str) -> Iterator[Page]:
    with opened(chromium, address) as page:
        yield page


@pytest.fixture
def page(opened_page: Page) -> Iterator[Page]:
    with as_new(opened_page) as page:
        yield page


@pytest.mark.browser
class TestTags:
    def test_a_comma_or_enter_makes_a_chip_and_each_word_comes_once(self, page):
        typing = page.get_by_role("combobox", name="Tags")
        typing.click()
        page.keyboard.type("glazed,Glazed,")
        page.keyboard.type("large")
        page.keyboard.press("Enter")
        assert value(page, "tags") == "stoneware, by hand, blue\\, dark, glazed, large"

    def test_one_is_taken_away_by_key(self, page):
        page.get_by_role("combobox", name="Tags").click()
        page.keyboard.press("Backspace")
        page.keyboard.press("Space")
        assert value(page, "tags") == "stoneware, by hand"
        expect(page.get_by_role("combobox", name="Tags")).to_be_focused()

    def test_a_suggestion_is_taken(self, page):
        page.get_by_role("combobox", name="Tags").press_sequentially("oa")
        page.get_by_role("option", name="Oak board").click()
        assert value(page, "tags").endswith(", Oak board")


@pytest.mark.browser
class TestRelation:
    def test_one_is_found_by_typing_and_chosen_by_key(self, page):
        search = page.get_by_role("combobox", name="Product")
        search.press_sequentially("oak")
        expect(page.get_by_role("option", name="Oak board")).to_be_visible()
        expect(search).to_have_attribute("aria-expanded", "true")
        search.press("ArrowDown")
        expect(page.get_by_role("option", name="Oak board")).to_have_attribute("aria-selected", "true")
        search.press("Enter")
        assert sent(page, "product") == [["product", "b"], ["product.title.b", "Oak board"]]

    def test_several_stand_side_by_side_and_one_can_go(self, page):
        search = page.get_by_role("combobox", name="Goes with")
        search.click()
        page.get_by_role("option", name="Oak board").click()
        page.get_by_role("checkbox", name="Blue mug").last.press("Space")
        kept = [text for name, text in sent(page, "related") if name == "related"]
        assert kept == ["0192f3c1-0000-7000-8000-000000000002", "b"]

    def test_escape_closes_the_list_and_keeps_what_was_typed(self, page):
        search = page.get_by_role("combobox", name="Product")
        search.press_sequentially("oak")
        expect(page.get_by_role("option", name="Oak board")).to_be_visible()
        search.press("Escape")
        expect(page.get_by_role("listbox")).to_have_count(0)
        expect(search).to_have_value("oak")


@pytest.mark.browser
class TestPictures:
    def test_one_is_chosen_in_the_library_in_place_of_the_old(self, page):
        offer_pictures(page)
        field = page.get_by_role("group", name="Picture", exact=False).first
        field.get_by_role("button", name="Choose another").click()
        pick(page)
        red = "0192f3c1-0000-7000-8000-000000000009"
        assert sent(page, "cover") == [
            ["cover", red],
            [f"cover.url.{red}", "/picture-3.svg"],
            [f"cover.alt.{red}", "A red mug"],
            [f"cover.name.{red}", ""],
        ]
        expect(field.get_by_role("img", name="A red mug")).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(0)

    def test_several_stand_side_by_side_and_one_can_go(self, page):
        offer_pictures(page)
        field = page.get_by_role("group", name="More pictures")
        field.get_by_role("button", name="Choose a picture").click()
        pick(page)
        field.get_by_role("checkbox", name="Remove").first.press("Space")
        kept = [text[-1] for name, text in sent(page, "gallery") if name == "gallery"]
        assert kept == ["2", "9"]

    def test_leaving_the_library_chooses_nothing(self, page):
        offer_pictures(page)
        before = sent(page, "cover")
        button = page.get_by_role("group", name="Picture", exact=False).first.get_by_role("button", name="Choose")
        button.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
        assert sent(page, "cover") == before


@pytest.mark.browser
class TestRows:
    def titles(self, page: Page) -> list[str]:
        return [text for name, text in sent(page, "lines.") if name.endswith(".title")]

    def test_one_is_added_and_has_the_focus(self, page):
        lines = page.get_by_role("group", name="Lines")
        lines.get_by_role("button", name="Add a row").click()
        page.keyboard.type("Tea towel")
        assert ["lines.2.title", "Tea towel"] in sent(page, "lines.")
        assert not [name for name, _text in sent(page) if "__" in name]

    def test_they_are_moved_by_key_and_numbered_anew(self, page):
        first = page.get_by_role("group", name="Row 1").first
        long = self.titles(page)[1]
        page.locator("[data-row]").filter(has=first).get_by_role("button", name="Move down").first.press("Enter")
        assert self.titles(page) == [long, "Blue mug"]
        expect(page.get_by_text("Now row 2 of 2.")).to_be_attached()
        assert [name for name, _text in sent(page, "lines.0")] == ["lines.0.title", "lines.0.quantity", "lines.0.price"]

    def test_they_are_moved_by_hand(self, page):
        long = self.titles(page)[1]
        handles = page.get_by_role("group", name="Lines").get_by_title("Drag to move")
        handles.nth(0).drag_to(handles.nth(1), target_position={"x": 8, "y": 28})
        assert self.titles(page) == [long, "Blue mug"]

    def test_one_is_removed_and_put_back(self, page):
        before = sent(page, "lines.")
        lines = page.get_by_role("group", name="Lines")
        lines.get_by_role("button", name="Remove").first.click()
        assert len(self.titles(page)) == 1
        lines.get_by_role("button", name="Put it back").click()
        assert sent(page, "lines.") == before

    def test_there_are_no_more_than_may_be(self, page):
        links = page.get_by_role("group", name="Links")
        add = links.get_by_role("button", name="Add a row")
        for _ in range(3):
            add.click()
        expect(add).to_be_hidden()


@pytest.mark.browser
class TestSmallOnes:
    def test_a_colour_by_its_digits_says_what_can_be_read_on_it(self, page):
        field = page.get_by_label("Accent")
        expect(page.get_by_text("white text: 6.3 : 1")).to_be_visible()
        field.fill("#ffee00")
        expect(page.get_by_text(re.compile("black text: 17"))).to_be_visible()

    def test_json_says_where_it_is_wrong_and_is_laid_out(self, page):
        field = page.get_by_label("More facts")
        field.fill('{"a": 1,\n"b" 2}')
        field.press("Tab")
        expect(page.get_by_text(re.compile(r"Line 2, column \d+: this is not valid JSON"))).to_be_visible()
        field.fill('{"a":[1]}')
        field.press("Tab")
        expect(field).to_have_value('{\n  "a": [\n    1\n  ]\n}')

    def test_laying_out_never_changes_a_number_or_drops_a_name(self, page):
        field = page.get_by_label("More facts")
        for text in ('{"a":12345678901234567890}', '{"a":1,"a":2}', '{"a":1.0}'):
            field.fill(text)
            field.press("Tab")
            expect(field).to_have_value(text)

    def test_a_known_address_warns_before_it_changes(self, page):
        note = page.get_by_text("Links to the old address will need a redirect.")
        expect(note).to_be_hidden()
        page.get_by_label("Title").fill("Something else")
        assert value(page, "slug") == "from-clay-to-cup"
        page.locator('[name="slug"]').fill("else")
        expect(note).to_be_visible()

    def test_an_address_follows_its_title_until_it_has_its_own(self, page):
        slug = page.locator('[name="slug"]')
        slug.fill("")
        page.get_by_label("Title").fill("Über Ton & Tasse")
        expect(slug).to_have_value("uber-ton-tasse")
        slug.fill("ton")
        page.get_by_label("Title").fill("Another")
        expect(slug).to_have_value("ton")


@pytest.mark.browser
class TestWithoutScripts:
    def test_everything_is_there_to_be_filled_in(self, chromium, address):
        context = chromium.new_context(viewport=DESK, base_url=address, java_script_enabled=False)
        page = context.new_page()
        page.goto("/fields.html")
        page.get_by_label("Tags").fill("one, two")
        page.locator('textarea[name="body"]').fill("Plain words")
        page.locator('[name="lines.4.title"]').fill("A third empty row waits")
        page.get_by_role("checkbox", name="Blue mug").first.uncheck()
        expect(page.locator('input[type="file"][name="cover.file"]')).to_be_visible()
        expect(page.get_by_role("button", name="Add a row").first).to_be_hidden()
        expect(page.get_by_role("toolbar").first).to_be_hidden()
        context.close()


@pytest.mark.browser
class TestForEverybody:
    @pytest.mark.parametrize("name", ["fields", "fields-dark", "fields-rtl"])
    @pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
    def test_axe_finds_nothing_serious_and_nothing_overflows(self, chromium, address, name, size):
        context = chromium.new_context(viewport=size, base_url=address, has_touch=size is PHONE)
        page = context.new_page()
        page.goto(f"/{name}.html")
        expect(page.get_by_role("toolbar").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert serious(page) == []
        context.close()

    def test_targets_are_large_enough_for_a_thumb(self, chromium, address):
        context = chromium.new_context(viewport=PHONE, base_url=address, has_touch=True, is_mobile=True)
        page = context.new_page()
        page.goto("/fields.html")
        expect(page.get_by_role("toolbar").first).to_be_visible()
        small = page.evaluate(
            """() => [...document.querySelectorAll("main .richtext-tool, main .picker-chip, main .nested-acts button, "
               + "main [data-adds], main [data-chooses], main .media-remove, main .control:not([type=hidden])")]
               .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 38)
               .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == []
        context.close()
