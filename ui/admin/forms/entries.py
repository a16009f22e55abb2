"""What came in by one form, as a table with its own columns, and one entry whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from engine.api.forms import exported
from engine.api.handing import elsewhere
from engine.api.media_files import SEALED, disposition
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.forms import entries, queries
from engine.content.forms.models import EntryStatus
from engine.content.forms.queries import EntryFilter, EntryNote, EntryView
from engine.content.forms.reading import text_of
from engine.content.forms.resources import FORM_ENTRIES
from engine.content.forms.shapes import FieldType, FormField
from engine.content.forms.suspicion import said
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import Message, _, format_message, ngettext
from engine.core.ids import parse_id
from engine.core.paging import Page
from engine.core.records import bulk, history
from engine.core.resource import Action
from ui.admin.forms.words import PAYMENT, STATUS
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.admin.records.stories import Line, line_of
from ui.forms import errors_of, typed
from ui.page import Flash
from ui.respond import own_address, page, redirect

HOME = "/admin/forms"
ENTRIES = "/admin/form-entries"
#: So many answers stand in a table beside each other.
MOST_COLUMNS = 4
SHOWN_LINES = 6
VIEWS: tuple[tuple[Message, EntryStatus | None], ...] = (
    (_("All"), None),
    *((words, status) for status, (words, _tone) in STATUS.items()),
)
router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.MANAGE_FORMS)])


@dataclass(frozen=True)
class Row:
    """One entry in the table, an answer for each column."""

    id: UUID
    title: str
    cells: Sequence[str]
    status: tuple[Message, str]
    payment: tuple[Message, str] | None
    entry: EntryView


@dataclass(frozen=True)
class Inbox:
    """The entries of one form."""

    form_id: UUID
    name: str
    own_path: str
    rows: Sequence[Row]
    columns: Sequence[str]
    heads: Sequence[Mapping[str, Message | str]]
    found: Page[EntryView]
    tabs: Sequence[tuple[Message, str, int | None]]
    here: str
    search: str
    status: str
    since: str
    until: str
    is_narrowed: bool
    pages_url: str
    exports: Sequence[tuple[str, Message]]
    actions: Sequence[tuple[str, Action]]


@dataclass(frozen=True)
class Answer:
    """A question and what was answered; files: (name, size in bytes, address)."""

    label: str
    text: str
    is_long: bool
    email: str = ""
    files: Sequence[tuple[str, int, str]] = ()


@dataclass(frozen=True)
class EntryPage:
    """One entry, with what can be done with it."""

    entry: EntryView
    own_path: str
    title: Message | str
    state: tuple[Message, str]
    payment: tuple[Message, str] | None
    order_url: str
    sees_orders: bool
    answers: Sequence[Answer]
    left_out: Sequence[str]
    notes: Sequence[EntryNote]
    reasons: Sequence[Message]
    actions: Sequence[tuple[str, Action]]
    story: Sequence[Line]
    later: str
    earlier: str
    note: str
    errors: Mapping[str, Message | str]


@router.get("/admin/forms/{form_id:uuid}/entries")
async def show_entries(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer what came in by a form."""
    context = await house.db.query(_inbox, house, actor, form_id, request)
    return await page(request, "admin/forms/entries.html", context, title=_entries_of(context.name), block="rows")


def _inbox(connection: Connection, house: Ports, actor: Actor, form_id: UUID, request: Request) -> Inbox:
    form = queries.form(connection, form_id)
    wanted = _asked(request, house)
    found = queries.entries(connection, actor, form_id, wanted, page_asked(request))
    counts = queries.counts(connection, form_id)
    columns = [one for one in form.fields if one.asks and one.type is not FieldType.CONSENT][:MOST_COLUMNS]
    path, locale = f"{HOME}/{form_id}/entries", house.site.general.language
    kept = {"status": wanted.status or "", "q": wanted.search, "since": wanted.since or "", "until": wanted.until or ""}
    return Inbox(
        form_id=form_id,
        name=form.name,
        own_path=path,
        rows=[_row(one, columns, locale) for one in found.items],
        columns=[one.label for one in columns],
        heads=[{"label": one.label} for one in columns] + [{"label": _("Status")}, {"label": _("Came")}],
        found=found,
        tabs=[
            (label, address(path, {**kept, "status": status or ""}), _count(counts, status)) for label, status in VIEWS
        ],
        here=address(path, kept),
        search=wanted.search,
        status=wanted.status or "",
        since=str(kept["since"]),
        until=str(kept["until"]),
        is_narrowed=bool(wanted.search or wanted.since or wanted.until),
        pages_url=next_pages(path, kept),
        exports=[
            (address(f"{path}/export", kept, format=kind), words)
            for kind, words in (("csv", _("Export as CSV")), ("json", _("Export as JSON")))
        ],
        actions=list(FORM_ENTRIES.actions.items()),
    )


def _count(counts: Mapping[str, int], status: EntryStatus | None) -> int | None:
    return counts.get(status) or None if status in (EntryStatus.NEW, EntryStatus.SPAM) else None


def _row(entry: EntryView, columns: Sequence[FormField], locale: str) -> Row:
    yes = format_message(_("yes"), locale)
    cells = [_short(text_of(one, entry.answers.get(one.id), yes=yes)) for one in columns]
    title = cells[0] or entry.summary or "–" if cells else entry.summary
    payment = PAYMENT[entry.payment] if entry.payment else None
    return Row(entry.id, title, cells, STATUS[entry.status], payment, entry)


def _short(text: str, most: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _asked(request: Request, house: Ports) -> EntryFilter:
    status = asked(request, "status")
    return EntryFilter(
        search=asked(request, "q"),
        status=EntryStatus(status) if status in set(EntryStatus) else None,
        since=_day(asked(request, "since")),
        until=_day(asked(request, "until")),
        zone=house.site.general.zone,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@router.get("/admin/forms/{form_id:uuid}/entries/export")
async def export(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer everything that the table would show, as a file."""
    return await exported(house, actor, form_id, _asked(request, house), request.query_params.get("format", "csv"))


@router.post("/admin/forms/{form_id:uuid}/entries")
async def change_many(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Do one thing with the selected entries."""
    form = await request.form()
    ids = [found for one in form.getlist("selected") if (found := parse_id(str(one))) is not None][: bulk.MOST]
    back = own_address(str(form.get("back", "")), f"{HOME}/{form_id}/entries")
    if not ids:
        return redirect(back, flash=Flash(_("Select rows first."), "info"), request=request)
    report = await bulk.run(house.db, actor, FORM_ENTRIES, ids, str(form.get("act", "")), {})
    return redirect(back, flash=ngettext("{count} done.", "{count} done.", len(report.done)), request=request)


@router.post("/admin/forms/erasures")
async def erase(request: Request, house: House, actor: Caller) -> Response:
    """Erase for good what came from an e-mail address."""
    form = await typed(request)
    back = own_address(form.get("back", ""), HOME)
    try:
        async with house.db.write() as tx:
            count = await entries.erase_person(tx, actor, form.get("email", ""))
    except Invalid as error:
        return redirect(back, flash=Flash(error.message, "danger"), request=request)
    said_ = ngettext("{count} entry is erased.", "{count} entries are erased.", count)
    return redirect(back, flash=said_, request=request)


@router.get("/admin/form-entries/{entry_id:uuid}")
async def show_entry(entry_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one entry; it counts as read from then on."""
    context = await house.db.query(_entry_of, house, actor, entry_id)
    if context.entry.status is EntryStatus.NEW:
        async with house.db.write() as tx:
            await entries.read(tx, actor, entry_id)
    return await page(request, "admin/forms/entry.html", context, title=_titled(context.title))


@router.post("/admin/form-entries/{entry_id:uuid}/notes")
async def add_note(entry_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Write a note on an entry."""
    text = (await typed(request)).get("text", "")
    try:
        async with house.db.write() as tx:
            await entries.note(tx, actor, entry_id, text)
    except Invalid as error:
        context = await house.db.query(_entry_of, house, actor, entry_id, text, errors_of(error))
        return await page(request, "admin/forms/entry.html", context, title=_titled(context.title), status=422)
    return redirect(f"{ENTRIES}/{entry_id}#notes", flash=_("The note is kept."), request=request)


@router.post("/admin/form-entries/{entry_id:uuid}/notes/{note_id:uuid}/deletion")
async def drop_note(entry_id: UUID, note_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Delete a note."""
    async with house.db.write() as tx:
        await entries.drop_note(tx, actor, entry_id, note_id)
    return redirect(f"{ENTRIES}/{entry_id}#notes", flash=_("The note is gone."), request=request)


@router.get("/admin/form-entries/{entry_id:uuid}/files/{file_id:uuid}")
async def read_file(entry_id: UUID, file_id: UUID, house: House, actor: Caller) -> Response:
    """Answer a file that came with an entry, to be saved: nothing in it runs here."""
    found = await house.db.query(queries.file, actor, entry_id, file_id)
    headers = {
        "Content-Disposition": disposition(found.filename, is_shown=False),
        "Content-Security-Policy": SEALED,
        "Content-Length": str(found.size_bytes),
        "Cache-Control": "private, no-store",
    }
    if (there := await elsewhere(house, queries.file_key(found), found.content_type, headers)) is not None:
        return there
    body = house.blobs.stream(queries.file_key(found))
    return StreamingResponse(body, media_type=found.content_type, headers=headers)


def _entry_of(
    connection: Connection,
    house: Ports,
    actor: Actor,
    entry_id: UUID,
    note: str = "",
    errors: Mapping[str, Message | str] | None = None,
) -> EntryPage:
    entry = queries.entry(connection, actor, entry_id)
    later, earlier = queries.beside(connection, entry)
    lines = history.of(connection, actor, FORM_ENTRIES, entry_id)[:SHOWN_LINES]
    answers = [_answer(one, entry, house.site.general.language) for one in entry.questions if one.id in entry.answers]
    values = {"status": entry.status}
    return EntryPage(
        entry=entry,
        own_path=f"{ENTRIES}/{entry_id}",
        title=_short(entry.summary.partition(" · ")[0], 60) or _("Entry"),
        state=STATUS[entry.status],
        payment=PAYMENT[entry.payment] if entry.payment else None,
        order_url=f"/admin/orders/{entry.order_id}" if entry.order_id else "",
        sees_orders=allows(actor, Permission.MANAGE_ORDERS),
        answers=answers,
        left_out=[one.label for one in entry.questions if one.id not in entry.answers],
        notes=queries.notes(connection, entry_id),
        reasons=said(entry.reasons),
        actions=[(name, one) for name, one in FORM_ENTRIES.actions.items() if one.shown is None or one.shown(values)],
        story=[line_of(FORM_ENTRIES, one) for one in lines],
        later=f"{ENTRIES}/{later}" if later else "",
        earlier=f"{ENTRIES}/{earlier}" if earlier else "",
        note=note,
        errors=errors or {},
    )


def _answer(one: FormField, entry: EntryView, locale: str) -> Answer:
    value = entry.answers[one.id]
    files = value if one.type is FieldType.FILE and isinstance(value, list) else []
    return Answer(
        label=one.label,
        text=text_of(one, value, yes=format_message(_("yes"), locale)),
        is_long=one.type is FieldType.LONG_TEXT,
        email=str(value) if one.type is FieldType.EMAIL else "",
        files=[(file["name"], file["size"], f"{ENTRIES}/{entry.id}/files/{file['id']}") for file in files],
    )


def _entries_of(name: Message | str) -> Message:
    return _("Entries of {name}").having(name=name)


def _titled(title: Message | str) -> Message:
    return _("Entry: {title}").having(title=title)
