"""Sums of days that are over, kept so that a look at months need not add up every payment again.

A day is kept an hour after its end. What is not kept is summed up on the spot, so that the figures are right whatever
is kept: who changes what lies in the past, a refund above all, lets go of its day in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, text

from engine.commerce.ordering import figures
from engine.commerce.ordering.figures import DayFigures
from engine.commerce.ordering.models import SalesDay, SalesTop
from engine.commerce.ordering.spans import Day
from engine.core.transaction import Tx

#: What was written down at the end of a day is there by then.
SETTLED = timedelta(hours=1)
#: Days before these are looked at by nobody.
MOST_DAYS = 400
#: PostgreSQL's lock between who keeps a day and who changes it; SQLite has one writer anyway.
_LOCK = 0x5A1E5DA5


def by_day(connection: Connection, days: Sequence[Day], currency: str, *, are_few: bool = False) -> list[DayFigures]:
    """Return the figures of each day; what came in another currency is left out of the money.

    are_few: there are so few orders that to sum them up is no more work than to look for what is kept.
    """
    found = {} if are_few else kept(connection, days)
    missing = [day for day in days if day not in found]
    found |= zip(missing, figures.summed(connection, missing), strict=True)
    return [replace(found[day].get(currency, DayFigures()), orders=found[day][""].orders) for day in days]


def kept(connection: Connection, days: Sequence[Day]) -> dict[Day, dict[str, DayFigures]]:
    """Return what is kept of these days: the figures by currency, and under "" how many orders there were."""
    if not days:
        return {}
    found: dict[Day, dict[str, DayFigures]] = {}
    during = SalesDay.starts_at.between(days[0][0], days[-1][0])
    rows = connection.execute(select(SalesDay.__table__).where(during))
    for starts_at, ends_at, money, taken, payments, returned, orders in rows:
        found.setdefault((starts_at, ends_at), {})[money] = DayFigures(taken, payments, returned, orders)
    return {day: found[day] for day in days if day in found}


def missing(connection: Connection, days: Sequence[Day], now: datetime) -> list[Day]:
    """Return those of the days that are over and not kept."""
    found = kept(connection, days)
    return [day for day in days if day not in found and day[1] <= now - SETTLED]


async def keep(tx: Tx, days: Sequence[Day]) -> None:
    """Sum these days up and keep them; nothing of them changes meanwhile."""
    await _alone(tx)
    sums = await (await tx.session.connection()).run_sync(figures.summed, days)
    await tx.execute(delete(SalesDay).where(SalesDay.starts_at.in_([start for start, _end in days])))
    rows = [
        {"starts_at": starts_at, "ends_at": ends_at, "currency": currency, **_values(found)}
        for (starts_at, ends_at), by_currency in zip(days, sums, strict=True)
        for currency, found in by_currency.items()
    ]
    await tx.execute(insert(SalesDay), rows)


async def let_go(tx: Tx, moment: datetime) -> None:
    """Keep the day of this moment no more: what is summed of it changes in this transaction."""
    await _alone(tx)
    await tx.execute(delete(SalesDay).where(SalesDay.starts_at <= moment, SalesDay.ends_at > moment))


async def let_go_of_all(tx: Tx) -> None:
    """Keep no day any more, and nothing of what sold the most."""
    await _alone(tx)
    await tx.execute(delete(SalesDay))
    await tx.execute(delete(SalesTop))


async def prune(tx: Tx, days: Sequence[Day], now: datetime) -> None:
    """Forget days of another calendar than this, and those that nobody looks at any more."""
    starts = [start for start, _end in days]
    other = SalesDay.starts_at.between(starts[0], starts[-1]) & SalesDay.starts_at.not_in(starts)
    await tx.execute(delete(SalesDay).where(other | (SalesDay.ends_at < now - timedelta(days=MOST_DAYS))))


def differences(connection: Connection) -> list[str]:
    """Return where what is kept is not what the payments, refunds and orders come to, one sentence a day."""
    days: list[Day] = [
        (row.starts_at, row.ends_at)
        for row in connection.execute(
            select(SalesDay.starts_at, SalesDay.ends_at).distinct().order_by(SalesDay.starts_at)
        )
    ]
    found = kept(connection, days)
    return [
        f"the day from {day[0]:%Y-%m-%d %H:%M} UTC is kept as {_said(found[day])}, it comes to {_said(sums)}"
        for day, sums in zip(days, figures.summed(connection, days), strict=True)
        if found[day] != sums
    ]


def _values(found: DayFigures) -> dict[str, int]:
    return {name: getattr(found, name) for name in DayFigures.__dataclass_fields__}


def _said(by_currency: dict[str, DayFigures]) -> str:
    money = ", ".join(
        f"{found.taken_minor} {currency} by {found.payments} payments, {found.returned_minor} returned"
        for currency, found in sorted(by_currency.items())
        if currency
    )
    return f"{by_currency[''].orders} orders, {money or 'no money'}" if "" in by_currency else money


async def _alone(tx: Tx) -> None:
    if tx.is_postgres:
        await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
