"""Shoppers: one buys by programs, one through the pages; each sends an order again until it is answered."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import count
from queue import Queue

from tests.harness.journal import ORDER
from tests.harness.person import Person, World

ADDRESS = {"name": "Ada", "line1": "1 High Street", "city": "London", "postalCode": "SW1A 1AA", "country": "GB"}
LANDING = re.compile(r"/(?:checkout/confirmation|orders)/([0-9a-f-]{36})/")


@dataclass(frozen=True, slots=True)
class Bill:
    """A page of the bank's that somebody has to pay on. order_id: None where only the e-mail is known."""

    page: str
    email: str
    order_id: str | None


@dataclass(slots=True)
class Market:
    """What is on sale, and the queues between people. products: ids, of which the last is scarce."""

    products: list[str]
    bills: "Queue[Bill]"
    to_pay: "Queue[tuple[str, str]]"
    paid: "Queue[tuple[str, str]]"


class Shopper(Person):
    """Buys over the API, with an idempotency key for each order."""

    def __init__(self, name: str, world: World, market: Market) -> None:
        super().__init__(name, world)
        self.market = market
        self._numbers = count(1)

    def act(self) -> None:
        key = f"{self.name}-{next(self._numbers)}"
        product = self.random.choice(self.market.products)
        item = {"productId": product, "quantity": self.random.randint(1, 3)}
        cart, _lost = self.ask("POST", "/cart/items", json=item)
        if cart.status_code == 409:  # none are left
            return self.rest(0.05)
        if cart.status_code != 200:
            return self.wonder(cart)
        method = self.random.choice(["manual", "card", "card"])
        sent = {
            "email": f"{key}@example.org",
            "name": "Ada Lovelace",
            "shippingAddress": ADDRESS,
            "shippingMethod": "flat_rate",
            "paymentMethod": method,
        }
        headers = {"X-Cart-Id": cart.json()["id"], "Idempotency-Key": key}
        answer, _lost = self.ask("POST", "/checkout", json=sent, headers=headers)
        if answer.status_code == 409:  # somebody else was faster
            return None
        if answer.status_code != 201:
            return self.wonder(answer)
        order = answer.json()["order"]
        said = {"number": order["number"], "total": order["total"]["amount"], "id": order["id"]}
        self.journal.note(ORDER, sent["email"], **said)
        page = answer.json()["payment"]["redirectUrl"]
        if page:
            self.market.bills.put(Bill(page, sent["email"], order["id"]))
        elif method == "manual":
            self.market.to_pay.put((order["id"], sent["email"]))
        return None


class Visitor(Shopper):
    """Buys through the storefront's pages, as a browser without scripts does."""

    def act(self) -> None:
        key = f"{self.name}-{next(self._numbers)}"
        self.client.cookies.clear()
        self.client.headers.update({"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        item = {"productId": self.market.products[0], "quantity": "1"}
        put, _lost = self.ask("POST", f"{self.server.url}/cart/items", data=item)
        if put.status_code != 303:
            return self.wonder(put)
        if put.headers["location"] != "/cart":  # it could not be put in just now, and the next page says so
            return self.rest(0.2)
        form, _lost = self.ask("GET", f"{self.server.url}/checkout")
        if form.status_code != 200:
            return self.wonder(form)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text)
        method = self.random.choice(["manual", "card"])
        sent = {
            **{name: unescape(value) for name, value in hidden},
            "email": f"{key}@example.org",
            "name": "Ada Lovelace",
            "shippingMethod": "flat_rate",
            "paymentMethod": method,
            **{f"shippingAddress.{name}": value for name, value in ADDRESS.items() if name != "name"},
        }
        answer, _lost = self.ask("POST", f"{self.server.url}/checkout", data=sent)
        if answer.status_code != 303:
            return self.wonder(answer)
        self.journal.note(ORDER, sent["email"])
        to = answer.headers["location"]
        if to.startswith("/payment/"):
            self.market.bills.put(Bill(to, sent["email"], None))
        elif method == "manual" and (found := LANDING.search(to)):
            self.market.to_pay.put((found[1], sent["email"]))
        return None
