"""Forms as things that links can lead to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.content.forms.models import Form
from engine.core.i18n import _
from engine.core.linking import LinkKind, LinkPlace, reference_to
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated

KIND = "form"
BEGINS = "/forms/"


def _forms() -> Select[UUID, str, str, bool]:
    return select(Form.id, Form.name, Form.slug, Form.is_open)


def _place(row: Any) -> LinkPlace:
    note = "" if row.is_open else _("Closed")
    return LinkPlace(reference_to(KIND, row.id), row.name, BEGINS + row.slug, row.is_open, note)


def _find(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _forms().order_by(Form.name)
    if words:
        statement = statement.where(func.lower(Form.name).contains(words.lower(), autoescape=True))
    return [_place(row) for row in connection.execute(statement.limit(limit))]


def _places(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _place(row) for row in connection.execute(_forms().where(Form.id.in_(ids)))}


def _at(connection: Connection, path: str) -> LinkPlace | None:
    if not path.startswith(BEGINS):
        return None
    row = connection.execute(_forms().where(Form.slug == path.removeprefix(BEGINS))).first()
    return _place(row) if row else None


FORM_TARGET = LinkKind(
    KIND,
    _("Form"),
    _("Forms"),
    "list-checks",
    _find,
    _places,
    _at,
    (RecordCreated, RecordUpdated, RecordDeleted),
    rank=4,
)
