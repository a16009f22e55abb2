"""Which things belong to the demo organisation; payments by day with what they sum up to."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0011_demo"
down_revision = "0010_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demo_items",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("thing", sa.Uuid(), nullable=False),
        sa.Column("detail", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_items")),
    )
    op.create_index(op.f("ix_demo_items_kind"), "demo_items", ["kind"], unique=False)
    op.create_index(op.f("ix_demo_items_thing"), "demo_items", ["thing"], unique=False)
    op.drop_index(op.f("ix_payments_created_at"), table_name="payments")
    op.create_index(
        op.f("ix_payments_created_at_currency_amount_minor"), "payments", ["created_at", "currency", "amount_minor"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_payments_created_at_currency_amount_minor"), table_name="payments")
    op.create_index(op.f("ix_payments_created_at"), "payments", ["created_at"])
    op.drop_index(op.f("ix_demo_items_thing"), table_name="demo_items")
    op.drop_index(op.f("ix_demo_items_kind"), table_name="demo_items")
    op.drop_table("demo_items")
