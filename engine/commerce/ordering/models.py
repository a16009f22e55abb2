"""Tables of ordering: carts, orders with their lines and events, payments, and the counter of order numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.settling import AttemptStatus, RefundReason, RefundStatus
from engine.commerce.ordering.states import OrderStatus, PaymentStatus, Standing
from engine.core.money import Money
from engine.core.tables import Base, EnumText, HasId, HasTimes, Json

FIRST_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Numbers:
    """A row of order numbers of its own: the counter that draws them, and what stands before each."""

    counter: str = "order_number"
    prefix: str = ""


OWN_NUMBERS = Numbers()


class Cart(HasId, HasTimes, Base):
    """What somebody means to buy. `id` is random: whoever knows a guest's cart holds it. A person has one."""

    __tablename__ = "carts"

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    currency: Mapped[str] = mapped_column(String(3))


class CartItem(HasId, HasTimes, Base):
    """Pieces of one variant in a cart. unit_price_minor: what the buyer last saw it for."""

    __tablename__ = "cart_items"

    cart_id: Mapped[UUID] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )


class Order(HasId, HasTimes, Base):
    """A purchase as it was agreed: prices, names and address stay as they were that moment.

    payment_due_at: when an online payment must have arrived. expired_at: when it was cancelled because none had.
    entry_id: of the form's entry that it was made for: such an order holds no goods. The entry may be gone.
    """

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[OrderStatus] = mapped_column(EnumText(OrderStatus))
    payment_status: Mapped[PaymentStatus] = mapped_column(EnumText(PaymentStatus))
    payment_method: Mapped[PaymentMethod] = mapped_column(EnumText(PaymentMethod))
    shipping_method: Mapped[DeliveryMethod | None] = mapped_column(EnumText(DeliveryMethod))
    shipping_label: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    subtotal_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_tax_minor: Mapped[int] = mapped_column(BigInteger)
    tax_label: Mapped[str] = mapped_column(String(200))
    tax_rate_percent: Mapped[str] = mapped_column(String(12))
    is_tax_included: Mapped[bool]
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text)
    payment_due_at: Mapped[datetime | None] = mapped_column(index=True)
    expired_at: Mapped[datetime | None]
    entry_id: Mapped[UUID | None] = mapped_column(index=True, unique=True)

    __table_args__ = (Index(None, "status", "created_at"), Index(None, "payment_status", "status"))

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def standing(self) -> Standing:
        """What decides which steps it may take."""
        is_shipped = self.shipping_method is DeliveryMethod.FLAT_RATE
        return Standing(self.number, self.status, self.payment_status, is_shipped, self.entry_id is None)


class OrderItem(HasId, Base):
    """One line of an order, as the product was called and priced then."""

    __tablename__ = "order_items"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_variants.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    variant_title: Mapped[str] = mapped_column(String(300))
    sku: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    image_url: Mapped[str | None] = mapped_column(String(500))
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    is_shippable: Mapped[bool]
    weight_grams: Mapped[int | None]


class EventKind(StrEnum):
    """What kind of thing happened to an order. A note is staff's own and never shown to the buyer."""

    PLACED = "placed"
    STEP = "step"
    PAYMENT = "payment"
    PAYMENT_FAILED = "payment_failed"
    REFUND = "refund"
    NOTE = "note"


class OrderEvent(HasId, Base):
    """One line of an order's story: what, when, and who. note: to the buyer, unless the kind is a note."""

    __tablename__ = "order_events"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EventKind] = mapped_column(EnumText(EventKind))
    status: Mapped[OrderStatus] = mapped_column(EnumText(OrderStatus))
    note: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(320))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class Payment(HasId, Base):
    """Money that arrived for an order."""

    __tablename__ = "payments"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(EnumText(PaymentMethod))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    note: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "created_at", "currency", "amount_minor"),)


class PaymentAttempt(HasId, HasTimes, Base):
    """The buyer's way to the payment provider and back. intent_id: the provider's name for it, once that is known.

    failure: the provider's word for why not. payment_id: the money that came of it.
    """

    __tablename__ = "payment_attempts"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    status: Mapped[AttemptStatus] = mapped_column(EnumText(AttemptStatus))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    origin: Mapped[str] = mapped_column(String(300))
    intent_id: Mapped[str | None] = mapped_column(String(200))
    page_url: Mapped[str] = mapped_column(Text)
    failure: Mapped[str] = mapped_column(String(100))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id", ondelete="SET NULL"), unique=True)

    __table_args__ = (UniqueConstraint("provider", "intent_id"),)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(HasId, HasTimes, Base):
    """A payment that goes back to the buyer. receipt: the provider's name for it, or staff's own words."""

    __tablename__ = "refunds"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[RefundReason] = mapped_column(EnumText(RefundReason))
    status: Mapped[RefundStatus] = mapped_column(EnumText(RefundStatus))
    receipt: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    done_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class SalesDay(Base):
    """What was taken on a day that is over, by currency, and under "" the orders of all: kept, and not summed again."""

    __tablename__ = "sales_days"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    taken_minor: Mapped[int] = mapped_column(BigInteger)
    payments: Mapped[int] = mapped_column(Integer)
    returned_minor: Mapped[int] = mapped_column(BigInteger)
    orders: Mapped[int] = mapped_column(Integer)


class SalesTop(Base):
    """What sold the most in a span of so many days, as it was summed last."""

    __tablename__ = "sales_tops"

    days: Mapped[int] = mapped_column(Integer, primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    products: Mapped[list[Any]] = mapped_column(Json)
    found_at: Mapped[datetime]


class Counter(Base):
    """A number that is drawn and never given back to anybody else."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
