"""What staff read of voices of a kind: those that stand somewhere, and how many stand where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from engine.content.speech.standing import Standing
from engine.core import narrowing
from engine.core.counting import count
from engine.core.paging import Page, PageRequest

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Queue:
    """What staff asked for. search: words of the voice, its author or address."""

    standing: Standing = Standing.PENDING
    kind: str = ""
    subject_id: UUID | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """The queue of a kind of voices. words: the columns that are searched."""

    model: type[Any]
    words: tuple[Any, ...]

    def page(self, connection: Connection, queue: Queue, request: PageRequest) -> Page[Any]:
        """Return one page of the rows that stand there; those that wait the oldest first, others the newest."""
        where, model = self._where(queue, connection.dialect.name), self.model
        total = count(connection, select(model.id).where(where))
        order = model.id if queue.standing is Standing.PENDING else model.id.desc()
        found = select(model.__table__).where(where).order_by(order).limit(request.limit).offset(request.offset)
        return Page.of([*connection.execute(found)], total, request)

    def _where(self, queue: Queue, dialect: str) -> ColumnElement[bool]:
        parts = [self.model.status == queue.standing]
        if queue.kind and queue.subject_id is not None:
            parts += [self.model.kind == queue.kind, self.model.subject_id == queue.subject_id]
        for word in queue.search.split()[:MOST_WORDS]:
            parts.append(or_(*(narrowing.holds(column, word, dialect) for column in self.words)))
        return and_(*parts)

    def standings(self, connection: Connection) -> Mapping[Standing, int]:
        """Return how many stand where."""
        found = connection.execute(select(self.model.status, func.count()).group_by(self.model.status))
        return {Standing(status): many for status, many in found}
