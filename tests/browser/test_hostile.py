"""A shop filled with hostile texts, by file and by checkout, read in a real browser: nothing in them runs."""

import time
from collections.abc import Iterator, Sequence

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK
from tests.engine.commerce.catalog.importing.files import as_csv
from tests.security.values import MARKUP, TEXTS, samples
from tests.server import PASSWORD, Server

OWNER = "owner@example.org"
PATIENCE = 60
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  const what = event.violatedDirective;
  if (!what.startsWith("img-src")) window.violations.push(what + " " + event.sample);
});
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.pwned = name; };
"""
FOUND = "() => [String(window.pwned), ...window.violations]"
HOME = ("/", "/products", "/search?q=script", "/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "/cart", "/account")
STAFF = ("/admin", "/admin/products", "/admin/categories", "/admin/product-tags", "/admin/orders", "/admin/users",
         "/admin/outbox", "/admin/audit", "/admin/jobs", "/admin/settings/general", "/api/docs")  # fmt: skip


def table(texts: Sequence[str]) -> bytes:
    """Return a WooCommerce export with a text in every cell that takes one."""
    rows = [
        {
            "ID": str(number),
            "Type": "simple",
            "SKU": f"H-{number}",
            "Name": text[:150],
            "Published": "1",
            "Short description": text,
            "Description": f"<h2>{text}</h2>{text}",
            "Regular price": "10",
            "Stock": "5",
            "Categories": text[:80],
            "Tags": text[:80],
            "Attribute 1 name": text[:80],
            "Attribute 1 value(s)": text[:80],
        }
        for number, text in enumerate(texts, start=1)
    ]
    return as_csv(rows).encode("utf-8", "replace")


def fill(client: httpx.Client, texts: Sequence[str]) -> list[dict[str, str]]:
    """Import the texts, order one product with them, and return the products."""
    sent = client.post("/products/import", files={"file": ("<img src=x onerror=alert(1)>.csv", table(texts))})
    assert sent.status_code == 202, sent.text
    until = time.monotonic() + PATIENCE
    while (job := client.get(f"/jobs/{sent.json()['jobId']}").json())["status"] not in ("succeeded", "failed"):
        assert time.monotonic() < until, job
        time.sleep(0.2)
    assert job["status"] == "succeeded", job
    products = client.get("/products?limit=100&status=active").json()["items"]
    assert len(products) > len(texts) // 2
    line = TEXTS[2]
    cart = client.post("/cart/items", json={"productId": products[0]["id"], "quantity": 1}).json()
    address = {"name": line, "line1": line, "city": line, "region": "CA", "postalCode": "94043", "country": "US"}
    order = {"email": "a@example.org", "name": line, "note": line, "shippingAddress": address,
             "shippingMethod": "flat_rate", "paymentMethod": "manual"}  # fmt: skip
    placed = client.post("/checkout", json=order, headers={"Idempotency-Key": "one", "X-Cart-Id": cart["id"]})
    assert placed.status_code == 201, placed.text
    client.put("/settings/general", json={"siteName": TEXTS[0], "tagline": TEXTS[3]})
    found: list[dict[str, str]] = products
    return [*found, {"url": placed.json()["order"]["statusUrl"], "id": ""}]


class Reader:
    """Reads pages and keeps what ran on them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.add_init_script(WATCH)
        page.on("dialog", lambda dialog: (self.wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: self._asked(asked.url, asked.resource_type))

    def _asked(self, url: str, kind: str) -> None:
        is_code = kind in ("script", "stylesheet", "document")
        if "evil.example" in url or (is_code and "127.0.0.1" not in url):
            self.wrong.append(f"asked for {url[:100]}")

    def see(self, path: str) -> None:
        self.page.goto(path, wait_until="load")
        self.page.mouse.move(300, 300)
        found = self.page.evaluate(FOUND)
        if found != ["undefined"]:
            self.wrong.append(f"{path}: {found}")


@pytest.fixture
def reader(chromium: Browser, server: Server) -> Iterator[Reader]:
    server.claim(currency="USD")
    context = chromium.new_context(viewport=DESK, base_url=server.url)
    context.set_default_timeout(PATIENCE * 1_000)
    yield Reader(context.new_page())
    context.close()


@pytest.mark.browser
class TestHostileShop:
    def test_nothing_in_it_runs(self, server, reader):
        self._tour(server, reader, TEXTS)

    def test_nothing_in_the_samples_runs(self, server, reader):
        texts = [text for text in samples(*MARKUP) if any(mark in text for mark in ("<", "javascript:", "on"))]
        self._tour(server, reader, texts[::40])

    def _tour(self, server: Server, reader: Reader, texts: Sequence[str]) -> None:
        with server.client(OWNER) as client:
            products = fill(client, texts)
        page = reader.page
        page.goto("/admin/sign-in")
        page.get_by_label("E-mail").fill(OWNER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin")
        for path in (*HOME, *STAFF, *(one["url"] for one in products)):
            reader.see(path)
        for one in products[:6]:
            reader.see(f"/admin/products/{one['id']}" if one["id"] else "/admin")
        assert reader.wrong == []
