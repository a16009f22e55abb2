"""One page of what a search or a filter leaves of a long list, looked for once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, union_all

from engine.core.paging import PageRequest
from engine.core.plaintext import fold

#: So many of what a search finds are counted: nobody looks through more.
MOST_FOUND = 2_000


def found(
    connection: Connection, key: Any, ids: Sequence[Select[Any]], ordering: Sequence[Any], page: PageRequest, most: int
) -> tuple[Sequence[UUID], int]:
    """Return the ids of one page, and how many there are on all, whatever they are sorted by; key: the id's column.

    ids: what finds them, one or several that may find the same. Of more than `most` the page is no use: what fits so
    often is soon come by in the order of the list.
    """
    every = ids[0] if len(ids) == 1 else select(union_all(*ids).subquery())
    some = every.limit((most + 1) * len(ids)).cte("some").prefix_with("MATERIALIZED", dialect="postgresql")
    count = select(func.count(some.c.id.distinct()))
    fits = select(key.label("id"), count.scalar_subquery().label("total")).where(key.in_(select(some.c.id)))
    rows = connection.execute(fits.order_by(*ordering).limit(page.limit).offset(page.offset)).all()
    if not rows and page.offset:
        return [], connection.scalar(count) or 0
    return [row.id for row in rows], rows[0].total if rows else 0


def one_by_one(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the conditions so that no index is chosen for them: rows are walked through until a page is full."""
    holds: ColumnElement[bool] = case((and_(*conditions), 1), else_=0) == 1
    return holds


def holds_folded(text: Any, word: str) -> ColumnElement[bool]:
    """Return whether a text that is kept folded holds a word. The pattern is made here, and not anew for each row."""
    found: ColumnElement[bool] = text.like(_pattern(fold(word)), escape="/")
    return found


def holds(text: Any, word: str, dialect: str) -> ColumnElement[bool]:
    """Return whether a text holds a word, whatever its case. SQLite's LIKE looks past case itself, in half the time.

    The pattern is made here, and not anew for each row.
    """
    pattern = _pattern(word)
    found: ColumnElement[bool] = (
        text.like(pattern, escape="/") if dialect == "sqlite" else text.ilike(pattern, escape="/")
    )
    return found


def _pattern(word: str) -> str:
    escaped = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"
