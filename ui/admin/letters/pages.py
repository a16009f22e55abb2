"""The editor of an e-mail template. The list itself, its history, bin, export and adding are those of every list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.records import history, reading, writing
from engine.core.records.reading import Record
from engine.core.resource import Text
from engine.messaging import rules
from engine.messaging.ports import WORDED, Wording
from engine.messaging.templates import PATH
from ui.admin.letters import words
from ui.admin.letters.words import Piece
from ui.admin.outbox.pages import BODY_POLICY
from ui.admin.records.forms import seen_at
from ui.admin.records.stories import Line, line_of
from ui.emails.preview import framed, refused
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import page, redirect

HOME = f"/admin/{PATH}"
SHOWN_LINES = 4
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_TEMPLATES)])


@dataclass(frozen=True)
class LetterPage:
    """One template in its editor. values: what stands in the fields; pieces: what can be put in, in groups.

    is_kept_here: no mail server is named, so that a test stays in the outbox. tests_anybody: may send tests to others.
    """

    id: UUID
    own_path: str
    title: Text
    purpose: Text
    values: Mapping[str, str]
    state: tuple[Message, str]
    trouble: str
    is_own: bool
    is_active: bool
    is_reworded: bool
    is_essential: bool
    pieces: Sequence[tuple[Message, Sequence[Piece]]]
    story: Sequence[Line]
    seen_at: str
    test_to: str
    is_kept_here: bool
    tests_anybody: bool
    errors: Errors


@router.get("/{template_id:uuid}")
async def show(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one template in its editor."""
    return await _editor(request, house, actor, template_id)


@router.post("/{template_id:uuid}")
async def save(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a template's words; what cannot be sent comes back as it was typed, with the line that is wrong."""
    form = await request.form()
    asked = await typed(request)
    changes = {name: asked[name] for name in ("name", *WORDED) if name in asked}
    try:
        _require_short(changes)
        async with house.db.write() as tx:
            await writing.update(tx, actor, house.resources[PATH], template_id, changes, seen_at=seen_at(form))
    except (Invalid, Conflict) as error:
        return await _editor(request, house, actor, template_id, asked, error)
    return redirect(f"{HOME}/{template_id}", flash=_("Saved."), request=request)


@router.get("/{template_id:uuid}/preview")
async def preview_saved(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the letter as it is saved, for the frame beside the form."""
    record = await house.db.query(_record, house, actor, template_id)
    return _framed(request, house, record, {one: record.values[one] for one in WORDED})


@router.post("/{template_id:uuid}/preview")
async def preview(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the letter as it is typed, saved or not."""
    record = await house.db.query(_record, house, actor, template_id)
    return _framed(request, house, record, await typed(request))


@router.post("/{template_id:uuid}/test")
async def send_test(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Send the letter as it is saved, with example values."""
    to = (await typed(request)).get("to", "").strip() or actor.email
    path = f"{HOME}/{template_id}"
    try:
        async with house.db.write() as tx:
            message_id = await house.letters.send_test(tx, actor, template_id, to)
    except Invalid as error:
        return redirect(path, flash=Flash(error.message, "danger"), request=request)
    if allows(actor, Permission.VIEW_OUTBOX):
        return redirect(f"/admin/outbox/{message_id}")
    kept, sent = (
        _("No mail server is set up yet: the test is kept in the outbox."),
        _("The test is on its way to {to}."),
    )
    return redirect(path, flash=kept if _is_kept_here(house) else sent.having(to=to), request=request)


@router.post("/{template_id:uuid}/duplicate")
async def duplicate(template_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Copy a template and open the copy."""
    async with house.db.write() as tx:
        row = await house.letters.duplicate(tx, actor, template_id)
    said = _("This is the copy. Letters are written by it once you use it.")
    return redirect(f"{HOME}/{row.id}", flash=said, request=request)


def _require_short(changes: Mapping[str, str]) -> None:
    longest = {"name": 120, "subject": 400, "preheader": 400, "body": 20_000}
    told = _("This is longer than {most} characters. Shorten it.")
    wrong = {one: told.having(most=longest[one]) for one, text in changes.items() if len(text) > longest[one]}
    if wrong:
        raise Invalid(_("Some answers need another look."), dict(wrong))


def _framed(request: Request, house: Ports, record: Record, asked: Mapping[str, str]) -> Response:
    """Answer a page that can do nothing: the letter, or what is wrong with it."""
    request.state.framed = True
    site = house.site
    wording = Wording(**{one: asked.get(one, "").replace("\r\n", "\n").strip() for one in WORDED})
    try:
        rendered = house.letters.preview(record.values["purpose"], wording)
        rendition = "text" if request.query_params.get("as") == "text" else "html"
        body = framed(rendered, site, str(rules.sender_of(site)), rendition)
    except Invalid as error:
        body = refused(errors_of(error).values(), site)
    return HTMLResponse(body, headers={"Content-Security-Policy": BODY_POLICY, "Cache-Control": "no-store"})


def _record(connection: Connection, house: Ports, actor: Actor, template_id: UUID) -> Record:
    return reading.one(connection, actor, house.resources[PATH], template_id)


async def _editor(
    request: Request,
    house: Ports,
    actor: Actor,
    template_id: UUID,
    asked: Mapping[str, str] | None = None,
    error: AgoraError | None = None,
) -> Response:
    context = await house.db.query(
        _editor_of, house, actor, template_id, asked or {}, errors_of(error) if error else {}
    )
    status = status_of(error)[0] if error else 200
    return await page(request, "admin/letters/edit.html", context, title=context.title, status=status)


def _editor_of(
    connection: Connection, house: Ports, actor: Actor, template_id: UUID, asked: Mapping[str, str], errors: Errors
) -> LetterPage:
    record = _record(connection, house, actor, template_id)
    resource, values = house.resources[PATH], record.values
    offered = house.letters.purpose(values["purpose"])
    lines = history.of(connection, actor, resource, template_id)[:SHOWN_LINES]
    said = {"name": str(values["name"]), **words.kept_words(house.letters, values)}
    return LetterPage(
        id=record.id,
        own_path=f"{HOME}/{record.id}",
        title=words.title_of(values, offered),
        purpose=offered.title,
        values={one: asked.get(one, text) for one, text in said.items()},
        state=words.state_of(values),
        trouble=values["trouble"],
        is_own=values["is_own"],
        is_active=values["is_active"],
        is_reworded=words.is_reworded(values),
        is_essential=bool(offered.needs) and not values["is_own"],
        pieces=[
            (_("What this letter knows"), words.names_of(offered)),
            (_("How it is written"), words.PIECES),
            (_("Conditions"), words.conditions_of(offered)),
        ],
        story=[line_of(resource, one) for one in lines],
        seen_at=asked.get("seenAt", "") or values["updated_at"].isoformat(),
        test_to=actor.email,
        is_kept_here=_is_kept_here(house),
        tests_anybody=allows(actor, Permission.UPDATE_SETTINGS),
        errors=errors,
    )


def _is_kept_here(house: Ports) -> bool:
    return house.site.email.provider == rules.OUTBOX
