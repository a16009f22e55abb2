"""A stranger's first ten minutes: claimed, filled, opened, sold from, paid, shipped, and told by e-mail."""

import re
import sys
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.stranger import Clicks, claim, import_catalogue, put_up_for_sale
from tests.server import Server

MOST_CLICKS = 40
VIOLET = "#5b3a8e"


def set_up(page: Page, clicks: Clicks) -> None:
    """Say who it is, how it is paid for, and how it looks."""
    save = page.get_by_role("button", name="Save settings")
    clicks.on(page.get_by_role("link", name="Dashboard").first)
    clicks.on(page.get_by_role("link", name="Say who you are"))
    page.get_by_label("In one line").fill("Pots and cloth, made slowly")
    page.get_by_label("E-mail for questions").fill("hello@example.org")
    clicks.on(save)
    expect(page.locator("#toasts")).to_contain_text("Saved")
    clicks.on(page.get_by_role("link", name="Payments"))
    page.get_by_label("How to pay").fill("Kiln & Linen, IBAN GB33 BUKB 2020 1555 5555 55")
    clicks.on(page.get_by_role("switch", name="Take cards"))
    clicks.on(save)
    expect(page.get_by_role("switch", name="Take cards")).to_be_checked()
    clicks.on(page.get_by_role("link", name="Look"))
    page.get_by_label("Colour", exact=True).fill(VIOLET)
    clicks.on(save)
    expect(page.get_by_label("Colour", exact=True)).to_have_value(VIOLET)


def fill_in(page: Page, name: str, email: str) -> None:
    """Type what the checkout asks."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Street and house number").fill("1 High Street")
    page.get_by_label("Town or city").fill("London")
    page.get_by_label("Postal code").fill("SW1A 1AA")


def number_of(page: Page) -> str:
    """Return the number of the order whose page is open."""
    expect(page.get_by_role("main")).to_contain_text("Thank you")
    found = re.search(r"\b(10\d\d)\b", page.get_by_role("main").inner_text())
    assert found, page.url
    return found[1]


def buy_by_card(page: Page, clicks: Clicks) -> str:
    """Find the vase on the front page and pay for it at the test gateway; return the order's number."""
    page.goto("/")
    clicks.on(page.get_by_role("link", name=re.compile("Tall vase")).first)
    clicks.on(page.get_by_role("button", name="Add to cart"))
    clicks.on(page.get_by_role("dialog", name="Your cart").get_by_role("link", name="Go to checkout"))
    fill_in(page, "Grace Hopper", "grace@example.org")
    clicks.on(page.get_by_text("Card (test)"))
    clicks.on(page.get_by_role("button", name="Place order"))
    clicks.on(page.get_by_role("button", name="Pay £"))
    return number_of(page)


def buy_bowl_without_scripts(page: Page) -> str:
    """Choose and order the large bowl as a guest, to be paid by transfer; return the order's number."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("Serving bowl")).first.click()
    page.get_by_role("radio", name="Large").check()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("main")).to_contain_text("£35.00")
    page.get_by_role("link", name=re.compile("[Cc]heckout")).first.click()
    fill_in(page, "Ada Lovelace", "ada@example.org")
    page.get_by_text("transfer").first.click()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("main")).to_contain_text("GB33 BUKB")
    return number_of(page)


def take_money(page: Page, number: str) -> None:
    """Mark an order as paid."""
    page.get_by_role("link", name=re.compile(number)).first.click()
    page.get_by_role("link", name="Mark as paid").click()
    page.locator("dialog[open]").get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_role("main")).to_contain_text("Confirmed")


def ship(page: Page) -> None:
    """Send what the open order holds."""
    page.get_by_role("link", name=re.compile("[Ss]hip")).first.click()
    page.locator("dialog[open] form button[type=submit], dialog[open] form button:not([type])").last.click()
    expect(page.get_by_role("main")).to_contain_text("Shipped")


def test_from_the_printed_token_to_a_shipped_order(
    server: Server,
    window: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    began, clicks = time.monotonic(), Clicks()
    desk = window(DESK, locale="en-GB")
    claim(desk, server, clicks)
    expect(desk.get_by_role("main")).not_to_contain_text("£0.00")  # an empty shop has no takings to look at
    put_up_for_sale(desk, clicks)
    set_up(desk, clicks)
    import_catalogue(desk, clicks)
    clicks.on(desk.get_by_role("link", name="Orders").first)

    shopper = window(PHONE)
    first = buy_by_card(shopper, clicks)
    with capsys.disabled():
        sys.stdout.write(f"\nThe first sale took {clicks.count} clicks and {time.monotonic() - began:.0f} s.\n")
    assert clicks.count <= MOST_CLICKS
    expect(desk.get_by_role("main")).to_contain_text(first)  # nobody reloaded it
    second = buy_bowl_without_scripts(window(PHONE, scripts=False))
    expect(desk.get_by_role("main")).to_contain_text(second)
    assert int(second) == int(first) + 1

    take_money(desk, second)
    desk.get_by_role("link", name="Orders").first.click()
    desk.get_by_role("link", name=re.compile(first)).first.click()
    ship(desk)
    desk.goto("/admin/outbox")
    outbox = desk.get_by_role("main")
    expect(outbox.get_by_text("grace@example.org")).to_have_count(3)
    expect(outbox.get_by_text("ada@example.org")).to_have_count(2)
    shopper.reload()
    expect(shopper.get_by_role("main")).to_contain_text(re.compile("shipped", re.IGNORECASE))

    desk.goto("/admin")
    screenshot(desk, "admin")
    shop = window(DESK)
    shop.goto("/")
    screenshot(shop, "storefront")
