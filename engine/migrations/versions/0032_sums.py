"""Sums of past days, and what sold the most, are kept for the dashboard; the audit log is searched by its indexes."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0032_sums"
down_revision = "0031_verified_sessions"
branch_labels = None
depends_on = None

FROM_SOMEWHERE = sa.text("ip_address <> ''")
MADE = (
    ("ix_audit_logs_action_id", "audit_logs", ["action", "id"]),
    ("ix_audit_logs_actor", "audit_logs", ["actor"]),
    ("ix_messages_subject", "messages", ["subject"]),
    ("ix_product_categories_category_id_product_id", "product_categories", ["category_id", "product_id"]),
    (
        "ix_product_variants_product_id_tracks_stock_stock",
        "product_variants",
        ["product_id", "tracks_stock", "stock"],
    ),
)
REPLACED = (
    ("ix_audit_logs_action", "audit_logs", ["action"]),
    ("ix_product_categories_category_id", "product_categories", ["category_id"]),
    ("ix_product_variants_product_id", "product_variants", ["product_id"]),
)


def upgrade() -> None:
    for name, table, columns in MADE:
        op.create_index(name, table, columns, unique=False)
    for name, table, _columns in REPLACED:
        op.drop_index(name, table_name=table)
    op.create_index(
        "ix_audit_logs_ip_address_created_at",
        "audit_logs",
        ["ip_address", "created_at"],
        unique=False,
        sqlite_where=FROM_SOMEWHERE,
        postgresql_where=FROM_SOMEWHERE,
    )
    op.create_table(
        "sales_days",
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("starts_at", "ends_at", "currency", name=op.f("pk_sales_days")),
    )
    op.create_table(
        "sales_tops",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("products", Json, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("days", "currency", name=op.f("pk_sales_tops")),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_logs_ip_address_created_at", table_name="audit_logs")
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns, unique=False)
    for name, table, _columns in MADE:
        op.drop_index(name, table_name=table)
    op.drop_table("sales_tops")
    op.drop_table("sales_days")
