"""Keeping the search index in step with the tables: what can be found, and the jobs that bring it in."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import Connection, Select, delete, select

from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.counting import count
from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.facts import Fact
from engine.core.jobs import Job, JobStatus
from engine.core.ports import SearchDocument, SearchIndex, SearchRequest
from engine.core.reactions import Reaction
from engine.core.running import JobKind, JobRun
from engine.core.searchtable import SearchState
from engine.core.transaction import Tx

INDEX = "search.index"
REBUILD = "search.rebuild"
#: The row that says which engine holds everything.
ENGINE = "engine"
BATCH = 500
#: So often a rebuild says how far it is: each time is a write that everybody else waits for.
TOLD_SECONDS = 1.0
#: So many things wait in one job; what follows another thing is built anew if it is more than this.
MOST_WAITING, MOST_FOLLOWING = 1_000, 5_000
RANKED_LETTERS = 12
#: So often a change is tried while the index is away; then the whole is built anew, and no change is lost.
PATIENCE = 4


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that can be found: `documents(connection, ids)` leaves out those that are gone.

    ids: what selects every id, for a rebuild. numbers: the names of the numbers that its documents bear. follows:
    facts about other things, and the facet whose value is the other thing's id: what bears it is indexed anew. heeds:
    whether such a fact is about a thing that can be borne at all. read: who may find those of its documents that are
    not public.
    """

    kind: str
    on: tuple[type[Fact], ...]
    documents: Callable[[Connection, Sequence[UUID]], list[SearchDocument]]
    ids: Select[Any]
    numbers: tuple[str, ...] = ()
    follows: Mapping[type[Fact], str] = field(default_factory=dict)
    heeds: Callable[[Any], bool] = lambda _fact: True
    read: Permission = Permission.ENTER_ADMIN


def rank_of_name(name: str) -> int:
    """Return a number that sorts as a name does, by its first twelve letters and digits."""
    letters = [letter for letter in anyascii(name[:60]).lower() if letter.isalnum() or letter == " "]
    rank = 0
    for place in range(RANKED_LETTERS):
        letter = letters[place] if place < len(letters) else " "
        rank = rank * 37 + (0 if letter == " " else int(letter, 36) + 1)
    return rank


def kinds_for(actor: Actor, searchables: Iterable[Searchable]) -> tuple[str, ...]:
    """Return the kinds of which somebody of the staff may find what is not public."""
    return tuple(searchable.kind for searchable in searchables if allows(actor, searchable.read))


def index_reaction(searchable: Searchable) -> Reaction:
    """Return the reaction that queues changed things for the index."""

    async def queue(tx: Tx, facts: Sequence[Fact]) -> None:
        own = {str(fact.about) for fact in facts if isinstance(fact, searchable.on)}
        if own:
            await queue_for_index(tx, searchable.kind, own)
        for kind, facet in searchable.follows.items():
            values = sorted({str(fact.about) for fact in facts if isinstance(fact, kind)})
            if values:
                asked = {"type": searchable.kind, "facet": facet, "values": values}
                tx.enqueue(INDEX, asked, key=_key(searchable.kind))

    on = (*searchable.on, *searchable.follows)
    return Reaction(name=f"search.{searchable.kind}", on=on, handle=queue, batched=True, heeds=searchable.heeds)


def _key(kind: str) -> str:
    return f"{INDEX}:{kind}"


async def queue_for_index(tx: Tx, kind: str, ids: set[str]) -> None:
    """Add things to the job that waits, so that an import of thousands is some jobs and not thousands."""
    waiting: Job | None = await tx.scalar(
        select(Job)
        .where(Job.ordering_key == _key(kind), Job.status == JobStatus.QUEUED, Job.attempts == 0)
        .order_by(Job.id.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    there = set(waiting.payload.get("ids", ())) if waiting else set()
    if waiting is not None and there and len(there | ids) <= MOST_WAITING:
        waiting.payload = {"type": kind, "ids": sorted(there | ids)}
        tx.enqueued += 1
        return
    for start in range(0, len(ids), MOST_WAITING):
        some = sorted(ids)[start : start + MOST_WAITING]
        tx.enqueue(INDEX, {"type": kind, "ids": some}, key=_key(kind))


def index_jobs(searchables: Sequence[Searchable], index: SearchIndex, name: Callable[[], str]) -> tuple[JobKind, ...]:
    """Return the jobs that bring queued things into the index, or out of it, and that build it anew.

    name: which engine is in use, so that it is remembered which one holds everything.
    """
    by_type = {searchable.kind: searchable for searchable in searchables}

    async def run(job: JobRun) -> None:
        searchable = by_type[job.payload["type"]]
        ids = [UUID(id_) for id_ in job.payload.get("ids", ())]
        if "facet" in job.payload:
            found = await _following(index, searchable.kind, job.payload["facet"], job.payload["values"])
            if found is None:
                await ask_for_rebuild(job.db)
                return
            ids = found
        try:
            await put_changed(job.db, index, searchable, ids)
        except Unavailable:
            if job.attempt < PATIENCE:
                raise
            await forget_engine(job.db)  # what looks after the index builds it anew once it answers again

    async def rebuild(job: JobRun) -> dict[str, int]:
        return {"documents": await rebuild_index(job.db, index, searchables, name, job.progress)}

    return JobKind(INDEX, run), JobKind(REBUILD, rebuild, followed=True)


async def _following(index: SearchIndex, kind: str, facet: str, values: Sequence[str]) -> list[UUID] | None:
    """Return the things that bear a facet's value now; None where they are too many."""
    ids: list[UUID] = []
    while True:
        found = await index.search(
            SearchRequest("", (kind,), len(ids), 500, include_staff=True, filters={facet: tuple(values)})
        )
        if found.total > MOST_FOLLOWING or not found.is_whole:
            return None
        ids += [hit.id for hit in found.hits]
        if not found.hits or len(ids) >= found.total:
            return ids


async def put_changed(db: Database, index: SearchIndex, searchable: Searchable, ids: Sequence[UUID]) -> None:
    """Index these things as they stand now; those that are gone leave the index."""
    for start in range(0, len(ids), MOST_WAITING):
        some = ids[start : start + MOST_WAITING]
        documents = await db.query(searchable.documents, some)
        found = {document.id for document in documents}
        await index.put(documents)
        await index.remove(searchable.kind, [id_ for id_ in some if id_ not in found])


async def rebuild_index(
    db: Database,
    index: SearchIndex,
    searchables: Sequence[Searchable],
    name: Callable[[], str],
    report: Callable[[int, int], Awaitable[None]] | None = None,
) -> int:
    """Build the index anew beside the one in use, from the tables, in batches; return how many documents it holds."""
    total = sum([await db.query(count, searchable.ids) for searchable in searchables])
    done = 0

    async def batches() -> AsyncIterator[Sequence[SearchDocument]]:
        nonlocal done
        told_at = float("-inf")
        for searchable in searchables:
            last: UUID | None = UUID(int=0)
            while last is not None:
                documents, count_read, last = await db.query(_batch_after, searchable, last)
                if documents:
                    yield documents
                done += count_read
                if report is not None and time.monotonic() - told_at > TOLD_SECONDS:
                    await report(done, max(done, total))
                    told_at = time.monotonic()
        if report is not None:
            await report(done, max(done, total))

    engine = name()
    await index.rebuild(batches())
    async with db.write() as tx:
        await tx.execute(delete(SearchState).where(SearchState.name == ENGINE))
        tx.add(SearchState(name=ENGINE, value={"engine": engine}))
    return total


def _batch_after(
    connection: Connection, searchable: Searchable, last: UUID
) -> tuple[list[SearchDocument], int, UUID | None]:
    """Return what is found of the next things, how many they are, and the last one's id; None after the last of all."""
    id_ = next(iter(searchable.ids.selected_columns))
    some = list(connection.scalars(searchable.ids.where(id_ > last).order_by(id_).limit(BATCH)))
    found = searchable.documents(connection, some) if some else []
    return found, len(some), some[-1] if len(some) == BATCH else None


async def forget_engine(db: Database) -> None:
    """Have the index built anew as soon as it can be: it missed a change."""
    async with db.write() as tx:
        await tx.execute(delete(SearchState).where(SearchState.name == ENGINE))


async def ask_for_rebuild(db: Database) -> bool:
    """Queue a rebuild unless one waits or runs; return whether it was queued."""
    async with db.write() as tx:
        there = await tx.scalar(
            select(Job.id).where(Job.kind == REBUILD, Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))).limit(1)
        )
        if there is None:
            tx.enqueue(REBUILD, key=REBUILD)
        return there is None
