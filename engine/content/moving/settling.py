"""One item brought in: begun or changed as a page, published as it was, and its old addresses leading to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from uuid import UUID

from engine.content import redirects
from engine.content.moving.incoming import IncomingItem, IncomingKind, IncomingStatus
from engine.content.moving.models import ImportedItem
from engine.content.pages import publishing, writing
from engine.content.pages.content import PageContent
from engine.content.pages.models import Page, PageKind, PageVisibility, VersionKind
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.slugs import is_slug, slugify
from engine.core.transaction import Tx

KINDS: Mapping[IncomingKind, PageKind] = {
    IncomingKind.PAGE: PageKind.PAGE,
    IncomingKind.ARTICLE: PageKind.ARTICLE,
    IncomingKind.BLOCK: PageKind.REUSABLE,
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What one item is to become. content_hash: of what it was made from; as_draft: it is not published.

    is_older: what is here came from a later export, and stays.
    """

    source: str
    item: IncomingItem
    own_id: UUID
    parent_id: UUID | None
    written: PageContent
    content_hash: str
    password_hash: str = ""
    as_draft: bool = False
    is_older: bool = False


async def settle(tx: Tx, actor: Actor, book: Book, settled: Settled) -> str:
    """Bring one item in; return created, updated, unchanged, or kept where staff changed it here since.

    Raises NotAllowed, Invalid for what cannot be a page.
    """
    item = settled.item
    known = await tx.get(ImportedItem, (settled.source, str(item.kind), item.key[:300]))
    page = await tx.get(Page, settled.own_id, locked=True) if known else None
    if known is not None and page is not None:
        if known.content_hash == settled.content_hash:
            return "unchanged"
        if page.edit != known.edit or settled.is_older:
            return "kept"
        saved = await writing.save(tx, actor, book, page.id, page.edit, settled.written.plain(), how=VersionKind.IMPORT)
        known.content_hash, known.edit = settled.content_hash, saved.edit
        if page.published_version_id is not None and not settled.as_draft:
            await publishing.publish(tx, actor, page.id)
        return "updated"
    page = await _begun(tx, actor, settled)
    await _stand(tx, actor, page, settled)
    await _lead(tx, page, item)
    if known is None:
        known = ImportedItem(source=settled.source, kind=str(item.kind), key=item.key[:300], target_id=page.id)
        tx.add(known)
    known.target_id, known.content_hash, known.edit = page.id, settled.content_hash, page.edit
    await tx.flush()
    return "created"


async def _begun(tx: Tx, actor: Actor, settled: Settled) -> Page:
    item = settled.item
    kind = KINDS[item.kind]
    title = settled.written.title or item.slug or item.key
    parent = await tx.get(Page, settled.parent_id) if settled.parent_id else None
    wished = item.slug if is_slug(item.slug) else slugify(unquote(item.slug) or title, "page")
    is_there = await tx.get(Page, settled.own_id) is not None
    for slug in (wished, ""):
        try:
            async with tx.attempt():
                return await writing.create(
                    tx,
                    actor,
                    title=title[:200],
                    kind=kind,
                    slug=slug,
                    parent_id=parent.id if parent else None,
                    written=settled.written,
                    how=VersionKind.IMPORT,
                    page_id=None if is_there else settled.own_id,
                    position=item.position if kind is PageKind.PAGE else None,
                )
        except Invalid as refused:
            if not slug or set(refused.fields) != {"slug"}:
                raise
    raise AssertionError("a page without a slug of its own always finds one")


async def _stand(tx: Tx, actor: Actor, page: Page, settled: Settled) -> None:
    """Publish an item as it was published, on its own day."""
    item = settled.item
    if settled.password_hash:
        await publishing.lock(tx, actor, page.id, settled.password_hash)
    if item.status is IncomingStatus.PRIVATE:
        await writing.change(tx, actor, page.id, {"visibility": PageVisibility.ROLES, "roles": []})
    if settled.as_draft or item.status is IncomingStatus.DRAFT:
        return
    if item.status is IncomingStatus.REVIEW:
        await publishing.ask_for_review(tx, actor, page.id)
        return
    if item.published_at is not None and item.published_at > tx.now:
        await publishing.schedule(tx, actor, page.id, publish_at=item.published_at, unpublish_at=None)
        return
    await publishing.publish(tx, actor, page.id)
    if item.published_at is not None:
        page.first_published_at = page.published_at = item.published_at
        await tx.flush()


async def _lead(tx: Tx, page: Page, item: IncomingItem) -> None:
    """Have the old addresses lead to the page, where nothing else stands there."""
    if page.path is None:
        return
    for address in (*item.old_paths, item.address):
        parts = urlsplit(address)
        old = re.sub(r"//+", "/", unquote(parts.path)).rstrip("/")
        if parts.query or len(old) < 2 or len(old) > 500 or old == page.path or any(one.isspace() for one in old):
            continue
        if await redirects.is_free(tx, old):
            await redirects.move(tx, old, page.path)
