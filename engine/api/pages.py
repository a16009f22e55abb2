"""`/pages`: what is written in a page, its versions, and when visitors see it. The list itself is a resource."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from engine.api.apiwords import also
from engine.api.request import Caller, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.articles import writing as articles
from engine.content.pages import content, publishing, queries, writing
from engine.content.pages.models import Page, PageKind, PageStatus, PageVisibility, VersionKind
from engine.content.pages.queries import Shown
from engine.content.pages.writing import Saved
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _

router = APIRouter(prefix="/pages", tags=["pages"])
MAY_EDIT = allow(Permission.EDIT_PAGES)
MAY_READ = allow(Permission.VIEW_PAGES)


class NewPage(Wire):
    """A page to begin. content: `{title, blocks, …}`; its title may stand in either place."""

    title: Annotated[str, Field(max_length=400)] = ""
    kind: PageKind = PageKind.PAGE
    slug: Annotated[str, Field(max_length=200)] = ""
    parent_id: UUID | None = None
    template_id: UUID | None = None
    content: dict[str, Any] | None = None


class Draft(Wire):
    """A draft to save. edit: that of the draft it was written on."""

    edit: int
    content: dict[str, Any]
    autosave: bool = False
    note: Annotated[str, Field(max_length=300)] = ""


class DraftWire(Wire):
    """A page as it is being written."""

    id: UUID
    kind: PageKind
    status: PageStatus
    title: str
    url: str | None
    slug: str
    parent_id: UUID | None
    visibility: PageVisibility
    edit: int
    version: int
    content: dict[str, Any]
    published_at: datetime | None
    publish_at: datetime | None
    unpublish_at: datetime | None
    has_unpublished_changes: bool
    updated_at: datetime
    updated_by: str

    @classmethod
    def of(cls, page: Shown) -> "DraftWire":
        return cls(
            id=page.id,
            kind=page.kind,
            status=page.status,
            title=page.title,
            url=page.path,
            slug=page.slug,
            parent_id=page.parent_id,
            visibility=page.visibility,
            edit=page.edit,
            version=page.version_number,
            content=page.content,
            published_at=page.published_at,
            publish_at=page.publish_at,
            unpublish_at=page.unpublish_at,
            has_unpublished_changes=page.is_draft_newer,
            updated_at=page.updated_at,
            updated_by=page.updated_by_name,
        )


class SavedWire(Wire):
    """What a save left. changed: False where nothing was new."""

    edit: int
    version_id: UUID
    version: int
    at: datetime
    changed: bool

    @classmethod
    def of(cls, saved: Saved) -> "SavedWire":
        return cls(
            edit=saved.edit,
            version_id=saved.version_id,
            version=saved.number,
            at=saved.at,
            changed=saved.is_changed,
        )


class Publishing(Wire):
    """edit: the draft that was looked at; a newer one is refused."""

    edit: int | None = None


class Plan(Wire):
    """When a page appears, and leaves; null takes the plan back."""

    publish_at: datetime | None = None
    unpublish_at: datetime | None = None


class VersionWire(Wire):
    """One line of a page's history."""

    id: UUID
    number: int
    kind: VersionKind
    at: datetime
    author_name: str
    note: str
    published_at: datetime | None


class VersionList(Wire):
    """A page's history, the newest first."""

    items: list[VersionWire]


class VersionContent(Wire):
    """What was written in a version."""

    content: dict[str, Any]


@router.post("/begin", status_code=201, dependencies=[MAY_EDIT], responses=also(404, 409))
async def begin_page(new: NewPage, house: House, actor: Caller) -> DraftWire:
    """Begin a page of any kind as a draft, with content or from a template, in one step."""
    async with house.db.write() as tx:
        if new.template_id is not None:
            page = await writing.copy(tx, actor, new.template_id, kind=new.kind, title=new.title)
            if new.slug or new.parent_id:
                await writing.change(tx, actor, page.id, {"slug": new.slug, "parent_id": new.parent_id})
        else:
            page = await _written(tx, actor, new, house)
    return await _draft(house, page.id)


async def _written(tx: WriteTx, actor: Actor, new: NewPage, house: House) -> Page:
    access.require(actor, writing.permission_for(new.kind))
    written = content.read(new.content, house.blocks, actor=actor) if new.content is not None else None
    title = new.title or (written.title if written else "")
    if new.kind is PageKind.ARTICLE:
        return await articles.begin(tx, actor, title=title, slug=new.slug, written=written)
    return await writing.create(
        tx, actor, title=title, kind=new.kind, slug=new.slug, parent_id=new.parent_id, written=written
    )


@router.get("/{page_id:uuid}/draft", dependencies=[MAY_READ])
async def read_draft(page_id: UUID, house: House) -> DraftWire:
    """Return a page as it is being written."""
    return await _draft(house, page_id)


@router.put("/{page_id:uuid}/draft", dependencies=[MAY_EDIT], responses=also(409))
async def save_draft(page_id: UUID, draft: Draft, house: House, actor: Caller) -> SavedWire:
    """Save a draft. 409 where somebody else saved since `edit`: nothing is written, and the answer says who."""
    how = VersionKind.AUTOSAVE if draft.autosave else VersionKind.SAVE
    async with house.db.write() as tx:
        saved = await writing.save(
            tx, actor, house.blocks, page_id, draft.edit, draft.content, how=how, note=draft.note
        )
    return SavedWire.of(saved)


@router.post("/{page_id:uuid}/publish", dependencies=[MAY_EDIT], responses=also(409))
async def publish_page(page_id: UUID, asked: Publishing, house: House, actor: Caller) -> DraftWire:
    """Show visitors the draft as it stands."""
    async with house.db.write() as tx:
        await publishing.publish(tx, actor, page_id, edit=asked.edit)
    return await _draft(house, page_id)


@router.post("/{page_id:uuid}/unpublish", dependencies=[MAY_EDIT], responses=also(409))
async def unpublish_page(page_id: UUID, house: House, actor: Caller) -> DraftWire:
    """Take a page off the site; what is written stays."""
    async with house.db.write() as tx:
        await publishing.unpublish(tx, actor, page_id)
    return await _draft(house, page_id)


@router.put("/{page_id:uuid}/schedule", dependencies=[MAY_EDIT], responses=also(409))
async def schedule_page(page_id: UUID, plan: Plan, house: House, actor: Caller) -> DraftWire:
    """Have a page appear, or leave, at a time."""
    async with house.db.write() as tx:
        await publishing.schedule(tx, actor, page_id, publish_at=plan.publish_at, unpublish_at=plan.unpublish_at)
    return await _draft(house, page_id)


@router.get("/{page_id:uuid}/versions", dependencies=[MAY_READ])
async def list_versions(page_id: UUID, house: House) -> VersionList:
    """List a page's history, the newest first."""
    await _draft(house, page_id)
    found = await house.db.query(queries.versions, page_id)
    return VersionList(items=[VersionWire.model_validate(one) for one in found])


@router.get("/{page_id:uuid}/versions/{version_id:uuid}", dependencies=[MAY_READ])
async def read_version(page_id: UUID, version_id: UUID, house: House) -> VersionContent:
    """Return what was written in a version."""
    found = await house.db.query(queries.version_content, page_id, version_id)
    if found is None:
        raise NotFound(_("There is no version {id} of this page."), id=version_id)
    return VersionContent(content=found)


@router.post("/{page_id:uuid}/versions/{version_id:uuid}/restore", dependencies=[MAY_EDIT], responses=also(409))
async def restore_version(page_id: UUID, version_id: UUID, house: House, actor: Caller) -> SavedWire:
    """Write an old version on as the newest draft; visitors see no change until it is published."""
    async with house.db.write() as tx:
        saved = await writing.restore(tx, actor, page_id, version_id)
    return SavedWire.of(saved)


async def _draft(house: House, page_id: UUID) -> DraftWire:
    found = await house.db.query(queries.draft, page_id)
    if found is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    return DraftWire.of(found)
