"""`/pages/{id}`: what several people do with one page: merge, presence, notes, review, preview links, checks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field

from engine.api.apiwords import also
from engine.api.request import Caller, CurrentSite, House, WriteTx, allow, origin_of
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.pages import checking, company, content, merging, publishing, queries, reviewing
from engine.content.pages.checking import Remark
from engine.content.pages.models import PageNote, PageStatus
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _, format_message

router = APIRouter(prefix="/pages/{page_id:uuid}", tags=["pages"])
MAY_EDIT = allow(Permission.EDIT_PAGES)
MAY_READ = allow(Permission.VIEW_PAGES)


class Versions(Wire):
    """Two writings to bring together: the draft that both began with, and mine."""

    base: dict[str, Any]
    mine: dict[str, Any]


class ClashWire(Wire):
    """What both changed; `theirs` stands in the merged content."""

    what: str
    block_id: str
    setting: str
    mine: Any = None
    theirs: Any = None


class MergedWire(Wire):
    """Content to go on with. edit: the draft it holds, for the next save."""

    content: dict[str, Any]
    edit: int
    by: str
    conflicts: list[ClashWire]


class Seen(Wire):
    """A window of the builder that is open on the page."""

    window: Annotated[str, Field(max_length=40)]
    block_id: Annotated[str, Field(max_length=40)] = ""


class PresentWire(Wire):
    """Somebody else's window."""

    window: str
    name: str
    block_id: str


class Company(Wire):
    """Who else is here, and the number of the draft as it stands."""

    edit: int
    editors: list[PresentWire]


class NewNote(Wire):
    """A note about a block, or the page; an answer to another."""

    text: Annotated[str, Field(max_length=4_000)]
    block_id: Annotated[str, Field(max_length=40)] = ""
    parent_id: UUID | None = None


class NoteWire(Wire):
    """A note of the review."""

    id: UUID
    block_id: str
    parent_id: UUID | None
    author_name: str
    text: str
    created_at: datetime
    resolved_at: datetime | None

    @classmethod
    def of(cls, note: PageNote) -> "NoteWire":
        return cls.model_validate(note)


class NoteList(Wire):
    """The notes about a page."""

    items: list[NoteWire]


class Settled(Wire):
    """Whether a note is dealt with."""

    resolved: bool = True


class StatusWire(Wire):
    """Where a page stands now."""

    status: PageStatus


class NewPreview(Wire):
    """hours: how long the link leads somewhere."""

    hours: Annotated[int, Field(ge=1, le=24 * 90)] = 72


class PreviewWire(Wire):
    """A link that shows the draft. url: only when it is made."""

    id: UUID
    created_at: datetime
    expires_at: datetime
    url: str | None = None


class PreviewList(Wire):
    """The links of a page that still lead somewhere."""

    items: list[PreviewWire]


class LookedOver(Wire):
    """A page's content, as `draft` takes it."""

    content: dict[str, Any]


class RemarkWire(Wire):
    """One thing to mend before publishing."""

    level: str
    message: str
    block_id: str
    setting: str


class RemarkList(Wire):
    """What to mend, in the order of the page."""

    items: list[RemarkWire]


class NewPassword(Wire):
    """The password that opens a page."""

    password: Annotated[str, Field(min_length=1, max_length=200)]


@router.post("/merge", dependencies=[MAY_EDIT], responses=also(409))
async def merge_drafts(page_id: UUID, writings: Versions, house: House) -> MergedWire:
    """Bring what I wrote together with the draft as it stands. Nothing is saved."""
    draft = await house.db.query(queries.draft, page_id)
    if draft is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    merged = merging.merge(writings.base, writings.mine, draft.content)
    conflicts = [ClashWire.model_validate(clash) for clash in merged.clashes]
    return MergedWire(content=merged.content, edit=draft.edit, by=draft.updated_by_name, conflicts=conflicts)


@router.post("/presence", dependencies=[MAY_EDIT])
async def say_present(page_id: UUID, seen: Seen, tx: WriteTx, actor: Caller) -> Company:
    """Say that a window is open on the page; who else is there."""
    edit, others = await company.be_seen(tx, actor, page_id, seen.window, seen.block_id)
    return Company(edit=edit, editors=[PresentWire.model_validate(one) for one in others])


@router.post("/presence/leave", status_code=204, dependencies=[MAY_EDIT])
async def say_gone(page_id: UUID, seen: Seen, tx: WriteTx, actor: Caller) -> None:
    """Say that a window was closed."""
    await company.leave(tx, actor, page_id, seen.window)


@router.get("/notes", dependencies=[MAY_READ])
async def list_notes(page_id: UUID, house: House) -> NoteList:
    """List the notes about a page, each before its answers."""
    return NoteList(items=[NoteWire.of(note) for note in await house.db.query(reviewing.notes, page_id)])


@router.post("/notes", status_code=201, dependencies=[MAY_READ])
async def add_note(page_id: UUID, new: NewNote, tx: WriteTx, actor: Caller) -> NoteWire:
    """Say something about a page, or a block of it."""
    note = await reviewing.add_note(tx, actor, page_id, new.text, block_id=new.block_id, parent_id=new.parent_id)
    return NoteWire.of(note)


@router.post("/notes/{note_id:uuid}/resolve", dependencies=[MAY_EDIT])
async def settle_note(page_id: UUID, note_id: UUID, settled: Settled, tx: WriteTx, actor: Caller) -> NoteWire:
    """Mark a note as dealt with, or open it again."""
    note = await reviewing.settle_note(tx, actor, page_id, note_id, is_settled=settled.resolved)
    return NoteWire.of(note)


@router.post("/review", dependencies=[MAY_EDIT], responses=also(409))
async def ask_for_review(page_id: UUID, tx: WriteTx, actor: Caller) -> StatusWire:
    """Put a draft before those who publish."""
    return StatusWire(status=(await publishing.ask_for_review(tx, actor, page_id)).status)


@router.post("/request-changes", dependencies=[MAY_EDIT], responses=also(409))
async def request_changes(page_id: UUID, note: NewNote, tx: WriteTx, actor: Caller) -> StatusWire:
    """Give a page under review back, with what is to change."""
    page = await reviewing.ask_for_changes(tx, actor, page_id, note.text, note.block_id)
    return StatusWire(status=page.status)


@router.get("/previews", dependencies=[MAY_EDIT])
async def list_previews(page_id: UUID, house: House) -> PreviewList:
    """List the preview links that still lead somewhere."""
    found: Sequence[tuple[UUID, datetime, datetime]] = await house.db.query(
        reviewing.previews, page_id, house.clock.now()
    )
    return PreviewList(items=[PreviewWire(id=id_, created_at=made, expires_at=end) for id_, made, end in found])


@router.post("/previews", status_code=201, dependencies=[MAY_EDIT])
async def open_preview(page_id: UUID, new: NewPreview, request: Request, tx: WriteTx, actor: Caller) -> PreviewWire:
    """Make a link that shows the draft to whoever has it. Its address is told now only."""
    made, secret = await reviewing.open_preview(tx, actor, page_id, timedelta(hours=new.hours))
    url = f"{origin_of(request)}/preview/{secret}"
    return PreviewWire(id=made.id, created_at=made.created_at, expires_at=made.expires_at, url=url)


@router.delete("/previews/{preview_id:uuid}", status_code=204, dependencies=[MAY_EDIT])
async def close_preview(page_id: UUID, preview_id: UUID, tx: WriteTx, actor: Caller) -> None:
    """Take a preview link back."""
    await reviewing.close_preview(tx, actor, page_id, preview_id)


@router.post("/checks", dependencies=[MAY_EDIT])
async def check_page(page_id: UUID, sent: LookedOver, house: House, actor: Caller, site: CurrentSite) -> RemarkList:
    """Look a page over before it is published. Nothing is saved."""
    page = await house.db.query(queries.draft, page_id)
    if page is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    written, moment = content.read(sent.content, house.blocks), house.moment(actor)
    found = await house.db.query(
        checking.look_over, page.kind, written, house.blocks, moment, site.theme, house.contrast
    )
    return RemarkList(items=[_remark(one, site.general.language) for one in found])


@router.put("/password", status_code=204, dependencies=[MAY_EDIT])
async def set_password(page_id: UUID, new: NewPassword, house: House, actor: Caller) -> None:
    """Have a page open to whoever has this password. Those who came in with an older one must enter the new."""
    kept = await house.front_desk.passwords.hash(new.password)
    async with house.db.write() as tx:
        await publishing.lock(tx, actor, page_id, kept)


def _remark(remark: Remark, locale: str) -> RemarkWire:
    return RemarkWire(
        level=remark.level,
        message=format_message(remark.message, locale),
        block_id=remark.block_id,
        setting=remark.setting,
    )
