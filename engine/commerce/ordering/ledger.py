"""What was tried, paid and returned for an order: reads for staff, and the last attempt for the buyer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.ordering.models import Payment, PaymentAttempt, Refund
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import LIVE, AttemptStatus, RefundReason, RefundStatus
from engine.core.money import Money

_attempts = PaymentAttempt.__table__
_refunds = Refund.__table__
_payments = Payment.__table__


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt to pay. failure: the provider's word for why not."""

    id: UUID
    provider: str
    status: AttemptStatus
    amount: Money
    intent_id: str | None
    failure: str
    created_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether it may still bring money."""
        return self.status in LIVE


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One payment that goes back, or went. is_online: the provider can send it; otherwise staff do."""

    id: UUID
    payment_id: UUID
    amount: Money
    reason: RefundReason
    status: RefundStatus
    receipt: str
    is_online: bool
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that arrived. note: the provider's name for it, or staff's own words."""

    id: UUID
    method: PaymentMethod
    amount: Money
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """An order's money, each list the oldest first."""

    attempts: tuple[AttemptLine, ...]
    payments: tuple[PaymentLine, ...]
    refunds: tuple[RefundLine, ...]

    @property
    def owed(self) -> tuple[RefundLine, ...]:
        """What has to go back."""
        return tuple(line for line in self.refunds if line.status is RefundStatus.NEEDED)


def ledger(connection: Connection, order_id: UUID) -> Ledger:
    """Return an order's money."""
    attempts = connection.execute(
        select(_attempts).where(_attempts.c.order_id == order_id).order_by(_attempts.c.id)
    ).all()
    payments = connection.execute(
        select(_payments).where(_payments.c.order_id == order_id).order_by(_payments.c.id)
    ).all()
    refunds = connection.execute(select(_refunds).where(_refunds.c.order_id == order_id).order_by(_refunds.c.id)).all()
    online = {row.payment_id for row in attempts if row.payment_id is not None}
    return Ledger(
        attempts=tuple(_attempt(row) for row in attempts),
        payments=tuple(
            PaymentLine(row.id, row.method, Money(row.amount_minor, row.currency), row.note, row.created_at)
            for row in payments
        ),
        refunds=tuple(_refund(row, is_online=row.payment_id in online) for row in refunds),
    )


def last_attempt(connection: Connection, order_id: UUID) -> AttemptLine | None:
    """Return an order's latest attempt to pay."""
    row = connection.execute(
        select(_attempts).where(_attempts.c.order_id == order_id).order_by(_attempts.c.id.desc()).limit(1)
    ).first()
    return _attempt(row) if row else None


def _attempt(row: Any) -> AttemptLine:
    return AttemptLine(
        id=row.id,
        provider=row.provider,
        status=row.status,
        amount=Money(row.amount_minor, row.currency),
        intent_id=row.intent_id,
        failure=row.failure,
        created_at=row.created_at,
    )


def _refund(row: Any, *, is_online: bool) -> RefundLine:
    return RefundLine(
        id=row.id,
        payment_id=row.payment_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        status=row.status,
        receipt=row.receipt,
        is_online=is_online,
        created_at=row.created_at,
        done_at=row.done_at,
    )
