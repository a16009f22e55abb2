"""Verbs of articles beyond those of pages: begin one with its author, and change at once where one stands."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.content.articles.fields import ArticleFields
from engine.content.articles.models import MAX_NAME, ArticleAuthor
from engine.content.articles.standing import fields_in
from engine.content.pages import publishing
from engine.content.pages import writing as pages
from engine.content.pages.content import PageContent, PageFields
from engine.content.pages.models import Page, PageKind, PageVersion, PageVisibility
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.ids import new_id
from engine.core.records.facts import RecordCreated
from engine.core.slugs import numbered, slugify
from engine.core.transaction import Tx


async def begin(
    tx: Tx,
    actor: Actor,
    *,
    title: str,
    slug: str = "",
    written: PageContent | None = None,
    visibility: PageVisibility = PageVisibility.PUBLIC,
) -> Page:
    """Begin an article as a draft in the name of whoever begins it. Raises NotAllowed below editor, Invalid."""
    access.require(actor, Permission.MANAGE_ARTICLES)
    content = written or PageContent(PageFields())
    if not content.fields.article.author:
        author = await author_of(tx, actor)
        article = content.fields.article.model_copy(update={"author": str(author.id) if author else ""})
        content = PageContent(content.fields.model_copy(update={"article": article}), content.blocks)
    return await pages.create(
        tx, actor, title=title, kind=PageKind.ARTICLE, slug=slug, written=content, visibility=visibility
    )


async def author_of(tx: Tx, actor: Actor) -> ArticleAuthor | None:
    """Return the author that stands for somebody with an account; begun with their name where there is none."""
    if actor.user_id is None:
        return None
    found: ArticleAuthor | None = await tx.scalar(select(ArticleAuthor).where(ArticleAuthor.user_id == actor.user_id))
    if found is None:
        name = (actor.name or actor.email.partition("@")[0] or "–")[:MAX_NAME]
        slug = await _free_slug(tx, slugify(name, "author"))
        found = ArticleAuthor(id=new_id(), name=name, slug=slug, user_id=actor.user_id)
        tx.add(found)
        tx.record(actor, "article_author.create", found, changes={}, resource_type="article_author", name=name)
        tx.publish(RecordCreated(found.id, "article-authors"))
        await tx.flush()
    return found


async def _free_slug(tx: Tx, slug: str) -> str:
    chosen, number = slug, 1
    while await tx.scalar(select(ArticleAuthor.id).where(ArticleAuthor.slug == chosen)) is not None:
        number += 1
        chosen = numbered(slug, number)
    return chosen


async def amend(tx: Tx, actor: Actor, page_id: UUID, change: Callable[[ArticleFields], ArticleFields]) -> Page:
    """Change where an article stands at once: in what is written, and in what visitors see. Each is a new version.

    What is written and not published stays unpublished. Raises NotAllowed, NotFound.
    """
    page = await pages.locked(tx, actor, page_id)
    draft = await pages.draft_of(tx, page)
    seen = await tx.get(PageVersion, page.published_version_id) if page.published_version_id else None
    plan, waiting = page.publish_at, _changed(draft.content, change)
    if seen is not None and (changed := _changed(seen.content, change)) != seen.content:
        await pages.rewrite(tx, actor, page, changed)
        await publishing.publish(tx, actor, page_id)
        page.publish_at = plan
    if waiting != (await pages.draft_of(tx, page)).content:
        await pages.rewrite(tx, actor, page, waiting)
    return page


def _changed(content: Mapping[str, Any], change: Callable[[ArticleFields], ArticleFields]) -> dict[str, Any]:
    said = change(fields_in(content)).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    rest = {name: value for name, value in content.items() if name != "article"}
    return {**rest, "article": said} if said else rest
