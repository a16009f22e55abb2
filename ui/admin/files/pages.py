"""One gated file: its rule, its bytes, and who had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from engine.api.media_files import SEALED, disposition
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.files import files, queries
from engine.content.files.models import FileRule
from engine.content.files.queries import Download, FileView
from engine.content.files.resources import GATED_FILES
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _
from ui.admin.records.forms import RecordForm, form_of
from ui.page import Flash
from ui.respond import page, redirect
from ui.storefront.files import handed_over

HOME = "/admin/files"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_FILES)])
_LACKS: dict[FileRule, tuple[str, Message]] = {
    FileRule.ROLE: ("role", _("Say which role, or nobody but staff can have it.")),
    FileRule.PURCHASE: ("product_id", _("Say which product, or nobody but staff can have it.")),
    FileRule.FORM: ("form_id", _("Say which form, or nobody but staff can have it.")),
}


@dataclass(frozen=True)
class FilePage:
    """A gated file in its editor. lacks: what its rule needs and does not have."""

    form: RecordForm
    file: FileView
    downloads: Sequence[Download]
    lacks: Message | None


@router.get("/{file_id:uuid}")
async def show_file(file_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one file."""
    context = await house.db.query(_page_of, house, actor, file_id)
    return await page(request, "admin/files/show.html", context, title=context.form.title)


def _page_of(connection: Connection, house: Ports, actor: Actor, file_id: UUID) -> FilePage:
    form = form_of(connection, house, actor, GATED_FILES, file_id)
    found = queries.file(connection, file_id)
    name, told = _LACKS.get(found.rule, ("id", _("")))
    lacks = told if getattr(found, name) is None else None
    return FilePage(form, found, queries.downloads(connection, actor, file_id), lacks)


@router.post("/{file_id:uuid}/content")
async def put_content(file_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Put bytes into its place."""
    async with request.form() as form:
        sent = form.get("file")
        try:
            if not isinstance(sent, UploadFile) or not sent.filename:
                raise Invalid(_("Choose a file first."))
            await files.put(house.db, house.blobs, actor, file_id, await sent.read(), sent.filename)
        except AgoraError as refusal:
            if isinstance(refusal, NotFound):
                raise
            return redirect(f"{HOME}/{file_id}", flash=Flash(refusal.message, "danger"), request=request)
    return redirect(f"{HOME}/{file_id}", flash=_("The file is there."), request=request)


@router.get("/{file_id:uuid}/content")
async def read_content(file_id: UUID, request: Request, house: House) -> Response:
    """Answer the bytes, to be saved by staff."""
    found = await house.db.query(queries.file, file_id)
    if not found.version:
        raise files.missing(found.title)
    headers = {"Content-Security-Policy": SEALED, "Content-Disposition": disposition(found.filename, is_shown=False)}
    return await handed_over(house, request, found, headers)
