"""Imports into lists as jobs: begin one from a file that was sent; progress and report are its job's."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from anyio import to_thread

from engine.core import access
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.records.importing import Importer, fields_of
from engine.core.resource import Resource
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.core.tabular import remembered
from engine.core.tabular.mapping import check_mapping, guess, samples, signature
from engine.core.tabular.reading import read_table
from engine.core.tabular.table import Table

IMPORT_JOB = "records.import"
TIDY_JOB = "records.import_tidy"
KEPT_FOR = timedelta(days=1)
ActorOf = Callable[[Database, UUID], Awaitable[Actor | None]]


async def keep(db: Database, blobs: BlobStore, actor: Actor, resource: Resource, data: bytes) -> UUID:
    """Keep a file until somebody said what its columns mean, for a day at most; return what it is asked for by.

    Raises NotAllowed.
    """
    access.require(actor, resource.write)
    kept = new_id()
    await blobs.put(_key(kept), data)
    async with db.write() as tx:
        tx.enqueue(TIDY_JOB, {"file": _key(kept)}, run_at=tx.now + KEPT_FOR)
    return kept


async def kept(blobs: BlobStore, kept_id: UUID) -> bytes:
    """Return a file that was kept. Raises NotFound once its day is over."""
    if not await blobs.exists(_key(kept_id)):
        raise NotFound(_("That file is not here any more. Choose it again."))
    return await blobs.get(_key(kept_id))


async def opened(data: bytes, filename: str) -> Table:
    """Return the table in a file that was sent. Raises Invalid for what is none."""
    return await to_thread.run_sync(read_table, data, filename)


async def proposed(db: Database, resource: Resource, table: Table) -> dict[str, str]:
    """Return the mapping that somebody chose for such a table before, else what its columns seem to mean."""
    known = await db.query(remembered.recalled, kind_of(resource), signature(table.columns))
    if known is not None:
        return known[1]
    rows = await to_thread.run_sync(samples, table)
    return guess(table.columns, fields_of(resource), rows)


async def begin(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    resource: Resource,
    *,
    data: bytes,
    filename: str,
    mapping: Mapping[str, str] | None = None,
    is_dry_run: bool = False,
) -> UUID:
    """Keep a file and queue its import; return the job's id. mapping: column -> field; none takes what is proposed.

    Raises NotAllowed, and Invalid at once for a file that is no table and a mapping that makes no sense.
    """
    access.require(actor, resource.write)
    table = await opened(data, filename)
    chosen = dict(mapping) if mapping else await proposed(db, resource, table)
    check_mapping(table.columns, fields_of(resource), chosen)
    if not any(chosen.values()):
        message = _("No column of the file is a field of this list. It has: {fields}.").having(
            fields=", ".join(one.name for one in fields_of(resource))
        )
        raise Invalid(message, {"mapping": message})
    key = _key(new_id())
    await blobs.put(key, data)
    name = filename[:200]
    payload = {"resource": resource.path, "file": key, "filename": name, "mapping": chosen, "dryRun": is_dry_run}
    async with db.write() as tx:
        if mapping:
            await remembered.remember(tx, kind_of(resource), signature(table.columns), chosen)
        return tx.enqueue(IMPORT_JOB, payload, key=f"{IMPORT_JOB}:{resource.path}", actor=actor)


def kind_of(resource: Resource) -> str:
    """Return under what the mappings of a list are remembered."""
    return f"records:{resource.path}"


def _key(file_id: UUID) -> str:
    return f"imports/{file_id}/sent"


def import_jobs(
    resources: Mapping[str, Resource], blobs: BlobStore, settings: SettingsStore, actor_of: ActorOf
) -> tuple[JobKind, ...]:
    """Return the jobs that run imports, and that clear their files away. actor_of: who asked, as they are now."""

    async def tidy(job: JobRun) -> None:
        await blobs.delete(job.payload["file"])

    async def run(job: JobRun) -> Mapping[str, Any]:
        actor = await actor_of(job.db, job.created_by) if job.created_by else None
        resource = resources.get(job.payload["resource"])
        if actor is None or resource is None:
            raise GiveUp("the account that asked for this import, or the list it was for, is gone")
        general = settings.site.general
        table = await opened(await blobs.get(job.payload["file"]), job.payload["filename"])
        importer = Importer(job.db, actor, resource, resources, general.currency, general.zone, general.language)
        report = await importer.run(
            table, job.payload["mapping"], is_dry_run=job.payload["dryRun"], progress=job.progress
        )
        await blobs.delete(job.payload["file"])
        return report.as_json()

    return JobKind(IMPORT_JOB, run, attempts=3, followed=True), JobKind(TIDY_JOB, tidy)
