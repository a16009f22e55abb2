"""A menu as its form has it: a list in which each item says how deep it stands; and what its buttons do to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import FormData

from engine.content.menus.items import MAX_DEPTH, MenuItem
from engine.core.ids import new_secret


@dataclass(frozen=True, slots=True)
class Line:
    """One item. depth: 0 at the top; target: as it was typed, or as it is kept."""

    id: str
    depth: int
    label: str
    target: str
    is_new_tab: bool = False
    columns: int = 0


def lines_of(items: Sequence[MenuItem], depth: int = 0) -> list[Line]:
    """Return a tree as a list, each item before those below it."""
    found = []
    for item in items:
        found.append(Line(item.id, depth, item.label, item.target, item.new_tab, item.columns))
        found += lines_of(item.children, depth + 1)
    return found


def typed_lines(form: FormData) -> list[Line]:
    """Return what a form says, in its order; depths that cannot be are mended."""

    def text(name: str) -> str:
        return str(form.get(name, "")).replace("\x00", "")

    return _mended(
        Line(
            id=key,
            depth=int(text(f"depth.{key}")) if text(f"depth.{key}").isdecimal() else 0,
            label=text(f"label.{key}"),
            target=text(f"target.{key}").strip(),
            is_new_tab=text(f"newTab.{key}") == "true",
            columns=int(text(f"columns.{key}")) if text(f"columns.{key}") in "01234" and text(f"columns.{key}") else 0,
        )
        for key in dict.fromkeys(str(one)[:40] for one in form.getlist("item"))
    )


def _mended(lines: Any) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        most = min(found[-1].depth + 1, MAX_DEPTH - 1) if found else 0
        found.append(replace(line, depth=min(line.depth, most)))
    return found


def tree_of(lines: Sequence[Line]) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """Return (a list as the tree that is kept, the id of the item at each path: `items.0.children.1`)."""
    top: list[dict[str, Any]] = []
    paths: dict[str, str] = {}
    above: list[tuple[str, list[dict[str, Any]]]] = [("items", top)]
    for line in lines:
        del above[line.depth + 1 :]
        path, siblings = above[-1]
        own = f"{path}.{len(siblings)}"
        paths[own] = line.id
        children: list[dict[str, Any]] = []
        siblings.append(
            {
                "id": line.id,
                "label": line.label,
                "target": line.target,
                "newTab": line.is_new_tab,
                "columns": line.columns,
                "children": children,
            }
        )
        above.append((f"{own}.children", children))
    return top, paths


def done(lines: Sequence[Line], act: str) -> list[Line]:
    """Return a list after one of its buttons: `up:id`, `down:id`, `in:id`, `out:id`, `remove:id`, `add`."""
    what, _colon, key = act.partition(":")
    if what == "add":
        return [*lines, Line(new_secret(), 0, "", "")]
    place = next((at for at, line in enumerate(lines) if line.id == key), None)
    if place is None:
        return list(lines)
    end = _end(lines, place)
    before, own, after = lines[:place], lines[place:end], lines[end:]
    depth, sibling = own[0].depth, _sibling_before(lines, place)
    match what:
        case "remove":
            own = []
        case "up" if sibling is not None:
            before, after = before[:sibling], [*before[sibling:], *after]
        case "down" if after and after[0].depth == depth:
            next_end = _end(after, 0)
            before, after = [*before, *after[:next_end]], after[next_end:]
        case "in" if sibling is not None and max(one.depth for one in own) < MAX_DEPTH - 1:
            own = _shifted(own, 1)
        case "out" if depth > 0:
            # What stands after it under the same item stays there: it goes behind them.
            last = next((at for at, line in enumerate(after) if line.depth < depth), len(after))
            before, own, after = [*before, *after[:last]], _shifted(own, -1), after[last:]
    return [*before, *own, *after]


def _end(lines: Sequence[Line], place: int) -> int:
    """Return where what stands below an item ends."""
    depth = lines[place].depth
    return next((at for at in range(place + 1, len(lines)) if lines[at].depth <= depth), len(lines))


def _sibling_before(lines: Sequence[Line], place: int) -> int | None:
    for at in range(place - 1, -1, -1):
        if lines[at].depth == lines[place].depth:
            return at
        if lines[at].depth < lines[place].depth:
            return None
    return None


def _shifted(lines: Sequence[Line], by: int) -> list[Line]:
    return [replace(line, depth=line.depth + by) for line in lines]
