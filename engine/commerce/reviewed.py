"""Products as people review them: which there are, who bought one, and when buyers are asked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.catalog.models import Product, ProductStatus
from engine.commerce.ordering.facts import OrderDelivered
from engine.commerce.ordering.models import Order, OrderItem
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.content.reviews import public as reviews
from engine.content.speech.voices import Voices
from engine.core.i18n import _
from engine.core.reactions import Reaction
from engine.core.running import JobKind, JobRun
from engine.core.subjects import Subject, SubjectKind
from engine.core.transaction import Tx

KIND = "product"
INVITE = "reviews.invite"
#: How many things one letter asks about.
MOST_ASKED = 5
_GONE = (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED)


def find(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Subject]:
    """Return those of these products that there are; only active ones have a page and take reviews."""
    columns = (Product.id, Product.name, Product.slug, Product.status, Product.published_at)
    rows = connection.execute(select(*columns).where(Product.id.in_(ids)))
    return {row.id: _subject(row) for row in rows}


def _subject(row: Any) -> Subject:
    is_sold = row.status == ProductStatus.ACTIVE
    url = f"/products/{row.slug}" if is_sold else ""
    return Subject(KIND, row.id, row.name, url, row.published_at, takes_reviews=is_sold)


def bought(connection: Connection, product_id: UUID, user_id: UUID) -> bool:
    """Return whether an account paid for a product and kept it."""
    asked = (
        select(OrderItem.id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(
            OrderItem.product_id == product_id,
            Order.user_id == user_id,
            Order.payment_status == PaymentStatus.PAID,
            Order.status.not_in(_GONE),
        )
        .limit(1)
    )
    return connection.scalar(asked) is not None


PRODUCTS = SubjectKind(KIND, _("Product"), find, bought, lambda id_: f"/admin/products/{id_}")


def invitations(voices: Voices) -> tuple[Reaction, JobKind]:
    """Return what asks buyers for reviews some days after delivery, where the settings say so."""

    async def plan(tx: Tx, facts: Sequence[OrderDelivered]) -> None:
        settings = voices.site.reviews
        if not settings.enabled or not settings.invite_after_days:
            return
        when = tx.now + timedelta(days=settings.invite_after_days)
        for fact in facts:
            tx.enqueue(INVITE, {"order": str(fact.order_id)}, run_at=when)

    async def ask(job: JobRun) -> dict[str, int]:
        async with job.db.write() as tx:
            return {"asked": await _ask(tx, voices, UUID(job.payload["order"]))}

    return Reaction("reviews.plan_invitations", (OrderDelivered,), plan), JobKind(INVITE, ask)


async def _ask(tx: Tx, voices: Voices, order_id: UUID) -> int:
    order = await tx.get(Order, order_id)
    settings = voices.site.reviews
    is_on = settings.enabled and settings.invite_after_days
    if order is None or order.status in _GONE or not is_on:
        return 0
    items = select(OrderItem.product_id).where(OrderItem.order_id == order_id).order_by(OrderItem.position)
    ids = [id_ for id_ in dict.fromkeys(await tx.scalars(items)) if id_ is not None][:MOST_ASKED]
    connection = await tx.session.connection()
    found = await connection.run_sync(find, ids)
    subjects = [found[id_] for id_ in ids if id_ in found]
    return await reviews.invite(tx, voices, name=order.name, email=order.email, reference=order_id, subjects=subjects)
