"""Reads of forms and entries for pages and the API: what visitors fill in, and what staff look through."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from engine.content.forms.forms import missing
from engine.content.forms.models import (
    AfterSending,
    EntryPayment,
    EntryStatus,
    Form,
    FormEntry,
    FormEntryNote,
    FormUpload,
    upload_key,
)
from engine.content.forms.policy import MANAGE
from engine.content.forms.ports import Cashier
from engine.content.forms.shapes import FieldType, FormField, read
from engine.core import access, narrowing
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.paging import Page, PageRequest

_UTC = ZoneInfo("UTC")
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as faces need it. ways: how money can be paid, where whoever reads it asked the cashier."""

    id: UUID
    name: str
    slug: str
    is_open: bool
    intro: str
    fields: Sequence[FormField]
    submit_label: str
    after: AfterSending
    confirmation: str
    confirmation_url: str
    closed_text: str
    updated_at: datetime
    ways: tuple[str, ...] = ()

    @property
    def asks_money(self) -> bool:
        """Whether a payment is among its fields."""
        return any(one.type is FieldType.PAYMENT for one in self.fields)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in a list, with how much came in."""

    id: UUID
    name: str
    slug: str
    is_open: bool
    unread: int
    entries: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry: its questions as they were then."""

    id: UUID
    form_id: UUID
    form: str
    status: EntryStatus
    summary: str
    email: str
    answers: Mapping[str, Any]
    questions: Sequence[FormField]
    page: str
    reasons: Sequence[Mapping[str, Any]]
    user_id: UUID | None
    created_at: datetime
    payment: EntryPayment | None
    order_id: UUID | None


@dataclass(frozen=True, slots=True)
class EntryNote:
    """What staff wrote about an entry."""

    id: UUID
    author: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries. status: None is all but spam. since, until: days in `zone`, both included. payment: None: any."""

    search: str = ""
    status: EntryStatus | None = None
    since: date | None = None
    until: date | None = None
    zone: ZoneInfo = _UTC
    payment: EntryPayment | None = None


def form(connection: Connection, key: str | UUID) -> FormView:
    """Return a form by its id or slug. Raises NotFound."""
    form_id = key if isinstance(key, UUID) else parse_id(key)
    where = Form.id == form_id if form_id is not None else Form.slug == key
    names = [name for name in FormView.__dataclass_fields__ if name != "ways"]
    row = connection.execute(select(*(getattr(Form, name) for name in names)).where(where)).first()
    if row is None:
        raise missing(str(key))
    return FormView(**{**row._asdict(), "fields": tuple(read(row.fields))})


def payable(connection: Connection, cashier: Cashier, key: str | UUID) -> FormView:
    """Return a form as `form` does, with how it can be paid where it asks for money."""
    found = form(connection, key)
    return replace(found, ways=tuple(cashier.ways())) if found.asks_money else found


def forms(connection: Connection, actor: Actor) -> list[FormRow]:
    """Return every form by name, with what came in. Raises NotAllowed."""
    access.require(actor, MANAGE)
    counted = (
        select(
            FormEntry.form_id,
            func.count().filter(FormEntry.status == EntryStatus.NEW).label("unread"),
            func.count().filter(FormEntry.status != EntryStatus.SPAM).label("entries"),
            func.max(FormEntry.created_at).filter(FormEntry.status != EntryStatus.SPAM).label("latest"),
        )
        .group_by(FormEntry.form_id)
        .subquery()
    )
    columns = (Form.id, Form.name, Form.slug, Form.is_open, counted.c.unread, counted.c.entries, counted.c.latest)
    rows = connection.execute(select(*columns).outerjoin(counted, counted.c.form_id == Form.id).order_by(Form.name))
    return [
        FormRow(one, name, slug, is_open, new or 0, all_ or 0, latest)
        for one, name, slug, is_open, new, all_, latest in rows
    ]


def counts(connection: Connection, form_id: UUID) -> dict[str, int]:
    """Return how many entries of a form stand in each status."""
    rows = connection.execute(
        select(FormEntry.status, func.count()).where(FormEntry.form_id == form_id).group_by(FormEntry.status)
    )
    return {str(status): count for status, count in rows}


def entries(
    connection: Connection, actor: Actor, form_id: UUID, asked: EntryFilter, page: PageRequest
) -> Page[EntryView]:
    """Return entries of a form, the latest first. Raises NotAllowed."""
    access.require(actor, MANAGE)
    where = _where(form_id, asked)
    total = connection.scalar(select(func.count()).select_from(FormEntry).where(*where)) or 0
    rows = connection.execute(_selected().where(*where).order_by(*_LATEST).limit(page.limit).offset(page.offset))
    return Page.of([_view(row) for row in rows], total, page)


def all_entries(connection: Connection, actor: Actor, form_id: UUID, asked: EntryFilter) -> Iterator[EntryView]:
    """Yield every entry of a form that fits, the latest first; memory does not grow with them. Raises NotAllowed."""
    access.require(actor, MANAGE)
    statement = _selected().where(*_where(form_id, asked)).order_by(*_LATEST)
    for row in connection.execution_options(yield_per=200).execute(statement):
        yield _view(row)


def questions(connection: Connection, form_id: UUID) -> list[FormField]:
    """Return every question that entries of a form were ever asked, the latest first."""
    found: dict[str, FormField] = {}
    rows = connection.execute(select(FormEntry.questions).where(FormEntry.form_id == form_id).order_by(*_LATEST))
    seen: list[object] = []
    for (stored,) in rows:
        if stored not in seen[-20:]:
            seen.append(stored)
            for one in read(stored):
                found.setdefault(one.id, one)
    return list(found.values())


def entry(connection: Connection, actor: Actor, entry_id: UUID, form_id: UUID | None = None) -> EntryView:
    """Return an entry. Raises NotAllowed, NotFound, also for one of another form than is asked for."""
    access.require(actor, MANAGE)
    row = connection.execute(_selected().where(FormEntry.id == entry_id)).first()
    if row is None or (form_id is not None and row.form_id != form_id):
        raise NotFound(_("Entry {id} is not there. It may have been deleted.").having(id=entry_id))
    return _view(row)


def asked_by(connection: Connection, entry_id: UUID) -> FormView | None:
    """Return the form by which an entry came in; None where either is gone."""
    form_id = connection.scalar(select(FormEntry.form_id).where(FormEntry.id == entry_id))
    return form(connection, form_id) if form_id is not None else None


def beside(connection: Connection, seen: EntryView) -> tuple[UUID | None, UUID | None]:
    """Return the entries of the same form that came just after and just before this one, spam left out."""
    same = (FormEntry.form_id == seen.form_id, FormEntry.status != EntryStatus.SPAM)
    later = select(FormEntry.id).where(*same, FormEntry.id > seen.id).order_by(FormEntry.id).limit(1)
    earlier = select(FormEntry.id).where(*same, FormEntry.id < seen.id).order_by(FormEntry.id.desc()).limit(1)
    return connection.scalar(later), connection.scalar(earlier)


def notes(connection: Connection, entry_id: UUID) -> list[EntryNote]:
    """Return the notes on an entry, the oldest first."""
    columns = [getattr(FormEntryNote, name) for name in EntryNote.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(FormEntryNote.entry_id == entry_id).order_by(FormEntryNote.id))
    return [EntryNote(*row) for row in rows]


def file(connection: Connection, actor: Actor, entry_id: UUID, file_id: UUID) -> FormUpload:
    """Return a file that came with an entry. Raises NotAllowed, NotFound."""
    access.require(actor, MANAGE)
    row = connection.execute(
        select(FormUpload.__table__).where(FormUpload.id == file_id, FormUpload.entry_id == entry_id)
    ).first()
    if row is None:
        raise NotFound(_("There is no file {id} with this entry.").having(id=file_id))
    return row  # type: ignore[return-value]


def file_key(found: FormUpload) -> str:
    """Return where the blob store keeps a file."""
    return upload_key(found.id)


_LATEST = (FormEntry.created_at.desc(), FormEntry.id.desc())


def _where(form_id: UUID, asked: EntryFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [FormEntry.form_id == form_id]
    where.append(FormEntry.status == asked.status if asked.status else FormEntry.status != EntryStatus.SPAM)
    if asked.payment:
        where.append(FormEntry.payment == asked.payment)
    where += [narrowing.holds_folded(FormEntry.words, word) for word in asked.search[:200].split()[:MOST_WORDS]]
    if asked.since:
        where.append(FormEntry.created_at >= _midnight(asked.since, asked.zone))
    if asked.until and asked.until < date.max:
        where.append(FormEntry.created_at < _midnight(asked.until + timedelta(days=1), asked.zone))
    return where


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _selected() -> Any:
    names = [name for name in EntryView.__dataclass_fields__ if name != "form"]
    columns = [getattr(FormEntry, name) for name in names]
    return select(*columns, Form.name.label("form")).join(Form, Form.id == FormEntry.form_id)


def _view(row: Any) -> EntryView:
    return EntryView(**{**row._asdict(), "questions": tuple(read(row.questions))})
