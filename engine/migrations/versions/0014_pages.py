"""Pages: drafts, versions, notes, previews, and who is writing."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0014_pages"
down_revision = "0013_email_templates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pages",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("draft_version_id", sa.Uuid(), nullable=True),
        sa.Column("published_version_id", sa.Uuid(), nullable=True),
        sa.Column("first_published_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("unpublish_at", UtcDateTime(), nullable=True),
        sa.Column("visibility", sa.String(40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_by_name", sa.String(length=320), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_pages_created_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["parent_id"], ["pages.id"], name=op.f("fk_pages_parent_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("path", name=op.f("uq_pages_path")),
    )
    op.create_index(op.f("ix_pages_created_at"), "pages", ["created_at"], unique=False)
    op.create_index(op.f("ix_pages_created_by"), "pages", ["created_by"], unique=False)
    op.create_index(op.f("ix_pages_first_published_at"), "pages", ["first_published_at"], unique=False)
    op.create_index(op.f("ix_pages_kind"), "pages", ["kind"], unique=False)
    op.create_index(op.f("ix_pages_parent_id"), "pages", ["parent_id"], unique=False)
    op.create_index(op.f("ix_pages_publish_at"), "pages", ["publish_at"], unique=False)
    op.create_index(op.f("ix_pages_published_version_id"), "pages", ["published_version_id"], unique=False)
    op.create_index(op.f("ix_pages_status"), "pages", ["status"], unique=False)
    op.create_index(op.f("ix_pages_unpublish_at"), "pages", ["unpublish_at"], unique=False)
    op.create_table(
        "page_editors",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("block_id", sa.String(length=40), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_editors_page_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_page_editors_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "window", name=op.f("pk_page_editors")),
    )
    op.create_index(op.f("ix_page_editors_user_id"), "page_editors", ["user_id"], unique=False)
    op.create_table(
        "page_media",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_page_media_media_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_media_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "media_id", name=op.f("pk_page_media")),
    )
    op.create_index(op.f("ix_page_media_media_id"), "page_media", ["media_id"], unique=False)
    op.create_table(
        "page_notes",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=320), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_page_notes_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_notes_page_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["page_notes.id"], name=op.f("fk_page_notes_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_notes")),
    )
    op.create_index(op.f("ix_page_notes_author_id"), "page_notes", ["author_id"], unique=False)
    op.create_index(op.f("ix_page_notes_created_at"), "page_notes", ["created_at"], unique=False)
    op.create_index(op.f("ix_page_notes_page_id"), "page_notes", ["page_id"], unique=False)
    op.create_index(op.f("ix_page_notes_parent_id"), "page_notes", ["parent_id"], unique=False)
    op.create_table(
        "page_previews",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_page_previews_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_previews_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_previews")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_page_previews_token_hash")),
    )
    op.create_index(op.f("ix_page_previews_created_by"), "page_previews", ["created_by"], unique=False)
    op.create_index(op.f("ix_page_previews_expires_at"), "page_previews", ["expires_at"], unique=False)
    op.create_index(op.f("ix_page_previews_page_id"), "page_previews", ["page_id"], unique=False)
    op.create_table(
        "page_versions",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=320), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_page_versions_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_versions_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_versions")),
        sa.UniqueConstraint("page_id", "number", name=op.f("uq_page_versions_page_id_number")),
    )
    op.create_index(op.f("ix_page_versions_author_id"), "page_versions", ["author_id"], unique=False)


def downgrade() -> None:
    for name in ("page_versions", "page_previews", "page_notes", "page_media", "page_editors", "pages"):
        op.drop_table(name)
