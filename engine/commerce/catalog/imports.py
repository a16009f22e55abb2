"""Imports: look into a file, begin one from it; its rows, its pictures and its tidying are jobs."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread

from engine.accounts import identity
from engine.commerce.catalog.importing import pictures, preview, running, uploads
from engine.commerce.catalog.importing.columns import columns_of
from engine.commerce.catalog.importing.known import AUTO, format_named
from engine.commerce.catalog.importing.running import ImportRequest, Tell
from engine.commerce.catalog.importing.sent import local, mapping_for
from engine.commerce.catalog.importing.uploads import Upload, zipfile_at_start
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore, Site
from engine.core.tabular.mapping import samples, signature
from engine.core.tabular.reading import read_table
from engine.core.tabular.remembered import remember
from engine.core.tabular.table import Table
from engine.media import public as media
from engine.media.ports import PictureSource

IMPORT_JOB = "catalog.import"
REPORTS = "import-reports"
REPORTS_KEPT_FOR = timedelta(days=30)
#: The kind under which mappings of products are remembered.
MAPPINGS = "products"


async def begin(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    format_: str = AUTO,
    is_dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
    archive: bytes | None = None,
) -> UUID:
    """Keep a file (a table, or an archive of one with its pictures) and queue its import; return the job's id.

    mapping: {column: field, "" to leave it out}; None: as it was last chosen for this header. archive: pictures apart,
    by their names. Raises NotAllowed below store manager, and Invalid at once for a file that is no product table, so
    that nobody waits for a job to say so.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    table = await to_thread.run_sync(read_table, data, filename)
    format_, mapping = await mapping_for(db, MAPPINGS, table, format_, mapping)
    await to_thread.run_sync(check, table, format_, mapping)
    upload = await uploads.keep(db, blobs, actor, data=data, filename=filename, archive=archive)
    return await _queue(db, actor, upload, table, format_, mapping, is_dry_run=is_dry_run)


async def keep(
    db: Database, blobs: BlobStore, actor: Actor, *, data: bytes, filename: str, archive: bytes | None = None
) -> UUID:
    """Keep a file that is to be looked into and imported; return its id.

    Raises NotAllowed below store manager, Invalid for what is no table.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    await to_thread.run_sync(read_table, data, filename)
    return (await uploads.keep(db, blobs, actor, data=data, filename=filename, archive=archive)).id


async def look_into(
    db: Database, blobs: BlobStore, actor: Actor, upload_id: UUID, format_: str = AUTO
) -> preview.FileFound:
    """Return what is in a kept file. Raises NotAllowed below store manager, NotFound once it was tidied away."""
    return await preview.look_into(db, blobs, actor, MAPPINGS, upload_id, format_)


async def begin_kept(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    upload_id: UUID,
    *,
    format_: str,
    mapping: Mapping[str, str],
    is_dry_run: bool,
) -> UUID:
    """Queue the import of a file that was kept before; return the job's id.

    Raises NotAllowed, NotFound once it was tidied away, Invalid for a mapping that cannot be.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    upload = await uploads.kept(blobs, upload_id)
    async with local(blobs, upload.file) as path:
        table = await to_thread.run_sync(read_table, path, upload.filename)
        await to_thread.run_sync(check, table, format_, mapping)
    return await _queue(db, actor, upload, table, format_, mapping, is_dry_run=is_dry_run)


def check(table: Table, format_: str, mapping: Mapping[str, str]) -> None:
    """Raise Invalid unless the table can be imported in this way."""
    columns_of(table.columns, format_named(format_, table.columns).dialect, mapping, samples(table))


async def _queue(
    db: Database,
    actor: Actor,
    upload: Upload,
    table: Table,
    format_: str,
    mapping: Mapping[str, str],
    *,
    is_dry_run: bool,
) -> UUID:
    payload: dict[str, Any] = {
        "upload": str(upload.id),
        "file": upload.file,
        "filename": upload.filename,
        "format": format_,
        "dryRun": is_dry_run,
        "mapping": dict(mapping),
        "tidy": upload.prefix,
        **({"archive": upload.archive} if upload.archive else {}),
    }
    async with db.write() as tx:
        if mapping:
            await remember(tx, MAPPINGS, signature(table.columns), mapping, format_)
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
    mapping: Mapping[str, str] | None = None,
    images: Path | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Import a file of this machine now, for the command line; its pictures are left to the server's jobs.

    images: a folder, or an archive, of pictures by name.
    """
    prefix = f"imports/{new_id()}"
    table = await to_thread.run_sync(read_table, path, path.name)
    format_, mapping = await mapping_for(db, MAPPINGS, table, format_, mapping)
    found, archive = await to_thread.run_sync(_pictures_with, path, images)
    if archive is not None and not is_dry_run:
        await blobs.put(f"{prefix}/pictures", archive)
        found = {"archive": f"{prefix}/pictures"}
    request = ImportRequest(
        path=path,
        filename=path.name,
        format=format_,
        mapping=mapping,
        is_dry_run=is_dry_run,
        pictures=found,
        tidy=prefix if "archive" in found else "",
    )
    result = await running.run(db, actor, site, request, tell)
    if mapping and not is_dry_run:
        async with db.write() as tx:
            await remember(tx, MAPPINGS, signature(table.columns), mapping, format_)
    return result


def import_jobs(settings: SettingsStore, blobs: BlobStore, source: PictureSource) -> tuple[JobKind, ...]:
    """Return the jobs of imports: rows, pictures, tidying."""

    async def run_import(job: JobRun) -> Mapping[str, Any]:
        actor = await _actor(job)
        payload = job.payload

        async def keep(report: Iterable[bytes]) -> None:
            key = report_key(job.id)
            await blobs.put(key, await to_thread.run_sync(b"".join, report))
            async with job.db.write() as tx:
                tx.enqueue(running.TIDY_JOB, {"prefix": key}, run_at=tx.now + REPORTS_KEPT_FOR)

        async with local(blobs, payload["file"]) as sent:
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
            return await running.run(job.db, actor, settings.site, request, job.progress, keep)

    async def run_pictures(job: JobRun) -> Mapping[str, Any]:
        actor = Actor.system("import")
        ids = [UUID(id_) for id_ in job.payload["ids"]]
        async with local(blobs, job.payload.get("archive")) as archive:
            found = {name: str(job.payload[name]) for name in ("folder",) if name in job.payload}
            most = await job.db.query(media.most_bytes)
            find = pictures.finder(source, found, archive if "archive" in job.payload else None, most)
            return await pictures.fetch(job.db, blobs, actor, find, ids, job.attempt)

    async def run_tidy(job: JobRun) -> None:
        await blobs.delete(job.payload["prefix"])

    return (
        JobKind(IMPORT_JOB, run_import, attempts=5, followed=True),
        JobKind(running.PICTURES_JOB, run_pictures, attempts=pictures.LAST_ATTEMPT),
        JobKind(running.TIDY_JOB, run_tidy),
    )


def report_key(job_id: UUID) -> str:
    """Return where the whole report of an import is kept."""
    return f"{REPORTS}/{job_id}.csv"


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
