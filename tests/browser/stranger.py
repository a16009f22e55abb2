"""A stranger at the machine: counts the clicks, and brings a small catalogue with pictures along."""

import io
import re
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

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


@dataclass
class Clicks:
    """Everything a stranger does with the pointer. Typing is not a click; a choice from a list is two, so is a file."""

    count: int = 0

    def on(self, thing: Locator) -> None:
        """Click on something."""
        thing.click()
        self.count += 1

    def choose(self, field: Locator, value: str) -> None:
        """Open a list and choose from it."""
        field.select_option(value)
        self.count += 2

    def hand_over(self, field: Locator, name: str, kind: str, data: bytes) -> None:
        """Open the machine's own dialog and choose a file in it."""
        field.set_input_files(FilePayload(name=name, mimeType=kind, buffer=data))
        self.count += 2


def drawn(ground: str, thing: str) -> bytes:
    """Return a picture of a mug, as a PNG of 4 by 5."""
    picture = Image.new("RGB", (1200, 1500), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((300, 1010, 900, 1140), fill="#8f8a84")
    draw.rounded_rectangle((380, 560, 820, 1090), 60, fill=thing)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def catalogue() -> bytes:
    """Return a WooCommerce export with its pictures, as an archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("products.csv", CATALOGUE)
        packed.writestr("mug.png", drawn("#b9c3c2", "#5c7d80"))
        packed.writestr("bowl.png", drawn("#d8c6b6", "#a5644a"))
        packed.writestr("towel.png", drawn("#cfd2c5", "#7a8062"))
    return archive.getvalue()


def claim(page: Page, server: Server, clicks: Clicks) -> None:
    """Answer the five questions from the address that the program printed."""
    page.goto(f"/setup?token={server.claim_token}")
    page.get_by_label("Name").fill("Kiln & Linen")
    clicks.on(page.get_by_role("button", name="Continue"))
    expect(page.get_by_label("Language")).to_have_value("en-GB")  # as the browser asks
    clicks.on(page.get_by_role("button", name="Continue"))
    clicks.choose(page.get_by_label("Time zone"), "Europe/London")
    clicks.on(page.get_by_role("button", name="Continue"))
    expect(page.get_by_label("Currency")).to_have_value("GBP")  # as they pay in London
    clicks.on(page.get_by_role("button", name="Continue"))
    page.get_by_label("Your name").fill("Olive Owner")
    page.get_by_label("E-mail").fill("owner@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    clicks.on(page.get_by_role("button", name="Open the shop"))
    expect(page).to_have_url(re.compile(r"/admin$"))


def put_up_for_sale(page: Page, clicks: Clicks) -> None:
    """Add a product with a picture by hand."""
    clicks.on(page.get_by_role("link", name="Put something up for sale"))
    page.get_by_label("Name", exact=True).fill("Tall vase")
    page.get_by_label("In a sentence").fill("For one branch, or none.")
    clicks.hand_over(page.get_by_label("Send new ones"), "vase.png", "image/png", drawn("#e0d8cc", "#2c3a57"))
    page.get_by_label("Price", exact=True).fill("58")
    page.get_by_label("In stock").fill("3")
    clicks.choose(page.get_by_label("Status"), "active")
    clicks.on(page.get_by_role("button", name="Add product"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tall vase")


def import_catalogue(page: Page, clicks: Clicks) -> None:
    """Bring the catalogue in and read the report, which arrives by itself."""
    clicks.on(page.get_by_role("link", name="Products").first)
    clicks.on(page.get_by_role("main").locator("summary", has_text="More"))
    clicks.on(page.get_by_role("link", name="Import", exact=True))
    clicks.hand_over(page.get_by_label("Table of products"), "catalogue.zip", "application/zip", catalogue())
    clicks.on(page.get_by_role("button", name="Look into it"))
    expect(page.get_by_label("Format")).to_have_value("woocommerce")
    clicks.on(page.get_by_role("button", name="Import", exact=True))
    main = page.get_by_role("main")
    expect(main).to_contain_text("The import is done")
    expect(main).to_contain_text("grouped")
    clicks.on(page.get_by_role("link", name="See the products"))
    for name in ("Blue mug", "Serving bowl", "Tea towel", "Tall vase"):
        expect(main.get_by_text(name, exact=True).first).to_be_visible()
