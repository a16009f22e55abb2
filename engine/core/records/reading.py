"""Reads of records: lists with search, filters and sort, one thing, titles of related ones. Scoped to the actor."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.core import access, narrowing
from engine.core.actor import Actor
from engine.core.counting import EXACT, count
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.narrowing import MOST_FOUND
from engine.core.paging import Page, PageRequest
from engine.core.records.kinds import choices_of, value_type, widget_of, wire_name
from engine.core.resource import Field, Resource, Widget
from engine.core.tables import HasTimes

LONGEST_SEARCH = 200
LONGEST_VALUE = 200
BATCH = 500
#: In so many ways a row is looked for that holds every word: three words in three fields.
MOST_WAYS = 27
_UTC = ZoneInfo("UTC")
_RANGED = frozenset({Widget.NUMBER, Widget.DECIMAL, Widget.MONEY, Widget.DATE, Widget.DATETIME})
_truth: Mapping[str, bool] = {"true": True, "false": False}
_plain_word = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Record:
    """One thing: its values by attribute name."""

    id: UUID
    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a list is asked. filters: wire name -> texts, any of which fits; `nameFrom` and `nameTo` bound a range.

    sort: a wire name, "-" before it for the largest first. zone: in which days of the filters begin. is_exact: of
    what is narrowed everything is counted, however long that takes.
    """

    page: PageRequest = PageRequest()
    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    zone: ZoneInfo = _UTC
    is_exact: bool = False


def listed(connection: Connection, actor: Actor, resource: Resource, asked: ListRequest) -> Page[Record]:
    """Return one page of things. Raises NotAllowed, Invalid for a filter or sort that the resource does not know."""
    require_read(actor, resource)
    where, words = _where(actor, resource, asked), _searched(resource, asked, connection.dialect.name)
    ids, ordering, page = _ids(resource, where, words), ordered(resource, asked.sort), asked.page
    ways = [select(_id(resource)).where(*where, *way) for way in _ways(resource, asked, connection.dialect.name)]
    is_narrowed, most = bool(words or asked.filters), MOST_FOUND if words else EXACT
    if is_narrowed:
        some, total = narrowing.found(connection, _id(resource), ways or [ids], ordering, page, most)
        if total <= most:
            return Page.of(_records(connection, resource, some), total, page)
    if words:
        each = _searched(resource, asked, connection.dialect.name, row_by_row=True)
        where.append(narrowing.one_by_one(each))
    shown = select(_id(resource)).where(*where).order_by(*ordering).limit(page.limit).offset(page.offset)
    records = _records(connection, resource, connection.scalars(shown).all())
    if asked.is_exact or not is_narrowed:
        return Page.of(records, count(connection, ids), page)
    least = max(most, page.offset + len(records))
    return Page(records, least, page.page, page.limit, is_more=len(records) == page.limit)


def _ids(resource: Resource, where: Sequence[ColumnElement[bool]], words: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return what finds the ids; words in a table beside are looked through first, and no further than to the limit."""
    if not words or resource.words_of is None:
        return select(_id(resource)).where(*where, *words)
    fits = [select(_id(resource)).where(_id(resource) == resource.words_of, *where).exists()] if where else []
    return select(resource.words_of.label("id")).where(*words, *fits)


def _records(connection: Connection, resource: Resource, ids: Sequence[UUID]) -> list[Record]:
    """Return these things in this order: what is worked out for each is worked out for those that are shown alone."""
    rows = connection.execute(_selected(resource).where(_id(resource).in_(ids))) if ids else ()
    known = {row.id: _record(resource, row) for row in rows}
    return [known[id_] for id_ in ids if id_ in known]


def all_of(connection: Connection, actor: Actor, resource: Resource, asked: ListRequest) -> Iterator[Record]:
    """Yield everything that a list would show on all its pages, in batches: memory does not grow with it."""
    require_read(actor, resource)
    where, words = _where(actor, resource, asked), _searched(resource, asked, connection.dialect.name)
    if words and resource.words_of is not None:
        words = [_id(resource).in_(_ids(resource, (), words))]
    statement = _selected(resource).where(*where, *words).order_by(*ordered(resource, asked.sort))
    streamed = connection.execution_options(yield_per=BATCH).execute(statement)
    for row in streamed:
        yield _record(resource, row)


def check(actor: Actor, resource: Resource, asked: ListRequest) -> None:
    """Raise what reading such a list would raise, before anything of it is answered."""
    require_read(actor, resource)
    _where(actor, resource, asked)
    ordered(resource, asked.sort)


def one(connection: Connection, actor: Actor, resource: Resource, record_id: UUID) -> Record:
    """Return one thing. Raises NotAllowed, NotFound (also for what is out of the actor's scope)."""
    require_read(actor, resource)
    row = connection.execute(_selected(resource).where(_id(resource) == record_id, *_scoped(actor, resource))).first()
    if row is None:
        raise not_found(resource, record_id)
    return _record(resource, row)


def found(connection: Connection, actor: Actor, resource: Resource, key: str) -> Record:
    """Return one thing by its id, or by what else it is known by. Raises NotAllowed, NotFound."""
    record_id = parse_id(key)
    if record_id is None and resource.key is not None:
        record_id = connection.scalar(select(_id(resource)).where(resource.key == key))
    if record_id is None:
        raise not_found(resource, key[:100])
    return one(connection, actor, resource, record_id)


def titles(connection: Connection, resource: Resource, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the titles of these things, without those that are gone."""
    if not ids:
        return {}
    rows = connection.execute(_titled(resource).where(_id(resource).in_(ids)))
    return {row.id: title_of(resource, row) for row in rows}


def first_titles(connection: Connection, actor: Actor, resource: Resource, limit: int) -> dict[UUID, str]:
    """Return the titles of the first things of a list, for a choice among them."""
    require_read(actor, resource)
    found = _titled(resource).where(*_scoped(actor, resource)).order_by(*ordered(resource, "")).limit(limit)
    return {row.id: title_of(resource, row) for row in connection.execute(found)}


def matching(connection: Connection, actor: Actor, resource: Resource, text: str, limit: int = 20) -> list[Record]:
    """Return the first things whose searched fields hold every word, for a field that relates to them."""
    return list(listed(connection, actor, resource, ListRequest(PageRequest(1, limit), text)).items)


def related(
    connection: Connection, resources: Mapping[str, Resource], resource: Resource, records: Sequence[Record]
) -> dict[str, dict[UUID, str]]:
    """Return, by field name, the titles of what these things' relations point to: one query a relation."""
    found = {}
    for relation in resource.fields:
        target = resources.get(relation.to)
        if target is not None:
            ids = {record.values[relation.name] for record in records} - {None}
            found[relation.name] = titles(connection, target, sorted(ids))
    return found


def require_read(actor: Actor, resource: Resource) -> None:
    """Raise NotSignedIn or NotAllowed for an actor who may not see the list."""
    if resource.read is not None:
        access.require(actor, resource.read)


def not_found(resource: Resource, record_id: UUID | str) -> NotFound:
    """Return the refusal for a thing that is not there, or not for this actor."""
    return NotFound(_("{noun} {id} is not there. It may have been deleted."), noun=str(resource.singular), id=record_id)


def title_of(resource: Resource, row: Any) -> str:
    """Return the words by which people know a thing."""
    title = str(resource.title(row) or "")
    return title if len(title) <= 300 else title[:299] + "…"


def columns_of(resource: Resource) -> list[Any]:
    """Return what is selected of a thing: its id, every field, and its times."""
    found = [_id(resource), *(one.attribute for one in resource.fields if one.name != "id")]
    known = {one.name for one in resource.fields}
    if issubclass(resource.model, HasTimes):
        found += [getattr(resource.model, name) for name in ("created_at", "updated_at") if name not in known]
    return found


def _selected(resource: Resource) -> Select[Any]:
    return select(*columns_of(resource))


def _titled(resource: Resource) -> Select[Any]:
    """Return what selects the columns that a title is made of: nothing is worked out for it."""
    return select(_id(resource), *(one.attribute for one in resource.fields if one.is_mapped and one.name != "id"))


def _record(resource: Resource, row: Any) -> Record:
    return Record(row.id, title_of(resource, row), row._asdict())


def _id(resource: Resource) -> InstrumentedAttribute[UUID]:
    found: InstrumentedAttribute[UUID] = resource.model.id  # type: ignore[attr-defined]
    return found


def _scoped(actor: Actor, resource: Resource) -> list[ColumnElement[bool]]:
    return [] if resource.scope is None or actor.is_system else [resource.scope(actor)]


def _where(actor: Actor, resource: Resource, asked: ListRequest) -> list[ColumnElement[bool]]:
    where = _scoped(actor, resource)
    for name, values in asked.filters.items():
        where.append(_filter(resource, name, values, asked.zone))
    return where


def _searched(
    resource: Resource, asked: ListRequest, dialect: str, *, row_by_row: bool = False
) -> list[ColumnElement[bool]]:
    """Return what is true of a row that holds every word of the search. row_by_row: to be asked of a few alone."""
    words = _words(asked)
    if resource.words:
        held = [or_(*(narrowing.holds_folded(column, word) for column in resource.words)) for word in words]
        if resource.words_of is None or not held:
            return held
        return (
            [select(resource.words_of).where(resource.words_of == _id(resource), *held).exists()]
            if row_by_row
            else held
        )
    where = []
    for word in words:
        holds = partial(_holds, word=word, dialect=dialect)
        fields = [one for one in resource.fields if one.search]
        looked = ((one.looked, one.attribute) for one in fields)
        where.append(or_(*(holds(text) if row_by_row or look is None else look(holds) for look, text in looked)))
    return where


def _ways(resource: Resource, asked: ListRequest, dialect: str) -> list[tuple[ColumnElement[bool], ...]]:
    """Return each way in which a row can hold every word, where each field is looked through by an index of its own.

    Asked at once, as one condition with "or" in it, SQLite would read the whole table. None where they are too many.
    """
    words = _words(asked)
    looks = [one.looked for one in resource.fields if one.search and one.looked is not None]
    is_each_looked = len(looks) == sum(one.search for one in resource.fields)
    if resource.words or not words or not is_each_looked or len(looks) ** len(words) > MOST_WAYS:
        return []
    held = [[look(partial(_holds, word=word, dialect=dialect)) for look in looks] for word in words]
    return list(product(*held))


def _words(asked: ListRequest) -> list[str]:
    return _plain_word.findall(asked.search[:LONGEST_SEARCH])[:10]


def _holds(column: Any, word: str, dialect: str) -> ColumnElement[bool]:
    text = column if isinstance(column.type, String) else cast(column, String)
    return narrowing.holds(text, word, dialect)


def filters_of(resource: Resource) -> list[tuple[str, Field]]:
    """Return every filter of a list by its name: a field's own, and `…From` and `…To` where it can be bounded."""
    found = []
    for one in resource.fields:
        if one.filter:
            name = wire_name(one)
            found.append((name, one))
            if widget_of(one) in _RANGED:
                found += [(f"{name}From", one), (f"{name}To", one)]
    return found


def _filter(resource: Resource, name: str, values: Sequence[str], zone: ZoneInfo) -> ColumnElement[bool]:
    known = dict(filters_of(resource))
    asked_of = known.get(name)
    if asked_of is None:
        message = _("This list has no filter “{name}”. It has: {known}.").having(
            name=name[:60], known=", ".join(known) or "–"
        )
        raise Invalid(message, {name[:60]: message})
    if name != wire_name(asked_of):
        return _bounded(asked_of, name, values[-1] if values else "", zone)
    column = asked_of.attribute
    wanted = [_value(asked_of, name, value, zone) for value in values]
    if asked_of.within is not None:
        return or_(*(asked_of.within(value) for value in wanted))
    if widget_of(asked_of) is Widget.TAGS:
        return or_(*(cast(column, String).contains(f'"{value}"', autoescape=True) for value in wanted))
    if None in wanted:
        return or_(column.is_(None), column.in_([value for value in wanted if value is not None]))
    found_in: ColumnElement[bool] = column.in_(wanted)
    return found_in


def _bounded(field_: Field, name: str, text: str, zone: ZoneInfo) -> ColumnElement[bool]:
    value = _value(field_, name, text, zone)
    is_day = widget_of(field_) is Widget.DATETIME and len(text) == len("2026-05-01")
    if name.endswith("From"):
        least: ColumnElement[bool] = field_.attribute >= value
        return least
    if is_day:
        day_end: ColumnElement[bool] = field_.attribute < value + timedelta(days=1)
        return day_end
    most: ColumnElement[bool] = field_.attribute <= value
    return most


def _value(field_: Field, name: str, text: str, zone: ZoneInfo) -> Any:
    """Return a filter's text as a value of the field; "-" asks for what has none."""
    if text == "-":
        return None
    kind, widget = value_type(field_), widget_of(field_)
    try:
        _check_length_and_choice(field_, name, text)
        if widget is Widget.DATETIME:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=zone).astimezone(UTC)
        if widget is Widget.DATE:
            return date.fromisoformat(text)
        if kind is bool:
            return _truth[text]
        if widget in (Widget.MONEY, Widget.NUMBER) or kind is int:
            return _whole(text)
        return kind(text) if widget is not Widget.TAGS else text
    except (ValueError, KeyError, ArithmeticError, OverflowError):
        message: Message = _("“{value}” is nothing that “{name}” can be. {remedy}").having(
            value=text[:60], name=name, remedy=_remedy(field_)
        )
        raise Invalid(message, {name: message}) from None


def _check_length_and_choice(field_: Field, name: str, text: str) -> None:
    known = [str(value) for value, _words in choices_of(field_)]
    if len(text) > LONGEST_VALUE or (known and name == wire_name(field_) and text not in known):
        raise ValueError(text)


def _whole(text: str) -> int:
    value = int(text[:20])
    if abs(value) >= 2**63:
        raise ValueError(text)
    return value


def _remedy(field_: Field) -> str:
    choices = choices_of(field_)
    if choices:
        return f"Use one of: {', '.join(value for value, _words in choices)}."
    examples = {
        Widget.DATETIME: "2026-05-01",
        Widget.DATE: "2026-05-01",
        Widget.SWITCH: "true",
        Widget.RELATION: "an id",
    }
    return f"Write it like {examples.get(widget_of(field_), '12')}."


def ordered(resource: Resource, sort: str) -> list[Any]:
    """Return how a list is sorted. Raises Invalid for a field that it is not sorted by."""
    tail = _id(resource).desc()
    if not sort:
        return [*(resource.order or ()), tail]
    found = next((one for one in resource.fields if one.sort and wire_name(one) == sort.removeprefix("-")), None)
    if found is None:
        known = ", ".join(wire_name(one) for one in resource.fields if one.sort) or "–"
        message = _("This list is not sorted by “{name}”. It is by: {known}.").having(name=sort[:60], known=known)
        raise Invalid(message, {"sort": message})
    kind = found.attribute.type
    is_folded = not isinstance(kind, String) or found.attribute.info.get("folded")
    column = found.attribute if is_folded else func.lower(found.attribute)
    if sort.startswith("-"):
        return [column.desc(), tail]
    return [column.asc(), _id(resource).asc()]
