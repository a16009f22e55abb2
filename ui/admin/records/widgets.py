"""A resource's fields as widgets take them, and its things as widgets show them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.records.wording import shown
from engine.core.records.kinds import choices_of, is_nullable, is_required, longest, widget_of, wire_name
from engine.core.records.reading import Record
from engine.core.resource import Field, Part, Resource, Widget
from engine.media import public as media
from engine.media.public import MediaUrls
from ui.admin.records.saying import SAYINGS
from ui.fields import FieldView

_TEXTS = frozenset({Widget.TEXT, Widget.TEXTAREA, Widget.RICHTEXT, Widget.EMAIL, Widget.URL, Widget.TEL})


def view_of(field: Field, resource: Resource, house: Ports) -> FieldView:
    """Return one field as its widget needs it."""
    general, widget = house.site.general, widget_of(field)
    source = resource.field(field.source) if field.source else None
    is_several = widget is Widget.TAGS and bool(field.choices)
    return FieldView(
        name=wire_name(field),
        label=field.label,
        widget="choice" if is_several else widget.value,
        multiple=is_several,
        help=field.help,
        required=is_required(field) and widget is not Widget.SWITCH,
        nullable=is_nullable(field),
        options=[(_own(field, value), words) for value, words in choices_of(field)],
        rows=tuple(_column(part) for part in field.parts),
        currency=general.currency if widget is Widget.MONEY else "",
        timezone=general.timezone,
        search_url=f"/admin/{field.to}/options" if field.to else "",
        from_field=wire_name(source) if source else "",
        max_length=longest(field) if widget in _TEXTS else None,
        minimum=field.minimum,
        maximum=field.maximum,
        tones=field.tones,
    )


def views_of(resource: Resource, house: Ports, *, is_new: bool) -> list[FieldView]:
    """Return the fields that a form asks for."""
    return [view_of(field, resource, house) for field in resource.written if is_new or not field.once]


def wire_values(
    resource: Resource,
    record: Record,
    house: Ports,
    titles: Mapping[str, Mapping[Any, str]],
    pictures: Mapping[UUID, MediaUrls] | None = None,
) -> dict[str, Any]:
    """Return a thing's values by wire name: relations with titles, pictures with addresses, keys in words."""
    values = shown(resource, record, house.site.general.currency)
    for name, known in titles.items():
        field = resource.field(name)
        related = record.values.get(name)
        if field is not None and related is not None:
            values[wire_name(field)] = {"id": str(related), "title": known.get(related, "")}
    for field in resource.fields:
        own = record.values.get(field.name) if widget_of(field) is Widget.IMAGE else None
        urls = (pictures or {}).get(own) if own is not None else None
        if urls is not None:
            values[wire_name(field)] = {"id": str(own), "url": urls.thumbnail, "alt": urls.alt}
        if say := SAYINGS.get((resource.path, field.name)):
            values[wire_name(field)] = say(record)
    return values


def pictures_of(connection: Connection, resource: Resource, records: Sequence[Record]) -> Mapping[UUID, MediaUrls]:
    """Return the addresses of every picture that these things show: one query, none where they show none."""
    names = [field.name for field in resource.fields if widget_of(field) is Widget.IMAGE]
    ids = {found for record in records for name in names if (found := record.values.get(name)) is not None}
    return media.urls(connection, sorted(ids)) if ids else {}


def facts_of(resource: Resource, house: Ports) -> Sequence[FieldView]:
    """Return the fields that are only read, as a page shows them beside the form."""
    return [view_of(field, resource, house) for field in resource.fields if not field.is_written]


def _own(field: Field, text: str) -> Any:
    """Return a choice as its value's own type: numbers are numbers on the wire."""
    return next((value for value, _words in field.choices if str(value) == text), text)


def _column(part: Part) -> FieldView:
    return FieldView(
        name=part.name,
        label=part.label,
        widget=part.widget.value,
        required=part.required,
        options=list(part.choices),
        max_length=part.max_length if part.widget in _TEXTS else None,
    )
