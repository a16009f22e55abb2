"""What stands on each shelf: how many products shoppers see, and when one changed; kept where products are many.

What is kept follows a change by SOON: a job counts all shelves anew, so that nothing can go astray. `differences` finds
what does not hold.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, literal, select, update
from sqlalchemy.orm import aliased

from engine.commerce.catalog.models import Category, Product, ProductCategory
from engine.commerce.catalog.statements import SHOWN
from engine.core.counting import EXACT, KNOWN_SECONDS
from engine.core.jobs import Job, JobStatus
from engine.core.running import JobKind, JobRun
from engine.core.tables import table_of
from engine.core.transaction import Tx

SOON = timedelta(seconds=KNOWN_SECONDS)
_JOB = "catalog.count_shelves"

_some = select(literal(1).label("one")).select_from(ProductCategory).limit(EXACT + 1).subquery()
#: Whether so few products stand on shelves that they are counted whenever somebody looks.
ARE_FEW = select(func.count()).select_from(_some).scalar_subquery() <= EXACT
_hidden = select(Product.id).where(~SHOWN)


def _all() -> Select[Any]:
    """Return how many products stand in each category or below it, each once; the database keeps them, not we."""
    under = select(Category.id.label("top"), Category.id.label("id")).cte("under", recursive=True)
    child = aliased(Category)
    under = under.union_all(select(under.c.top, child.id).join(under, child.parent_id == under.c.id))
    return (
        select(under.c.top, func.count(ProductCategory.product_id.distinct()))
        .join(ProductCategory, ProductCategory.category_id == under.c.id)
        .where(ProductCategory.product_id.not_in(_hidden))
        .group_by(under.c.top)
    )


def _standing() -> Any:
    below = aliased(Category)
    inside = (below.path == Category.path) | below.path.startswith(Category.path + "/")
    standing = select(func.count(ProductCategory.product_id.distinct())).where(
        ProductCategory.category_id.in_(select(below.id).where(inside).correlate(Category)),
        ProductCategory.product_id.not_in(_hidden),  # few, and looked up once for all
    )
    return standing.correlate(Category).scalar_subquery()


#: Of one category, counted.
STANDING = _standing()
_ALL = _all()
_CHANGED = (
    select(ProductCategory.category_id, func.max(Product.updated_at))
    .join(Product, Product.id == ProductCategory.product_id)
    .where(SHOWN)
    .group_by(ProductCategory.category_id)
)
_KEPT = select(Category.id, Category.product_count, Category.products_changed_at)
_KEEP = (
    update(table_of(Category))
    .where(table_of(Category).c.id == bindparam("own"))
    .values(product_count=bindparam("kept"), products_changed_at=bindparam("changed"))
)


def counted(connection: Connection) -> dict[UUID, int]:
    """Return how many stand on each shelf now; those without any are left out."""
    return {row[0]: row[1] for row in connection.execute(_ALL)}


def counts(connection: Connection) -> Mapping[UUID, int]:
    """Return how many stand on each shelf: where they are many, as they were counted a moment ago."""
    if connection.scalar(select(ARE_FEW)):
        return counted(connection)
    return {row.id: row.product_count for row in connection.execute(_KEPT)}


def changed_at(connection: Connection) -> Mapping[UUID, datetime]:
    """Return when a product on each shelf was changed last; where they are many, as it was a moment ago."""
    if connection.scalar(select(ARE_FEW)):
        return _changed(connection)
    return {row.id: row.products_changed_at for row in connection.execute(_KEPT) if row.products_changed_at}


def _changed(connection: Connection) -> dict[UUID, datetime]:
    return {row[0]: row[1] for row in connection.execute(_CHANGED)}


async def changed(tx: Tx) -> None:
    """Have the shelves counted anew, once for all that changes until then."""
    if _JOB in tx.session.info:
        return
    tx.session.info[_JOB] = True
    waits = select(Job.id).where(Job.ordering_key == _JOB, Job.status == JobStatus.QUEUED).limit(1)
    waits = waits.with_for_update(skip_locked=True)  # so that it does not begin before this change is there
    if await tx.scalar(waits) is None and not await tx.scalar(select(ARE_FEW)):
        tx.enqueue(_JOB, run_at=tx.now + SOON, key=_JOB)


async def _count(job: JobRun) -> Mapping[str, Any]:
    wrong = await job.db.query(_wrong)
    if wrong:
        async with job.db.write() as tx:
            await tx.execute(_KEEP, wrong)
    return {"changed": len(wrong)}


def keep_all(connection: Connection) -> None:
    """Count all shelves, and keep it: for who filled them without a verb."""
    if wrong := _wrong(connection):
        connection.execute(_KEEP, wrong)


def differences(connection: Connection) -> list[str]:
    """Return which shelves are kept with another count than theirs, where it is looked at and no job is about to."""
    is_coming = select(Job.id).where(Job.ordering_key == _JOB, Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)))
    if connection.scalar(select(ARE_FEW)) or connection.scalar(is_coming.limit(1)):
        return []
    names = {row.id: row.name for row in connection.execute(select(Category.id, Category.name))}
    return [f"“{names[one['own']]}” is not kept with its {one['kept']} products" for one in _wrong(connection)]


def _wrong(connection: Connection) -> Sequence[dict[str, Any]]:
    now, changed = counted(connection), _changed(connection)
    return [
        {"own": row.id, "kept": now.get(row.id, 0), "changed": changed.get(row.id)}
        for row in connection.execute(_KEPT)
        if (row.product_count, row.products_changed_at) != (now.get(row.id, 0), changed.get(row.id))
    ]


COUNT = JobKind(_JOB, _count)
