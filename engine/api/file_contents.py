"""`/file-contents`: the bytes of a gated file. The file itself, and its rule, are a list like any other."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, UploadFile
from fastapi.responses import Response

from engine.api.apiwords import also
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.files import files, queries
from engine.core.access import Permission

router = APIRouter(prefix="/file-contents", tags=["files"], dependencies=[allow(Permission.MANAGE_FILES)])


@router.post("", status_code=204, responses=also(404))
async def put_file_content(file: UploadFile, house: House, actor: Caller, of: Annotated[UUID, Form()]) -> Response:
    """Put bytes into a gated file's place. of: the file's id. Links to those before open nothing any more."""
    await house.db.query(queries.file, of)
    await files.put(house.db, house.blobs, actor, of, await file.read(), file.filename or "file")
    return Response(status_code=204)
