"""The different values of a column, stepped through by its index: a few among millions of rows are found at once."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

#: As it stands in the condition of an index that leaves out what is empty.
EMPTY: ColumnElement[str] = literal_column("''")


def values_of(column: InstrumentedAttribute[str]) -> Select[Any]:
    """Return what selects, as `value`, each text of a column once, but for the empty one.

    The column is the first of an index. Each value is one look into it: that is worth it where they are few.
    """

    def least(above: Any = None) -> Select[Any]:
        one = getattr(aliased(column.class_), column.key)
        found = select(func.min(one).label("value")).where(one != EMPTY)
        return found if above is None else found.where(one > above)

    seen = least().cte(recursive=True)
    seen = seen.union_all(select(least(seen.c.value).scalar_subquery()).where(seen.c.value.is_not(None)))
    return select(seen.c.value).where(seen.c.value.is_not(None))
