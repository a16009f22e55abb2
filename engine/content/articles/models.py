"""Tables of articles: what lists read of each, and their categories, tags, authors and series."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId, HasTimes

MAX_NAME = 100


class ArticleCategory(HasId, HasTimes, Base):
    """A part of the blog (the guide's registry `article_categories`)."""

    __tablename__ = "article_categories"

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(400), default="")
    position: Mapped[int] = mapped_column(default=0)


class ArticleTag(HasId, HasTimes, Base):
    """A word that articles share (the guide's registry `article_tags`). color: `#rrggbb`, or None."""

    __tablename__ = "article_tags"

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    color: Mapped[str | None] = mapped_column(String(7))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(400), default="")


class ArticleAuthor(HasId, HasTimes, Base):
    """Somebody who writes: one with an account, or only a name. user_id: whose account it is, one author each."""

    __tablename__ = "article_authors"

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    bio: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(2000), default="")
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), unique=True)


class ArticleSeries(HasId, HasTimes, Base):
    """Articles to be read one after the other."""

    __tablename__ = "article_series"

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")


class Article(Base):
    """What lists read of a page that is an article: as visitors see it, or of a draft as it is written."""

    __tablename__ = "articles"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    excerpt: Mapped[str] = mapped_column(String(1000), default="")
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("article_authors.id", ondelete="SET NULL"), index=True)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("article_series.id", ondelete="SET NULL"), index=True)
    series_place: Mapped[int] = mapped_column(default=0)
    word_count: Mapped[int] = mapped_column(default=0)
    reading_minutes: Mapped[int] = mapped_column(default=1)
    is_featured: Mapped[bool] = mapped_column(default=False)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    allows_comments: Mapped[bool] = mapped_column(default=True)


class ArticleCategoryLink(Base):
    """That an article stands in a category; position 0 is its main one."""

    __tablename__ = "article_category_links"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[UUID] = mapped_column(
        ForeignKey("article_categories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)


class ArticleTagLink(Base):
    """That an article bears a tag."""

    __tablename__ = "article_tag_links"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(
        ForeignKey("article_tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
