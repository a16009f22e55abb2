"""The bin, saved views, and the columns that people chose."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0006_records"
down_revision = "0005_ordering"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("links", Json, nullable=False),
        sa.Column("deleted_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_by_name", sa.String(length=320), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=False),
        sa.Column("purge_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bin")),
    )
    op.create_index(op.f("ix_bin_purge_at"), "bin", ["purge_at"])
    op.create_index(op.f("ix_bin_resource_deleted_at"), "bin", ["resource", "deleted_at"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_user_id"), "saved_views", ["user_id"])
    op.create_index(op.f("ix_saved_views_resource_user_id"), "saved_views", ["resource", "user_id"])
    op.create_table(
        "list_columns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_columns")),
        sa.UniqueConstraint("user_id", "resource", name=op.f("uq_list_columns_user_id_resource")),
    )


def downgrade() -> None:
    for table in ("list_columns", "saved_views", "bin"):
        op.drop_table(table)
