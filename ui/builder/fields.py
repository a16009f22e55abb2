"""The form of a block's settings, made from its model: which widget asks for each, in three groups."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.core.blocks.declaring import Block, meaning_of
from engine.core.blocks.looks import Look
from engine.core.i18n import Message, _
from ui.fields import FieldView

LOOK = "look."
_between = re.compile(r"(?<!\\)\|")
#: Meanings with a widget of their own; what means something else is asked for by its type.
_WIDGETS: Mapping[str, str] = {
    "line": "text",
    "lines": "textarea",
    "richtext": "richtext",
    "code": "textarea",
    "html": "textarea",
    "cells": "textarea",
    "href": "text",
    "image": "image",
    "file": "file",
    "moment": "datetime",
    "colour": "colour",
    "email": "email",
}
_PLAIN: Mapping[Any, str] = {bool: "switch", int: "number", Decimal: "decimal", float: "decimal", str: "text"}
_SPACES = (
    ("", _("As usual")),
    ("none", _("None")),
    ("small", _("Small")),
    ("medium", _("Medium")),
    ("large", _("Large")),
)

LOOK_VIEWS: Mapping[str, tuple[FieldView, ...]] = {
    "layout": (
        FieldView(LOOK + "align", _("Alignment"), "choice", options=(
            ("", _("As usual")), ("start", _("Start")), ("center", _("Middle")), ("end", _("End")))),
        FieldView(LOOK + "width", _("Width"), "choice", options=(
            ("", _("As usual")), ("narrow", _("Narrow, for reading")), ("content", _("Content")), ("wide", _("Wide")),
            ("full", _("From edge to edge")))),
        FieldView(LOOK + "spaceAbove", _("Space above"), "choice", options=_SPACES),
        FieldView(LOOK + "spaceBelow", _("Space below"), "choice", options=_SPACES),
    ),
    "style": (
        FieldView(LOOK + "background", _("Background"), "choice", options=(
            ("", _("None")), ("plain", _("Plain")), ("subtle", _("Quiet")), ("soft", _("Soft accent")),
            ("accent", _("Accent")), ("inverse", _("Inverse")))),
        FieldView(LOOK + "hiddenOn", _("Not shown on"), "choice", multiple=True, options=(
            ("phone", _("Phones")), ("tablet", _("Tablets")), ("desktop", _("Desktops")))),
        FieldView(LOOK + "anchor", _("Anchor"), "text", help=_("A link to #name leads here: a–z, 0–9 and hyphens."),
                  max_length=60, prefix="#"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Groups:
    """A block's fields by group. layout and style hold those of its look too."""

    content: tuple[FieldView, ...]
    layout: tuple[FieldView, ...]
    style: tuple[FieldView, ...]

    @property
    def every(self) -> tuple[FieldView, ...]:
        return (*self.content, *self.layout, *self.style)


def groups_of(block: Block, timezone: str) -> Groups:
    """Return the fields of a block, and of the look that every block has."""
    own = list(_views(block, timezone))
    content = tuple(view for view, is_layout in own if not is_layout)
    layout = tuple(view for view, is_layout in own if is_layout)
    return Groups(content, (*layout, *LOOK_VIEWS["layout"]), LOOK_VIEWS["style"])


def values_of(block: Block, settings: Mapping[str, Any], look: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the fields, by their names: what was never chosen as it comes."""
    fields = block.settings.model_fields
    usual = block.settings().model_dump(mode="json", by_alias=True)
    own = {
        _wire(name, info): settings.get(_wire(name, info), usual[_wire(name, info)]) for name, info in fields.items()
    }
    bare = {**Look().model_dump(mode="json", by_alias=True), **look}
    return own | {LOOK + name: value for name, value in bare.items()}


def cells_of(block: Block) -> list[str]:
    """Return the settings that hold a table, by wire name: a form asks for a row a line, with `|` between cells."""
    fields = block.settings.model_fields
    return [_wire(name, fields[name]) for name in block.fields_of("cells")]


def rows_in(text: str) -> list[list[str]]:
    r"""Return the cells of lines as a form has them; `\|` is a sign of a cell."""
    lines = text.strip("\n").splitlines()
    return [[cell.replace("\\|", "|").strip() for cell in _between.split(line)] for line in lines]


def lines_of(rows: Any) -> str:
    """Return cells as a form asks for them."""
    return "\n".join(" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows or ())


def divided(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (settings, look) out of the values of a form. An empty answer is an empty text."""
    look = {name.removeprefix(LOOK): value for name, value in values.items() if name.startswith(LOOK)}
    return {name: value for name, value in values.items() if not name.startswith(LOOK)}, look


def _views(block: Block, timezone: str) -> Iterator[tuple[FieldView, bool]]:
    for name, info in block.settings.model_fields.items():
        if get_origin(_bare(info.annotation)) is dict:
            continue
        label = block.labels.get(name) or Message(name.replace("_", " ").capitalize())
        view = _view(_wire(name, info), info, label, block.helps.get(name, ""), block.choices.get(name, {}), timezone)
        if block.name == "reusable":
            view = replace(view, search_url="/admin/pages/parts/options")
        yield view, view.widget in ("choice", "number", "decimal") and not meaning_of(info)


def _view(
    name: str, info: FieldInfo, label: Message, help_: Message | str, words: Mapping[str, Message], timezone: str
) -> FieldView:
    kind, marks = _bare(info.annotation), info.metadata
    meaning = meaning_of(info)
    limits: dict[str, Any] = {
        "max_length": next((mark.max_length for mark in marks if isinstance(mark, MaxLen)), None),
        "minimum": next((mark.ge for mark in marks if isinstance(mark, Ge)), None),
        "maximum": next((mark.le for mark in marks if isinstance(mark, Le)), None),
    }
    asked: dict[str, Any] = {"help": help_, "timezone": timezone}
    if get_origin(kind) is Literal:
        options = [(value, words.get(str(value), str(value))) for value in get_args(kind)]
        return FieldView(name, label, "choice", options=options, required="" not in get_args(kind), **asked)
    if meaning == "cells":
        help_ = help_ or _("A row a line, with | between its cells.")
        return FieldView(name, label, "textarea", help_)
    if ":" in meaning:
        how, path = meaning.split(":")
        return FieldView(name, label, "relation", help_, multiple=how == "several", search_url=f"/admin/{path}/options")
    if get_origin(kind) in (tuple, list):
        return _several(name, label, get_args(kind)[0], words, asked, limits)
    widget = _WIDGETS.get(meaning) or _PLAIN.get(kind, "json")
    if meaning in ("image", "file"):
        limits = {}
    return FieldView(name, label, widget, **asked, **limits)


def _several(
    name: str, label: Message, kind: Any, words: Mapping[str, Message], asked: dict[str, Any], limits: dict[str, Any]
) -> FieldView:
    """Return the field of a list: of choices, of pictures, of words, or of rows."""
    inner, meaning = _bare(kind), _inner_meaning(kind)
    if get_origin(inner) is Literal:
        options = [(value, words.get(str(value), str(value))) for value in get_args(inner)]
        return FieldView(name, label, "choice", options=options, multiple=True, **asked)
    if meaning in ("image", "file"):
        return FieldView(name, label, meaning, multiple=True, **asked)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        rows = tuple(
            _view(_wire(part, info), info, Message(part.replace("_", " ").capitalize()), "", {}, asked["timezone"])
            for part, info in inner.model_fields.items()
        )
        return FieldView(name, label, "rows", rows=rows, **asked)
    return FieldView(name, label, "tags" if inner is str else "json", **asked, maximum=limits["maximum"])


def _bare(kind: Any) -> Any:
    """Return a type without its annotations, and without None beside it."""
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else kind
    return kind


def _inner_meaning(kind: Any) -> str:
    marks = getattr(kind, "__metadata__", ())
    return next((str(mark.name) for mark in marks if hasattr(mark, "name")), "")


def _wire(name: str, info: FieldInfo) -> str:
    return info.alias or name
