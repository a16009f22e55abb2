"""The guide's registries of the settings, answered from their lists: `article_categories`, `article_tags`."""

from typing import Any

from sqlalchemy import Connection, func, select

from engine.content.articles.models import ArticleCategory, ArticleTag
from engine.media.public import urls


def article_categories(connection: Connection) -> list[dict[str, Any]]:
    """Return every category of articles in the wire's names, in their order."""
    columns: tuple[Any, ...] = tuple(getattr(ArticleCategory, name) for name in _COMMON)
    order = (ArticleCategory.position, func.lower(ArticleCategory.name))
    return _entries(connection, connection.execute(select(*columns).order_by(*order)).all())


def article_tags(connection: Connection) -> list[dict[str, Any]]:
    """Return every tag of articles in the wire's names, by name."""
    columns: tuple[Any, ...] = (*(getattr(ArticleTag, name) for name in _COMMON), ArticleTag.color)
    rows = connection.execute(select(*columns).order_by(func.lower(ArticleTag.name))).all()
    return [{**entry, "color": row.color} for entry, row in zip(_entries(connection, rows), rows, strict=True)]


_COMMON = ("id", "name", "slug", "description", "image_id", "seo_title", "seo_description")


def _entries(connection: Connection, rows: Any) -> list[dict[str, Any]]:
    pictures = urls(connection, {row.image_id for row in rows if row.image_id})
    return [
        {
            "id": str(row.id),
            "name": row.name,
            "slug": row.slug,
            "description": row.description,
            "image": pictures[row.image_id].large if row.image_id in pictures else "",
            "seo": {"title": row.seo_title, "description": row.seo_description},
        }
        for row in rows
    ]
