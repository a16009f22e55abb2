"""What forms ask of the shop: to take money for an entry. Commerce implements it, `app/wiring.py` joins the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.core.actor import Actor
from engine.core.money import Money
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class Bill:
    """What is asked of the sender of an entry. amount: all of it, with the tax inside where it is taxed.

    what, details: how the order calls it; url: the form's path; way: one of the cashier's `ways`.
    """

    entry_id: UUID
    what: str
    details: str
    url: str
    amount: Money
    is_taxed: bool
    email: str
    name: str
    way: str


class Cashier(Protocol):
    """Takes money for entries."""

    @property
    def currency(self) -> str:
        """The currency in which it takes money."""
        ...

    def ways(self) -> Sequence[str]:
        """Return how money can be paid now; none where none is taken."""
        ...

    async def bill(self, tx: Tx, actor: Actor, bill: Bill) -> UUID:
        """Make the order of an entry, in the transaction that makes the entry; return its id."""
        ...

    def page_of(self, order_id: UUID) -> str:
        """Return the secret path at which the sender pays and follows an order."""
        ...


class NoCashier:
    """Takes no money: a house without a shop."""

    currency = ""

    def ways(self) -> Sequence[str]:
        return ()

    async def bill(self, _tx: Tx, _actor: Actor, _bill: Bill) -> UUID:
        raise LookupError("nobody takes money here")

    def page_of(self, order_id: UUID) -> str:
        raise LookupError(f"nobody made the order {order_id}")
