"""The form of a resource's thing: what it asks, what was typed, and from there to what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.core.access import allows
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.records import history, reading
from engine.core.records.reading import Record
from engine.core.records.shapes import changes_in, shapes_of
from engine.core.resource import Action, Resource, Text
from engine.core.validation import fields_of
from ui.admin.records.stories import Line, line_of
from ui.admin.records.widgets import facts_of, pictures_of, views_of, wire_values
from ui.fields import FieldView
from ui.fields.parsing import parse_all, shown, typed
from ui.forms import Errors

SHOWN_LINES = 6


@dataclass(frozen=True)
class RecordForm:
    """A thing to be made or changed. asked: fields with what stands in them; facts: what is only read.

    seen_at: when the thing was read, so that nobody overwrites what came later.
    """

    resource: Resource
    path: str
    own_path: str
    title: Text
    is_new: bool
    asked: Sequence[tuple[FieldView, Any]]
    shown: Sequence[tuple[FieldView, Any]]
    facts: Sequence[tuple[FieldView, Any]]
    actions: Sequence[tuple[str, Action]]
    story: Sequence[Line]
    address: str
    opens: str
    seen_at: str
    may_write: bool
    may_delete: bool
    has_files: bool
    errors: Errors


def new_form(
    house: Ports, actor: Actor, resource: Resource, form: FormData | None = None, errors: Errors | None = None
) -> RecordForm:
    """Return an empty form, or one with what was typed and what is wrong with it."""
    locale = house.site.general.language
    asked = views_of(resource, house, is_new=True)
    values = [(view, typed(view, form) if form is not None else shown(view, None, locale)) for view in asked]
    path = f"/admin/{resource.path}"
    return RecordForm(
        resource=resource,
        path=path,
        own_path=path,
        title=_("Add {noun}").having(noun=str(resource.singular).lower()),
        is_new=True,
        asked=values,
        shown=(),
        facts=(),
        actions=(),
        story=(),
        address="",
        opens="",
        seen_at="",
        may_write=allows(actor, resource.write),
        may_delete=False,
        has_files=_has_files(asked),
        errors=errors or {},
    )


def form_of(
    connection: Connection,
    house: Ports,
    actor: Actor,
    resource: Resource,
    record_id: UUID,
    form: FormData | None = None,
    errors: Errors | None = None,
) -> RecordForm:
    """Return the form of a thing as it is, or with what was typed. Raises NotAllowed, NotFound."""
    record = reading.one(connection, actor, resource, record_id)
    titles = reading.related(connection, house.resources, resource, [record])
    wire = wire_values(resource, record, house, titles, pictures_of(connection, resource, [record]))
    may_write = allows(actor, resource.write) and resource.changes
    asked = views_of(resource, house, is_new=False)
    locale = house.site.general.language
    path = f"/admin/{resource.path}"
    return RecordForm(
        resource=resource,
        path=path,
        own_path=f"{path}/{record_id}",
        title=record.title,
        is_new=False,
        asked=[(v, typed(v, form) if form is not None else shown(v, wire.get(v.name), locale)) for v in asked],
        shown=[(view, wire.get(view.name)) for view in views_of(resource, house, is_new=True)],
        facts=[(view, wire.get(view.name)) for view in facts_of(resource, house)],
        actions=_actions(actor, resource, record),
        story=_story(connection, actor, resource, record_id),
        address=resource.address(record.values) if resource.address else "",
        opens=resource.opens(record_id) if resource.opens else "",
        seen_at=_seen_at(record, form),
        may_write=may_write,
        may_delete=allows(actor, resource.write) and resource.deletes,
        has_files=_has_files(asked),
        errors=errors or {},
    )


def sent_in(house: Ports, resource: Resource, form: FormData, *, is_new: bool) -> dict[str, Any]:
    """Return what was sent as attribute values. Raises Invalid naming each field that is wrong."""
    views = views_of(resource, house, is_new=is_new)
    wire = parse_all(views, form, locale=house.site.general.language)
    shapes = shapes_of(resource)
    shape: type[BaseModel] = shapes.create if is_new else shapes.update
    try:
        sent = shape.model_validate(
            {name: value for name, value in wire.items() if not _is_left_out(name, value, views)},
            context={"currency": house.site.general.currency},
        )
    except ValidationError as error:
        raise Invalid(_("Some answers need another look."), fields_of(error)) from error
    return changes_in(resource, sent)


def seen_at(form: FormData) -> datetime | None:
    """Return when the writer read the thing, as the form remembers it."""
    text = form.get("seenAt", "")
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _is_left_out(name: str, value: Any, views: Sequence[FieldView]) -> bool:
    """Return whether an empty answer leaves the field as it is: for what can be neither null nor empty."""
    view = next(one for one in views if one.name == name)
    return value is None and not view.nullable


def _actions(actor: Actor, resource: Resource, record: Record) -> list[tuple[str, Action]]:
    return [
        (name, action)
        for name, action in resource.actions.items()
        if allows(actor, action.permission) and (action.shown is None or action.shown(record.values))
    ]


def _story(connection: Connection, actor: Actor, resource: Resource, record_id: UUID) -> list[Line]:
    if not allows(actor, resource.write):
        return []
    return [line_of(resource, change) for change in history.of(connection, actor, resource, record_id)[:SHOWN_LINES]]


def _seen_at(record: Record, form: FormData | None) -> str:
    """Return when this was read: after a refusal, when it was read first."""
    kept = form.get("seenAt", "") if form is not None else ""
    if isinstance(kept, str) and kept:
        return kept[:40]
    at = record.values.get("updated_at")
    return at.isoformat() if isinstance(at, datetime) else ""


def _has_files(views: Sequence[FieldView]) -> bool:
    return any(view.widget in ("image", "file", "rows") for view in views)
