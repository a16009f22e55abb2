"""The pictures of imported products: found in a folder or an archive, or fetched from their addresses, later."""

import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select, update

from engine.commerce.catalog.facts import ProductUpdated
from engine.commerce.catalog.models import ImageState, ProductImage
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid, Unavailable
from engine.core.i18n import _
from engine.core.ports import BlobStore
from engine.media import public as media
from engine.media.ports import PictureSource

LAST_ATTEMPT = 3
Find = Callable[[str], Awaitable[bytes]]


async def fetch(
    db: Database, blobs: BlobStore, actor: Actor, find: Find, product_ids: Sequence[UUID], attempt: int
) -> Mapping[str, int]:
    """Bring in the pictures that these products wait for; return how many came and how many cannot.

    Raises Unavailable, to be tried again, while some address does not answer and this is not the last attempt.
    """
    waiting = await db.query(_waiting, product_ids)
    came = failed = later = 0
    for image in waiting:
        try:
            data = await find(image.source)
            media_id = await media.upload(db, blobs, actor, data=data, filename=_name_of(image.source), alt="")
        except Unavailable as problem:
            if attempt < LAST_ATTEMPT:
                later += 1
                continue
            failed += await _settle(db, image, state=ImageState.FAILED, problem=str(problem)[:500])
        except AgoraError as problem:
            failed += await _settle(db, image, state=ImageState.FAILED, problem=str(problem)[:500])
        else:
            came += await _settle(db, image, state=ImageState.READY, media_id=media_id, problem="")
    if later:
        raise Unavailable(_("{count} pictures could not be fetched yet."), count=later)
    return {"fetched": came, "failed": failed}


def finder(source: PictureSource, pictures: Mapping[str, str], archive: Path | None, most: int) -> Find:
    """Return how to find a picture: by its web address, or by its name in the folder or archive that came with it.

    most: how many bytes it may have.
    """

    async def find(named: str) -> bytes:
        if "://" in named:
            return await source.fetch(named, most)
        if archive is not None:
            return await to_thread.run_sync(_from_archive, archive, named, most)
        if "folder" in pictures:
            return await to_thread.run_sync(_from_folder, Path(pictures["folder"]), named, most)
        raise Invalid(
            _("“{name}” is a file name, but no folder or archive of pictures came with the import."), name=named
        )

    return find


def _from_folder(folder: Path, named: str, most: int) -> bytes:
    root = folder.resolve()
    wanted = _name_of(named).lower()
    direct = (root / named.replace("\\", "/")).resolve()
    candidates = [direct] if direct.is_relative_to(root) and direct.is_file() else []
    candidates += sorted(path for path in root.rglob("*") if path.name.lower() == wanted and path.is_file())
    for path in candidates:
        if path.stat().st_size <= most:
            return path.read_bytes()
    raise _missing(named)


def _from_archive(archive: Path, named: str, most: int) -> bytes:
    wanted = _name_of(named).lower()
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [info for info in opened.infolist() if _name_of(info.filename).lower() == wanted]
            members.sort(key=lambda info: info.filename != named)
            for info in members:
                with opened.open(info) as stream:
                    data = stream.read(most + 1)
                if len(data) <= most:
                    return data
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Invalid(_("The archive of pictures is damaged at “{name}”."), name=named[:200]) from error
    raise _missing(named)


def _missing(named: str) -> Invalid:
    return Invalid(_("“{name}” is not among the pictures that came with the import."), name=named[:200])


def _name_of(address: str) -> str:
    return PurePosixPath(address.replace("\\", "/").partition("?")[0]).name or "picture"


def _waiting(connection: Connection, product_ids: Sequence[UUID]) -> Sequence[Any]:
    statement = (
        select(ProductImage.id, ProductImage.product_id, ProductImage.source)
        .where(ProductImage.product_id.in_(product_ids), ProductImage.state == ImageState.WAITING)
        .order_by(ProductImage.product_id, ProductImage.position)
    )
    return connection.execute(statement).all()


async def _settle(db: Database, image: Any, **values: Any) -> int:
    async with db.write() as tx:
        await tx.execute(update(ProductImage).where(ProductImage.id == image.id).values(**values))
        if values["state"] is ImageState.READY:
            tx.publish(ProductUpdated(image.product_id))
    return 1
