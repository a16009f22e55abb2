"""Articles: what lists read of them, and the categories, tags, authors and series that they stand in."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import UtcDateTime

revision = "0020_articles"
down_revision = "0019_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_series",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_series_slug")),
    )
    op.create_index(op.f("ix_article_series_created_at"), "article_series", ["created_at"], unique=False)
    op.create_table(
        "article_authors",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=2000), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["media.id"], name=op.f("fk_article_authors_image_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_article_authors_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_authors")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_authors_slug")),
        sa.UniqueConstraint("user_id", name=op.f("uq_article_authors_user_id")),
    )
    op.create_index(op.f("ix_article_authors_created_at"), "article_authors", ["created_at"], unique=False)
    op.create_index(op.f("ix_article_authors_image_id"), "article_authors", ["image_id"], unique=False)
    op.create_table(
        "article_categories",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("seo_title", sa.String(length=200), nullable=False),
        sa.Column("seo_description", sa.String(length=400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["media.id"], name=op.f("fk_article_categories_image_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_categories_slug")),
    )
    op.create_index(op.f("ix_article_categories_created_at"), "article_categories", ["created_at"], unique=False)
    op.create_index(op.f("ix_article_categories_image_id"), "article_categories", ["image_id"], unique=False)
    op.create_table(
        "article_tags",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("seo_title", sa.String(length=200), nullable=False),
        sa.Column("seo_description", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["media.id"], name=op.f("fk_article_tags_image_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_tags")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_tags_slug")),
    )
    op.create_index(op.f("ix_article_tags_created_at"), "article_tags", ["created_at"], unique=False)
    op.create_index(op.f("ix_article_tags_image_id"), "article_tags", ["image_id"], unique=False)
    op.create_table(
        "article_category_links",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["article_categories.id"],
            name=op.f("fk_article_category_links_category_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"], ["pages.id"], name=op.f("fk_article_category_links_page_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page_id", "category_id", name=op.f("pk_article_category_links")),
    )
    op.create_index(
        op.f("ix_article_category_links_category_id"), "article_category_links", ["category_id"], unique=False
    )
    op.create_table(
        "article_tag_links",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["pages.id"], name=op.f("fk_article_tag_links_page_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["article_tags.id"], name=op.f("fk_article_tag_links_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page_id", "tag_id", name=op.f("pk_article_tag_links")),
    )
    op.create_index(op.f("ix_article_tag_links_tag_id"), "article_tag_links", ["tag_id"], unique=False)
    op.create_table(
        "articles",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("excerpt", sa.String(length=1000), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("series_place", sa.Integer(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("reading_minutes", sa.Integer(), nullable=False),
        sa.Column("is_featured", sa.Boolean(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("allows_comments", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["article_authors.id"], name=op.f("fk_articles_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["media.id"], name=op.f("fk_articles_cover_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_articles_page_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["article_series.id"], name=op.f("fk_articles_series_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_articles")),
    )
    op.create_index(op.f("ix_articles_author_id"), "articles", ["author_id"], unique=False)
    op.create_index(op.f("ix_articles_cover_id"), "articles", ["cover_id"], unique=False)
    op.create_index(op.f("ix_articles_series_id"), "articles", ["series_id"], unique=False)


def downgrade() -> None:
    for name in (
        "articles",
        "article_tag_links",
        "article_category_links",
        "article_tags",
        "article_categories",
        "article_authors",
        "article_series",
    ):
        op.drop_table(name)
