"""What becomes of a thing from a site file: new, changed, as it was, or left alone. It looks and changes nothing."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.sitefile.columns import columns_of
from engine.core.sitefile.kinds import TIMES, Outlook, Part, Row, SiteKind, Thing
from engine.core.tables import Base, table_of

Outcome = Literal["created", "updated", "unchanged", "kept"]
_uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(slots=True)
class Ways:
    """Where ids of the archive lead here. moved: to a thing that was here; gone: nowhere, for it did not come in."""

    moved: dict[UUID, UUID] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a thing. thing: as it is to be here; before: its row as it is, None for a new one.

    here: by part, the rows that are here now, by their keys. blank: the id of the empty row whose place it takes.
    """

    outcome: Outcome
    thing: Thing
    before: Row | None = None
    here: Mapping[str, Mapping[Any, Row]] = field(default_factory=dict)
    blank: UUID | None = None


def decide(connection: Connection, kind: SiteKind, came: Thing, ways: Ways, *, replaces: bool) -> Decision:
    """Return what becomes of a thing. replaces: the archive wins over what differs here, else the later change does.

    Raises Invalid where it cannot be here.
    """
    thing = _led(kind, came, ways)
    table = table_of(kind.model)
    before = _row(connection, select(table).where(table.c.id == thing.id))
    is_other = before is None and bool(kind.same) and kind.is_same(thing.row)
    if is_other:
        same = [table.c[column.key] == thing.row[column.key] for column in kind.same]
        before = _row(connection, select(table).where(*same))
    if before is not None and is_other and kind.is_blank(before):
        return Decision("created", thing, blank=before["id"])
    if before is not None and is_other:
        ways.moved[came.id] = before["id"]
        thing.row["id"] = before["id"]
    if kind.fit is not None:
        kind.fit(Outlook(connection, before is None), thing)
        if before is not None and thing.id != before["id"]:
            before = _row(connection, select(table).where(table.c.id == thing.id))
    if before is None:
        return Decision("created", thing)
    here = {part.name: _here(connection, part, thing.id) for part in kind.parts}
    if any(before[name] != value for name, value in kind.says.items()):
        return Decision("updated", thing, before, here)
    if not _differs(kind, thing, before, here):
        return Decision("unchanged", thing, before, here)
    is_later = not is_other and not kind.untimed and thing.row["updated_at"] > before["updated_at"]
    return Decision("updated" if replaces or is_later else "kept", thing, before, here)


def key_of(part: Part, row: Row) -> Any:
    """Return what tells the rows of one thing apart."""
    return tuple(row[column.name] for column in table_of(part.model).primary_key if column.name != part.owner.key)


def _row(connection: Connection, statement: Any) -> Row | None:
    found = connection.execute(statement).mappings().first()
    return dict(found) if found is not None else None


def _here(connection: Connection, part: Part, own_id: UUID) -> dict[Any, Row]:
    table = table_of(part.model)
    statement = select(table).where(table.c[part.owner.key] == own_id)
    return {key_of(part, row): row for one in connection.execute(statement).mappings() if (row := dict(one))}


def _differs(kind: SiteKind, thing: Thing, before: Row, here: Mapping[str, Mapping[Any, Row]]) -> bool:
    if _changed(kind.model, kind.skip | kind.kept | TIMES | {"id"}, thing.row, before):
        return True
    return any(_part_differs(part, thing.parts[part.name], here[part.name]) for part in kind.parts)


def _part_differs(part: Part, rows: list[Row], here: Mapping[Any, Row]) -> bool:
    keys = {key_of(part, row) for row in rows}
    if keys - set(here) or (not part.added and set(here) - keys):
        return True
    ignored = part.skip | part.kept | TIMES | {"id", part.owner.key}
    return not part.added and any(_changed(part.model, ignored, row, here[key_of(part, row)]) for row in rows)


def _changed(model: type[Base], ignored: frozenset[str], row: Row, before: Row) -> bool:
    return any(row[column.name] != before[column.name] for column in columns_of(model, ignored).values())


def _led(kind: SiteKind, came: Thing, ways: Ways) -> Thing:
    """Return a thing with every id in it that of what stands here."""
    row = _mapped(kind.model, came.row, kind.skip, ways)
    if row is None:
        raise Invalid(_("What it belongs to did not come in."))
    parts: dict[str, list[Row]] = {}
    for part in kind.parts:
        mapped = (_mapped(part.model, one, part.skip | {part.owner.key}, ways) for one in came.parts[part.name])
        parts[part.name] = [one for one in mapped if one is not None]
    return Thing(row, parts)


def _mapped(model: type[Base], row: Row, skip: frozenset[str], ways: Ways) -> Row | None:
    """Return a row with ids as they are here; None where it needs what did not come in."""
    found = dict(row)
    for name, value in row.items():
        if isinstance(value, UUID) and name != "id":
            found[name] = ways.moved.get(value, value)
        elif ways.moved and isinstance(value, (dict, list, str)):
            found[name] = _in_text(value, ways)
    for column in table_of(model).c:
        if column.name not in skip and column.foreign_keys and row.get(column.name) in ways.gone:
            if not column.nullable:
                return None
            found[column.name] = None
    return found


def _in_text(value: Any, ways: Ways) -> Any:
    if type(value) is str:
        return _ids_in(value, ways)
    return value if isinstance(value, str) else json.loads(_ids_in(json.dumps(value), ways))


def _ids_in(text: str, ways: Ways) -> str:
    return _uuid.sub(lambda found: str(ways.moved.get(UUID(found[0]), found[0])), text)
