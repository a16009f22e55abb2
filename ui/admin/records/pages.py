"""`/admin/{resource}`: the screens that every declared resource has. Pages written by hand stand before them."""

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.records import exporting
from engine.api.records.asking import Asked as AskedResource
from engine.api.records.asking import may_read, may_write
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.i18n import Message, _, ngettext
from engine.core.ids import parse_id
from engine.core.records import bin as trash
from engine.core.records import bulk, history, reading, views, writing
from engine.core.resource import Resource
from ui.admin.lists import page_asked
from ui.admin.records.asked import Asked
from ui.admin.records.files import with_files_taken
from ui.admin.records.forms import RecordForm, form_of, new_form, seen_at, sent_in
from ui.admin.records.lists import RecordList, list_of
from ui.admin.records.stories import Bin, History, line_of
from ui.forms import errors_of
from ui.page import Flash
from ui.respond import own_address, page, redirect

router = APIRouter(prefix="/admin/{resource}", include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])
OFFERED = 20


@router.get("", dependencies=[may_read])
async def show_list(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Answer the list that the address asks for; what it cannot be asked is said over the whole list."""
    asked = Asked.of(request, resource)
    try:
        found = await house.db.query(list_of, house, actor, resource, asked)
    except Invalid as refused:
        found = await house.db.query(_plain_list, house, actor, resource, asked, refused.message)
    return await page(request, "admin/records/list.html", found, title=resource.plural, block="rows")


def _plain_list(
    connection: Connection, house: Ports, actor: Actor, resource: Resource, asked: Asked, trouble: Message | str
) -> RecordList:
    plain = Asked(asked.path, "", "", {}, 1)
    return list_of(connection, house, actor, resource, plain, trouble)


@router.get("/new", dependencies=[may_write])
async def show_new(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Answer an empty form."""
    if not resource.makes:
        raise NotFound(_("There is nothing at this address."))
    return await _form_page(request, new_form(house, actor, resource))


@router.post("", dependencies=[may_write])
async def create(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Make a thing."""
    form = await request.form()
    try:
        form = await with_files_taken(house, actor, resource, form, is_new=True)
        values = sent_in(house, resource, form, is_new=True)
        async with house.db.write() as tx:
            made = await writing.create(tx, actor, resource, values)
    except (Invalid, Conflict) as refused:
        return await _form_page(request, new_form(house, actor, resource, form, errors_of(refused)), refused)
    said = _("{noun} added.").having(noun=str(resource.singular))
    return redirect(f"/admin/{resource.path}/{made.id}", flash=said, request=request)


@router.post("/bulk", dependencies=[may_write])
async def change_many(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Do one thing with the selected rows; deleting can be undone from the word that says so."""
    form = await request.form()
    ids = [found for one in form.getlist("selected") if (found := parse_id(str(one))) is not None]
    path = f"/admin/{resource.path}"
    if not ids:
        return redirect(path, flash=Flash(_("Select rows first."), "info"), request=request)
    report = await bulk.run(house.db, actor, resource, ids[: bulk.MOST], str(form.get("act", "")), {})
    return redirect(path, flash=_told(resource, report), request=request)


def _told(resource: Resource, report: bulk.BulkReport) -> Flash:
    if report.refused:
        first = report.refused[0].message
        return Flash(
            _("{done} done, {left} not: {reason}").having(
                done=len(report.done), left=len(report.refused), reason=str(first)
            ),
            "warning",
        )
    said = ngettext("{count} done.", "{count} done.", len(report.done))
    if report.binned:
        said = ngettext("{count} deleted.", "{count} deleted.", len(report.done))
        undo = f"/admin/{resource.path}/bin/{','.join(str(one) for one in report.binned[:50])}/restore"
        return Flash(said, "success", _("Undo"), undo)
    return Flash(said)


@router.get("/export", dependencies=[may_read])
async def export(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Answer everything that the list shows, as a file."""
    asked = Asked.of(request, resource).request(house.site.general)
    return exporting.answer(house, actor, resource, asked, request.query_params.get("format", "csv"))


@router.get("/options", dependencies=[may_read])
async def offer(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Answer the things whose words fit, for a field that relates to them."""
    text = request.query_params.get("q", "").replace("\x00", "")
    found = await house.db.query(reading.matching, actor, resource, text, OFFERED)
    return JSONResponse([{"id": str(one.id), "title": one.title, "text": ""} for one in found])


@router.get("/bin", dependencies=[may_write])
async def show_bin(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Answer what was deleted from the list."""
    found = await house.db.query(trash.listed, actor, resource, page_asked(request))
    return await page(
        request,
        "admin/records/bin.html",
        Bin(resource, f"/admin/{resource.path}", found),
        title=_("Bin: {list}").having(list=resource.plural),
    )


@router.post("/bin/{binned}/restore", dependencies=[may_write])
async def bring_back(resource: AskedResource, binned: str, request: Request, house: House, actor: Caller) -> Response:
    """Bring things back from the bin. binned: ids with commas between."""
    path, row = f"/admin/{resource.path}", None
    ids = [found for one in binned.split(",")[:50] if (found := parse_id(one)) is not None]
    try:
        for binned_id in ids:
            async with house.db.write() as tx:
                row = await trash.restore(tx, actor, resource, binned_id)
    except AgoraError as refused:
        return redirect(f"{path}/bin", flash=Flash(refused.message, "danger"), request=request)
    own = resource.opens or (lambda row_id: f"{path}/{row_id}")
    target = own(row.id) if row is not None and len(ids) == 1 else path
    return redirect(target, flash=_("It is back."), request=request)


@router.post("/columns", dependencies=[may_read])
async def choose_columns(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Keep the columns that somebody wants to see."""
    form = await request.form()
    names = [] if form.get("act") == "reset" else [str(one) for one in form.getlist("columns")]
    async with house.db.write() as tx:
        await views.choose_columns(tx, actor, resource, names)
    return redirect(own_address(str(form.get("back", "")), f"/admin/{resource.path}"), request=request)


@router.post("/views", dependencies=[may_read])
async def keep_view(resource: AskedResource, request: Request, house: House, actor: Caller) -> Response:
    """Keep the list as a view."""
    form = await request.form()
    query, path = str(form.get("query", "")), f"/admin/{resource.path}"
    try:
        async with house.db.write() as tx:
            shared = form.get("shared") == "true"
            view = await views.save(tx, actor, resource, str(form.get("name", "")), query, shared=shared)
    except (Invalid, Conflict) as refused:
        return redirect(path, flash=Flash(refused.message, "danger"), request=request)
    return redirect(f"{path}?{view.query}", flash=_("The view is kept."), request=request)


@router.post("/views/{view_id}/deletion", dependencies=[may_read])
async def forget_view(
    resource: AskedResource, view_id: UUID, request: Request, house: House, actor: Caller
) -> Response:
    """Delete a view."""
    async with house.db.write() as tx:
        await views.forget(tx, actor, resource, view_id)
    return redirect(f"/admin/{resource.path}", flash=_("The view is gone."), request=request)


@router.get("/{record_id}", dependencies=[may_read])
async def show(resource: AskedResource, record_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one thing."""
    return await _form_page(request, await house.db.query(form_of, house, actor, resource, record_id))


@router.post("/{record_id}", dependencies=[may_write])
async def save(resource: AskedResource, record_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a thing."""
    form = await request.form()
    try:
        form = await with_files_taken(house, actor, resource, form, is_new=False)
        changes = sent_in(house, resource, form, is_new=False)
        async with house.db.write() as tx:
            await writing.update(tx, actor, resource, record_id, changes, seen_at=seen_at(form))
    except (Invalid, Conflict) as refused:
        found = await house.db.query(form_of, house, actor, resource, record_id, form, errors_of(refused))
        return await _form_page(request, found, refused)
    return redirect(f"/admin/{resource.path}/{record_id}", flash=_("Saved."), request=request)


@router.post("/{record_id}/deletion", dependencies=[may_write])
async def delete(resource: AskedResource, record_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Put a thing into the bin; the word that says so brings it back."""
    path = f"/admin/{resource.path}"
    try:
        async with house.db.write() as tx:
            binned = await writing.delete(tx, actor, resource, record_id)
    except Conflict as refused:
        return redirect(f"{path}/{record_id}", flash=Flash(refused.message, "danger"), request=request)
    said = _("“{title}” is in the bin.").having(title=binned.title)
    undo = Flash(said, "success", _("Undo"), f"{path}/bin/{binned.id}/restore")
    return redirect(path, flash=undo, request=request)


@router.get("/{record_id}/history", dependencies=[may_write])
async def show_history(
    resource: AskedResource, record_id: UUID, request: Request, house: House, actor: Caller
) -> Response:
    """Answer what happened to a thing."""

    def told(connection: Connection) -> History:
        record = reading.one(connection, actor, resource, record_id)
        lines = [line_of(resource, change) for change in history.of(connection, actor, resource, record_id)]
        path = f"/admin/{resource.path}"
        may = allows(actor, resource.write)
        return History(resource, path, f"{path}/{record_id}", record.title, lines, may)

    context = await house.db.query(told)
    title = _("History: {title}").having(title=context.title)
    return await page(request, "admin/records/history.html", context, title=title)


@router.post("/{record_id}/history/{change_id}/restore", dependencies=[may_write])
async def put_back(
    resource: AskedResource, record_id: UUID, change_id: UUID, request: Request, house: House, actor: Caller
) -> Response:
    """Put a thing back to what it was before a change."""
    path = f"/admin/{resource.path}/{record_id}"
    try:
        async with house.db.write() as tx:
            await history.put_back(tx, actor, resource, record_id, change_id)
    except (Invalid, Conflict) as refused:
        return redirect(f"{path}/history", flash=Flash(refused.message, "danger"), request=request)
    return redirect(path, flash=_("It is as it was before."), request=request)


@router.post("/{record_id}/actions/{action}")
async def act(
    resource: AskedResource, record_id: UUID, action: str, request: Request, house: House, actor: Caller
) -> Response:
    """Do one of the resource's actions; each has a permission of its own."""
    path = f"/admin/{resource.path}/{record_id}"
    declared = writing.action_of(resource, action)
    try:
        async with house.db.write() as tx:
            await writing.act(tx, actor, resource, record_id, action)
    except (Invalid, Conflict) as refused:
        return redirect(path, flash=Flash(refused.message, "danger"), request=request)
    return redirect(path, flash=declared.done or _("Done."), request=request)


async def _form_page(request: Request, form: RecordForm, refused: AgoraError | None = None) -> Response:
    status = status_of(refused)[0] if refused is not None else 200
    return await page(request, "admin/records/form.html", form, title=form.title, status=status)
