"""Shopping in a real browser: the cart beside the page, filters at once, kept addresses, and all without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.furnished import CUSTOMER, furnish
from tests.browser.looks import sign_in_as
from tests.server import PASSWORD, Server

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One furnished server for all of them, in place of a fresh one for each."""
    with Server(tmp_path_factory.mktemp("shopping") / "installation") as running:
        running.claim(name="Kiln & Linen")
        furnish(running)
        yield running


def test_the_cart_opens_beside_the_page_and_holds_the_focus(window: Open) -> None:
    page = window(PHONE)
    page.goto("/products/serving-bowl")
    page.get_by_role("button", name="Add to cart").click()
    cart = page.get_by_role("dialog", name="Your cart")
    expect(cart).to_contain_text("“Serving bowl” is in your cart.")
    expect(page.locator("#cart-count")).to_have_attribute("data-count", "1")
    for _tab in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement || document.activeElement === document.body || "
                             "!!document.activeElement.closest('#cart-drawer')")  # fmt: skip
    cart.get_by_role("button", name="One more").click()
    expect(cart).to_contain_text("£84.00")
    expect(page.locator("#cart-count")).to_have_attribute("data-count", "2")
    page.keyboard.press("Escape")
    page.goto("/products")  # a page that is alike for all, and the number in it is this browser's
    expect(page.locator("#cart-count")).to_have_attribute("data-count", "2")
    page.goto("/products/serving-bowl")
    page.locator("[data-cart-opener]").click()
    cart.get_by_role("button", name="Take out").click()
    expect(cart).to_contain_text("Your cart is empty")
    page.keyboard.press("Escape")
    expect(cart).to_be_hidden()
    assert page.url.endswith("/products/serving-bowl")


def test_a_stranger_fetches_nothing_of_their_own(window: Open) -> None:
    page = window(DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/products", "/products/serving-bowl"):
        page.goto(path, wait_until="networkidle")
        expect(page.locator("#cart-count")).to_have_attribute("data-count", "0")
    assert not [url for url in asked if "/cart" in url]
    assert page.context.cookies() == []


def test_more_than_there_are_is_said_and_changes_nothing(window: Open) -> None:
    page = window(DESK)
    page.goto("/products/tall-vase")
    page.get_by_label("Quantity").fill("1200")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#toasts")).to_contain_text("1200")
    expect(page.get_by_role("dialog", name="Your cart")).to_be_hidden()


def test_filters_act_at_once_and_the_way_back_works(window: Open) -> None:
    page = window(DESK)
    page.goto("/products")
    expect(page.locator("#list-count")).to_have_text("11 products")
    page.get_by_label("Navy").check()
    expect(page).to_have_url(re.compile("Colour=Navy"))
    expect(page.locator("#list-count")).to_have_text("4 products")
    page.get_by_label("In stock only").check()
    expect(page).to_have_url(re.compile("available=true"))
    page.get_by_role("link", name=re.compile("Navy")).click()
    expect(page).not_to_have_url(re.compile("Navy"))
    expect(page.get_by_label("Navy")).not_to_be_checked()
    page.evaluate("history.go(-2)")
    expect(page).to_have_url(re.compile(r"Colour=Navy$"))
    expect(page.get_by_label("Navy")).to_be_checked()
    expect(page.locator("#list-count")).to_have_text("4 products")


def test_filters_are_a_sheet_on_phones(window: Open) -> None:
    page = window(PHONE)
    page.goto("/products")
    expect(page.get_by_label("Navy")).to_be_hidden()
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Navy").check()
    expect(page.locator("#list-count")).to_have_text("4 products")
    expect(page.get_by_label("Navy")).to_be_focused()
    page.get_by_role("button", name="Show products").click()
    expect(page.get_by_label("Navy")).to_be_hidden()


def test_all_of_it_works_without_scripts(window: Open) -> None:
    page = window(PHONE, scripts=False)
    page.goto("/products")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Rust").check()
    page.get_by_role("button", name="Show products").click()
    expect(page).to_have_url(re.compile("Colour=Rust"))
    page.get_by_role("link", name="Bud vase").click()
    page.get_by_role("radio", name="Rust").check(force=True)
    page.get_by_role("button", name="Add to cart").click()
    expect(page).to_have_url(re.compile(r"/cart$"))
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("E-mail").fill("grace@example.org")
    page.get_by_label("Name", exact=True).fill("Grace Hopper")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the street and house number.")
    expect(page.get_by_label("E-mail")).to_have_value("grace@example.org")
    page.get_by_label("Street and house number").fill("1 High Street")
    page.get_by_label("Town or city").fill("London")
    page.get_by_label("Postal code").fill("SW1A 1AA")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("main")).to_contain_text("Thank you. Your order is in.")
    expect(page.get_by_role("list", name="How far your order is")).to_contain_text("Ordered")


def test_an_address_is_kept_and_an_order_placed_again(window: Open) -> None:
    page = window(DESK)
    sign_in_as(CUSTOMER, PASSWORD)(page)
    page.goto("/account/addresses/new")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("Street and house number").fill("12 St James's Square")
    page.get_by_label("Postal code").fill("nonsense")
    page.get_by_label("Town or city").fill("London")
    page.get_by_role("button", name="Save address").click()
    expect(page.get_by_role("alert")).to_contain_text("“NONSENSE” is not a Postal code")
    page.get_by_label("Postal code").fill("SW1Y 4JH")
    page.get_by_role("button", name="Save address").click()
    expect(page.get_by_role("main")).to_contain_text("Used first")

    page.goto("/account/orders")
    page.get_by_role("button", name="Order again").first.click()
    expect(page.get_by_role("main")).to_contain_text("Espresso cup")
    page.get_by_role("link", name="Go to checkout").click()
    expect(page.get_by_role("radio", name="Ada Lovelace")).to_be_checked()
    expect(page.get_by_label("Street and house number")).to_be_hidden()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("main")).to_contain_text("12 St James's Square")
