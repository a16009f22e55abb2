"""What stands around the pages: menus put together by hand, by key and without scripts; and how all of it looks."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.furnished import THINGS, furnish
from tests.browser.looks import sign_in_as, wrong_with
from tests.server import PASSWORD, Server

OWNER = "owner@example.org"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
enter = sign_in_as(OWNER, PASSWORD, "/admin")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them."""
    with Server(tmp_path_factory.mktemp("furniture") / "installation") as running:
        running.claim(name="Kiln & Linen")
        furnish(running, [thing for thing in THINGS if thing[0] in ("Tall vase", "Espresso cup")])
        yield running


def menu_path(server: Server, location: str) -> str:
    """Return the address of a menu's editor."""
    with server.client(OWNER) as owner:
        return f"/admin/navigation/{owner.get(f'/navigation/{location}').json()['id']}"


def items(page: Page) -> Locator:
    return page.locator("[data-item]")


def add(page: Page, label: str, target: str = "") -> None:
    """Add an item by key, and say where it leads."""
    count = items(page).count()
    page.get_by_role("button", name="Add item").press("Enter")
    expect(items(page)).to_have_count(count + 1)
    own = items(page).last
    own.get_by_label("Label").fill(label)
    own.get_by_role("combobox", name="Leads to").fill(target)
    own.get_by_role("combobox", name="Leads to").press("Escape")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")


def test_a_menu_is_made_by_key_and_by_hand(server: Server, window: Callable[..., Page]) -> None:
    page = window(DESK)
    enter(page)
    page.goto(menu_path(server, "header"))
    add(page, "Shelves")
    add(page, "", "/categories/vases")
    press(page, "Put this item inside the one above")
    expect(items(page).last).to_have_attribute("data-depth", "1")
    expect(page.locator("#menu-said")).to_have_text("Item: line 2 of 2, level 2.")
    add(page, "Journal", "example.org/journal")
    add(page, "Vase")
    own = items(page).last.get_by_role("combobox", name="Leads to")
    own.press_sequentially("tall")
    page.get_by_role("option", name="Tall vase Product").click()
    expect(own).to_have_value("/products/tall-vase")
    press(page, "Move up this item")
    expect(items(page).nth(2).get_by_label("Label")).to_have_value("Vase")
    # By hand, to the side: it goes inside the one above.
    handle = items(page).nth(2).locator("[data-handle]").bounding_box()
    assert handle is not None
    left, top = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 12, top + 3, steps=4)
    page.mouse.move(left + 36, top + 2, steps=8)
    page.mouse.up()
    expect(items(page).nth(2)).to_have_attribute("data-depth", "1")
    page.get_by_role("button", name="Save menu").click()
    expect(page.get_by_text("The menu is saved.")).to_be_visible()

    page.goto("/")
    page.locator("summary", has_text="Shelves").click()
    links = page.get_by_role("navigation", name="Main menu").get_by_role("link")
    expect(links).to_have_text(["Vases", "Vase", "Journal"])
    links.nth(1).click()
    expect(page).to_have_url(f"{server.url}/products/tall-vase")
    expect(page.locator("summary", has_text="Shelves")).to_be_visible()
    phone = window(PHONE)
    phone.goto("/products/tall-vase")
    phone.get_by_role("link", name="Menu", exact=True).click()
    sheet = phone.get_by_role("dialog").get_by_role("link", name="Vase", exact=True)
    expect(sheet).to_have_attribute("aria-current", "page")


def test_a_menu_is_made_without_scripts(server: Server, window: Callable[..., Page]) -> None:
    page = window(PHONE, scripts=False)
    enter(page)
    page.goto(menu_path(server, "footer"))
    for label, target in (("Help", ""), ("Write to us", "mailto:us@example.org")):
        page.get_by_role("button", name="Add item").click()
        own = items(page).last
        own.get_by_label("Label").fill(label)
        own.get_by_label("Leads to").fill(target)
    page.get_by_role("button", name="Put this item inside the one above").last.click()
    page.get_by_role("button", name="Save menu").last.click()
    page.goto("/")
    help_ = page.get_by_role("navigation", name="Help")
    expect(help_.get_by_role("link", name="Write to us")).to_have_attribute("href", "mailto:us@example.org")


def missing_page(server: Server, page: Page) -> str:
    """Return the address of a page not found in the admin, once it is written down."""
    httpx.get(f"{server.url}/vases/tall-vase.html", headers={"User-Agent": FIREFOX, "Accept": "text/html"})
    with server.client(OWNER) as owner:
        while not (found := owner.get("/missing-pages").json()["items"]):
            page.wait_for_timeout(200)
    return f"/admin/missing-pages/{found[0]['id']}"


def test_all_of_it_is_sound_to_axe_and_still(chromium: Browser, server: Server, window: Callable[..., Page]) -> None:
    lost = missing_page(server, window(DESK))
    with server.client(OWNER) as owner:
        owner.put("/settings/analytics", json={"enabled": True, "measurementId": "G-1"}).raise_for_status()
    staff = (
        "/admin/navigation",
        menu_path(server, "header"),
        "/admin/missing-pages?isDismissed=false",
        lost,
        "/admin/settings/site-status",
        "/admin/settings/seo",
        "/admin/settings/consent",
    )
    assert wrong_with(chromium, server, staff, enter) == []
    assert wrong_with(chromium, server, ("/", "/consent")) == []
    with server.client(OWNER) as owner:
        owner.put("/settings/site_status", json={"status": "coming_soon"}).raise_for_status()
        assert wrong_with(chromium, server, ("/",)) == []
        assert wrong_with(chromium, server, ("/",), enter) == []
        page = window({"width": 390, "height": 3000})
        enter(page)
        page.goto("/")
        expect(page.locator(".shop-notice")).to_be_visible()
        header = page.locator(".shop-header").bounding_box()
        assert header is not None
        assert header["height"] < 100  # the page's middle takes the room that is left, not what stands above it
        owner.put("/settings/site_status", json={"status": "live"}).raise_for_status()


def test_consent_is_asked_once_kept_and_taken_back(server: Server, window: Callable[..., Page]) -> None:
    with server.client(OWNER) as owner:
        owner.put("/settings/analytics", json={"enabled": True, "measurementId": "G-1"}).raise_for_status()
    page = window(DESK)
    page.goto("/")
    banner = page.get_by_role("region", name="May we?")
    expect(banner).to_be_visible()
    allow, refuse = (banner.get_by_role("button", name=name).bounding_box() for name in ("Allow all", "Refuse all"))
    assert allow is not None
    assert refuse is not None
    assert allow["height"] == refuse["height"]
    banner.get_by_role("button", name="Refuse all").click()
    expect(banner).to_be_hidden()
    page.goto("/products")
    expect(banner).to_be_hidden()
    page.get_by_role("link", name="Cookie settings").click()
    box = page.get_by_role("checkbox", name="Statistics")
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_role("checkbox", name="Statistics")).to_be_checked()
