"""Writing the story down, deed by deed in the order of time, through the verbs that real orders go through."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete

from engine.commerce.demo.goods import minor
from engine.commerce.demo.story import NOTE, PAY, Tale
from engine.commerce.ordering import carts, checkout, orders, payments
from engine.commerce.ordering.models import Cart, Numbers
from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.states import OrderStatus
from engine.commerce.ordering.terms import CheckoutRequest
from engine.core.actor import Role
from engine.core.addresses import Address
from engine.core.demo import Making, mark
from engine.core.demosettings import SETTINGS
from engine.core.idempotency import IdempotencyKey
from engine.core.ids import new_secret
from engine.core.settings import Site
from engine.core.site import Shipping
from engine.core.tables import table_of
from engine.core.transaction import Tx

#: The demo's orders have numbers of their own: the shop's begin where they would.
NUMBERS = Numbers("demo_order_number", "D")
AT_ONCE = 8
ORDER = "order"
PLACE = "place"
_KEYS, _CARTS = table_of(IdempotencyKey), table_of(Cart)
_FORGET_KEY = delete(_KEYS).where(_KEYS.c.key == bindparam("used"))
_FORGET_CART = delete(_CARTS).where(_CARTS.c.id == bindparam("cart"))


def needed(tales: Sequence[Tale]) -> dict[str, tuple[int, int]]:
    """Return for each version how many pieces the story leaves sold, and the most that are out at any moment of it."""
    moves: list[tuple[datetime, str, int]] = []
    for tale in tales:
        back = next((at for at, name, _words in tale.deeds if name == OrderStatus.CANCELLED), None)
        for version, pieces in tale.lines:
            moves.append((tale.placed_at, version.code, pieces))
            if back is not None:
                moves.append((back, version.code, -pieces))
    out: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for _at, code, pieces in sorted(moves, key=lambda move: move[0]):
        out[code] += pieces
        most[code] = max(most[code], out[code])
    return {code: (out[code], most[code]) for code in out}


@dataclass(slots=True)
class Telling:
    """The story while it is written. where: (product, variant) by a version's code; ids: the orders by their tale."""

    making: Making
    site: Site
    where: Mapping[str, tuple[UUID, UUID]]
    ids: dict[int, UUID]

    async def tell(self, tales: Sequence[Tale]) -> None:
        """Write everything that happens, a few deeds in each transaction."""
        deeds = [(tale.placed_at, number, PLACE, "") for number, tale in enumerate(tales)]
        deeds += [(at, number, name, words) for number, tale in enumerate(tales) for at, name, words in tale.deeds]
        deeds.sort(key=lambda deed: deed[0])
        for start in range(0, len(deeds), AT_ONCE):
            async with self.making.past(deeds[start][0]) as tx:
                for at, number, name, words in deeds[start : start + AT_ONCE]:
                    await tx.past(at)
                    if name == PLACE:
                        await self._place(tx, number, tales[number])
                    else:
                        await self._do(tx, self.ids[number], name, words)

    async def _place(self, tx: Tx, number: int, tale: Tale) -> None:
        actor, cart_id = tale.buyer.actor, None
        for version, pieces in tale.lines:
            product_id, variant_id = self.where[version.code]
            line = {"product_id": product_id, "variant_id": variant_id, "quantity": pieces}
            cart = await carts.add(tx, actor, self.site, cart_id, **line)  # type: ignore[arg-type]
            cart_id = cart.id
        key = new_secret()
        method = DeliveryMethod.FLAT_RATE if tale.is_sent else DeliveryMethod.PICKUP
        request = CheckoutRequest(
            email=tale.buyer.email,
            name=tale.buyer.name,
            shipping_address=_sent(tale.buyer.address),
            shipping_method=method,
            payment_method=PaymentMethod.MANUAL,
            note=tale.wish,
        )
        secrets = self.making.secrets
        placed = await checkout.place(tx, actor, self.site, secrets, cart_id, key, request, NUMBERS)
        await tx.flush()
        await tx.execute(_FORGET_KEY, {"used": key})  # nobody repeats the past
        await tx.execute(_FORGET_CART, {"cart": cart_id})
        mark(tx, ORDER, placed.order.id)
        self.ids[number] = placed.order.id

    async def _do(self, tx: Tx, order_id: UUID, name: str, words: str) -> None:
        manager, secrets = self.making.staff[Role.STORE_MANAGER], self.making.secrets
        if name == PAY:
            await payments.receive(tx, manager, self.site, secrets, order_id)
            return
        if name == NOTE:
            await orders.note(tx, manager, order_id, words)
            return
        await orders.step(tx, manager, self.site, secrets, order_id, OrderStatus(name), words)


def site_of(making: Making) -> Site:
    """Return the settings that the story's orders are placed under: the shop's own, with ways that are open."""
    site = making.settings.site
    if making.is_first:
        return site
    ways = Shipping.model_validate(SETTINGS["shipping"])
    currency = site.general.currency
    shipping = ways.model_copy(
        update={
            "flat_rate_minor": minor(ways.flat_rate_minor, currency),
            "free_from_minor": minor(ways.free_from_minor or 0, currency),
        }
    )
    return replace(site, shipping=shipping, payments=site.payments.model_copy(update={"manual_enabled": True}))


def _sent(address: Address) -> dict[str, str | None]:
    names = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
    return {name: getattr(address, name) for name in names if hasattr(address, name)}
