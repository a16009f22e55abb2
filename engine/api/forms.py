"""`/forms`: sending one, and reading what came in. Forms themselves are a list like any other."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Header, Query, UploadFile
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from sqlalchemy import Connection

from engine.api.apiwords import also
from engine.api.request import Caller, House, WriteTx, allow, public
from engine.api.routing import APIRouter
from engine.api.wire import PageWire, Paging, Wire
from engine.content.forms import entries, exporting, queries, submitting, uploads
from engine.content.forms.models import EntryPayment, EntryStatus
from engine.content.forms.queries import EntryFilter, EntryView
from engine.content.forms.submitting import Guarded, Submission
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.tabular.writing import csv_batches, json_batches

router = APIRouter(tags=["forms"])
MANAGE = allow(Permission.MANAGE_FORMS)
OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=200, description="A new one for each act; a repeat makes no other entry."
    ),
]
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class SubmissionCreate(Wire):
    """What somebody answers, by the ids of the form's fields; of files the tokens that `/form-uploads` answered."""

    answers: Annotated[dict[str, Any], Field(max_length=300)]


class SubmissionWire(Wire):
    """The entry that came of it, and what its sender may be told.

    payUrl: where an entry is paid that asks for money, by whoever has the link; it counts once that is done.
    """

    id: UUID
    confirmation: str
    confirmation_url: str
    pay_url: str | None


class UploadWire(Wire):
    """A file that waits to be sent with its form: name its token among the answers within a day."""

    token: str
    name: str
    size: int


class EntryWire(Wire):
    """What somebody sent. answers: by field id; labels: what was asked then."""

    id: UUID
    form_id: UUID
    status: EntryStatus
    email: str
    summary: str
    answers: dict[str, Any]
    labels: dict[str, str]
    page: str
    payment: EntryPayment | None
    order_id: UUID | None
    created_at: str

    @classmethod
    def of(cls, entry: EntryView) -> "EntryWire":
        return cls.model_validate(exporting.record_of(entry))


class EntryPage(PageWire[EntryWire]):
    """One page of entries, the latest first."""


class ErasureCreate(Wire):
    """Whose entries are erased for good."""

    email: Annotated[str, Field(max_length=320)]


class ErasureWire(Wire):
    """How many entries were erased."""

    erased: int


@router.post("/forms/{form_id}/submit", status_code=201, dependencies=[public], responses=also(409))
async def submit_form(
    form_id: UUID, sent: SubmissionCreate, house: House, actor: Caller, tx: WriteTx, idempotency_key: OnceKey = ""
) -> SubmissionWire:
    """Send a form. 409 says that it is closed; 422 names each field that is wrong by its id."""
    form = await house.db.query(queries.form, form_id)
    locale = house.site.general.language
    submission = Submission(typed=sent.answers, key=idempotency_key, locale=locale, is_program=True)
    guarded = Guarded(house.secrets, house.site.spam, house.cashier)
    taken = await submitting.submit(tx, actor, guarded, form_id, submission)
    return SubmissionWire(
        id=taken.entry_id,
        confirmation=form.confirmation,
        confirmation_url=form.confirmation_url,
        pay_url=house.cashier.page_of(taken.order_id) if taken.order_id else None,
    )


@router.post("/form-uploads", status_code=201, dependencies=[public], responses=also(404))
async def upload_form_file(
    file: UploadFile, house: House, form: Annotated[UUID, Form()], field: Annotated[str, Form(max_length=40)]
) -> UploadWire:
    """Send a file that belongs to a form; it is dropped after a day unless the form is sent with it."""
    view = await house.db.query(queries.form, form)
    asked = next((one for one in view.fields if one.id == field), None)
    if asked is None or not view.is_open:
        message = _("This form has no field “{id}”. Leave it out.").having(id=field)
        raise Invalid(message, {"field": message})
    made = await uploads.take(house.db, house.blobs, form, asked, await file.read(), file.filename or "file")
    return UploadWire(token=made.token, name=made.name, size=made.size_bytes)


@router.get("/forms/{form_id}/entries", dependencies=[MANAGE])
async def list_form_entries(
    form_id: UUID,
    house: House,
    actor: Caller,
    paging: Paging,
    search: Annotated[str, Query(max_length=200)] = "",
    status: EntryStatus | None = None,
    since: date | None = None,
    until: date | None = None,
) -> EntryPage:
    """Return what came in by a form, the latest first; spam only where it is asked for."""
    await house.db.query(queries.form, form_id)
    asked = EntryFilter(search, status, since, until, house.site.general.zone)
    found = await house.db.query(queries.entries, actor, form_id, asked, paging)
    return EntryPage.of(found, [EntryWire.of(one) for one in found.items])  # type: ignore[return-value]


@router.get("/forms/{form_id}/entries/export", dependencies=[MANAGE])
async def export_form_entries(
    form_id: UUID,
    house: House,
    actor: Caller,
    format: str = "csv",  # noqa: A002 - the wire's word
    status: EntryStatus | None = None,
) -> Response:
    """Return all entries of a form as a file, with a column for each of its questions."""
    return await exported(house, actor, form_id, EntryFilter(status=status), format)


async def exported(house: House, actor: Caller, form_id: UUID, asked: EntryFilter, kind: str) -> Response:
    """Answer entries as a file, streamed. Raises Invalid for another kind of file."""
    if kind not in KINDS:
        message = _("“{kind}” is no kind of file that a list comes as. Use csv or json.").having(kind=kind[:20])
        raise Invalid(message, {"format": message})
    form = await house.db.query(queries.form, form_id)
    locale = house.site.general.language

    def parts(connection: Connection) -> Iterator[bytes]:
        if kind == "json":
            records = queries.all_entries(connection, actor, form_id, asked)
            return json_batches([exporting.record_of(one)] for one in records)
        columns = exporting.columns_of(form.fields, queries.questions(connection, form_id))
        found = queries.all_entries(connection, actor, form_id, asked)
        rows = ([exporting.row_of(one, columns, locale)] for one in found)
        return csv_batches([*exporting.OWN, *(label for _id, label in columns)], rows)

    async def streamed() -> AsyncIterator[bytes]:
        async for several in house.db.stream(parts):
            for part in several:
                yield part

    name = f"{form.slug}-{house.clock.now().date().isoformat()}.{kind}"
    return StreamingResponse(
        streamed(), media_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.post("/form-entries/erasures", dependencies=[MANAGE])
async def erase_person(sent: ErasureCreate, actor: Caller, tx: WriteTx) -> ErasureWire:
    """Erase for good what came from an e-mail address, out of every form and the bin."""
    return ErasureWire(erased=await entries.erase_person(tx, actor, sent.email))
