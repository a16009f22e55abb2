"""The README's pictures, of the demo organisation: `python -m tests.browser.gallery FOLDER`."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import DESK, chromium_path
from tests.browser.looks import SETTLED, sign_in_as
from tests.server import PASSWORD, ROOT, Server

COLOURS = 256
SERVED = {"AGORA_RATE_LIMITS": "on"}  # or the dashboard warns of them
ADMIN = {"dashboard": "/admin", "orders": "/admin/orders", "products": "/admin/products"}


def draw(folder: Path) -> None:
    """Draw every picture into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Server(Path(place) / "demo", SERVED) as server:
        server.claim(name="Kiln & Linen")
        filled = [sys.executable, "-m", "app", "--data", str(server.folder), "demo"]
        subprocess.run(filled, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            context = browser.new_context(viewport=DESK, base_url=server.url, reduced_motion="reduce")  # type: ignore[arg-type]
            page = context.new_page()
            _shop(page, folder)
            sign_in_as("owner@example.org", PASSWORD, "/admin")(page)
            for name, address in ADMIN.items():
                page.goto(address)
                _keep(page, folder / f"{name}.png")
            browser.close()


def _shop(page: Page, folder: Path) -> None:
    page.goto("/")
    _keep(page, folder / "storefront.png")
    page.goto("/products")
    page.locator("main a[href^='/products/']").first.click()
    page.wait_for_url(re.compile("/products/."))
    _keep(page, folder / "product.png")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog", name="Your cart").get_by_role("link", name="Go to checkout").click()
    page.wait_for_url("**/checkout")
    _keep(page, folder / "checkout.png")


def _keep(page: Page, path: Path) -> None:
    """Keep what is in view, in few enough colours to be light."""
    page.wait_for_function(SETTLED)
    page.screenshot(path=path)
    with Image.open(path) as picture:
        light = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    light.save(path, optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
