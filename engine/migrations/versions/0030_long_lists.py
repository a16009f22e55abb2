"""Indexes that long lists are read by: orders that wait, and products in the orders they are shown in."""

from alembic import op

revision = "0030_long_lists"
down_revision = "0029_devices"
branch_labels = None
depends_on = None

MADE = (
    ("ix_orders_payment_status_status", "orders", ["payment_status", "status"]),
    ("ix_products_status_featured", "products", ["status", "is_featured", "published_at", "id"]),
    ("ix_products_status_newest", "products", ["status", "published_at", "id"]),
    ("ix_products_status_shown", "products", ["status", "visibility", "id"]),
    ("ix_products_updated_at", "products", ["updated_at"]),
)
REPLACED = (
    ("ix_orders_payment_status", "orders", ["payment_status"]),
    ("ix_products_status_name", "products", ["status", "name"]),
)


def upgrade() -> None:
    for name, table, columns in MADE:
        op.create_index(name, table, columns, unique=False)
    for name, table, _columns in REPLACED:
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns, unique=False)
    for name, table, _columns in MADE:
        op.drop_index(name, table_name=table)
