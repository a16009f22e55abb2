"""The settings of a block: the form that its model makes, and what was typed into it read back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.pages.reuse import REUSABLE, original
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.blocks import tree
from engine.core.blocks.declaring import Block
from engine.core.blocks.looks import Look
from engine.core.errors import Invalid, NotAllowed
from engine.core.i18n import Message, _, format_message
from engine.core.ids import parse_id
from engine.core.linking import split_reference
from engine.core.records import reading
from engine.core.validation import fields_of
from engine.media.public import file_of, urls
from ui.builder.contrast import GROUNDS, Ground, least
from ui.builder.drawing import drawn
from ui.builder.fields import LOOK, cells_of, divided, groups_of, values_of
from ui.builder.opening import let_in, plain_frame
from ui.builder.reusing import Own, Reuse, overrides_in, reuse_of
from ui.fields import FieldView
from ui.fields.parsing import parse_all, shown
from ui.templates import render

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)


Errors = dict[str, Any]


class OneBlock(Wire):
    """A block as the script holds it."""

    block: dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """The settings of one block: (field, what stands in it) by group. may_change: False shows them only.

    links: of the fields that lead somewhere, (the address there now, what stands there, whether visitors find it).
    reuse: of a use of a reusable block, what differs here. stands: settings and look as the form shows them, as JSON.
    contrast: the least that text reaches on each background, as shown.
    """

    block: Block
    block_id: str
    groups: Mapping[str, list[tuple[FieldView, Any]]]
    look: Mapping[str, Any]
    links: Mapping[str, tuple[str, Message | str, bool]]
    may_change: bool
    stands: str
    contrast: Mapping[str, str]
    reuse: Reuse | None = None


@router.post("/panel")
async def show_panel(page_id: UUID, asked: OneBlock, house: House, actor: Caller) -> Response:
    """Answer the form of a block's settings."""
    title = await let_in(house, actor, page_id)
    block = _block_of(house, asked.block)
    panel = await house.db.query(_panel, house, actor, block, asked.block, page_id)
    return HTMLResponse(render("builder/panel.html", panel, plain_frame(house, title)))


@router.post("/settings")
async def read_settings(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer what was typed as settings and look, with the block drawn by them; what is wrong is named by field.

    The form brings the block as it was, as JSON in `block`, and in `kept` which of those in it stand on the page.
    """
    title = await let_in(house, actor, page_id)
    async with request.form() as form:
        raw, kept = _json(form.get("block")), form.get("kept", "")
        ranks = {str(raw.get("id")): int(rank)} if (rank := str(form.get("rank", ""))) in "123456" and rank else {}
        block = _block_of(house, raw)
        if not allows(actor, block.needs):
            raise NotAllowed(_("Your role may not change “{block}”. Ask an administrator."), block=block.label)
        locale = house.site.general.language
        errors: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for view in groups_of(block, house.site.general.timezone).every:
            if view.name in cells_of(block):
                continue
            try:
                values |= parse_all([view], form, locale=locale)
            except Invalid as refused:
                errors |= refused.fields
    settings, look = divided(values)
    settings |= await house.db.query(_named, house, block, settings)
    if block.name == REUSABLE:
        settings["overrides"] = await _overrides(house, actor, raw, settings, form, errors)
    settings = _valid(block.settings, {**(raw.get("settings") or {}), **_texts(block, settings)}, "", errors)
    look = _valid(Look, {**(raw.get("look") or {}), **{k: v for k, v in look.items() if v is not None}}, LOOK, errors)
    made = {**raw, "settings": settings, "look": look}
    nodes = tree.read([made], house.blocks)
    html = await drawn(request, house, title, nodes, frozenset(str(kept).split()), ranks)
    said = {name: format_message(words, locale) for name, words in errors.items()}
    plain = {name: value for name, value in nodes[0].plain().items() if name != "children"}
    return JSONResponse({"block": plain, "errors": said, "html": html[nodes[0].id]})


async def _overrides(
    house: Ports, actor: Actor, raw: Mapping[str, Any], settings: Mapping[str, Any], form: FormData, errors: Errors
) -> Any:
    """Return what differs at a use of a reusable block; nothing where another is chosen now."""
    before = raw.get("settings") or {}
    source = parse_id(str(settings.get("source") or ""))
    if source is None or str(source) != before.get("source"):
        return {}
    found = await house.db.query(original, source, house.blocks)
    if found is None:
        return before.get("overrides") or {}
    try:
        return overrides_in(house, actor, found[1], raw, form)
    except Invalid as refused:
        errors |= refused.fields
        return before.get("overrides") or {}


def _filled(connection: Connection, house: Ports, reuse: Reuse) -> Reuse:
    """Return a use with its pictures, links and things of lists as their widgets show them."""
    every = [one for part in reuse.parts for one in part.settings]
    values = {one.view.name: one.value for one in every}
    views = [one.view for one in every]
    values |= _files(connection, views, values) | _related(connection, house, views, values)
    locale = house.site.general.language

    def ready(one: Own) -> Own:
        return replace(one, value=shown(one.view, values[one.view.name], locale))

    return replace(reuse, parts=[replace(part, settings=[ready(one) for one in part.settings]) for part in reuse.parts])


def _block_of(house: Ports, raw: Mapping[str, Any]) -> Block:
    block = house.blocks.get(str(raw.get("type")))
    if block is None:
        message = _("There is no block “{type}”.").having(type=str(raw.get("type"))[:60])
        raise Invalid(message, {"block.type": message})
    return block


def _json(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        message = _("Send the block as an object with id and type.")
        raise Invalid(message, {"block": message})
    return found


def _texts(block: Block, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings in which nothing is an empty text, where the model says text."""
    usual = block.settings().model_dump(mode="json", by_alias=True)
    return {
        name: "" if value is None and isinstance(usual.get(name), str) else value for name, value in settings.items()
    }


def _valid(kind: type[BaseModel], values: dict[str, Any], prefix: str, errors: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the model takes; what it refuses is named, and stays as it was."""
    try:
        return kind.model_validate(values).model_dump(mode="json", by_alias=True)
    except ValidationError as error:
        errors |= {prefix + name: words for name, words in fields_of(error).items()}
        amiss = {str(found["loc"][0]) for found in error.errors() if found["loc"]}
        return {name: value for name, value in values.items() if name not in amiss}


def _panel(
    connection: Connection, house: Ports, actor: Actor, block: Block, raw: Mapping[str, Any], page_id: UUID
) -> Panel:
    groups = groups_of(block, house.site.general.timezone)
    values = values_of(block, raw.get("settings") or {}, raw.get("look") or {})
    values |= _files(connection, groups.every, values) | _related(connection, house, groups.every, values)
    locale = house.site.general.language
    filled = {
        name: [
            (view, shown(view, values.get(view.name), locale))
            for view in getattr(groups, name)
            if view.name not in cells_of(block)
        ]
        for name in ("content", "layout", "style")
    }
    look = {name.removeprefix(LOOK): value for name, value in values.items() if name.startswith(LOOK)}
    reuse = reuse_of(connection, house, actor, raw, page_id) if block.name == REUSABLE else None
    if reuse is not None:
        reuse = _filled(connection, house, reuse)
    links = {name: _link(connection, house, str(values[name])) for name in _links_of(block)}
    stands = {
        "settings": _valid(block.settings, raw.get("settings") or {}, "", {}),
        "look": _valid(Look, raw.get("look") or {}, LOOK, {}),
    }
    theme, may = house.site.theme, allows(actor, block.needs)
    contrast = {name: least(theme, Ground().under(name)).shown for name in GROUNDS}
    return Panel(block, str(raw.get("id", "")), filled, look, links, may, json.dumps(stands), contrast, reuse)


def _links_of(block: Block) -> list[str]:
    fields = block.settings.model_fields
    return [fields[name].alias or name for name in block.fields_of("href")]


def _link(connection: Connection, house: Ports, href: str) -> tuple[str, Message | str, bool]:
    if not split_reference(href):
        return href, "", True
    place = house.links.places(connection, [href]).get(href)
    if place is None:
        return "", _("What it led to is gone."), False
    return place.url, place.title, place.is_public


def _named(connection: Connection, house: Ports, block: Block, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings that lead to a thing of this site as links that follow it."""
    found: dict[str, str] = {}
    for name in _links_of(block):
        href = str(settings.get(name) or "").strip()
        path, sign, anchor = href.partition("#")
        place = house.links.at(connection, path) if path.startswith("/") and "?" not in path else None
        if place is not None and split_reference(place.reference):
            found[name] = place.reference + sign + anchor
    return found


def _files(connection: Connection, views: Sequence[FieldView], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return pictures and files as their widgets show them: with address and name."""
    found: dict[str, Any] = {}
    for view in views:
        if view.widget not in ("image", "file"):
            continue
        ids = _ids(values.get(view.name))
        pictures = urls(connection, ids)
        files = [_file(connection, id_, pictures.get(id_)) for id_ in ids]
        found[view.name] = files if view.multiple else files[0] if files else None
    return found


def _ids(held: Any) -> list[UUID]:
    """Return the ids that a setting holds, one or several; what is none is left out."""
    texts = held if isinstance(held, list | tuple) else [held]
    return [found for text in texts if (found := parse_id(str(text or ""))) is not None]


def _related(
    connection: Connection, house: Ports, views: Sequence[FieldView], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return things of lists as their widget shows them: with their titles."""
    found: dict[str, Any] = {}
    for view in views:
        path = view.search_url.split("/")[2] if view.search_url else ""
        ids = _ids(values.get(view.name))
        if path not in house.resources or not ids:
            continue
        titles = reading.titles(connection, house.resources[path], ids)
        named = [{"id": str(id_), "title": titles.get(id_, str(id_))} for id_ in ids]
        found[view.name] = named if view.multiple else named[0]
    return found


def _file(connection: Connection, media_id: UUID, picture: Any) -> dict[str, Any]:
    if picture is not None:
        return {"id": str(media_id), "url": picture.thumbnail, "alt": picture.alt}
    file = file_of(connection, media_id)
    return {"id": str(media_id), "url": "", "alt": "", "name": file.filename if file else ""}
