"""A shop that sells: a catalogue, carts and orders, all made through the verbs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from engine.api.ports import Ports
from engine.commerce.catalog.drafts import VariantDraft
from engine.commerce.ordering import carts, checkout, orders, payment_flows, payments, queries
from engine.commerce.ordering.attempts import Attempt
from engine.commerce.ordering.checkout import Placed
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ordering.states import OrderStatus
from engine.commerce.ordering.terms import CheckoutRequest
from engine.commerce.ordering.views import CartView, OrderView
from engine.commerce.ports import TEST, Answer, MemoryProvider, Timing
from engine.core.actor import Actor
from engine.core.ids import new_secret
from tests.factories.catalog import MANAGER, CatalogShelf, minor

ADDRESS = {
    "line1": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "region": "CA",
    "postal_code": "94043",
    "country": "US",
}
STRANGER = Actor.stranger("203.0.113.9")


def asked(**changes: Any) -> CheckoutRequest:
    """Return what a buyer says at the checkout."""
    said: dict[str, Any] = {
        "email": "ada@example.org",
        "name": "Ada Lovelace",
        "shipping_address": ADDRESS,
        "shipping_method": "flat_rate",
        "payment_method": "manual",
    }
    return CheckoutRequest(**{**said, **changes})


class Shop(CatalogShelf):
    """The wired house as a shop: staff act as its manager, buyers as strangers unless said otherwise."""

    def __init__(self, house: Ports) -> None:
        super().__init__(house.db)
        self.house = house
        self.staff = Actor.system("Mia")
        self.manager = MANAGER

    async def set(self, key: str, **values: Any) -> None:
        """Change settings, in wire names: `await shop.set("tax", enabled=True, ratePercent="19")`."""
        async with self.db.write() as tx:
            await self.house.settings.update(tx, Actor.system(), key, values)
        await self.house.settings.refresh()

    async def reprice(self, product: Any, price: str) -> None:
        """Give a product without options another price."""
        await self.change(
            product.id, variants=(VariantDraft(price_minor=minor(price), stock=product.variants[0].stock),)
        )

    async def cart(self, *wanted: tuple[Any, int], actor: Actor = STRANGER) -> UUID:
        """Return the id of a cart with these (product, quantity)."""
        cart_id: UUID | None = None
        for product, quantity in wanted:
            cart_id = await self.put(cart_id, product, quantity, actor=actor)
        assert cart_id is not None
        return cart_id

    async def put(
        self, cart_id: UUID | None, product: Any, quantity: int = 1, *, actor: Actor = STRANGER, **said: Any
    ) -> UUID:
        """Put a product into a cart; return the cart's id."""
        async with self.db.write() as tx:
            cart = await carts.add(
                tx, actor, self.house.site, cart_id, product_id=product.id, quantity=quantity, **said
            )
        return cart.id

    async def see_cart(self, cart_id: UUID | None, actor: Actor = STRANGER) -> CartView:
        """Return a cart as its holder sees it."""
        return await self.db.query(queries.cart_of, actor, cart_id, self.house.site.general.currency)

    async def check_out(
        self, cart_id: UUID | None, key: str | None = None, actor: Actor = STRANGER, **changes: Any
    ) -> Placed:
        """Place the order of a cart."""
        site, secrets = self.house.site, self.house.secrets
        async with self.db.write() as tx:
            return await checkout.place(tx, actor, site, secrets, cart_id, key or new_secret(), asked(**changes))

    async def order(self, quantity: int = 1, product: Any = None, actor: Actor = STRANGER, **changes: Any) -> OrderView:
        """Place an order of one product, of which there are plenty unless one is given."""
        product = product or await self.product(stock=100)
        cart_id = await self.cart((product, quantity), actor=actor)
        return (await self.check_out(cart_id, actor=actor, **changes)).order

    async def step(
        self, order: OrderView, *to: OrderStatus, actor: Actor | None = None, note: str = "", holds_link: bool = False
    ) -> OrderView:
        """Bring an order through these states, each in a transaction of its own."""
        site, secrets = self.house.site, self.house.secrets
        for state in to:
            async with self.db.write() as tx:
                order = await orders.step(
                    tx, actor or self.staff, site, secrets, order.id, state, note, holds_link=holds_link
                )
        return order

    async def pay(self, order: OrderView, actor: Actor | None = None, **said: Any) -> OrderView:
        """Mark an order as paid."""
        site, secrets = self.house.site, self.house.secrets
        async with self.db.write() as tx:
            return await payments.receive(tx, actor or self.staff, site, secrets, order.id, **said)

    async def takes_cards(self) -> None:
        """Take cards, by the test gateway."""
        await self.set("payments", enabled=True)

    def till(self, provider: MemoryProvider) -> Till:
        """Return the till with a provider in memory instead of the test gateway."""
        return replace(self.house.till, providers={TEST: provider})

    async def card_order(self, quantity: int = 1, product: Any = None, **changes: Any) -> OrderView:
        """Place an order that is to be paid by card."""
        await self.takes_cards()
        return await self.order(quantity, product, payment_method="card", **changes)

    async def attempt(
        self, order: OrderView, actor: Actor = STRANGER, till: Till | None = None, **said: Any
    ) -> Attempt:
        """Go to the payment page of an order, as whoever has its link."""
        till = till or self.house.till
        return await payment_flows.pay(till, actor, order.id, origin="http://localhost", holds_link=True, **said)

    async def answer(
        self, attempt: Attempt, answer: Answer = Answer.PAY, timing: Timing = Timing.AT_ONCE, *, runs: bool = True
    ) -> None:
        """Answer for the bank on the test gateway's page; runs: its webhooks arrive, where they are due."""
        assert attempt.intent_id is not None
        await self.house.trial_gateway.answer(attempt.intent_id, answer, timing)
        if runs:
            await self.house.jobs.run_until_idle()

    async def pay_by_card(self, order: OrderView) -> OrderView:
        """Pay an order on the test gateway's page, and come back."""
        await self.answer(await self.attempt(order))
        return await self.see_order(order.id)

    async def refund(self, order: OrderView, actor: Actor | None = None, **said: Any) -> int:
        """Send back what is owed of an order, through the provider."""
        return await payment_flows.refund(self.house.till, actor or self.staff, order.id, **said)

    async def see_order(self, order_id: UUID) -> OrderView:
        """Return an order as it stands."""
        found = await self.db.query(queries.order, order_id)
        assert found is not None
        return found

    async def stock_of(self, product: Any) -> int | None:
        """Return how many pieces of a product can be had."""
        seen = await self.see(product.id)
        return sum(variant.stock or 0 for variant in seen.variants)
