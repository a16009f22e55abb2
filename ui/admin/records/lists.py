"""The list of a resource as its page shows it: columns, rows, views, filters, and what can be done with many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.core.access import allows
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.paging import Page
from engine.core.records import reading, views
from engine.core.records.kinds import choices_of, widget_of, wire_name
from engine.core.records.reading import filters_of
from engine.core.records.views import ViewOfList
from engine.core.resource import Action, Field, Resource, Text, Widget
from engine.media.public import MediaUrls
from ui.admin.records.asked import Asked
from ui.admin.records.widgets import pictures_of, view_of, wire_values
from ui.fields import FieldView

#: How many of another list a filter offers.
OFFERED = 100
_NUMERIC = frozenset({Widget.NUMBER, Widget.DECIMAL, Widget.MONEY})


@dataclass(frozen=True)
class Row:
    """One thing of the list: its cells in the order of the columns. picture: an address, shown beside the title."""

    id: UUID
    title: str
    url: str
    cells: Sequence[tuple[Any, FieldView, bool]]
    picture: str = ""


@dataclass(frozen=True)
class Filter:
    """One question of the filter form."""

    name: str
    label: Text
    kind: str
    value: str
    options: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True)
class RecordList:
    """A list. kept: parameters that its search keeps; trouble: why it is not what was asked."""

    resource: Resource
    path: str
    rows: Page[Row]
    columns: Sequence[Mapping[str, Any]]
    tabs: Sequence[tuple[Text, str, int | None]]
    here: str
    asked: Asked
    chips: Sequence[tuple[Text, Text, str]]
    filters: Sequence[Filter]
    choosable: Sequence[tuple[str, Text]]
    chosen: Sequence[str]
    own_views: Sequence[ViewOfList]
    bulk: Sequence[tuple[str, Action]]
    may_write: bool
    may_add: bool
    may_delete: bool
    exports: Sequence[tuple[str, Text]]
    kept: Sequence[tuple[str, str]]
    trouble: Text


def list_of(
    connection: Connection, house: Ports, actor: Actor, resource: Resource, asked: Asked, trouble: Text = ""
) -> RecordList:
    """Return the list that an address asks for. Raises NotAllowed, Invalid for a filter that makes no sense.

    trouble: why it is not what was asked first.
    """
    found = reading.listed(connection, actor, resource, asked.request(house.site.general))
    columns = views.columns(connection, actor, resource)
    titles = reading.related(connection, house.resources, resource, found.items)
    pictures = pictures_of(connection, resource, found.items)
    own_views = views.of(connection, actor, resource)
    shown = [view_of(field, resource, house) for field in columns]
    related = _related(connection, house, actor, resource, asked)
    may_write = allows(actor, resource.write)
    return RecordList(
        resource=resource,
        path=asked.path,
        rows=found.map(lambda record: _row(resource, house, record, shown, titles, pictures)),
        columns=[_column(field, asked) for field in columns],
        tabs=_tabs(resource, asked, own_views),
        here=asked.url(),
        asked=asked,
        chips=_chips(resource, asked, related),
        filters=_filters(resource, asked, related),
        choosable=[(wire_name(field), field.label) for field in resource.fields],
        chosen=[view.name for view in shown],
        own_views=own_views,
        bulk=[(n, act) for n, act in resource.actions.items() if act.bulk and allows(actor, act.permission)],
        may_write=may_write,
        may_add=may_write and resource.makes,
        may_delete=may_write and resource.deletes,
        exports=_exports(resource, asked.path, may_write=may_write),
        kept=[("sort", asked.sort), *((name, one) for name, values in asked.filters.items() for one in values)],
        trouble=trouble,
    )


def _exports(resource: Resource, path: str, *, may_write: bool) -> Sequence[tuple[str, Text]]:
    """Return the files that the list comes as: its own for who may write, else the two of every list."""
    if resource.exports:
        return resource.exports if may_write else ()
    csv, json = f"{path}/export?format=csv", f"{path}/export?format=json"
    return ((csv, _("Export as CSV")), (json, _("Export as JSON")))


def _row(
    resource: Resource,
    house: Ports,
    record: reading.Record,
    shown: Sequence[FieldView],
    titles: Mapping[str, Mapping[UUID, str]],
    pictures: Mapping[UUID, MediaUrls],
) -> Row:
    values = wire_values(resource, record, house, titles, pictures)
    picture = pictures.get(record.values[resource.picture]) if resource.picture else None
    cells = [(values.get(view.name), view, view.widget in _NUMERIC) for view in shown]
    url = resource.opens(record.id) if resource.opens else f"/admin/{resource.path}/{record.id}"
    return Row(record.id, record.title, url, cells, picture.thumbnail if picture else "")


def _column(field: Field, asked: Asked) -> dict[str, Any]:
    name = wire_name(field)
    is_up, is_down = asked.sort == name, asked.sort == f"-{name}"
    return {
        "label": field.label,
        "numeric": widget_of(field) in _NUMERIC,
        "sort_url": asked.url(sort=f"-{name}" if is_up else name) if field.sort else None,
        "sorted": "ascending" if is_up else "descending" if is_down else None,
    }


def _tabs(resource: Resource, asked: Asked, own: Sequence[ViewOfList]) -> list[tuple[Text, str, int | None]]:
    tabs: list[tuple[Text, str, int | None]] = [(_("All"), asked.path, None)]
    for view in resource.views:
        made = Asked(asked.path, "", view.sort, {name: (value,) for name, value in view.filters.items()}, 1)
        tabs.append((view.label, made.url(), None))
    tabs += [(view.name, f"{asked.path}?{view.query}" if view.query else asked.path, None) for view in own]
    return tabs


def _related(
    connection: Connection, house: Ports, actor: Actor, resource: Resource, asked: Asked
) -> Mapping[str, Mapping[str, str]]:
    """Return, by filter, the titles by id of what it offers: the first of the list it relates to, and what is asked."""
    found: dict[str, dict[str, str]] = {}
    for name, field in filters_of(resource):
        target = house.resources.get(field.to)
        if target is None or not (target.read is None or allows(actor, target.read)):
            continue
        firsts = reading.first_titles(connection, actor, target, OFFERED)
        offered = {str(id_): title for id_, title in firsts.items()}
        others = [id_ for text in asked.filters.get(name, ()) if text not in offered and (id_ := parse_id(text))]
        titles = reading.titles(connection, target, others)
        found[name] = offered | {str(id_): title for id_, title in titles.items()}
    return found


def _chips(resource: Resource, asked: Asked, related: Mapping[str, Mapping[str, str]]) -> list[tuple[Text, Text, str]]:
    known = dict(filters_of(resource))
    chips: list[tuple[Text, Text, str]] = []
    for name, values in asked.filters.items():
        field = known[name]
        for value in values:
            words = related.get(name, {}).get(value) or dict(choices_of(field)).get(value, _said(field, value))
            chips.append((_bound(name, field), words, asked.url(without=(name, value))))
    return chips


def _bound(name: str, field: Field) -> Text:
    if name == wire_name(field):
        return _("{label}:").having(label=field.label)
    return (_("{label} from") if name.endswith("From") else _("{label} until")).having(label=field.label)


def _said(field: Field, value: str) -> Text:
    if widget_of(field) is Widget.SWITCH:
        return _("yes") if value == "true" else _("no")
    return _("none") if value == "-" else value


def _filters(resource: Resource, asked: Asked, related: Mapping[str, Mapping[str, str]]) -> list[Filter]:
    """Return the questions of the filter form: choices as lists, what can be bounded as two, the rest as words."""
    found = []
    every = filters_of(resource)
    bounded = {wire_name(field) for name, field in every if name != wire_name(field)}
    for name, field in every:
        value = next(iter(asked.filters.get(name, ())), "")
        choices: list[tuple[str, Any]] = choices_of(field) or [*related.get(name, {}).items()]
        choices += [("-", _("None"))] if related.get(name) else []
        if widget_of(field) is Widget.SWITCH:
            choices = [("true", _("Yes")), ("false", _("No"))]
        if choices:
            found.append(Filter(name, field.label, "select", value, [("", _("Any")), *choices]))
        elif name not in bounded:
            is_day = widget_of(field) in (Widget.DATE, Widget.DATETIME)
            is_number = widget_of(field) in _NUMERIC
            label = field.label if name == wire_name(field) else _bound(name, field)
            found.append(Filter(name, label, "date" if is_day else "number" if is_number else "text", value))
    return found
