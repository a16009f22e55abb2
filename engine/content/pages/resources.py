"""Pages as a list. What is written in them is changed in the builder; here it is where they stand and who sees them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from engine.content.pages import publishing, writing
from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import (
    PARTS,
    Page,
    PageKind,
    PageMedia,
    PageNote,
    PageStatus,
    PageVersion,
    PageVisibility,
)
from engine.core.access import Permission, allows
from engine.core.actor import Actor, Role, ScopedRole
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, View, Widget
from engine.core.transaction import Tx

STATUSES = (
    (PageStatus.DRAFT, _("Draft")),
    (PageStatus.REVIEW, _("In review")),
    (PageStatus.PUBLISHED, _("Published")),
    (PageStatus.ARCHIVED, _("Archived")),
)
TONES = {"draft": "neutral", "review": "warning", "published": "success", "archived": "neutral"}
VISIBILITIES = (
    (PageVisibility.PUBLIC, _("Everybody")),
    (PageVisibility.PASSWORD, _("Whoever has the password")),
    (PageVisibility.SIGNED_IN, _("People who are signed in")),
    (PageVisibility.ROLES, _("Some roles")),
)
ROLES = (
    (Role.CUSTOMER, _("Customers")),
    (ScopedRole.EVENT_STAFF, _("Helpers at events")),
    (ScopedRole.EXHIBITOR, _("Exhibitors")),
    (ScopedRole.COURSE_ADMIN, _("Those who run courses")),
    (ScopedRole.INSTRUCTOR, _("Instructors")),
)


def visible_to(kind: PageKind) -> Any:
    """Return the scope of a list of such pages: staff see all, others what is published for everybody."""

    def scope(actor: Actor) -> ColumnElement[bool]:
        if allows(actor, Permission.VIEW_PAGES):
            return Page.kind == kind
        is_seen = and_(Page.published_version_id.is_not(None), Page.visibility == PageVisibility.PUBLIC)
        return and_(Page.kind == kind, is_seen)

    return scope


async def create_from(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Page:
    """Begin a page from the fields of a form or the wire."""
    return await writing.create(tx, actor, **{name: value for name, value in values.items() if value is not None})


async def bring_back(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Page:
    """Add a page again that was deleted, as a draft; its versions follow it out of the bin."""
    known = {name: value for name, value in values.items() if name not in ("path", "published_version_id", "parent_id")}
    parent = await tx.get(Page, values["parent_id"]) if values.get("parent_id") else None
    if PageKind(values["kind"]) in PARTS and await tx.scalar(select(Page.id).where(Page.kind == values["kind"])):
        raise Conflict(_("The site has another of these now. Delete that first."))
    page = Page(**{**known, "kind": PageKind(values["kind"])}, path=None, published_version_id=None, parent_id=None)
    page.status, page.publish_at, page.unpublish_at = PageStatus.DRAFT, None, None
    slug = page.slug
    tx.add(page)
    await writing.stand_again(tx, actor, page, slug=slug, parent_id=parent.id if parent else None)
    return page


async def duplicate(tx: Tx, actor: Actor, page_id: UUID) -> Page:
    """Begin a draft with the same content."""
    return await writing.copy(tx, actor, page_id)


ACTIONS = {
    "publish": Action(
        label=_("Publish"), run=publishing.publish, permission=Permission.EDIT_PAGES, icon="globe", bulk=True,
        done=_("Published."), shown=lambda values: values["status"] != PageStatus.PUBLISHED,
    ),
    "unpublish": Action(
        label=_("Take off the site"), run=publishing.unpublish, permission=Permission.EDIT_PAGES, icon="eye-off",
        bulk=True, done=_("Visitors do not see it any more."),
        shown=lambda values: values["status"] == PageStatus.PUBLISHED,
    ),
    "archive": Action(
        label=_("Archive"), run=publishing.archive, permission=Permission.EDIT_PAGES, icon="archive", bulk=True,
        done=_("Archived."), shown=lambda values: values["status"] != PageStatus.ARCHIVED,
    ),
    "duplicate": Action(
        label=_("Duplicate"), run=duplicate, permission=Permission.EDIT_PAGES, icon="copy",
        done=_("A copy is there as a draft."),
    ),
}  # fmt: skip

PAGES = Resource(
    path="pages",
    noun="page",
    model=Page,
    singular=_("Page"),
    plural=_("Pages"),
    title=lambda row: row.title,
    text=_("What your site says. Write, look, publish."),
    icon="file-text",
    read=None,
    write=Permission.EDIT_PAGES,
    scope=visible_to(PageKind.PAGE),
    is_found=False,
    order=(Page.path,),
    verbs={"create": create_from, "update": writing.change, "delete": writing.delete, "restore": bring_back},
    facts=PAGE_FACTS,
    keeps=(PageVersion.page_id, PageMedia.page_id, PageNote.page_id),
    address=lambda values: values["path"] or "",
    opens=lambda page_id: f"/admin/builder/{page_id}",
    actions={
        **ACTIONS,
        "front": Action(
            label=_("Make it the front page"), run=publishing.make_front, permission=Permission.EDIT_PAGES,
            icon="house", done=_("It is the front page now."), shown=lambda values: values["path"] != "/",
        ),
    },
    fields=(
        Field(Page.title, _("Title"), _("What readers and search engines see first."), column=True, search=True,
              sort=True, required=True),
        Field(Page.slug, _("Address"), _("The last part of its address. The old one keeps leading here."),
              source="title"),
        Field(Page.parent_id, _("Below"), _("The page above it; none puts it at the top."), to="pages", filter=True),
        Field(Page.path.label("url"), _("Page"), _("Where visitors find it."), column=True),
        Field(Page.path, _("Path"), _("Its address on the site."), search=True, sort=True, write=False),
        Field(Page.status, _("State"), _("Who sees it so far."), column=True, filter=True, sort=True, write=False,
              choices=STATUSES, tones=TONES),
        Field(Page.visibility, _("Open to"), _("Who may see it once it is published."), filter=True,
              choices=VISIBILITIES),
        Field(Page.roles, _("Roles"), _("Who sees it where it is open to some roles. Staff see every page."),
              widget=Widget.TAGS, choices=ROLES, required=False),
        Field(Page.position, _("Place"), _("Its place among its neighbours."), sort=True, minimum=0, required=False),
        Field(Page.publish_at, _("Appears"), _("When it is published by itself."), filter=True, write=False),
        Field(Page.unpublish_at, _("Leaves"), _("When it is taken off the site by itself."), write=False),
        Field(Page.published_at, _("Published"), _("When visitors first saw what they see now."), sort=True,
              filter=True, write=False),
        Field(Page.updated_at, _("Changed"), _("When somebody last wrote on it."), column=True, sort=True, filter=True,
              write=False),
        Field(Page.updated_by_name, _("By"), _("Who last wrote on it."), column=True, search=True, write=False),
    ),
    views=(
        View(label=_("Published"), filters={"status": "published"}),
        View(label=_("Drafts"), filters={"status": "draft"}, sort="-updatedAt"),
        View(label=_("To review"), filters={"status": "review"}, sort="-updatedAt"),
    ),
    links=(("/admin/pages/parts", _("Parts and templates")), ("/admin/pages/import", _("Move in"))),
    empty=(_("No pages yet"), _("Write your first one: about you, where you are, when you are open.")),
)  # fmt: skip
