"""The whole story in one go: claimed, filled, sold from, paid, shipped, and told by e-mail."""

import io
import re
import zipfile
from collections.abc import Callable

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.server import PASSWORD, Server

CATALOGUE = """\
ID,Type,SKU,Name,Published,Short description,Description,Stock,Regular price,Sale price,Weight (kg),Categories,Tags,\
Images,Parent,Attribute 1 name,Attribute 1 value(s)
1,simple,MUG-1,Blue mug,1,Thrown by hand.,<p>Holds <b>350 ml</b>.</p><script>alert(1)</script>,7,12.50,,0.4,\
Tableware > Mugs,stoneware,mug.png,,,
2,variable,BOWL,Serving bowl,1,For many.,<p>Two sizes.</p>,,,,,Tableware > Bowls,,bowl.png,,Size,"Small, Large"
3,variation,BOWL-S,Serving bowl - Small,1,,,4,28.00,,0.9,,,,BOWL,Size,Small
4,variation,BOWL-L,Serving bowl - Large,1,,,2,39.00,35.00,1.6,,,,BOWL,Size,Large
5,simple,,Tea towel,1,Washed linen.,,,18.00,,0.1,Linen,,towel.png,,,
6,grouped,SET,Breakfast set,1,,,,,,,Tableware,,,,,
"""


def catalogue() -> bytes:
    """Return a WooCommerce export with its pictures, as an archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("products.csv", CATALOGUE)
        for name, ground, thing in (
            ("mug", "#b9c3c2", "#5c7d80"),
            ("bowl", "#d8c6b6", "#a5644a"),
            ("towel", "#cfd2c5", "#7a8062"),
        ):
            picture = Image.new("RGB", (1200, 1500), ground)
            draw = ImageDraw.Draw(picture)
            draw.ellipse((300, 1010, 900, 1140), fill="#8f8a84")
            draw.rounded_rectangle((380, 560, 820, 1090), 60, fill=thing)
            written = io.BytesIO()
            picture.save(written, "PNG")
            packed.writestr(f"{name}.png", written.getvalue())
    return archive.getvalue()


def claim(page: Page, server: Server) -> None:
    """Answer the five questions."""
    page.goto(f"/setup?token={server.claim_token}")
    page.get_by_label("Name").fill("Kiln & Linen")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Time zone").select_option("Europe/London")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Currency").select_option("GBP")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("Olive Owner")
    page.get_by_label("E-mail").fill("owner@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the shop").click()
    expect(page).to_have_url(re.compile(r"/admin$"))


def import_catalogue(page: Page) -> None:
    """Bring the catalogue in and read the report, which arrives by itself."""
    page.goto("/admin/products/import")
    page.get_by_label("WooCommerce export").set_input_files(
        {"name": "catalogue.zip", "mimeType": "application/zip", "buffer": catalogue()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("grouped")
    page.goto("/admin/products")
    for name in ("Blue mug", "Serving bowl", "Tea towel"):
        expect(page.get_by_role("main").get_by_text(name, exact=True).first).to_be_visible()


def buy_bowl_without_scripts(page: Page) -> str:
    """Find, choose and order the large bowl as a guest; return the order's number."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("Serving bowl")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Serving bowl")
    page.get_by_role("radio", name="Large").check()
    page.get_by_role("button", name="Add to cart").click()
    page.goto("/cart")
    expect(page.get_by_role("main")).to_contain_text("£35.00")
    return check_out(page, "Ada Lovelace", "ada@example.org")


def buy_mug(page: Page) -> str:
    """Order a mug as a guest; return the order's number."""
    page.goto("/search?q=mug")
    page.get_by_role("link", name=re.compile("Blue mug")).first.click()
    expect(page.get_by_text("350 ml")).to_be_attached()
    page.get_by_role("button", name="Add to cart").click()
    page.goto("/cart")
    expect(page.get_by_role("main")).to_contain_text("£12.50")
    return check_out(page, "Grace Hopper", "grace@example.org")


def check_out(page: Page, name: str, email: str) -> str:
    """Fill in the one page, order, and return the number."""
    page.get_by_role("link", name=re.compile("[Cc]heckout")).first.click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name", exact=True).fill(name)
    page.locator('[name="shippingAddress.country"]').select_option("GB")
    use = page.get_by_role("button", name="Use this country")
    if use.count():
        use.first.click()
    page.locator('[name="shippingAddress.line1"]').fill("1 High Street")
    page.locator('[name="shippingAddress.city"]').fill("London")
    page.locator('[name="shippingAddress.postalCode"]').fill("SW1A 1AA")
    page.get_by_role("button", name="Place order").click()
    expect(page).to_have_url(re.compile(r"/(orders|checkout)/"))
    shown = page.get_by_role("main").inner_text()
    found = re.search(r"\b(1\d{3})\b", shown)
    assert found, shown
    return found[1]


def work_through(page: Page, number: str) -> None:
    """Open the order, take the money and ship it."""
    page.get_by_role("link", name=re.compile(number)).first.click()
    page.get_by_role("link", name="Mark as paid").click()
    page.locator("dialog[open]").get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_role("main")).to_contain_text("Confirmed")
    page.get_by_role("link", name=re.compile("[Ss]hip")).first.click()
    page.locator("dialog[open] form button[type=submit], dialog[open] form button:not([type])").last.click()
    expect(page.get_by_role("main")).to_contain_text("Shipped")


def test_from_an_empty_folder_to_a_shipped_order(
    server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    desk = window(DESK)
    claim(desk, server)
    import_catalogue(desk)

    desk.goto("/admin/orders")
    first = buy_bowl_without_scripts(window(PHONE, scripts=False))
    expect(desk.get_by_role("main")).to_contain_text(first)  # nobody reloaded it
    shopper = window(PHONE)
    second = buy_mug(shopper)
    expect(desk.get_by_role("main")).to_contain_text(second)
    assert int(second) == int(first) + 1

    work_through(desk, second)
    desk.goto("/admin/outbox")
    outbox = desk.get_by_role("main")
    expect(outbox.get_by_text("grace@example.org")).to_have_count(3)
    expect(outbox.get_by_text("ada@example.org")).to_have_count(1)
    shopper.reload()
    expect(shopper.get_by_role("main")).to_contain_text(re.compile("shipped", re.IGNORECASE))

    desk.goto("/admin")
    screenshot(desk, "admin")
    shop = window(DESK)
    shop.goto("/")
    screenshot(shop, "storefront")
