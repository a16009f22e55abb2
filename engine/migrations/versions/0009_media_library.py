"""The media library: kinds, folders, tags, focal points, a bin, and uploads in parts."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0009_media_library"
down_revision = "0008_import_mappings"
branch_labels = None
depends_on = None

NEW = (
    sa.Column("kind", sa.String(40), nullable=False, server_default="image"),
    sa.Column("file", sa.String(80), nullable=False, server_default=""),
    sa.Column("is_decorative", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("folder", sa.String(200), nullable=False, server_default=""),
    sa.Column("focus_x", sa.Integer(), nullable=False, server_default="50"),
    sa.Column("focus_y", sa.Integer(), nullable=False, server_default="50"),
    sa.Column("placeholder", sa.String(2000), nullable=False, server_default=""),
    sa.Column("deleted_at", UtcDateTime(), nullable=True),
)


def upgrade() -> None:
    for column in NEW:
        op.add_column("media", column.copy())
    op.create_index(op.f("ix_media_folder"), "media", ["folder"])
    op.create_index(op.f("ix_media_deleted_at"), "media", ["deleted_at"])
    op.create_table(
        "media_tags",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_tags_media_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id", "tag", name=op.f("pk_media_tags")),
    )
    op.create_index(op.f("ix_media_tags_tag"), "media_tags", ["tag"])
    op.create_table(
        "media_uploads",
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("existed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_media_uploads_created_by"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_media_uploads_media_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_uploads")),
    )
    for name in ("created_at", "created_by", "media_id"):
        op.create_index(op.f(f"ix_media_uploads_{name}"), "media_uploads", [name])


def downgrade() -> None:
    op.drop_table("media_uploads")
    op.drop_table("media_tags")
    op.drop_index(op.f("ix_media_deleted_at"), table_name="media")
    op.drop_index(op.f("ix_media_folder"), table_name="media")
    for column in reversed(NEW):
        op.drop_column("media", column.name)
