"""Publishing: what visitors see, now or at a time; review before it, where staff want one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from engine.content.articles.standing import note_article
from engine.content.pages import paths
from engine.content.pages.facts import PagePublished, PageUnpublished, PageUpdated
from engine.content.pages.models import Page, PageKind, PageStatus, PageVisibility, VersionKind
from engine.content.pages.writing import change, draft_of, locked
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.transaction import Tx

SYSTEM = Actor.system()


async def publish(tx: Tx, actor: Actor, page_id: UUID, *, edit: int | None = None) -> Page:
    """Show visitors the draft as it stands. edit: the draft that was looked at; a newer one is a Conflict.

    Raises NotAllowed, NotFound, Conflict.
    """
    page = await locked(tx, actor, page_id)
    if edit is not None and edit != page.edit:
        raise Conflict(_("“{title}” was changed since you looked at it. Look again, then publish."), title=page.title)
    version = await draft_of(tx, page)
    if version.kind is VersionKind.AUTOSAVE:
        version.kind = VersionKind.SAVE
    version.published_at = page.published_at = tx.now
    page.published_version_id, page.status = version.id, PageStatus.PUBLISHED
    page.first_published_at = page.first_published_at or tx.now
    page.publish_at = None
    tx.record(actor, f"{page.noun}.publish", page, name=page.title, version=version.number)
    tx.publish(PagePublished(page.id, page.kind, version.id, page.path))
    await tx.flush()
    if page.kind is PageKind.ARTICLE:
        await note_article(tx, page.id, version.content)
    return page


async def unpublish(tx: Tx, actor: Actor, page_id: UUID, *, into: PageStatus = PageStatus.DRAFT) -> Page:
    """Take a page off the site; what is written stays. into: draft, or archived. Raises NotAllowed, NotFound."""
    page = await locked(tx, actor, page_id)
    was_seen = page.published_version_id is not None
    page.published_version_id, page.status = None, into
    page.publish_at = page.unpublish_at = None
    if tx.session.is_modified(page):
        action = "archive" if into is PageStatus.ARCHIVED else "unpublish"
        tx.record(actor, f"{page.noun}.{action}", page, name=page.title)
        about = PageUnpublished(page.id, page.kind, page.path) if was_seen else PageUpdated(page.id, page.kind)
        tx.publish(about)
    await tx.flush()
    if was_seen and page.kind is PageKind.ARTICLE:
        await note_article(tx, page.id, (await draft_of(tx, page)).content)
    return page


async def archive(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Take a page off the site and out of the way. Raises as `unpublish`."""
    return await unpublish(tx, actor, page_id, into=PageStatus.ARCHIVED)


async def schedule(
    tx: Tx, actor: Actor, page_id: UUID, *, publish_at: datetime | None, unpublish_at: datetime | None
) -> Page:
    """Publish the draft, or take the page off the site, at a time; None takes the plan back.

    Raises NotAllowed, NotFound, Invalid for times that are over or in the wrong order.
    """
    page = await locked(tx, actor, page_id)
    for name, moment in (("publishAt", publish_at), ("unpublishAt", unpublish_at)):
        if moment is not None and moment <= tx.now:
            message = _("This time is over. Choose one that is still to come.")
            raise Invalid(message, {name: message})
    if publish_at and unpublish_at and unpublish_at <= publish_at:
        message = _("It would end before it begins. Choose a later end.")
        raise Invalid(message, {"unpublishAt": message})
    page.publish_at, page.unpublish_at = publish_at, unpublish_at
    if tx.session.is_modified(page):
        tx.record(actor, f"{page.noun}.schedule", page, name=page.title)
        tx.publish(PageUpdated(page.id, page.kind))
    await tx.flush()
    return page


async def ask_for_review(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Put a draft before those who publish. Raises NotAllowed, NotFound, Conflict for a page that visitors see."""
    return await _turn(tx, actor, page_id, PageStatus.REVIEW, "review")


async def send_back(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Give a page under review back to who wrote it."""
    return await _turn(tx, actor, page_id, PageStatus.DRAFT, "changes_requested")


async def _turn(tx: Tx, actor: Actor, page_id: UUID, status: PageStatus, action: str) -> Page:
    page = await locked(tx, actor, page_id)
    if page.status is PageStatus.PUBLISHED:
        raise Conflict(_("“{title}” is published: its draft is reviewed by publishing it."), title=page.title)
    page.status = status
    tx.record(actor, f"{page.noun}.{action}", page, name=page.title)
    tx.publish(PageUpdated(page.id, page.kind))
    await tx.flush()
    return page


async def make_front(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Make a page the front page of the site. Raises NotAllowed, NotFound, Conflict."""
    page = await locked(tx, actor, page_id)
    old = await paths.make_front(tx, page)
    for one in (page, old):
        if one is not None:
            tx.publish(PageUpdated(one.id, one.kind))
    tx.record(actor, f"{page.noun}.front", page, name=page.title)
    await tx.flush()
    return page


async def lock(tx: Tx, actor: Actor, page_id: UUID, password_hash: str) -> Page:
    """Open a page to whoever has a password only. Raises NotAllowed, NotFound."""
    changes = {"password_hash": password_hash, "visibility": PageVisibility.PASSWORD}
    return await change(tx, actor, page_id, changes)


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Return whether a page is to be published or taken back by now."""
    due = select(Page.id).where(or_(Page.publish_at <= now, Page.unpublish_at <= now)).limit(1)
    return connection.scalar(due) is not None


async def publish_due(db: Database) -> int:
    """Publish and take back what is due now; return how many. Each page is a transaction of its own."""
    now = db.clock.now()
    async with db.read() as session:
        coming = list(await session.scalars(select(Page.id).where(Page.publish_at <= now)))
        going = list(await session.scalars(select(Page.id).where(Page.unpublish_at <= now)))
    return await _turn_due(db, coming, going)


async def _turn_due(db: Database, coming: Sequence[UUID], going: Sequence[UUID]) -> int:
    done = 0
    for page_id in coming:
        async with db.write() as tx:
            page = await tx.get(Page, page_id, locked=True)
            if page is not None and page.publish_at is not None and page.publish_at <= tx.now:
                await publish(tx, SYSTEM, page_id)
                done += 1
    for page_id in going:
        async with db.write() as tx:
            page = await tx.get(Page, page_id, locked=True)
            if page is not None and page.unpublish_at is not None and page.unpublish_at <= tx.now:
                await unpublish(tx, SYSTEM, page_id)
                done += 1
    return done
