"""The editor of one form: its questions as cards, what happens after sending, and the form itself beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.forms import queries
from engine.content.forms.models import AfterSending
from engine.content.forms.queries import FormView
from engine.content.forms.resources import FORMS, VERBS
from engine.content.forms.shapes import FieldType, checked, read
from engine.content.forms.starters import EMPTY, STARTERS, Starter
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.records import history, reading, writing
from ui.admin.forms.cards import Card, acted, cards_of, posted, readable, wire
from ui.admin.forms.words import COMPARISONS, KINDS, PAYS, SETTINGS, TYPES
from ui.admin.records.forms import seen_at
from ui.admin.records.stories import Line, line_of
from ui.forms import Errors, errors_of
from ui.page import Flash
from ui.respond import page, redirect
from ui.storefront.forms_shown import FormShown, Reader, first_values, form_shown

HOME = "/admin/forms"
SHOWN_LINES = 4
#: What the editor asks beside the questions, by wire name.
SETTINGS_NAMES = {
    "name": "name",
    "slug": "slug",
    "intro": "intro",
    "submitLabel": "submit_label",
    "after": "after",
    "confirmation": "confirmation",
    "confirmationUrl": "confirmation_url",
    "closedText": "closed_text",
    "notify": "notify",
    "replySubject": "reply_subject",
    "replyText": "reply_text",
    "retentionDays": "retention_days",
}
LONGEST = {
    "name": 200,
    "slug": 100,
    "submitLabel": 80,
    "confirmationUrl": 2000,
    "closedText": 1000,
    "replySubject": 300,
}
LONG = 20_000
_PAYING = ("pays", "prices", "currency")
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_FORMS)])


@dataclass(frozen=True)
class StartPage:
    """What a new form can begin with."""

    starters: Sequence[Starter]


@dataclass(frozen=True)
class CardShown:
    """A card with what is wrong with it, and the earlier fields that conditions can look at."""

    card: Card
    label: str
    type_label: Message
    icon: str
    settings: Sequence[str]
    errors: Errors
    sources: Sequence[tuple[str, str]]
    conditions: Sequence[tuple[str, str, str]]
    is_open: bool


@dataclass(frozen=True)
class EditorPage:
    """The form in its editor. values: its other settings as texts; removed: what was taken out last, as JSON."""

    id: UUID
    own_path: str
    title: str
    address: str
    is_open: bool
    unread: int
    values: Mapping[str, str]
    cards: Sequence[CardShown]
    palette: Sequence[tuple[str, Message, str]]
    comparisons: Sequence[tuple[str, Message]]
    kinds: Sequence[tuple[str, Message]]
    pays: Sequence[tuple[str, Message]]
    currency: str
    pieces: Sequence[tuple[str, str]]
    story: Sequence[Line]
    seen_at: str
    removed: str
    is_changed: bool
    errors: Errors


@dataclass(frozen=True)
class PreviewPage:
    """The form as visitors see it, all its steps below each other."""

    form: FormShown


@router.get("/new")
async def show_starters(request: Request) -> Response:
    """Answer what a new form can begin with."""
    return await page(request, "admin/forms/new.html", StartPage((*STARTERS, EMPTY)), title=_("Add form"))


@router.post("/starts")
async def start(request: Request, house: House, actor: Caller) -> Response:
    """Make a form of a starter, and open it."""
    key = str((await request.form()).get("starter", EMPTY.key))[:40]
    async with house.db.write() as tx:
        made = await VERBS.start(tx, actor, key, house.site.general.language)
    return redirect(f"{HOME}/{made.id}", flash=_("This is your form. Change what you like."), request=request)


@router.get("/{form_id:uuid}")
async def show_editor(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer a form in its editor."""
    return await _editor(request, house, actor, form_id)


@router.post("/{form_id:uuid}")
async def save(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a form; what cannot be saved comes back as it was typed, with what is wrong beside it."""
    sent = await request.form()
    cards = posted(sent)
    try:
        changes = _settings(sent)
        if "order" in sent or "cards" in sent:
            changes["fields"] = checked(wire(cards, house.site.general.currency))
        async with house.db.write() as tx:
            await writing.update(tx, actor, FORMS, form_id, changes, seen_at=seen_at(sent))
    except (Invalid, Conflict) as error:
        return await _editor(request, house, actor, form_id, sent, cards, error=error)
    return redirect(f"{HOME}/{form_id}", flash=_("The form is saved."), request=request)


@router.post("/{form_id:uuid}/changes")
async def change(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the editor after one of its buttons: a field more, one less, another order. Nothing is saved."""
    sent = await request.form()
    act = str(sent.get("act", ""))[:60]
    removed = str(sent.get("removed", ""))[:50_000]
    cards, removed = acted(posted(sent), act, removed, house.site.general.language, house.site.general.currency)
    return await _editor(request, house, actor, form_id, sent, cards, removed=removed, block="cards")


@router.post("/{form_id:uuid}/copies")
async def duplicate(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Copy a form and open the copy, which is closed."""
    async with house.db.write() as tx:
        made = await VERBS.duplicate(tx, actor, form_id)
    return redirect(f"{HOME}/{made.id}", flash=_("This is the copy. It is closed until you open it."), request=request)


@router.post("/{form_id:uuid}/openings")
async def switch(form_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Open a form, or close it."""
    is_open = (await request.form()).get("open") == "true"
    async with house.db.write() as tx:
        await writing.update(tx, actor, FORMS, form_id, {"is_open": is_open})
    said = _("People can fill it in now.") if is_open else _("It is closed: nobody can fill it in.")
    return redirect(f"{HOME}/{form_id}", flash=Flash(said), request=request)


@router.get("/{form_id:uuid}/preview")
async def preview_saved(form_id: UUID, request: Request, house: House) -> Response:
    """Answer the form as it is saved, for the frame beside the editor."""
    return await _preview(request, house, await house.db.query(queries.form, form_id))


@router.post("/{form_id:uuid}/preview")
async def preview(form_id: UUID, request: Request, house: House) -> Response:
    """Answer the form as it is typed, saved or not; fields that cannot be yet are left out."""
    sent = await request.form()
    form = await house.db.query(queries.form, form_id)
    fields = [one for card in posted(sent) for one in _readable(card, house.site.general.currency)]
    changed: dict[str, Any] = {"fields": tuple(fields)}
    for name in ("name", "intro", "submitLabel"):
        if isinstance(text := sent.get(name), str):
            changed[SETTINGS_NAMES[name]] = clean_html(text) if name == "intro" else text[:200].replace("\x00", "")
    return await _preview(request, house, FormView(**{**_plain(form), **changed}))


async def _preview(request: Request, house: Ports, form: FormView) -> Response:
    request.state.framed = True
    form = replace(form, ways=tuple(house.cashier.ways()))
    shown = form_shown(form, Reader(house.site.general.language), first_values(form, {}), is_preview=True)
    answer = await page(request, "admin/forms/preview.html", PreviewPage(shown), title=form.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _plain(form: FormView) -> dict[str, Any]:
    return {name: getattr(form, name) for name in FormView.__dataclass_fields__}


def _readable(card: Card, currency: str) -> list[Any]:
    """Return a card as a field; what is half typed is left out of it, not the field."""
    found = readable(card, currency)
    for kept in (
        found,
        {name: found[name] for name in ("id", "type", "label", "options", "show", *_PAYING) if name in found},
    ):
        try:
            return read([kept])
        except ValueError:
            continue
    return []


def _settings(sent: FormData) -> dict[str, Any]:
    """Return the form's other settings as the verb takes them. Raises Invalid naming what is too long or no number."""
    found: dict[str, Any] = {}
    wrong: dict[str, Message | str] = {}
    for wire_name, name in SETTINGS_NAMES.items():
        text = sent.get(wire_name)
        if not isinstance(text, str):
            continue
        text = text.replace("\x00", "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST.get(wire_name, LONG):
            wrong[wire_name] = _("This is longer than {most} characters. Shorten it.").having(
                most=LONGEST.get(wire_name, LONG)
            )
        found[name] = text
    if "notify" in found:
        found["notify"] = [one for part in found["notify"].split("\n") for one in part.replace(",", " ").split()]
    if "retention_days" in found:
        found["retention_days"] = _days(found["retention_days"], wrong)
    if found.get("after") not in (None, *AfterSending):
        del found["after"]
    link = found.get("confirmation_url", "")
    if link and not link.startswith(("/", "https://", "http://")):
        wrong["confirmationUrl"] = _("“{value}” is not an address; start it with https:// or /.").having(
            value=link[:60]
        )
    if wrong:
        raise Invalid(_("The form cannot be saved like this."), wrong)
    return found


def _days(text: str, wrong: dict[str, Message | str]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= 3650):
        wrong["retentionDays"] = _("“{value}” is not a number of days from 1 to 3650.").having(value=text[:20])
        return None
    return int(text)


async def _editor(
    request: Request,
    house: Ports,
    actor: Actor,
    form_id: UUID,
    sent: FormData | None = None,
    cards: Sequence[Card] | None = None,
    *,
    error: AgoraError | None = None,
    removed: str = "",
    block: str = "content",
) -> Response:
    errors = errors_of(error) if error else {}
    currency = house.site.general.currency
    context = await house.db.query(_editor_of, actor, form_id, sent, cards, errors, removed, currency)
    status = status_of(error)[0] if error else 200
    return await page(request, "admin/forms/edit.html", context, title=context.title, status=status, block=block)


def _editor_of(
    connection: Connection,
    actor: Actor,
    form_id: UUID,
    sent: FormData | None,
    cards: Sequence[Card] | None,
    errors: Errors,
    removed: str,
    currency: str,
) -> EditorPage:
    record = reading.one(connection, actor, FORMS, form_id)
    form = queries.form(connection, form_id)
    found = cards if cards is not None else cards_of(form.fields)
    values = _values(record.values)
    if sent is not None:
        values |= {name: text for name in values if isinstance(text := sent.get(name), str)}
    lines = history.of(connection, actor, FORMS, form_id)[:SHOWN_LINES]
    kept_at = sent.get("seenAt") if sent is not None else None
    return EditorPage(
        id=form_id,
        own_path=f"{HOME}/{form_id}",
        title=form.name,
        address=f"/forms/{form.slug}",
        is_open=form.is_open,
        unread=queries.counts(connection, form_id).get("new", 0),
        values=values,
        cards=cards_shown(found, errors),
        palette=[(kind.value, words.label, words.icon) for kind, words in TYPES.items()],
        comparisons=COMPARISONS,
        kinds=KINDS,
        pays=PAYS,
        currency=currency,
        pieces=[(f"{{{{ {one.id} }}}}", one.label) for one in form.fields if one.asks],
        story=[line_of(FORMS, one) for one in lines],
        seen_at=kept_at if isinstance(kept_at, str) and kept_at else record.values["updated_at"].isoformat(),
        removed=removed,
        is_changed=sent is not None,
        errors=_told(errors, found),
    )


def _values(stored: Mapping[str, Any]) -> dict[str, str]:
    found = {wire_name: stored[name] for wire_name, name in SETTINGS_NAMES.items()}
    days = found["retentionDays"]
    return {
        **{name: str(value) for name, value in found.items() if name not in ("notify", "retentionDays")},
        "notify": "\n".join(found["notify"]),
        "retentionDays": "" if days is None else str(days),
    }


def cards_shown(cards: Sequence[Card], errors: Errors) -> list[CardShown]:
    """Return cards with what is wrong with each, and which earlier ones it can look at."""
    shown: list[CardShown] = []
    sources: list[tuple[str, str]] = []
    for place, card in enumerate(cards):
        at = f"fields.{place}."
        own = {name.removeprefix(at): text for name, text in errors.items() if name.startswith(at)}
        label = card.texts.get("label", "")
        words = TYPES[card.type]
        shown.append(
            CardShown(
                card=card,
                label=label,
                type_label=words.label,
                icon=words.icon,
                settings=SETTINGS[card.type],
                errors={_top(name): text for name, text in own.items()},
                sources=list(sources),
                conditions=[*card.conditions, ("", "is", "")],
                is_open=card.is_open or bool(own),
            )
        )
        if card.type not in (FieldType.SECTION, FieldType.STEP, FieldType.PAYMENT):
            sources.append((card.id, label or str(words.label)))
    return shown


def _top(name: str) -> str:
    """Return the setting that an error belongs to: every part of a rule is shown beside the rule."""
    top = name.partition(".")[0]
    return "pays" if top == "currency" else top


def _told(errors: Errors, cards: Sequence[Card]) -> dict[str, Message | str]:
    """Return what is wrong by the names of the editor's inputs, for the summary over it."""
    found: dict[str, Message | str] = {}
    for name, text in errors.items():
        parts = name.split(".")
        if parts[0] == "fields" and len(parts) > 2 and parts[1].isdigit() and int(parts[1]) < len(cards):
            found[f"f.{cards[int(parts[1])].id}.{_top('.'.join(parts[2:]))}"] = text
        else:
            found[name] = text
    return found
