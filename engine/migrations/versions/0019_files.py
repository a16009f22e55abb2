"""Gated files, and who had them."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import UtcDateTime

revision = "0019_files"
down_revision = "0018_voices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gated_files",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gated_files")),
        sa.UniqueConstraint("slug", name=op.f("uq_gated_files_slug")),
    )
    for name in ("created_at", "form_id", "product_id"):
        op.create_index(op.f(f"ix_gated_files_{name}"), "gated_files", [name], unique=False)
    op.create_table(
        "gated_downloads",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=320), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["gated_files.id"], name=op.f("fk_gated_downloads_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_gated_downloads_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gated_downloads")),
        sa.UniqueConstraint("file_id", "link", name=op.f("uq_gated_downloads_file_id_link")),
    )
    for name in ("created_at", "user_id"):
        op.create_index(op.f(f"ix_gated_downloads_{name}"), "gated_downloads", [name], unique=False)


def downgrade() -> None:
    op.drop_table("gated_downloads")
    op.drop_table("gated_files")
