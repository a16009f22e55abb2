"""Copying what an article says of itself into the tables that lists read, in the transaction that changed it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete, insert, select

from engine.content.articles import wording
from engine.content.articles.fields import ArticleFields
from engine.content.articles.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleCategoryLink,
    ArticleSeries,
    ArticleTag,
    ArticleTagLink,
)
from engine.core.ids import parse_id
from engine.core.tables import Base, table_of
from engine.core.transaction import Tx
from engine.media.public import known_ids


def fields_in(content: Mapping[str, Any]) -> ArticleFields:
    """Return what stored content says of an article; what cannot be read is as it comes."""
    try:
        return ArticleFields.model_validate(content.get("article") or {})
    except ValidationError:
        return ArticleFields()


async def note_article(tx: Tx, page_id: UUID, content: Mapping[str, Any]) -> None:
    """Remember what lists show of an article. content: that which visitors see, or of a draft what is written."""
    said, text = fields_in(content), wording.text_in(content)
    article = await tx.get(Article, page_id) or Article(page_id=page_id)
    article.title, article.excerpt = str(content.get("title") or "")[:200], wording.excerpt_of(content)[:1000]
    article.cover_id = await _picture(tx, str(content.get("cover") or ""))
    article.author_id = next(iter(await _known(tx, ArticleAuthor, [said.author])), None)
    article.series_id = next(iter(await _known(tx, ArticleSeries, [said.series])), None)
    article.series_place = said.series_place
    article.word_count, article.reading_minutes = wording.words_in(text), wording.minutes_for(text)
    article.is_featured, article.is_pinned, article.allows_comments = said.featured, said.pinned, said.comments
    tx.add(article)
    await tx.flush()
    await _link(tx, ArticleCategoryLink, "category_id", page_id, await _known(tx, ArticleCategory, said.categories))
    await _link(tx, ArticleTagLink, "tag_id", page_id, await _known(tx, ArticleTag, said.tags))


async def _picture(tx: Tx, text: str) -> UUID | None:
    media_id = parse_id(text)
    if media_id is None:
        return None
    connection = await tx.session.connection()
    return media_id if await connection.run_sync(known_ids, [media_id]) else None


async def _known(tx: Tx, kind: type[Base], ids: Sequence[str]) -> list[UUID]:
    """Return those of these ids that something bears, in their order."""
    wanted = [found for text in ids if (found := parse_id(text)) is not None]
    if not wanted:
        return []
    column = table_of(kind).c.id
    there = set(await tx.scalars(select(column).where(column.in_(wanted))))
    return [id_ for id_ in wanted if id_ in there]


async def _link(tx: Tx, kind: type[Base], name: str, page_id: UUID, ids: Sequence[UUID]) -> None:
    table = table_of(kind)
    there = list(await tx.scalars(select(table.c[name]).where(table.c.page_id == page_id).order_by(table.c.position)))
    if there == list(ids):
        return
    await tx.execute(delete(table).where(table.c.page_id == page_id))
    if ids:
        await tx.execute(
            insert(table), [{"page_id": page_id, name: id_, "position": place} for place, id_ in enumerate(ids)]
        )
