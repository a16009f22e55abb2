"""`/admin/navigation/{id}`: one menu in its editor. Its buttons work on what is typed; only “Save menu” keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.menus.declared import PATH
from engine.content.menus.items import items_of
from engine.content.menus.menus import followed
from engine.content.menus.models import FOOTER, HEADER, LEGAL
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.linking import LinkPlace, is_address, split_reference
from engine.core.records import reading, writing
from engine.core.records.reading import Record
from ui.admin.links.pages import told
from ui.admin.menus.typed import Line, done, lines_of, tree_of, typed_lines
from ui.admin.records.forms import seen_at
from ui.forms import Errors, errors_of
from ui.respond import page, redirect

HOME = f"/admin/{PATH}"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_NAVIGATION)])
PLACES: Mapping[str, Message] = {
    HEADER: _("Stands at the top of every page. Empty, the shop’s categories do."),
    FOOTER: _("The columns at the end of every page: what is at the top is a column’s heading. Empty, the shop’s own."),
    LEGAL: _("One line at the very end: imprint, privacy, terms."),
}


@dataclass(frozen=True)
class Row:
    """One item in the form. target: what stands in its field; place: what is there, `warning` where it is not seen."""

    line: Line
    target: str
    title: Message | str
    place: Message | str
    tone: str | None
    label_error: Message | str | None
    target_error: Message | str | None


@dataclass(frozen=True)
class MenuPage:
    """One menu. said: what the last button did, for those who do not see it; fresh: the item that it added."""

    id: UUID
    own_path: str
    name: str
    location: str
    about: Message
    rows: Sequence[Row]
    seen_at: str
    is_changed: bool
    said: Message | str
    fresh: str
    errors: Errors


@router.get("/{menu_id:uuid}")
async def show(menu_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one menu in its editor."""
    record = await house.db.query(_record, house, actor, menu_id)
    lines = lines_of(items_of(record.values["items"]))
    return await _page(request, house, record, lines)


@router.post("/{menu_id:uuid}")
async def save(menu_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a menu, or do to what is typed what one of its buttons says, without saving."""
    form = await request.form(max_fields=2_000)
    record = await house.db.query(_record, house, actor, menu_id)
    lines, act = typed_lines(form), str(form.get("act", ""))
    name, location = str(form.get("name", "")).strip(), str(form.get("location", "")).strip()
    if act:
        after = done(lines, act)
        said, fresh = _said(after, act), after[-1].id if act == "add" else ""
        return await _page(request, house, record, after, typed=(name, location), said=said, fresh=fresh)
    items, paths = tree_of(lines)
    changes = {"name": name, "location": location, "items": items}
    try:
        _require(name, location)
        async with house.db.write() as tx:
            await writing.update(tx, actor, house.resources[PATH], menu_id, changes, seen_at=seen_at(form))
    except (Invalid, Conflict) as error:
        return await _page(request, house, record, lines, typed=(name, location), error=error, paths=paths)
    return redirect(f"{HOME}/{menu_id}", flash=_("The menu is saved. Visitors see it now."), request=request)


def _require(name: str, location: str) -> None:
    wrong: dict[str, Message | str] = {}
    if not name or len(name) > 120:
        wrong["name"] = _("Give the menu a name of at most 120 characters.")
    if not location or len(location) > 60 or not location.replace("-", "").isalnum() or not location.isascii():
        wrong["location"] = _("Use a–z, 0–9 and hyphens, such as “header”.")
    if wrong:
        raise Invalid(_("The menu cannot be saved like this."), wrong)


def _record(connection: Connection, house: Ports, actor: Actor, menu_id: UUID) -> Record:
    return reading.one(connection, actor, house.resources[PATH], menu_id)


def _said(lines: Sequence[Line], act: str) -> Message | str:
    what, _colon, key = act.partition(":")
    if what == "remove":
        return _("The item is removed.")
    found = next((at for at, line in enumerate(lines) if line.id == key), len(lines) - 1)
    line = lines[found] if lines else None
    if line is None:
        return ""
    return _("{label}: line {n} of {count}, level {level}.").having(
        label=line.label or _("Item"), n=found + 1, count=len(lines), level=line.depth + 1
    )


async def _page(
    request: Request,
    house: Ports,
    record: Record,
    lines: Sequence[Line],
    *,
    typed: tuple[str, str] | None = None,
    error: AgoraError | None = None,
    paths: Mapping[str, str] | None = None,
    said: Message | str = "",
    fresh: str = "",
) -> Response:
    errors = errors_of(error) if error else {}
    by_item = {f"{key}.{name.rpartition('.')[2]}": words for name, words in errors.items()
               for key in [(paths or {}).get(name.rpartition(".")[0])] if key}  # fmt: skip
    location = typed[1] if typed else str(record.values["location"])
    context = MenuPage(
        id=record.id,
        own_path=f"{HOME}/{record.id}",
        name=typed[0] if typed else str(record.values["name"]),
        location=location,
        about=PLACES.get(location, _("Shown where a page asks for it by its place.")),
        rows=await house.db.query(_rows, house, lines, by_item),
        seen_at=record.values["updated_at"].isoformat(),
        is_changed=typed is not None,
        said=said,
        fresh=fresh,
        errors={name: words for name, words in errors.items() if not name.startswith("items.")}
        or ({"": error.message} if error else {}),
    )
    status = status_of(error)[0] if error else 200
    return await page(
        request, "admin/menus/edit.html", context, title=record.values["name"], status=status, block="items"
    )


def _rows(connection: Connection, house: Ports, lines: Sequence[Line], errors: Errors) -> list[Row]:
    """Return the lines with what stands at their targets: one query a kind of thing."""
    links = house.links
    kept = {line.target: followed(connection, links, line.target) for line in lines if line.target}
    places = links.places(connection, kept.values())
    return [_row(line, kept.get(line.target, ""), places, house, errors) for line in lines]


def _row(line: Line, reference: str, places: Mapping[str, LinkPlace], house: Ports, errors: Errors) -> Row:
    place, named = places.get(reference), split_reference(reference)
    target, title, tone = line.target, "", None
    about: Message | str = ""
    kind = house.links.kinds.get(named[0]) if named else house.links.fixed.get(reference, (None,))[0]
    if named is not None and (place is None or kind is None):
        about, tone = _("What this led to is gone: visitors do not see the item."), "warning"
    elif place is not None and kind is not None:
        target, title, about = place.url, place.title, told(kind, place)
        if not place.is_public:
            tone = "warning"
            about = _("{what}. Visitors do not see the item until it is public.").having(what=about)
    elif line.target.startswith("/") and is_address(line.target):
        about = _("An address of this site.")
    label_error, target_error = errors.get(f"{line.id}.label"), errors.get(f"{line.id}.target")
    return Row(line, target, title, about, tone, label_error, target_error)
