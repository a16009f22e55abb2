"""Keeping the search index in step with the tables: a batched reaction a searchable kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.core.database import Database
from engine.core.facts import Fact
from engine.core.ports import SearchDocument, SearchIndex
from engine.core.reactions import Reaction
from engine.core.running import JobKind, JobRun
from engine.core.transaction import Tx

INDEX = "search.index"


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that can be found: `documents(connection, ids)` leaves out those that are gone.

    all_ids(connection): every id, for a rebuild.
    """

    kind: str
    on: tuple[type[Fact], ...]
    documents: Callable[[Connection, Sequence[UUID]], list[SearchDocument]]
    all_ids: Callable[[Connection], list[UUID]]


def index_reaction(searchable: Searchable) -> Reaction:
    """Return the reaction that queues changed things for the index."""

    async def queue(tx: Tx, facts: Sequence[Fact]) -> None:
        index_later(tx, searchable.kind, {fact.about for fact in facts})

    return Reaction(name=f"search.{searchable.kind}", on=searchable.on, handle=queue, batched=True)


def index_later(tx: Tx, kind: str, ids: Iterable[UUID]) -> None:
    """Queue things for the index, or out of it where they are gone."""
    tx.enqueue(INDEX, {"type": kind, "ids": sorted(str(one) for one in ids)}, key=f"{INDEX}:{kind}")


def index_job(searchables: Sequence[Searchable], index: SearchIndex) -> JobKind:
    """Return the job that brings queued things into the index, or out of it."""
    by_type = {searchable.kind: searchable for searchable in searchables}

    async def run(job: JobRun) -> None:
        searchable = by_type[job.payload["type"]]
        await put_changed(job.db, index, searchable, [UUID(i) for i in job.payload["ids"]])

    return JobKind(INDEX, run)


async def put_changed(db: Database, index: SearchIndex, searchable: Searchable, ids: Sequence[UUID]) -> None:
    """Index these things as they stand now; those that are gone leave the index."""
    documents = await db.query(searchable.documents, ids)
    found = {document.id for document in documents}
    await index.put(documents)
    await index.remove(searchable.kind, [i for i in ids if i not in found])
