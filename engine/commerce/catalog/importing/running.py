"""Running an import: rows from the file in a thread, products into the catalogue in short transactions."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread

from engine.commerce.catalog.importing.applying import Outcome, apply
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.woocommerce import WooCommerceFile
from engine.commerce.catalog.models import MAX_NAME
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid
from engine.core.facts import ProcessedEvent
from engine.core.i18n import Message, _, format_message
from engine.core.settings import Site
from engine.core.tabular.problems import Problem, Severity
from engine.core.transaction import Tx

FORMATS = {"woocommerce": WooCommerceFile}
PICTURES_JOB = "catalog.pictures"
TIDY_JOB = "catalog.import_tidy"
BATCH = 25
MAX_ITEMS_READ = 200
MAX_REPORTED = 2_000
PROGRESS_SECONDS = 0.5
Report = Callable[[int, int, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be imported. pictures: where named pictures are, {"folder": path} or {"archive": blob key}.

    job_id: the job that runs it, if one does. tidy: the blob folder to delete once all its pictures are in.
    """

    path: Path
    filename: str
    format: str = "woocommerce"
    is_dry_run: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    job_id: UUID | None = None
    tidy: str = ""


class ImportReport:
    """How an import went so far."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._counts: Counter[Outcome] = Counter()
        self._shown: list[dict[str, Any]] = []
        self._problems = 0
        self._skipped: set[int] = set()

    def add(self, problem: Problem) -> None:
        """Count a problem; the first two thousand are kept in full."""
        self._problems += 1
        if problem.severity is Severity.ERROR:
            self._skipped.add(problem.row)
        if len(self._shown) < MAX_REPORTED:
            self._shown.append(
                {
                    "row": problem.row,
                    "column": problem.column,
                    "value": problem.value,
                    "message": format_message(problem.message, self._locale),
                    "severity": str(problem.severity),
                }
            )

    def count(self, outcomes: Sequence[Outcome]) -> None:
        self._counts.update(outcomes)

    def as_json(self, shown: int = MAX_REPORTED) -> dict[str, Any]:
        """Return the report as the wire has it."""
        return {
            **{str(outcome): self._counts[outcome] for outcome in Outcome},
            "skipped": len(self._skipped),
            "errors": self._shown[:shown],
            "errorCount": self._problems,
        }


class _DryRun(Exception):
    """No error: it undoes what was tried."""


def check_format(format_: str) -> None:
    """Raise Invalid, listing the choices, for a format that is not known."""
    if format_ not in FORMATS:
        message = _("“{value}” is no format that Agora imports. It knows: {known}.").having(
            value=format_[:40], known=", ".join(FORMATS)
        )
        raise Invalid(message, {"format": message})


async def run(
    db: Database, actor: Actor, site: Site, request: ImportRequest, report: Report | None = None
) -> dict[str, Any]:
    """Import a file; return how many products were created, updated and unchanged, and every problem.

    Raises NotAllowed below store manager, Invalid when the file is no product table. What was imported before an
    interruption stays, and running it again goes on from there with the same counts.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    check_format(request.format)
    kind = FORMATS[request.format]
    today = db.clock.now().astimezone(site.general.zone).date()
    opened = await to_thread.run_sync(
        lambda: kind(request.path, currency=site.general.currency, today=today, mapping=request.mapping)
    )
    found = ImportReport(site.general.language)
    with closing(await to_thread.run_sync(opened.surveyed)) as file:
        items = iter(file)
        told_at = 0.0
        while chunk := await to_thread.run_sync(_next, items):
            for item in chunk:
                if isinstance(item, Problem):
                    found.add(item)
            await _bring_in(db, actor, request, [item for item in chunk if isinstance(item, ImportedProduct)], found)
            if report and time.monotonic() - told_at > PROGRESS_SECONDS:
                await report(file.rows_read, file.total, found.as_json(shown=100))
                told_at = time.monotonic()
        if report:
            await report(file.total, file.total, found.as_json(shown=100))
    result = found.as_json()
    if not request.is_dry_run:
        await _close(db, actor, request, result)
    return result


def _next(items: Iterator[ImportedProduct | Problem]) -> list[ImportedProduct | Problem]:
    """Return as much of the stream as makes a batch of products."""
    chunk: list[ImportedProduct | Problem] = []
    count = 0
    for item in islice(items, MAX_ITEMS_READ):
        chunk.append(item)
        count += isinstance(item, ImportedProduct)
        if count == BATCH:
            break
    return chunk


async def _bring_in(
    db: Database, actor: Actor, request: ImportRequest, batch: Sequence[ImportedProduct], found: ImportReport
) -> None:
    """Write a batch; where one product is refused, each by itself, so that the others come in."""
    if not batch:
        return
    try:
        found.count(await _write(db, actor, request, batch))
    except AgoraError as refusal:
        if len(batch) > 1:
            for one in batch:
                await _bring_in(db, actor, request, [one], found)
            return
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        message = (
            refusal.message if isinstance(refusal.message, Message) else Message("{text}", {"text": refusal.message})
        )
        name = next(iter(fields), "")
        found.add(Problem.of(batch[0].row, name, batch[0].name[:MAX_NAME], message, Severity.ERROR))


async def _write(
    db: Database, actor: Actor, request: ImportRequest, batch: Sequence[ImportedProduct]
) -> Sequence[Outcome]:
    if request.is_dry_run:
        return await _try(db, actor, request, batch)
    async with db.write() as tx:
        applied = await apply(tx, actor, request.format, request.job_id, batch)
        if applied.waiting:
            ids = [str(id_) for id_ in applied.waiting]
            tx.enqueue(PICTURES_JOB, {"ids": ids, **request.pictures}, key=_pictures_key(request), actor=actor)
    return applied.outcomes


async def _try(
    db: Database, actor: Actor, request: ImportRequest, batch: Sequence[ImportedProduct]
) -> Sequence[Outcome]:
    """Return what writing a batch would come to: it is written, and undone."""
    outcomes: list[Outcome] = []

    async def write_and_undo() -> None:
        async with db.write() as tx:
            outcomes.extend((await apply(tx, actor, request.format, request.job_id, batch)).outcomes)
            raise _DryRun

    with suppress(_DryRun):
        await write_and_undo()
    return outcomes


async def _close(db: Database, actor: Actor, request: ImportRequest, result: Mapping[str, Any]) -> None:
    """Write the import's one audit line, once however often it ran, and have its file tidied away at last."""
    async with db.write() as tx:
        if request.job_id is not None and not await _is_first(tx, request.job_id):
            return
        counts = {name: value for name, value in result.items() if name != "errors"}
        tx.record(actor, "product.import", format=request.format, file=request.filename, **counts)
        if request.tidy:
            tx.enqueue(TIDY_JOB, {"prefix": request.tidy}, key=_pictures_key(request), actor=actor)


async def _is_first(tx: Tx, job_id: UUID) -> bool:
    seen = {"event_id": str(job_id), "source": "product.import", "processed_at": tx.now}
    return await tx.insert_new(ProcessedEvent, seen)


def _pictures_key(request: ImportRequest) -> str:
    return f"{PICTURES_JOB}:{request.job_id or request.filename}"[:160]
