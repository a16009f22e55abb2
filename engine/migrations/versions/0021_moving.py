"""What was brought in from where."""

import sqlalchemy as sa
from alembic import op

revision = "0021_moving"
down_revision = "0020_articles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_items",
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "key", name=op.f("pk_imported_items")),
    )
    op.create_index(op.f("ix_imported_items_target_id"), "imported_items", ["target_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_imported_items_target_id"), table_name="imported_items")
    op.drop_table("imported_items")
