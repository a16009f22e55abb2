"""What ordering does because of others' facts."""

from collections.abc import Sequence

from engine.accounts.facts import EmailVerified
from engine.commerce.ordering import orders
from engine.core.reactions import Reaction
from engine.core.transaction import Tx


async def _attach(tx: Tx, facts: Sequence[EmailVerified]) -> None:
    for fact in facts:
        await orders.attach(tx, fact.user_id, fact.email)


ATTACH = Reaction("ordering.attach_guest_orders", (EmailVerified,), _attach)
