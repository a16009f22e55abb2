"""`/api/v1/{resource}`: the routes that every declared resource has. Routes written by hand stand before them."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import Field as Shape

from engine.api.imports import mapping_in
from engine.api.ports import Ports
from engine.api.records import exporting
from engine.api.records.asking import Asked, Paging, list_request, may_read, may_write, sent_as
from engine.api.records.wording import page_of, shown
from engine.api.request import Caller, House, WriteTx, signed_in
from engine.api.routing import APIRouter
from engine.core.actor import Actor
from engine.core.audit import plain
from engine.core.paging import PageRequest
from engine.core.records import bin as trash
from engine.core.records import bulk, history, imports, reading, writing
from engine.core.records.shapes import RecordShape, changes_in, shapes_of
from engine.core.resource import Resource
from engine.core.transaction import Tx

router = APIRouter(prefix="/{resource}", include_in_schema=False)
Act = Callable[..., Any]


class BulkRequest(RecordShape):
    """What to do with many. act: "delete", "update" (with `changes`), or one of the resource's bulk actions."""

    ids: list[UUID] = Shape(min_length=1, max_length=bulk.MOST)
    act: str = Shape(max_length=60)
    changes: dict[str, Any] = Shape(default_factory=dict)


@router.get("", dependencies=[may_read])
async def list_records(resource: Asked, request: Request, house: House, actor: Caller, paging: Paging) -> Response:
    """Answer one page of the list."""
    found = await house.db.query(reading.listed, actor, resource, list_request(request, paging))
    return JSONResponse(page_of(resource, found, house.site.general.currency))


@router.post("", dependencies=[may_write])
async def create_record(resource: Asked, request: Request, house: House, actor: Caller, tx: WriteTx) -> Response:
    """Make a thing."""
    sent = await sent_as(request, shapes_of(resource).create, house)
    row = await writing.create(tx, actor, resource, changes_in(resource, sent))
    return await _answer(tx, actor, resource, house, row.id, 201)


@router.get("/export", dependencies=[may_read])
async def export_records(resource: Asked, request: Request, house: House, actor: Caller) -> Response:
    """Answer everything that the list would show, as CSV or JSON."""
    asked = list_request(request, PageRequest())
    return exporting.answer(house, actor, resource, asked, request.query_params.get("format", "csv"))


@router.post("/bulk", dependencies=[may_write])
async def change_many(resource: Asked, request: Request, house: House, actor: Caller) -> Response:
    """Do one thing with many; answer what was done, and why not for each that it could not be."""
    sent: BulkRequest = await sent_as(request, BulkRequest, house)
    changes = {}
    if sent.act == "update":
        checked = shapes_of(resource).update.model_validate(
            sent.changes, context={"currency": house.site.general.currency}
        )
        changes = changes_in(resource, checked)
    report = await bulk.run(house.db, actor, resource, sent.ids, sent.act, changes)
    refused = [{"id": str(one.id), "message": str(one.message)} for one in report.refused]
    return JSONResponse({"done": [str(one) for one in report.done], "refused": refused})


@router.post("/import", dependencies=[may_write])
async def import_records(
    resource: Asked,
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="CSV, Excel or JSON")],
    dry_run: Annotated[bool, Form(alias="dryRun")] = False,
    mapping: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Begin an import; its job says how far it is, and of each row that was not taken, why."""
    job_id = await imports.begin(
        house.db,
        house.blobs,
        actor,
        resource,
        data=await file.read(),
        filename=file.filename or "",
        mapping=mapping_in(mapping),
        is_dry_run=dry_run,
    )
    return JSONResponse({"jobId": str(job_id)}, 202)


@router.get("/bin", dependencies=[may_write])
async def list_bin(resource: Asked, house: House, actor: Caller, paging: Paging) -> Response:
    """Answer what of the list was deleted in the last 30 days."""
    page = await house.db.query(trash.listed, actor, resource, paging)
    items = [
        {
            "id": str(one.id),
            "recordId": str(one.record_id),
            "title": one.title,
            "deletedBy": one.deleted_by_name,
            "deletedAt": plain(one.deleted_at),
            "purgeAt": plain(one.purge_at),
        }
        for one in page.items
    ]
    return JSONResponse({"items": items, "total": page.total, "page": page.page, "limit": page.limit})


@router.post("/bin/{binned_id}/restore", dependencies=[may_write])
async def restore_record(resource: Asked, binned_id: UUID, house: House, actor: Caller, tx: WriteTx) -> Response:
    """Bring a thing back from the bin."""
    row = await trash.restore(tx, actor, resource, binned_id)
    return await _answer(tx, actor, resource, house, row.id)


@router.patch("/{record_id}", dependencies=[may_write])
async def update_record(
    resource: Asked, record_id: UUID, request: Request, house: House, actor: Caller, tx: WriteTx
) -> Response:
    """Change what is sent of a thing."""
    sent = await sent_as(request, shapes_of(resource).update, house)
    await writing.update(tx, actor, resource, record_id, changes_in(resource, sent))
    return await _answer(tx, actor, resource, house, record_id)


@router.delete("/{record_id}", dependencies=[may_write])
async def delete_record(resource: Asked, record_id: UUID, actor: Caller, tx: WriteTx) -> Response:
    """Put a thing into the bin."""
    await writing.delete(tx, actor, resource, record_id)
    return Response(status_code=204)


@router.get("/{record_id}/history", dependencies=[may_write])
async def read_history(resource: Asked, record_id: UUID, house: House, actor: Caller) -> Response:
    """Answer what happened to a thing, the latest first."""
    lines = await house.db.query(history.of, actor, resource, record_id)
    items = [
        {
            "id": str(one.id),
            "action": one.action,
            "actor": one.actor,
            "at": plain(one.at),
            "changes": {name: {"before": pair[0], "after": pair[-1]} for name, pair in one.changes.items()},
        }
        for one in lines
    ]
    return JSONResponse({"items": items, "total": len(items), "page": 1, "limit": history.MOST})


@router.get("/{key:path}", dependencies=[may_read])
async def read_record(resource: Asked, key: str, house: House, actor: Caller) -> Response:
    """Answer one thing, by its id or by what else it is known by."""
    found = await house.db.query(reading.found, actor, resource, key)
    return JSONResponse(shown(resource, found, house.site.general.currency))


@router.post("/{record_id}/history/{change_id}/restore", dependencies=[may_write])
async def put_back(
    resource: Asked, record_id: UUID, change_id: UUID, house: House, actor: Caller, tx: WriteTx
) -> Response:
    """Put a thing's values back to what they were before a change."""
    await history.put_back(tx, actor, resource, record_id, change_id)
    return await _answer(tx, actor, resource, house, record_id)


@router.post("/{record_id:uuid}/{action}", dependencies=[signed_in])
async def act(resource: Asked, record_id: UUID, action: str, house: House, actor: Caller, tx: WriteTx) -> Response:
    """Do one of the resource's actions; each has a permission of its own."""
    await writing.act(tx, actor, resource, record_id, action)
    return await _answer(tx, actor, resource, house, record_id)


async def _answer(
    tx: Tx, actor: Actor, resource: Resource, house: Ports, record_id: UUID, status: int = 200
) -> Response:
    """Answer a thing as this transaction leaves it."""
    await tx.flush()
    connection = await tx.session.connection()
    found = await connection.run_sync(reading.one, actor, resource, record_id)
    return JSONResponse(shown(resource, found, house.site.general.currency), status)
