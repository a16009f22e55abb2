"""The tables of the test gateway: what an outside service would keep in a house of its own. Adapters own no tables."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasTimes


class GatewayIntent(HasTimes, Base):
    """Money that the test gateway was asked for. key, fingerprint: of the request that made it, which may repeat."""

    __tablename__ = "test_gateway_intents"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    return_url: Mapped[str] = mapped_column(Text)
    cancel_url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(40))
    failure: Mapped[str] = mapped_column(String(60))
    refunded_minor: Mapped[int] = mapped_column(BigInteger)


class GatewayRefund(HasTimes, Base):
    """Money that the test gateway sent back."""

    __tablename__ = "test_gateway_refunds"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("test_gateway_intents.id", ondelete="CASCADE"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
