"""A page built as people build one: where it stands, by hand and by key, offline, and two at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Route, expect

from tests.browser.conftest import PATIENCE, PHONE, untaken
from tests.browser.looks import findings, sign_in_as
from tests.server import PASSWORD, Server

#: Wide enough for the page to stand at its own scale: Playwright's pointer knows nothing of a frame's scale.
WIDE = {"width": 1680, "height": 900}
ENTER = sign_in_as("owner@example.org", PASSWORD, "/admin")


def canvas(page: Page) -> FrameLocator:
    return page.frame_locator("[data-canvas]")


def opened(page: Page, address: str) -> FrameLocator:
    page.goto(address)
    expect(page.locator("[data-builder][data-ready]")).to_be_attached()
    expect(canvas(page).locator(".blocks")).to_be_attached()
    expect(canvas(page).locator(".studio-tag")).to_be_attached()
    return canvas(page)


def is_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


@contextmanager
def held(page: Page, address: re.Pattern[str]) -> Iterator[None]:
    """Hold answers back until what is done meanwhile is done."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(address, hold)
    yield
    for _turn in range(500):
        if waiting:
            break
        page.wait_for_timeout(20)  # its handler is called while the page is waited for
    assert waiting
    page.unroute(address)


def drawn(client: httpx.Client) -> str:
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#a35334").save(picture, "JPEG")
    answer = client.post("/media", files={"file": ("kiln.jpg", picture.getvalue(), "image/jpeg")})
    found: str = answer.json()["id"]
    return found


def drag(page: Page, source: Locator, target: Locator, *, y: float) -> None:
    """Drag by hand; y: how far down the target, 0 to 1."""
    held, onto = source.bounding_box(), target.bounding_box()
    assert held, onto
    assert onto
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    page.mouse.down()
    page.mouse.move(held["x"] + 40, held["y"] + 40, steps=4)
    page.mouse.move(onto["x"] + onto["width"] / 2, onto["y"] + onto["height"] * y, steps=6)
    expect(page.locator(".studio-ghost")).to_be_visible()
    page.mouse.up()


def write_in_columns(page: Page, sheet: FrameLocator) -> None:
    """Add columns by the slash, a heading to one of them by hand, and a text after it by Enter."""
    page.keyboard.press("Escape")
    sheet.locator(".hero-title").click()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search blocks").fill("columns")
    page.keyboard.press("Enter")
    expect(sheet.locator(".type-column")).to_have_count(2)
    page.get_by_label("Search blocks").first.fill("heading")
    drag(page, page.locator("[data-palette] [data-drags=heading]"), sheet.locator(".type-column").first, y=0.5)
    expect(sheet.locator(".type-column .type-heading")).to_have_count(1)
    sheet.locator(".type-heading h2").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Why so hot")
    page.keyboard.press("Enter")
    expect(sheet.locator(".type-column .type-text .ProseMirror")).to_be_focused()
    page.keyboard.type("Because glaze must melt.")
    page.keyboard.press("Escape")
    is_saved(page)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One claimed server for all of them, each of which builds a page of its own."""
    with Server(tmp_path_factory.mktemp("builder") / "installation") as running:
        running.claim()
        yield running


@pytest.mark.browser
class TestBuilder:
    def test_a_page_from_blank_to_a_visitor(
        self, server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
    ) -> None:
        with server.client("owner@example.org") as owner:
            drawn(owner)
        page = window(WIDE)
        ENTER(page)
        page.goto("/admin/pages/new")
        name = untaken("Kiln")
        page.get_by_label("Title").fill(name)
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url(re.compile("/admin/builder/"))
        sheet = opened(page, page.url)

        # A hero from the palette; its words are typed on the page.
        page.get_by_role("tab", name="Add").click()
        page.get_by_label("Search blocks").first.fill("opening")
        page.locator("[data-palette] [data-drags=hero]").first.click()
        expect(sheet.locator(".hero-title")).to_be_focused()
        page.keyboard.type("Fired at 1260 °C")
        is_saved(page)
        expect(page.locator(".studio-row-title")).to_have_text("Fired at 1260 °C")

        # A picture, through the settings.
        page.get_by_role("button", name="Choose a picture").click()
        page.locator("dialog [data-media-id]").first.click()
        expect(sheet.locator(".type-hero picture img")).to_be_visible()

        write_in_columns(page, sheet)
        screenshot(page, "builder")

        # Undo and redo, and what was built is there after a reload.
        page.keyboard.press("Delete")
        expect(sheet.locator(".type-text")).to_have_count(0)
        page.keyboard.press("ControlOrMeta+z")
        expect(sheet.locator(".type-text")).to_contain_text("Because glaze must melt.")
        page.keyboard.press("ControlOrMeta+Shift+z")
        expect(sheet.locator(".type-text")).to_have_count(0)
        page.keyboard.press("ControlOrMeta+z")
        expect(sheet.locator(".type-text")).to_have_count(1)
        is_saved(page)
        sheet = opened(page, page.url)
        expect(sheet.locator(".type-column .type-text")).to_contain_text("Because glaze must melt.")
        assert [one for one in findings(page) if one[1] in ("serious", "critical")] == []

        # Publishing says what will happen; a visitor sees it.
        page.locator("[data-publishes]").click()
        expect(page.locator("[data-publishing]")).to_contain_text(f"A new page appears at /{name.lower()}.")
        page.get_by_role("button", name="Publish now").click()
        expect(page.locator("[data-status]")).to_have_text("Published")
        visitor = window(PHONE)
        visitor.goto(f"/{name.lower()}")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Fired at 1260 °C")
        expect(visitor.get_by_text("Because glaze must melt.")).to_be_visible()
        assert visitor.locator("[data-block]").count() == 0

    def test_what_is_typed_offline_and_by_two_at_once_is_all_there(self, server: Server, chromium: Browser) -> None:
        blocks = [
            {"id": "one", "type": "heading", "settings": {"text": "First"}},
            {"id": "two", "type": "heading", "settings": {"text": "Second"}},
        ]
        with server.client("owner@example.org") as owner:
            begun = {"title": "Shared", "content": {"title": "Shared", "blocks": blocks}}
            page_id = owner.post("/pages/begin", json=begun).json()["id"]
            context = chromium.new_context(viewport=WIDE, base_url=server.url)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            ENTER(page)
            sheet = opened(page, f"/admin/builder/{page_id}")

            # Without a network what is typed stays in this browser, and comes back in a new window of it.
            page.route("**/api/v1/pages/**", lambda route: route.fulfill(status=503, json={"detail": "away"}))
            sheet.locator("[data-block=one] h2").click()
            page.keyboard.press("End")
            page.keyboard.type(" of all")
            expect(page.locator("[data-saved]")).to_have_attribute("data-state", "offline")

            # Meanwhile somebody else changes the other block, and the same one.
            theirs = [
                {"id": "one", "type": "heading", "settings": {"text": "First by them"}},
                {"id": "two", "type": "heading", "settings": {"text": "Second by them"}},
            ]
            draft = owner.get(f"/pages/{page_id}/draft").json()
            sent = {"edit": draft["edit"], "content": {"title": "Shared", "blocks": theirs}}
            saved = owner.put(f"/pages/{page_id}/draft", json=sent)
            assert saved.status_code == 200, saved.text
            page.unroute("**/api/v1/pages/**")
            page.on("dialog", lambda dialog: dialog.accept())
            page.reload()

            # Both are asked about what clashes alone.
            clash = page.locator("[data-conflicts]")
            expect(clash.locator("fieldset")).to_have_count(1)
            expect(clash).to_contain_text("First of all")
            expect(clash).to_contain_text("First by them")
            clash.get_by_label("Mine").check()
            clash.get_by_role("button", name="Go on with this").click()
            sheet = canvas(page)
            expect(sheet.locator("[data-block=one] h2")).to_have_text("First of all")
            expect(sheet.locator("[data-block=two] h2")).to_have_text("Second by them")
            is_saved(page)
            kept = owner.get(f"/pages/{page_id}/draft").json()["content"]["blocks"]
            assert [one["settings"]["text"] for one in kept] == ["First of all", "Second by them"]
            context.close()

    def test_a_form_that_comes_late_takes_no_words_back(self, server: Server, window: Callable[..., Page]) -> None:
        with server.client("owner@example.org") as owner:
            name = untaken("Late")
            begun = {"title": name, "content": {"title": name, "blocks": [{"id": "one", "type": "hero"}]}}
            page_id = owner.post("/pages/begin", json=begun).json()["id"]
        page = window(WIDE)
        ENTER(page)
        sheet = opened(page, f"/admin/builder/{page_id}")
        title, settings = sheet.locator("[data-block=one] .hero-title"), page.locator("[data-settings=one]")
        with held(page, re.compile("/panel$")):
            title.click()
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type("Fired at 1260 °C")
            is_saved(page)
        expect(settings.get_by_label("Heading")).to_have_value("Fired at 1260 °C")

        # Nor does an answer to what was typed in the form, while the page goes on.
        with held(page, re.compile("/settings$")):
            settings.get_by_role("textbox", name="Text", exact=True).fill("Since 1996")
            title.click()
            page.keyboard.press("End")
            page.keyboard.type(", twice")
            page.keyboard.press("Escape")
        expect(title).to_have_text("Fired at 1260 °C, twice")
        expect(sheet.locator("[data-block=one]")).to_contain_text("Since 1996")
        is_saved(page)
        with server.client("owner@example.org") as owner:
            kept = owner.get(f"/pages/{page_id}/draft").json()["content"]["blocks"][0]["settings"]
        assert (kept["title"], kept["text"]) == ("Fired at 1260 °C, twice", "Since 1996")

        # And what was typed last goes along when somebody publishes at once.
        title.click()
        with held(page, re.compile("/settings$")):
            settings.get_by_role("textbox", name="Text", exact=True).fill("Since 1897")
            page.locator("[data-publishes]").click()
        page.get_by_role("button", name="Publish now").click()
        expect(page.locator("[data-status]")).to_have_text("Published")
        visitor = window(PHONE)
        visitor.goto(f"/{name.lower()}")
        expect(visitor.get_by_text("Since 1897")).to_be_visible()

    def test_on_a_phone_words_are_typed_and_panels_are_sheets(
        self, server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
    ) -> None:
        blocks = [{"id": "one", "type": "text", "settings": {"text": "<p>Open on Sunday</p>"}}]
        with server.client("owner@example.org") as owner:
            begun = {"title": "Hours", "content": {"title": "Hours", "blocks": blocks}}
            page_id = owner.post("/pages/begin", json=begun).json()["id"]
        page = window(PHONE, scheme="dark")
        ENTER(page)
        sheet = opened(page, f"/admin/builder/{page_id}")
        sheet.locator("[data-block=one] .prose").click()
        page.keyboard.press("End")
        page.keyboard.type(" too")
        is_saved(page)
        page.get_by_role("button", name="Settings").click()
        expect(page.locator("[data-settings=one]")).to_be_visible()
        screenshot(page, "builder-phone")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [one for one in findings(page) if one[1] in ("serious", "critical")] == []
