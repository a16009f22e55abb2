"""Imports: begin one from files that were sent; its rows, its pictures and its tidying are jobs."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from anyio import open_file, to_thread

from engine.accounts import identity
from engine.commerce.catalog.importing import pictures, running
from engine.commerce.catalog.importing.columns import columns_of
from engine.commerce.catalog.importing.running import ImportRequest, Report
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore, Site
from engine.core.tabular.reading import read_table
from engine.media.ports import PictureSource

IMPORT_JOB = "catalog.import"


async def begin(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    format_: str = "woocommerce",
    is_dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
    archive: bytes | None = None,
) -> UUID:
    """Keep a file (a table, or an archive of one with its pictures) and queue its import; return the job's id.

    archive: pictures apart, by their names. Raises NotAllowed below store manager, and Invalid at once for a file
    that is no product table, so that nobody waits for a job to say so.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    running.check_format(format_)
    await to_thread.run_sync(lambda: columns_of(read_table(data, filename).columns, mapping or {}))
    prefix = f"imports/{new_id()}"
    await blobs.put(f"{prefix}/sent", data)
    payload: dict[str, Any] = {
        "file": f"{prefix}/sent",
        "filename": PurePosixPath(filename.replace("\\", "/")).name[:200] or "products.csv",
        "format": format_,
        "dryRun": is_dry_run,
        "mapping": dict(mapping or {}),
        "tidy": prefix,
    }
    if archive is not None:
        await blobs.put(f"{prefix}/pictures", archive)
        payload["archive"] = f"{prefix}/pictures"
    elif zipfile_at_start(data):
        payload["archive"] = f"{prefix}/sent"
    async with db.write() as tx:
        return tx.enqueue(IMPORT_JOB, payload, key=IMPORT_JOB, actor=actor)


async def run_here(
    db: Database,
    blobs: BlobStore,
    site: Site,
    actor: Actor,
    *,
    path: Path,
    format_: str,
    is_dry_run: bool,
    images: Path | None = None,
    report: Report | None = None,
) -> dict[str, Any]:
    """Import a file of this machine now, for the command line; its pictures are left to the server's jobs.

    images: a folder, or an archive, of pictures by name.
    """
    prefix = f"imports/{new_id()}"
    found, archive = await to_thread.run_sync(_pictures_with, path, images)
    if archive is not None and not is_dry_run:
        await blobs.put(f"{prefix}/pictures", archive)
        found = {"archive": f"{prefix}/pictures"}
    request = ImportRequest(
        path=path,
        filename=path.name,
        format=format_,
        is_dry_run=is_dry_run,
        pictures=found,
        tidy=prefix if "archive" in found else "",
    )
    return await running.run(db, actor, site, request, report)


def import_jobs(settings: SettingsStore, blobs: BlobStore, source: PictureSource) -> tuple[JobKind, ...]:
    """Return the jobs of imports: rows, pictures, tidying."""

    async def run_import(job: JobRun) -> Mapping[str, Any]:
        actor = await _actor(job)
        payload = job.payload
        async with _local(blobs, payload["file"]) as sent:
            request = ImportRequest(
                path=sent,
                filename=payload["filename"],
                format=payload["format"],
                is_dry_run=payload["dryRun"],
                mapping=payload["mapping"],
                pictures={"archive": payload["archive"]} if "archive" in payload else {},
                job_id=job.id,
                tidy=payload["tidy"],
            )
            result = await running.run(job.db, actor, settings.site, request, job.progress)
        if request.is_dry_run:
            await blobs.delete(payload["tidy"])
        return result

    async def run_pictures(job: JobRun) -> Mapping[str, Any]:
        actor = Actor.system("import")
        ids = [UUID(id_) for id_ in job.payload["ids"]]
        async with _local(blobs, job.payload.get("archive")) as archive:
            found = {name: str(job.payload[name]) for name in ("folder",) if name in job.payload}
            find = pictures.finder(source, found, archive if "archive" in job.payload else None)
            return await pictures.fetch(job.db, blobs, actor, find, ids, job.attempt)

    async def run_tidy(job: JobRun) -> None:
        await blobs.delete(job.payload["prefix"])

    return (
        JobKind(IMPORT_JOB, run_import, attempts=5, followed=True),
        JobKind(running.PICTURES_JOB, run_pictures, attempts=pictures.LAST_ATTEMPT),
        JobKind(running.TIDY_JOB, run_tidy),
    )


def zipfile_at_start(data: bytes) -> bool:
    """Return whether the bytes begin as an archive does."""
    return data.startswith(b"PK\x03\x04")


def _pictures_with(path: Path, images: Path | None) -> tuple[dict[str, str], bytes | None]:
    """Return the folder of pictures, or the archive's bytes: the one that was named, or the table's own."""
    if images is not None and images.is_dir():
        return {"folder": str(images.resolve())}, None
    archive = images or path
    with archive.open("rb") as stream:
        return {}, archive.read_bytes() if zipfile_at_start(stream.read(4)) else None


async def _actor(job: JobRun) -> Actor:
    """Return who asked for the import, with the role they have now."""
    if job.created_by is None:
        raise GiveUp("nobody asked for this import")
    actor = await job.db.query(identity.actor_of_user, job.created_by)
    if actor is None:
        raise GiveUp("the account that asked for this import is gone or not active")
    return actor


@asynccontextmanager
async def _scratch() -> AsyncIterator[Path]:
    folder = Path(await to_thread.run_sync(tempfile.mkdtemp))
    try:
        yield folder
    finally:
        await asyncio.shield(to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True)))


@asynccontextmanager
async def _local(blobs: BlobStore, key: str | None) -> AsyncIterator[Path]:
    """A blob as a file on this machine, for as long as it is looked at."""
    async with _scratch() as folder:
        path = folder / "blob"
        if key:
            async with await open_file(path, "wb") as out:
                async for chunk in blobs.stream(key):
                    await out.write(chunk)
        yield path
