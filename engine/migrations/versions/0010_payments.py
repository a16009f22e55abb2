"""Online payments: attempts, refunds, when an order's money is due, and what the test gateway keeps."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import UtcDateTime

revision = "0010_payments"
down_revision = "0009_media_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("payment_due_at", UtcDateTime(), nullable=True))
    op.add_column("orders", sa.Column("expired_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_orders_payment_due_at"), "orders", ["payment_due_at"], unique=False)
    _attempts()
    _refunds()
    _test_gateway()
    _owe()


def _attempts() -> None:
    op.create_table(
        "payment_attempts",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("intent_id", sa.String(length=200), nullable=True),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=100), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payment_attempts_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_attempts_payment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_attempts_payment_id")),
        sa.UniqueConstraint("provider", "intent_id", name=op.f("uq_payment_attempts_provider_intent_id")),
    )
    op.create_index(op.f("ix_payment_attempts_created_at"), "payment_attempts", ["created_at"], unique=False)
    op.create_index(op.f("ix_payment_attempts_order_id"), "payment_attempts", ["order_id"], unique=False)


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("receipt", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_refunds_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_refunds_payment_id")),
    )
    op.create_index(op.f("ix_refunds_created_at"), "refunds", ["created_at"], unique=False)
    op.create_index(op.f("ix_refunds_order_id"), "refunds", ["order_id"], unique=False)
    op.create_index(op.f("ix_refunds_user_id"), "refunds", ["user_id"], unique=False)


def _test_gateway() -> None:
    op.create_table(
        "test_gateway_intents",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("cancel_url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_gateway_intents")),
        sa.UniqueConstraint("key", name=op.f("uq_test_gateway_intents_key")),
    )
    op.create_index(op.f("ix_test_gateway_intents_created_at"), "test_gateway_intents", ["created_at"], unique=False)
    op.create_table(
        "test_gateway_refunds",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("intent_id", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intent_id"],
            ["test_gateway_intents.id"],
            name=op.f("fk_test_gateway_refunds_intent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_gateway_refunds")),
        sa.UniqueConstraint("key", name=op.f("uq_test_gateway_refunds_key")),
    )
    op.create_index(op.f("ix_test_gateway_refunds_created_at"), "test_gateway_refunds", ["created_at"], unique=False)
    op.create_index(op.f("ix_test_gateway_refunds_intent_id"), "test_gateway_refunds", ["intent_id"], unique=False)


def _owe() -> None:
    """Write down what was owed, or returned, before refunds had rows of their own: one for each such payment.

    A refund borrows the id of its payment, which no other refund has.
    """
    op.execute(
        "INSERT INTO refunds (id, order_id, payment_id, amount_minor, currency, reason, status, receipt, done_at,"
        " created_at, updated_at)"
        " SELECT p.id, o.id, p.id, p.amount_minor, p.currency,"
        " CASE o.status WHEN 'returned' THEN 'returned' WHEN 'cancelled' THEN 'cancelled' ELSE 'refunded' END,"
        " CASE o.payment_status WHEN 'refunded' THEN 'done' ELSE 'needed' END, '',"
        " CASE o.payment_status WHEN 'refunded' THEN o.updated_at END, o.updated_at, o.updated_at"
        " FROM payments p JOIN orders o ON o.id = p.order_id"
        " WHERE o.payment_status IN ('refund_needed', 'refunded')"
    )


def downgrade() -> None:
    op.drop_table("test_gateway_refunds")
    op.drop_table("test_gateway_intents")
    op.drop_table("refunds")
    op.drop_table("payment_attempts")
    op.drop_index(op.f("ix_orders_payment_due_at"), "orders")
    op.drop_column("orders", "expired_at")
    op.drop_column("orders", "payment_due_at")
