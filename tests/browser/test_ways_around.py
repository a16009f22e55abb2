"""Getting around by keys alone in the shop and the admin, and the same pages in a language that runs from the right."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK
from tests.browser.furnished import THINGS, furnish
from tests.browser.looks import sign_in_as, wrong_with
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser
OWNER = "owner@example.org"
KEPT = ("Tall vase", "Espresso cup", "Stoneware mug")
#: What has the focus: how it is called, whether it can be seen, and whether it says that it is focused.
HELD = """() => {
  const held = document.activeElement;
  const drawn = held.closest("label, .search-box, .control-group") ?? held;
  const box = drawn.getBoundingClientRect();
  const told = [held, drawn, held.nextElementSibling].filter(Boolean).some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none"
      || getComputedStyle(one, "::after").outlineStyle !== "none";
  });
  const name = (held.innerText || held.ariaLabel || held.name || "").trim().slice(0, 40);
  return [held.tagName + "#" + held.id + " " + name,
    box.width > 0 && box.height > 0, told, held.tabIndex];
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One furnished server for both."""
    with Server(tmp_path_factory.mktemp("ways") / "installation") as running:
        running.claim()
        furnish(running, [thing for thing in THINGS if thing[0] in KEPT])
        yield running


def walk(page: Page, steps: int) -> list[str]:
    """Press Tab so many times; return what was reached, all of it seen, marked and in the order of the page."""
    reached = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        name, is_seen, is_told, index = page.evaluate(HELD)
        assert is_seen, name
        assert is_told, f"{name} does not show that it has the focus"
        assert index == 0, name
        reached.append(name)
    assert len(set(reached)) > steps // 2, reached
    return reached


def skip(page: Page) -> None:
    """Skip to the content by the first key: what comes next is inside it."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def comes_back(page: Page, opener: Locator, dialog: Locator, key: str = "Enter") -> None:
    """Open a dialog by keys, stay in it however often Tab is pressed, leave it, and be where it was opened."""
    opener.focus()
    page.keyboard.press(key)
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "(dialog) => document.activeElement === document.body || dialog.contains(document.activeElement)"
        assert dialog.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_keys_lead_everywhere_and_back(window: Callable[..., Page]) -> None:
    page = window(DESK)
    page.goto("/products/espresso-cup")
    skip(page)
    walk(page, 8)
    page.reload()
    walk(page, 8)
    comes_back(page, page.locator("[data-opens=find]").first, page.locator("dialog#find"))
    comes_back(page, page.get_by_role("button", name="Add to cart"), page.get_by_role("dialog", name="Your cart"))

    sign_in_as(OWNER, PASSWORD, "/admin")(page)
    page.goto("/admin/products")
    skip(page)
    walk(page, 12)
    page.reload()
    walk(page, 12)
    palette = page.get_by_role("dialog", name="Find or do something")
    comes_back(page, page.get_by_role("link", name="Add product").first, palette, "Control+k")
    comes_back(
        page,
        page.locator("main").get_by_role("link", name="Espresso cup"),
        page.get_by_role("dialog", name="Keyboard shortcuts"),
        "?",
    )


@pytest.fixture
def arabic(server: Server) -> Iterator[None]:
    """The shop in Arabic, for as long as a test takes."""
    with server.client(OWNER) as owner:
        owner.put("/settings/general", json={"language": "ar"}).raise_for_status()
        yield
        owner.put("/settings/general", json={"language": "en"}).raise_for_status()


@pytest.mark.usefixtures("arabic")
def test_pages_run_from_the_right_as_well(server: Server, chromium: Browser) -> None:

    def enter(page: Page) -> None:
        sign_in_as(OWNER, PASSWORD, "/admin")(page)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        sidebar = page.locator(".sidebar").bounding_box()
        assert sidebar is None or page.viewport_size is None or sidebar["x"] > page.viewport_size["width"] / 2

    addresses = ("/", "/products", "/products/stoneware-mug", "/admin", "/admin/products", "/admin/orders")
    assert wrong_with(chromium, server, addresses, enter, sample=9) == []
