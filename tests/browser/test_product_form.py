"""A product with two options, six variants and two pictures of the library is made, and seen in the shop."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.factories.pictures import photo
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser


def sign_in(page: Page) -> None:
    page.goto("/admin/sign-in")
    page.get_by_label("E-mail").fill("owner@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin")


def send_pictures(server: Server) -> None:
    """Put two pictures into the library."""
    with server.client("owner@example.org") as owner:
        for name, colour in (("front", "#335577"), ("back", "#775533")):
            sent = {"file": (f"{name}.jpg", photo(900, 1200, colour=colour), "image/jpeg")}
            assert owner.post("/media", files=sent).status_code == 201


def choose(page: Page, name: str) -> None:
    """Choose a picture of the library in its dialog."""
    page.get_by_role("button", name="Choose from the library").click()
    page.locator("dialog[open] [data-media-id]", has_text=name).first.click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_product_with_six_variants_and_two_pictures_is_made_and_seen(
    server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    server.claim()
    send_pictures(server)
    page = window(DESK)
    sign_in(page)
    page.goto("/admin/products/new")
    page.get_by_label("Name", exact=True).fill("Linen shirt")
    page.get_by_label("Price", exact=True).first.fill("45")
    page.get_by_label("In stock").fill("4")
    choose(page, "front")
    choose(page, "back")
    page.get_by_label("What the picture shows").last.fill("The back of the shirt")
    page.get_by_label("Option 1").fill("Size")
    page.get_by_label("Its values, with commas between").nth(0).fill("S, M, L")
    page.get_by_label("Option 2").fill("Colour")
    page.get_by_label("Its values, with commas between").nth(1).fill("White, Sand")
    expect(page.get_by_role("table", name="Variants").get_by_label(re.compile("^Price of"))).to_have_count(6)
    page.get_by_label("Price of L / Sand", exact=True).fill("49")
    page.get_by_role("combobox", name="Tags").fill("New,")
    page.get_by_label("Status").select_option("active")
    screenshot(page, "product-new")
    page.get_by_role("button", name="Add product").click()
    expect(page).to_have_url(re.compile(r"/admin/products/[0-9a-f-]{36}$"))
    screenshot(page, "product-desk")
    own = page.url
    page.get_by_role("link", name="See it in the shop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Linen shirt")
    expect(page.get_by_role("radio", name="Sand")).to_be_attached()
    expect(page.locator("main img[alt='The back of the shirt']").first).to_be_attached()
    page.goto("/admin/products")
    screenshot(page, "products-desk")
    dark = window(PHONE, scheme="dark")
    dark.context.add_cookies(page.context.cookies())
    dark.goto("/admin/products")
    screenshot(dark, "products-phone")
    dark.goto(own)
    screenshot(dark, "product-phone")
