"""Paying online: verb, call to the provider, verb; each flow goes on where a killed process left it.

The provider's webhook and the buyer's return tell the same thing in either order, so both lead to `attempts.settle`.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.commerce.ordering import attempts, expiry, refunding
from engine.commerce.ordering.attempts import Attempt
from engine.commerce.ordering.letters import signed_path
from engine.commerce.ordering.models import PaymentAttempt
from engine.commerce.ordering.settling import AttemptStatus
from engine.commerce.ports import Intent, IntentState, PaymentProvider, PaymentRefused, PaymentRequest
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.facts import ProcessedEvent
from engine.core.i18n import _, format_message
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore, Site
from engine.core.transaction import Tx

log = logging.getLogger("agora.payments")


@dataclass(frozen=True, slots=True)
class Till:
    """What the flows work with. providers: by the names that attempts bear."""

    db: Database
    settings: SettingsStore
    secrets: Secrets
    providers: Mapping[str, PaymentProvider]

    @property
    def site(self) -> Site:
        """The organisation's settings as they are now."""
        return self.settings.site

    def provider(self, name: str) -> PaymentProvider:
        """Return a provider. Raises Unavailable for one that is not set up here."""
        found = self.providers.get(name)
        if found is None:
            raise Unavailable(_("The payment provider “{name}” is not set up."), name=name)
        return found


async def pay(
    till: Till, actor: Actor, order_id: UUID, *, origin: str, key: str | None = None, holds_link: bool = False
) -> Attempt:
    """Return the attempt by which the buyer pays, with the address of the provider's page.

    A repeat, a second tab and a visit after a crash come to the same attempt and the same page.
    Raises as `attempts.begin`, Unavailable where the provider does not answer: the attempt waits for the next visit.
    """
    async with till.db.write() as tx:
        begun = await attempts.begin(tx, actor, till.site, order_id, origin=origin, key=key, holds_link=holds_link)
    attempt = begun.attempt
    if not attempt.is_live:
        return attempt
    if attempt.intent_id is not None:
        intent = await till.provider(attempt.provider).find(attempt.intent_id)
        async with till.db.write() as tx:
            await _settle(tx, till, attempt.id, intent)
        if intent.state in (IntentState.FAILED, IntentState.CANCELLED) and key is None:
            return await pay(till, actor, order_id, origin=origin, holds_link=holds_link)
        return await _seen(till, attempt.id)
    for earlier in begun.earlier:
        await stop(till, earlier)
    intent = await ask(till, attempt)
    async with till.db.write() as tx:
        return await attempts.open_up(tx, attempt.id, intent)


async def ask(till: Till, attempt: Attempt) -> Intent:
    """Return the provider's intent for an attempt: the same one, however often it is asked for."""
    path = signed_path(attempt.order_id, till.secrets)
    title = _("Order {number} – {shop}").having(number=attempt.number, shop=till.site.general.site_name)
    request = PaymentRequest(
        reference=attempt.id,
        title=format_message(title, till.site.general.language),
        amount=attempt.amount,
        email=attempt.email,
        return_url=f"{attempt.origin}{path}/payments/return",
        cancel_url=f"{attempt.origin}{path}",
        locale=till.site.general.language,
    )
    return await till.provider(attempt.provider).start(request, str(attempt.id))


async def hear(till: Till, provider: str, body: bytes, signature: str) -> bool:
    """Take up a webhook, once for its id; return whether it was new. What it is about may be unknown here.

    Raises Invalid for one that the provider did not sign.
    """
    event = till.provider(provider).read(body, signature)
    async with till.db.write() as tx:
        source = f"payments:{provider}"
        seen = {"event_id": event.id[:120], "source": source, "processed_at": tx.now}
        if not await tx.insert_new(ProcessedEvent, seen):
            return False
        attempt_id = await _attempt_of(tx, provider, event.intent) if event.intent else None
        if event.intent is None or attempt_id is None:
            log.info("%s told %s, which is about nothing here", provider, event.name)
            return True
        await _settle(tx, till, attempt_id, event.intent)
    return True


async def look(till: Till, order_id: UUID) -> None:
    """Ask the provider how an order's last attempt stands, and let the order follow: the buyer came back."""
    async with till.db.write() as tx:
        found = await attempts.of_order(tx, order_id)
    if found and found[0].is_live and found[0].intent_id is not None:
        intent = await till.provider(found[0].provider).find(found[0].intent_id)
        async with till.db.write() as tx:
            await _settle(tx, till, found[0].id, intent)


async def stop(till: Till, attempt: Attempt) -> None:
    """Have the provider take no money for an attempt any more; where it has already, take that up."""
    if attempt.intent_id is None:
        async with till.db.write() as tx:
            await attempts.cancel(tx, attempt.id)
        return
    try:
        intent = await till.provider(attempt.provider).close(attempt.intent_id)
    except PaymentRefused as refusal:
        log.warning("attempt %s could not be closed: %s", attempt.id, refusal)
        return
    async with till.db.write() as tx:
        await _settle(tx, till, attempt.id, intent)


async def close(till: Till, order_id: UUID) -> None:
    """Stop every attempt of an order that is paid or over."""
    async with till.db.write() as tx:
        found = await attempts.of_order(tx, order_id)
    for attempt in found:
        if attempt.is_live or attempt.status is AttemptStatus.FAILED:
            await stop(till, attempt)


async def expire(till: Till) -> int:
    """Cancel the orders whose time to pay is over, each after asking the provider once more; return how many."""
    count = 0
    for order_id in await till.db.query(expiry.overdue, till.db.clock.now()):
        try:
            await close(till, order_id)
        except Unavailable as error:
            log.warning("the provider does not answer for order %s: %s", order_id, error)
        async with till.db.write() as tx:
            count += await expiry.expire(tx, till.site, till.secrets, order_id)
    return count


async def refund(till: Till, actor: Actor, order_id: UUID, *, key: str | None = None) -> int:
    """Send back through the provider what is owed of an order; return how many payments that were.

    A refund's id is the provider's key for it: one that was made and not kept is made known, not made again.
    """
    async with till.db.write() as tx:
        owed = await refunding.begin(tx, actor, order_id, key=key)
    for one in owed:
        receipt = await till.provider(one.provider).refund(one.intent_id, one.amount, str(one.refund_id))
        async with till.db.write() as tx:
            await refunding.done(tx, actor, till.site, till.secrets, one.refund_id, receipt)
    return len(owed)


async def _seen(till: Till, attempt_id: UUID) -> Attempt:
    async with till.db.write() as tx:
        return attempts.seen(*await attempts.locked(tx, attempt_id))


async def _settle(tx: Tx, till: Till, attempt_id: UUID, intent: Intent) -> None:
    await attempts.settle(tx, till.site, till.secrets, attempt_id, intent)
    if intent.refunded_minor:
        order, row = await attempts.locked(tx, attempt_id)
        await refunding.returned_outside(tx, till.site, till.secrets, row, order, intent.refunded_minor)


async def _attempt_of(tx: Tx, provider: str, intent: Intent) -> UUID | None:
    """Return the attempt an intent belongs to: by its name, or by ours where that was never kept."""
    found: UUID | None = await tx.scalar(
        select(PaymentAttempt.id).where(PaymentAttempt.provider == provider, PaymentAttempt.intent_id == intent.id)
    )
    if found is None and intent.reference is not None:
        found = await tx.scalar(
            select(PaymentAttempt.id).where(
                PaymentAttempt.id == intent.reference,
                PaymentAttempt.provider == provider,
                PaymentAttempt.intent_id.is_(None),
            )
        )
    return found
