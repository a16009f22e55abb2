"""Running an import: rows from the file in a thread, products into the catalogue in short transactions."""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread

from engine.commerce.catalog.importing.applying import Applied, apply
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.known import AUTO, format_named
from engine.commerce.catalog.importing.productfile import ProductFile
from engine.commerce.catalog.importing.report import ImportReport
from engine.commerce.catalog.models import MAX_NAME
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid
from engine.core.facts import ProcessedEvent
from engine.core.i18n import Message
from engine.core.settings import Site
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.reading import read_table
from engine.core.transaction import Tx

PICTURES_JOB = "catalog.pictures"
TIDY_JOB = "catalog.import_tidy"
FIRST_BATCH, SMALLEST_BATCH, LARGEST_BATCH = 50, 50, 200
BATCH_SECONDS = 0.08
MAX_ITEMS_READ = 400
PROGRESS_SECONDS = 0.5
Tell = Callable[[int, int, Mapping[str, Any]], Awaitable[None]]
Keep = Callable[[Iterable[bytes]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be imported. pictures: where named pictures are, {"folder": path} or {"archive": blob key}.

    job_id: the job that runs it, if one does. tidy: the blob folder to delete once all its pictures are in.
    """

    path: Path
    filename: str
    format: str = AUTO
    is_dry_run: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    job_id: UUID | None = None
    tidy: str = ""


class _DryRun(Exception):
    """No error: it undoes what was tried."""


async def run(
    db: Database,
    actor: Actor,
    site: Site,
    request: ImportRequest,
    tell: Tell | None = None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Import a file; return how many products were created, updated and unchanged, and every problem.

    tell: hears now and then how far it is. keep: gets the whole report as CSV at the end. Raises NotAllowed below store
    manager, Invalid when the file is no product table. What was imported before an interruption stays, and running it
    again goes on from there with the same counts.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    opened = await to_thread.run_sync(open_file, request, site, db.clock.now())
    with closing(ImportReport(site.general.language)) as report:
        with closing(await to_thread.run_sync(opened.surveyed)) as file:
            items, pace = iter(file), Pace()
            told_at = 0.0
            while chunk := await to_thread.run_sync(_next, items, pace.size):
                batch = [item for item in chunk if isinstance(item, ImportedProduct)]
                for item in chunk:
                    if isinstance(item, Problem):
                        report.add(item)
                await _bring_in(db, actor, request, file.source, batch, report, pace)
                if tell and time.monotonic() - told_at > PROGRESS_SECONDS:
                    await tell(file.rows_read, file.total, report.as_json(shown=100))
                    told_at = time.monotonic()
            if tell:
                await tell(file.total, file.total, report.as_json(shown=100))
            result = {**report.as_json(), "total": file.total, "format": file.format, "columns": file.columns.uses()}
        if keep:
            await keep(report.csv())
    if not request.is_dry_run:
        await _close(db, actor, request, result)
    return result


def open_file(request: ImportRequest, site: Site, now: datetime) -> ProductFile:
    """Return the file of an import, opened by whoever wrote it. Raises Invalid where it is no product table."""
    table = read_table(request.path, request.filename)
    return ProductFile(
        table,
        format_named(request.format, table.columns),
        currency=site.general.currency,
        today=now.astimezone(site.general.zone).date(),
        mapping=request.mapping,
    )


class Pace:
    """How many products go into one transaction: as many as hold the write lock for less than a tenth of a second."""

    def __init__(self) -> None:
        self.size = FIRST_BATCH

    def took(self, count: int, seconds: float) -> None:
        """Learn from a transaction."""
        if count >= self.size // 2:
            fitting = int(count * BATCH_SECONDS / max(seconds, 0.001))
            self.size = max(SMALLEST_BATCH, min(fitting, self.size * 2, LARGEST_BATCH))


def _next(items: Iterator[ImportedProduct | Problem], count: int) -> list[ImportedProduct | Problem]:
    """Return as much of the stream as has so many products in it."""
    chunk: list[ImportedProduct | Problem] = []
    for item in islice(items, MAX_ITEMS_READ):
        chunk.append(item)
        count -= isinstance(item, ImportedProduct)
        if count == 0:
            break
    return chunk


async def _bring_in(
    db: Database,
    actor: Actor,
    request: ImportRequest,
    source: str,
    batch: Sequence[ImportedProduct],
    report: ImportReport,
    pace: Pace,
) -> None:
    """Write a batch; where one product is refused, each by itself, so that the others come in."""
    if not batch:
        return
    try:
        applied = await _write(db, actor, request, source, batch, pace)
    except AgoraError as refusal:
        if len(batch) > 1:
            for one in batch:
                await _bring_in(db, actor, request, source, [one], report, pace)
            return
        report.add(_refused(batch[0], refusal))
        report.skip([batch[0].row, *(variant.row for variant in batch[0].variants)])
    else:
        report.count(applied.outcomes, sum(one.rows for one in batch))
        for problem in applied.problems:
            report.add(problem)


def _refused(one: ImportedProduct, refusal: AgoraError) -> Problem:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    message = refusal.message if isinstance(refusal.message, Message) else Message("{text}", {"text": refusal.message})
    return Problem.of(one.row, next(iter(fields), ""), one.name[:MAX_NAME], message, Severity.ERROR)


async def _write(
    db: Database,
    actor: Actor,
    request: ImportRequest,
    source: str,
    batch: Sequence[ImportedProduct],
    pace: Pace,
) -> Applied:
    """Write a batch in one transaction; a dry run does the same, and undoes it."""
    applied: Applied | None = None
    try:
        async with db.write() as tx:
            began = time.monotonic()
            applied = await apply(tx, actor, source, request.job_id, batch)
            if request.is_dry_run:
                raise _DryRun  # noqa: TRY301 - it is how a transaction is undone
            if applied.waiting:
                ids = [str(id_) for id_ in applied.waiting]
                tx.enqueue(PICTURES_JOB, {"ids": ids, **request.pictures}, key=_pictures_key(request), actor=actor)
        pace.took(len(batch), time.monotonic() - began)
    except _DryRun:
        pace.took(len(batch), time.monotonic() - began)
    if applied is None:
        raise RuntimeError("a batch was neither written nor refused")
    return applied


async def _close(db: Database, actor: Actor, request: ImportRequest, result: Mapping[str, Any]) -> None:
    """Write the import's one audit line, once however often it ran, and have its file tidied away at last."""
    async with db.write() as tx:
        if request.job_id is not None and not await _is_first(tx, request.job_id):
            return
        counts = {name: value for name, value in result.items() if name not in {"errors", "summary", "columns"}}
        tx.record(actor, "product.import", file=request.filename, **counts)
        if request.tidy:
            tx.enqueue(TIDY_JOB, {"prefix": request.tidy}, key=_pictures_key(request), actor=actor)


async def _is_first(tx: Tx, job_id: UUID) -> bool:
    seen = {"event_id": str(job_id), "source": "product.import", "processed_at": tx.now}
    return await tx.insert_new(ProcessedEvent, seen)


def _pictures_key(request: ImportRequest) -> str:
    return f"{PICTURES_JOB}:{request.job_id or request.filename}"[:160]
