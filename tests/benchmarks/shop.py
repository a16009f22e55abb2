"""A shop to measure: claimed, with a catalogue imported from a file of our own in WooCommerce's format."""

import csv
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.benchmarks.load import request
from tests.server import Server

COLUMNS = ("Type", "SKU", "Name", "Published", "Short description", "Description", "In stock?", "Stock")
COLUMNS += ("Regular price", "Categories", "Tags")
SHELVES = ("Kitchen > Mugs", "Kitchen > Plates", "Living > Lamps", "Living > Rugs", "Garden", "Paper > Cards")
WORDS = ("quiet", "brown", "kettle", "glazed", "by", "hand", "in", "a", "small", "workshop", "near", "the", "harbour")
BUYER = {
    "email": "bea@example.org",
    "name": "Bea Buyer",
    "shippingAddress": {
        "name": "Bea Buyer",
        "line1": "1 Harbour Street",
        "city": "London",
        "postalCode": "SW1A 1AA",
        "country": "GB",
    },
    "shippingMethod": "flat_rate",
    "paymentMethod": "manual",
}
PLENTY = 100_000


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import went."""

    rows: int
    seconds: float
    errors: int


def catalogue(rows: int) -> bytes:
    """Return a CSV file of so many simple products."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number in range(rows):
        said = " ".join(WORDS[(number + place) % len(WORDS)] for place in range(60))
        name = f"{WORDS[number % len(WORDS)].capitalize()} {WORDS[number // 3 % len(WORDS)]} {number}"
        price = f"{5 + number % 90}.{number % 100:02}"
        shelf = SHELVES[number % len(SHELVES)]
        writer.writerow(
            (
                "simple",
                f"BENCH-{number}",
                name,
                1,
                said[:120],
                f"<p>{said}</p>",
                1,
                PLENTY,
                price,
                shelf,
                "new, handmade",
            )
        )
    return text.getvalue().encode()


def import_catalogue(server: Server, rows: int) -> Imported:
    """Import a catalogue over the API, as the owner would; return once its job has ended."""
    with server.client("owner@example.org") as owner:
        began = time.perf_counter()
        files = {"file": ("products.csv", catalogue(rows), "text/csv")}
        answer = owner.post("/products/import", files=files, data={"format": "woocommerce"})
        assert answer.status_code == 202, answer.text
        job = answer.json()["jobId"]
        while (found := owner.get(f"/jobs/{job}").json())["status"] not in {"succeeded", "failed"}:
            time.sleep(0.1)
        took = time.perf_counter() - began
    assert found["status"] == "succeeded", found
    return Imported(rows, took, len(found["result"]["errors"]))


def products(server: Server, most: int = 100) -> list[dict[str, object]]:
    """Return the first products, as the API shows them."""
    with server.client() as stranger:
        found: list[dict[str, object]] = stranger.get("/products", params={"limit": most}).json()["items"]
        return found


def filled_carts(server: Server, count: int) -> list[str]:
    """Return the ids of so many carts with two products each; filling them is not measured."""
    shelf = products(server)
    made = []
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=30) as buyer:
        for number in range(count):
            headers: dict[str, str] = {}
            for place in (number, number + 7):
                sent = {"productId": shelf[place % len(shelf)]["id"], "quantity": 1}
                answer = buyer.post("/cart/items", json=sent, headers=headers)
                assert answer.is_success, answer.text
                headers = {"X-Cart-Id": answer.json()["id"]}
            made.append(headers["X-Cart-Id"])
    return made


def checkouts(port: int, carts: list[str]) -> Iterator[bytes]:
    """Yield one checkout for each cart."""
    body = json.dumps(BUYER).encode()
    for cart in carts:
        headers = {"X-Cart-Id": cart, "Idempotency-Key": str(uuid4())}
        yield request("POST", "/api/v1/checkout", port, body, headers)
