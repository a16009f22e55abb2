"""A reusable block where it is used: what may differ here and does, where else it is shown, how it is let go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.pages import reuse
from engine.content.pages.models import PageKind
from engine.content.pages.queries import Shown
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.blocks import tree
from engine.core.blocks.declaring import Block
from engine.core.blocks.tree import Node, walk
from engine.core.errors import Invalid
from engine.core.html import text_of
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from ui.builder.fields import cells_of, groups_of, lines_of, rows_in, values_of
from ui.builder.opening import let_in
from ui.builder.page_panel import KIND_PARTS
from ui.fields import FieldView
from ui.fields.parsing import parse_all

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)
OWN, OVER = "own.", "over."
LONGEST = 80


class OneUse(Wire):
    """A use of a reusable block as the script holds it."""

    block: dict[str, Any]


class Detached(Wire):
    """The blocks that stand in its place."""

    blocks: list[dict[str, Any]]


@dataclass(frozen=True)
class Own:
    """One setting that may differ where a reusable block is used.

    tick: the name of the box that says it does; original: how it stands there, as text.
    """

    view: FieldView
    value: Any
    tick: str
    is_own: bool
    original: str


@dataclass(frozen=True)
class Part:
    """One block of the original with what may differ. count: how much does."""

    label: Message
    title: str
    settings: Sequence[Own]

    @property
    def count(self) -> int:
        return sum(one.is_own for one in self.settings)


@dataclass(frozen=True)
class Reuse:
    """A use of a reusable block. used_on: other pages that show it: (title, where it is built)."""

    source: str
    title: str
    is_published: bool
    parts: Sequence[Part]
    used_on: Sequence[tuple[str, str]]


def reuse_of(
    connection: Connection, house: Ports, actor: Actor, raw: Mapping[str, Any], page_id: UUID | None
) -> Reuse | None:
    """Return what the settings of a use show; None where nothing is chosen yet."""
    settings = raw.get("settings") or {}
    source = parse_id(str(settings.get("source") or ""))
    if source is None:
        return None
    found = reuse.original(connection, source, house.blocks)
    overrides = _overrides(settings)
    parts = [
        Part(block.label, _titled(block, node), own)
        for node, block in _changeable(house, actor, found[1] if found else ())
        if (own := list(_settings(house, node, block, overrides.get(node.id) or {})))
    ]
    return Reuse(str(source), found[0] if found else "", found is not None, parts, _places(connection, source, page_id))


def overrides_in(house: Ports, actor: Actor, nodes: Sequence[Node], raw: Mapping[str, Any], form: FormData) -> Any:
    """Return what differs at one use: of the settings that the form shows those that are ticked, and what it does not.

    nodes: the original. Raises Invalid naming each field.
    """
    errors: dict[str, Any] = {}
    kept = {block_id: dict(own) for block_id, own in _overrides(raw.get("settings") or {}).items()}
    for node, block in _changeable(house, actor, nodes):
        own = kept.setdefault(node.id, {})
        for view in _views(house, node, block):
            name = view.name.removeprefix(f"{OVER}{node.id}.")
            own.pop(name, None)
            if f"{OWN}{node.id}.{name}" not in form:
                continue
            try:
                value = parse_all([view], form, locale=house.site.general.language)[view.name]
            except Invalid as refused:
                errors |= refused.fields
                continue
            value = rows_in(value or "") if name in cells_of(block) else value
            own[name] = _fit(block, name, value)
    if errors:
        raise Invalid(next(iter(errors.values())), errors)
    return {block_id: own for block_id, own in kept.items() if own}


@router.post("/detached")
async def detach(page_id: UUID, use: OneUse, house: House, actor: Caller) -> Detached:
    """Answer the blocks that a use shows, for this page alone. Nothing is saved."""
    await let_in(house, actor, page_id)
    (node,) = tree.read([use.block], house.blocks)
    made = await house.db.query(reuse.detached, node, house.blocks)
    if not made:
        raise Invalid(_("There is nothing published to take over. Publish the original first."))
    return Detached(blocks=tree.plain(made))


def _overrides(settings: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    found = settings.get("overrides")
    return {k: v for k, v in found.items() if isinstance(v, Mapping)} if isinstance(found, Mapping) else {}


def _changeable(house: Ports, actor: Actor, nodes: Sequence[Node]) -> Iterator[tuple[Node, Block]]:
    """Yield the blocks of an original that this person may change, but those that it borrows itself."""
    for node in walk(nodes):
        block = house.blocks.get(node.type)
        if block is not None and node.settings is not None and allows(actor, block.needs) and block.name != "reusable":
            yield node, block


def _views(house: Ports, node: Node, block: Block) -> list[FieldView]:
    """Return what may differ: what a block says and shows, not how it is laid out."""
    found = groups_of(block, house.site.general.timezone).content
    return [replace(view, name=f"{OVER}{node.id}.{view.name}") for view in found]


def _settings(house: Ports, node: Node, block: Block, own: Mapping[str, Any]) -> Iterator[Own]:
    originals = values_of(block, node.raw, {})
    for view in _views(house, node, block):
        name = view.name.removeprefix(f"{OVER}{node.id}.")
        value = own.get(name, originals[name])
        value = lines_of(value) if name in cells_of(block) else value
        original = _said(view, originals[name])
        yield Own(view, value, f"{OWN}{node.id}.{name}", name in own, original)


def _said(view: FieldView, value: Any) -> str:
    """Return a value as a few words; empty where words say nothing of it."""
    if view.widget == "switch":
        return str(_("Yes") if value else _("No"))
    if not isinstance(value, str) or view.widget in ("image", "file", "relation"):
        return ""
    text = text_of(value) if view.widget == "richtext" else " ".join(value.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _titled(block: Block, node: Node) -> str:
    return text_of(str(getattr(node.settings, block.titled, "") or ""))[:LONGEST] if block.titled else ""


def _fit(block: Block, name: str, value: Any) -> Any:
    """Return an empty answer as the setting's model has it: an empty text."""
    usual = block.settings().model_dump(mode="json", by_alias=True).get(name)
    return "" if value is None and isinstance(usual, str) else value


def _places(connection: Connection, source: UUID, page_id: UUID | None) -> list[tuple[str, str]]:
    found = reuse.used_on(connection, source)
    return [(title, f"/admin/builder/{id_}") for id_, title in found if id_ != page_id]


def _uses_of_page(connection: Connection, _house: Ports, page: Shown) -> list[tuple[str, str]]:
    return _places(connection, page.id, page.id)


KIND_PARTS[PageKind.REUSABLE] = ("builder/uses.html", _uses_of_page)
