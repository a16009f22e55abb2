"""Money that forms ask for: entries know their order and how it stands, orders know their entry."""

import sqlalchemy as sa
from alembic import op

revision = "0024_form_payments"
down_revision = "0021_moving"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("form_entries", sa.Column("payment", sa.String(40), nullable=True))
    op.add_column("form_entries", sa.Column("order_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_form_entries_payment"), "form_entries", ["payment"], unique=False)
    op.create_index(op.f("ix_form_entries_order_id"), "form_entries", ["order_id"], unique=False)
    op.add_column("orders", sa.Column("entry_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_orders_entry_id"), "orders", ["entry_id"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_entry_id"), table_name="orders")
    op.drop_column("orders", "entry_id")
    op.drop_index(op.f("ix_form_entries_order_id"), table_name="form_entries")
    op.drop_index(op.f("ix_form_entries_payment"), table_name="form_entries")
    op.drop_column("form_entries", "order_id")
    op.drop_column("form_entries", "payment")
