"""Writing a crowd: a transaction for each batch, with how far it is, so that it goes on where it was interrupted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select, update

from engine.commerce.catalog import kept, shelf_counts
from engine.commerce.ordering.models import Counter
from engine.core.audit import AuditActor, AuditEntry
from engine.core.tables import table_of
from tests.benchmarks.crowd.gathered import Gathered
from tests.benchmarks.crowd.goods import Goods
from tests.benchmarks.crowd.inserting import insert_rows
from tests.benchmarks.crowd.orders import Orders
from tests.benchmarks.crowd.pages import Pages
from tests.benchmarks.crowd.people import People
from tests.benchmarks.crowd.plan import Part, Plan

_counters = table_of(Counter)
PARTS, ALL = ("people", "products", "orders", "pages", "gathered"), ("days", "told_days", "seed")
#: In a bulk the disk need not keep each batch for good, and much of each index is touched again.
PRAGMAS = ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000")


def fill(url: str, plan: Plan, tell: Callable[[str, int, int], None] = lambda *_: None) -> None:
    """Write what of the plan is not there yet; a part of none is left for later.

    Raises SystemExit where the database holds a crowd by another plan.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _hasten(engine)
    try:
        with engine.connect() as connection:
            _fill(connection, plan, tell)
    finally:
        engine.dispose()


def _fill(connection: Connection, plan: Plan, tell: Callable[[str, int, int], None]) -> None:
    with connection.begin():
        plan = _kept(connection, plan)
    goods = Goods(plan)
    for part in (People(plan), goods, Orders(plan, goods), Pages(plan), Gathered(plan)):
        _write(connection, part, getattr(plan, part.name), tell)
    with connection.begin():
        kept.keep_all(connection)
        shelf_counts.keep_all(connection)
        names = select(AuditEntry.actor).except_(select(AuditActor.actor))
        connection.execute(insert(AuditActor).from_select(["actor"], names))
        connection.exec_driver_sql("ANALYZE")


def _hasten(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection, _record) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


def _kept(connection: Connection, plan: Plan) -> Plan:
    """Return the plan as it was begun: how many of each part stands beside the orders' numbers once it is known."""
    kept = {name: value for name, value in connection.execute(select(_counters)) if name.startswith("crowd_")}
    wanted = {name: getattr(plan, name) for name in (*PARTS, *ALL) if name in ALL or getattr(plan, name)}
    wanted["until"] = kept.get("crowd_until_wanted", int(datetime.now(UTC).timestamp()))
    for name, value in wanted.items():
        if (there := kept.setdefault(f"crowd_{name}_wanted", value)) != value:
            raise SystemExit(f"This database was begun with {name} {there}, not {value}: take another one.")
    connection.execute(delete(_counters).where(_counters.c.name.like("crowd!_%!_wanted", escape="!")))
    rows = [{"name": name, "value": value} for name, value in kept.items() if name.endswith("_wanted")]
    connection.execute(insert(_counters), rows)
    begun = {name: kept.get(f"crowd_{name}_wanted", 0) for name in (*PARTS, *ALL)}
    return replace(plan, **begun, until=datetime.fromtimestamp(kept["crowd_until_wanted"], UTC))


def _write(connection: Connection, part: Part, count: int, tell: Callable[[str, int, int], None]) -> None:
    name = f"crowd_{part.name}"
    with connection.begin():
        done = connection.scalar(select(_counters.c.value).where(_counters.c.name == name))
        if done is None:
            connection.execute(insert(_counters).values(name=name, value=0))
        part.prepare(connection)
    done = done or 0
    while done < count:
        stop = min(count, done + part.batch)
        with connection.begin():
            for table, rows in part.rows(done, stop).items():
                if rows:
                    insert_rows(connection, table, rows)
            part.finish(connection)
            connection.execute(update(_counters).where(_counters.c.name == name).values(value=stop))
        done = stop
        if done == count or done % (part.batch * 10) == 0:
            tell(part.name, done, count)
