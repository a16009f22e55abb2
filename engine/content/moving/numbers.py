"""Addresses by number, as WordPress has them (`/?p=7`): where what stood there stands now."""

from sqlalchemy import Connection, select

from engine.content.moving.models import ImportedItem
from engine.content.pages.models import Page


def path_of_number(connection: Connection, number: str) -> str | None:
    """Return the path of what had this number on the WordPress site that moved in, if visitors see it."""
    asked = (
        select(Page.path)
        .join(ImportedItem, ImportedItem.target_id == Page.id)
        .where(
            ImportedItem.key == number,
            ImportedItem.kind.in_(("page", "article")),
            ImportedItem.source.startswith("wordpress:"),
            Page.published_version_id.is_not(None),
        )
        .order_by(ImportedItem.source)
    )
    found: str | None = connection.scalar(asked.limit(1))
    return found
