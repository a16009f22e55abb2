"""Writing on pages: begin one, save what was written, change where it stands and who may see it, throw it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.content.articles.standing import note_article
from engine.content.pages import content, paths
from engine.content.pages.content import PageContent, PageFields
from engine.content.pages.facts import PageCreated, PageDeleted, PageUpdated
from engine.content.pages.media_use import note_media
from engine.content.pages.models import (
    MAX_TITLE,
    OPEN_TO,
    PARTS,
    Page,
    PageKind,
    PageVersion,
    PageVisibility,
    VersionKind,
)
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.blocks.declaring import Book
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.plaintext import line_of
from engine.core.transaction import Tx

#: Autosaves of one person within this time are one version.
SITTING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft after a save. edit: what the next save must name; is_changed: False where nothing was new."""

    edit: int
    version_id: UUID
    number: int
    at: datetime
    is_changed: bool


class Overtaken(Conflict):
    """Somebody else saved meanwhile: `theirs` is the draft now, at `edit`, by `name`."""

    def __init__(self, page: Page, version: PageVersion) -> None:
        self.edit, self.theirs, self.name, self.at = page.edit, version.content, version.author_name, version.at
        super().__init__(
            _("{name} saved this page meanwhile. Look at both, and merge them."),
            name=version.author_name or _("Somebody"),
            details=[{"edit": page.edit, "by": version.author_name, "at": version.at.isoformat()}],
        )


def permission_for(kind: PageKind) -> Permission:
    """Return what writing on such a page needs."""
    return Permission.MANAGE_ARTICLES if kind is PageKind.ARTICLE else Permission.EDIT_PAGES


async def create(
    tx: Tx,
    actor: Actor,
    *,
    title: str,
    kind: PageKind = PageKind.PAGE,
    slug: str = "",
    parent_id: UUID | None = None,
    written: PageContent | None = None,
    how: VersionKind = VersionKind.SAVE,
    page_id: UUID | None = None,
    position: int | None = None,
    visibility: PageVisibility = PageVisibility.PUBLIC,
    roles: Sequence[str] = (),
) -> Page:
    """Begin a page as a draft. written: what is in it already, such as a template's blocks.

    Raises NotAllowed below editor, Invalid, NotFound for the parent, Conflict for a second header.
    """
    access.require(actor, permission_for(kind))
    title = _title(title)
    if kind in PARTS and await tx.scalar(select(Page.id).where(Page.kind == kind)) is not None:
        raise Conflict(_("The site has one of these already. Change that one."))
    page = Page(id=page_id or new_id(), kind=kind, title=title, visibility=visibility, created_by=actor.user_id)
    page.roles, page.edit, page.updated_by_name = _roles(roles), 1, _name_of(actor)
    page.position = await _last_place(tx, parent_id) if position is None else position
    await paths.place(tx, page, slug=slug, parent_id=parent_id)
    tx.add(page)
    await tx.flush()
    fields = (written.fields if written else PageFields()).model_copy(update={"title": title})
    made = PageContent(fields, written.blocks if written else ())
    await _add_version(tx, actor, page, made.plain(), how)
    tx.record(actor, f"{page.noun}.create", page, changes={}, name=title)
    tx.publish(PageCreated(page.id, kind))
    await _note(tx, page, made.plain())
    return page


async def save(
    tx: Tx,
    actor: Actor,
    book: Book,
    page_id: UUID,
    edit: int,
    raw: Mapping[str, Any],
    *,
    how: VersionKind = VersionKind.SAVE,
    note: str = "",
) -> Saved:
    """Save a draft. edit: the number of the draft that it was written on; raw: the whole content as JSON.

    What is the same as before is no version. Raises NotAllowed, NotFound, Invalid, and Overtaken where somebody else
    saved since: then nothing is written.
    """
    page = await locked(tx, actor, page_id)
    before = await draft_of(tx, page)
    written = content.read(raw, book, actor=actor, before=before.content)
    plain = {**written.plain(), "title": _title(written.title or page.title)}
    if plain == before.content:
        return Saved(page.edit, before.id, before.number, before.at, is_changed=False)
    if edit != page.edit:
        raise Overtaken(page, before)
    version = _continued(tx, actor, before, how)
    if version is None:
        version = await _add_version(tx, actor, page, plain, how, note)
    else:
        version.content, version.at = plain, tx.now
    page.title, page.edit, page.updated_by_name = plain["title"], page.edit + 1, version.author_name
    if how is not VersionKind.AUTOSAVE:
        tx.record(actor, f"{page.noun}.update", page, name=page.title, version=version.number)
        tx.publish(PageUpdated(page.id, page.kind))
    await _note(tx, page, plain)
    return Saved(page.edit, version.id, version.number, version.at, is_changed=True)


async def keep(tx: Tx, actor: Actor, page_id: UUID, note: str = "") -> Saved:
    """Close a sitting: what was autosaved last becomes a version of its own that never changes again."""
    page = await locked(tx, actor, page_id)
    version = await draft_of(tx, page)
    if version.kind is VersionKind.AUTOSAVE or note:
        version.kind = VersionKind.SAVE if version.kind is VersionKind.AUTOSAVE else version.kind
        version.note = note[:300] or version.note
        tx.record(actor, f"{page.noun}.update", page, changes={}, name=page.title, version=version.number)
        tx.publish(PageUpdated(page.id, page.kind))
        await tx.flush()
    return Saved(page.edit, version.id, version.number, version.at, is_changed=False)


async def restore(tx: Tx, actor: Actor, page_id: UUID, version_id: UUID) -> Saved:
    """Write an old version on as the newest draft. Nothing in between is lost, and visitors see no change yet."""
    page = await locked(tx, actor, page_id)
    old = await tx.get(PageVersion, version_id)
    if old is None or old.page_id != page.id:
        raise NotFound(_("There is no version {id} of “{title}”."), id=version_id, title=page.title)
    note = str(_("Version {number} again").having(number=old.number))
    version = await _add_version(tx, actor, page, dict(old.content), VersionKind.RESTORE, note)
    page.title = str(old.content.get("title") or page.title)
    page.edit, page.updated_by_name = page.edit + 1, version.author_name
    tx.record(actor, f"{page.noun}.restore", page, name=page.title, version=old.number)
    tx.publish(PageUpdated(page.id, page.kind))
    await _note(tx, page, old.content)
    return Saved(page.edit, version.id, version.number, version.at, is_changed=True)


async def rewrite(tx: Tx, actor: Actor, page: Page, plain: dict[str, Any]) -> PageVersion:
    """Write content that a verb made of a page's own as the newest draft, and return that version."""
    version = await _add_version(tx, actor, page, plain, VersionKind.SAVE)
    page.title = str(plain.get("title") or page.title)
    page.edit, page.updated_by_name = page.edit + 1, version.author_name
    tx.record(actor, f"{page.noun}.update", page, changes={}, name=page.title, version=version.number)
    tx.publish(PageUpdated(page.id, page.kind))
    await _note(tx, page, plain)
    return version


async def change(tx: Tx, actor: Actor, page_id: UUID, changes: Mapping[str, Any]) -> Page:
    """Change what is at once true of a page, not of a draft: slug, parent_id, position, visibility, roles.

    A new title is a new version of the draft. An address that visitors may know leaves a redirect. Raises NotAllowed,
    NotFound, Invalid, Conflict.
    """
    page = await locked(tx, actor, page_id)
    if changes.get("title", page.title) != page.title:
        before = await draft_of(tx, page)
        page.title, page.edit, page.updated_by_name = _title(changes["title"]), page.edit + 1, _name_of(actor)
        plain = {**before.content, "title": page.title}
        await _add_version(tx, actor, page, plain, VersionKind.SAVE)
    for name in ("position", "visibility", "password_hash"):
        if name in changes:
            setattr(page, name, changes[name])
    if "roles" in changes:
        page.roles = _roles(changes["roles"])
    before_move, difference = page.path, changes_of(page)
    if "slug" in changes or "parent_id" in changes:
        slug = changes.get("slug") or page.slug
        await paths.move(tx, page, slug=slug, parent_id=changes.get("parent_id", page.parent_id))
    if page.path != before_move:  # moving flushed it: what changed is no longer to be seen on the row
        difference |= {"path": [before_move, page.path]}
    difference = {**changes_of(page), **difference}
    if difference or tx.session.is_modified(page):
        tx.record(actor, f"{page.noun}.update", page, changes=difference, name=page.title)
        tx.publish(PageUpdated(page.id, page.kind))
    await tx.flush()
    return page


async def delete(tx: Tx, actor: Actor, page_id: UUID) -> None:
    """Remove a page, with its versions; those below it move up. The bin of the list keeps all of it for 30 days."""
    page = await locked(tx, actor, page_id)
    below = list(await tx.scalars(select(Page).where(Page.parent_id == page.id)))
    for child in below:
        old = child.path
        child.parent_id = page.parent_id
        await paths.place(tx, child, slug="" if old is None else child.slug, parent_id=page.parent_id)
        await paths.follow(tx, child, old)
    tx.record(actor, f"{page.noun}.delete", page, changes={}, name=page.title)
    tx.publish(PageDeleted(page.id, page.kind, page.path))
    await tx.delete(page)
    await tx.flush()


async def copy(tx: Tx, actor: Actor, page_id: UUID, *, kind: PageKind | None = None, title: str = "") -> Page:
    """Begin a draft with a page's content: a duplicate, or a page from a template. Raises as `create`."""
    page = await locked(tx, actor, page_id)
    plain = (await draft_of(tx, page)).content
    named = title or str(_("{title} (copy)").having(title=page.title))[:MAX_TITLE]
    made = await create(tx, actor, title=named, kind=kind or page.kind, parent_id=page.parent_id)
    (await draft_of(tx, made)).content = {**plain, "title": made.title}
    await _note(tx, made, plain)
    return made


async def stand_again(tx: Tx, actor: Actor, page: Page, *, slug: str, parent_id: UUID | None) -> None:
    """Give a page that comes back from the bin its place, or another where that is taken."""
    try:
        await paths.place(tx, page, slug=slug, parent_id=parent_id)
    except (Invalid, NotFound, Conflict):
        await paths.place(tx, page, slug="", parent_id=None)
    tx.record(actor, f"{page.noun}.restore", page, changes={}, name=page.title)
    tx.publish(PageCreated(page.id, page.kind))
    await tx.flush()


async def locked(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Return a page to write on. Raises NotFound, NotAllowed."""
    page = await tx.get(Page, page_id, locked=True)
    if page is None:
        access.require(actor, Permission.EDIT_PAGES)
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    access.require(actor, permission_for(page.kind))
    return page


async def draft_of(tx: Tx, page: Page) -> PageVersion:
    """Return the version that is written on."""
    version = await tx.get(PageVersion, page.draft_version_id)
    assert version is not None  # noqa: S101 - a page is never without one
    return version


async def _last_place(tx: Tx, parent_id: UUID | None) -> int:
    """Return the place behind all that stand below the same page."""
    beside = Page.parent_id == parent_id if parent_id else Page.parent_id.is_(None)
    last: int | None = await tx.scalar(select(func.max(Page.position)).where(beside, Page.kind == PageKind.PAGE))
    return 0 if last is None else last + 1


def _name_of(actor: Actor) -> str:
    return (actor.name or actor.email or "Agora")[:320]


async def _note(tx: Tx, page: Page, draft: Mapping[str, Any]) -> None:
    await tx.flush()
    seen = await tx.get(PageVersion, page.published_version_id) if page.published_version_id else None
    await note_media(tx, page.id, draft, seen.content if seen else None)
    if page.kind is PageKind.ARTICLE and seen is None:
        await note_article(tx, page.id, draft)


def _title(title: str) -> str:
    title = line_of(title)
    if not title or len(title) > MAX_TITLE:
        message = _("Give the page a title of at most {limit} characters.").having(limit=MAX_TITLE)
        raise Invalid(message, {"title": message})
    return title


def _roles(roles: Sequence[str]) -> list[str]:
    """Return the roles that a page is open to, in their order. Raises Invalid for what is none of them."""
    known = [str(role.value) for role in OPEN_TO]
    for role in roles:
        if role not in known:
            message = _("A page cannot be opened to “{role}”. It can be to: {known}.").having(
                role=role[:60], known=", ".join(known)
            )
            raise Invalid(message, {"roles": message})
    return [role for role in known if role in roles]


def _continued(tx: Tx, actor: Actor, before: PageVersion, how: VersionKind) -> PageVersion | None:
    """Return the version that this save goes on with: an autosave of the same person, of the same sitting."""
    is_same = before.author_id == actor.user_id and before.kind is VersionKind.AUTOSAVE
    is_open = before.published_at is None and tx.now - before.created_at < SITTING
    return before if is_same and is_open and how is VersionKind.AUTOSAVE else None


async def _add_version(
    tx: Tx, actor: Actor, page: Page, plain: dict[str, Any], how: VersionKind, note: str = ""
) -> PageVersion:
    """Add a version behind all that a page has. Its draft need not be the last: site files bring versions along."""
    last: int | None = await tx.scalar(select(func.max(PageVersion.number)).where(PageVersion.page_id == page.id))
    version = PageVersion(
        page_id=page.id,
        number=(last or 0) + 1,
        kind=how,
        content=plain,
        created_at=tx.now,
        at=tx.now,
        author_id=actor.user_id,
        author_name=_name_of(actor),
        note=note[:300],
    )
    tx.add(version)
    page.draft_version_id = version.id
    return version
