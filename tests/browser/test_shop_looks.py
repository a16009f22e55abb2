"""Every page of the shop and of one's account: nothing serious to axe-core, nothing that moves, light to load."""

import gzip
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.furnished import CUSTOMER, Furnished, furnish
from tests.browser.looks import WATCH, seen, sign_in_as, wrong_with
from tests.server import PASSWORD, Server

FIRST_VIEW_BYTES = 150_000
SCRIPT_BYTES = 50_000
#: A picture without words, words that cannot be read in the dark, and something wider than a phone.
WRONG = """<html lang=en><title>t</title>
<style>p{color:light-dark(black,%23222)}body{background:light-dark(white,black)}html{color-scheme:light dark}</style>
<main><h1>t</h1><div id=gap></div><p>Words that are hard to read in the dark</p>
<div style='width:500px;height:9px'></div><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></main>"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Furnished]]:
    """One furnished server for all of them."""
    with Server(tmp_path_factory.mktemp("looks") / "installation") as running:
        running.claim(name="Kiln & Linen")
        yield running, furnish(running)


def test_what_is_wrong_is_seen(chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"data:text/html,{WRONG}")
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    page.evaluate("document.getElementById('gap').style.height = '90px'")
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    said = " ".join(seen(page))
    context.close()
    for problem in ("image-alt (critical)", "color-contrast in the dark", "moved by", "pixels wider"):
        assert problem in said


def test_the_shop(chromium: Browser, shop: tuple[Server, Furnished]) -> None:
    server, made = shop
    addresses = (
        "/",
        "/products",
        "/products?option:Colour=Navy&available=true&price=1000-2000",
        "/products?min=999999",
        "/categories/tableware",
        "/products/stoneware-mug",
        "/products/small-jug",
        "/search?q=bowl",
        "/search?q=nothing-like-it",
        "/cart",
        made.order_path,
    )
    assert wrong_with(chromium, server, addresses) == []


def test_a_full_cart_and_the_checkout(chromium: Browser, shop: tuple[Server, Furnished]) -> None:
    server, _made = shop

    def fill(page: Page) -> None:
        for slug in ("serving-bowl", "espresso-cup"):
            page.goto(f"/products/{slug}")
            page.get_by_role("button", name="Add to cart").click()
            page.get_by_role("dialog", name="Your cart").get_by_text("is in your cart").wait_for()

    assert wrong_with(chromium, server, ("/cart", "/checkout"), fill) == []


def test_ones_account(chromium: Browser, shop: tuple[Server, Furnished]) -> None:
    server, made = shop
    addresses = (
        "/account",
        "/account/orders",
        f"/account/orders/{made.order_id}",
        "/account/addresses",
        "/account/addresses/new",
        "/account/profile",
        "/account/sessions",
    )
    assert wrong_with(chromium, server, addresses, sign_in_as(CUSTOMER, PASSWORD)) == []


def test_the_ways_in(chromium: Browser, shop: tuple[Server, Furnished]) -> None:
    server, _made = shop
    assert wrong_with(chromium, server, ("/account/sign-in", "/account/register", "/account/forgot")) == []


def test_the_first_view_is_light(shop: tuple[Server, Furnished]) -> None:
    """Without pictures, which are lazy but for the first: markup, styles, scripts and the font."""
    server, _made = shop
    with httpx.Client(base_url=server.url, headers={"accept-encoding": "gzip"}) as client:
        for address in ("/", "/products", "/products/stoneware-mug"):
            page = client.get(address).text
            parts = _parts(page)
            scripts = sum(_weight(client, part) for part in parts if part.endswith(".js"))
            assert scripts < SCRIPT_BYTES
            rest = sum(_weight(client, part) for part in parts if not part.endswith(".js"))
            assert len(gzip.compress(page.encode())) + scripts + rest < FIRST_VIEW_BYTES, address


def _parts(page: str) -> set[str]:
    """Return the stylesheets, scripts and fonts that a page's head names."""
    head = page[: page.index("</head>")]
    return {part for part in head.replace("'", '"').split('"') if part.startswith(("/assets/", "/theme/"))}


def _weight(client: httpx.Client, address: str) -> int:
    body = client.get(address).content
    return len(body) if address.endswith(".woff2") else len(gzip.compress(body))
