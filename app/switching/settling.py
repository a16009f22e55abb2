"""What a start does first where a service is to change: it takes along what is left, looks, and writes agora.toml.

Whoever dies in the middle leaves the plan, and the next start goes on with it. What does not work leaves everything as
it was, and a page tells why.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import create_engine, delete

from app.backends import backends_of
from app.engines import open_blobs, open_bus
from app.settings import Settings, load_settings
from app.switching import databases, values
from app.tomlfile import write_settings
from engine.core.database import Database
from engine.core.errors import Conflict
from engine.core.i18n import _, format_message
from engine.core.jobs import Job, JobStatus
from engine.core.mirroring import mirror
from engine.core.ports import SystemClock
from engine.operations.services.plans import Former, Outcome, Phase, Plan, Room

log = logging.getLogger("agora.services")
_ENDED = "Agora ended before it was ready. Nothing has changed; begin again."


def waits(settings: Settings) -> bool:
    """Return whether a change waits for a start."""
    plan = Room(settings.data_dir).plan()
    return plan is not None and plan.phase is Phase.READY


def settle(settings: Settings, look: Callable[[Settings], None]) -> Settings:
    """Bring a change to its end, before anybody opens the data; return the settings that hold from then on.

    look: opens the house as it is to be, and raises where it is not right: then everything stays as it was.
    """
    room = Room(settings.data_dir)
    plan = room.plan()
    if plan is None or plan.phase is Phase.TRIED:
        return settings
    if plan.phase is Phase.PREPARING:
        room.end(_outcome(plan, problem=_ENDED))
        return settings
    try:
        note, made = _change(settings, plan, room, look)
    except Exception as error:
        log.exception("the %s stays %s", plan.role, plan.before)
        room.end(_outcome(plan, problem=str(error) or type(error).__name__))
        return settings
    log.warning("the %s is %s now, and was %s", plan.role, plan.after, plan.before)
    room.end(_outcome(plan, note=note))
    return made


def _change(settings: Settings, plan: Plan, room: Room, look: Callable[[Settings], None]) -> tuple[str, Settings]:
    if name := values.fixed_by(plan.role):
        raise Conflict(_("{variable} is set in the environment and decides this."), variable=name)
    # Where a dead try wrote the file already the settings are the new ones: nothing is left to do but to say so.
    is_written = dict(values.current(settings, plan.role)) == dict(plan.values)
    target = values.applied(settings, plan.values)
    note = ""
    if not is_written:
        former = Former(plan.before, plan.address_before, values.current(settings, plan.role))
        note = _take_along(settings, target, plan, room)
        look(target)
        room.keep_former(plan.role, former)
        write_settings(settings.data_dir, plan.values)
    return note, renewed(settings)


def renewed(settings: Settings) -> Settings:
    """Return the settings of this process with its services as agora.toml has them now."""
    read = load_settings(data_dir=settings.data_dir)
    return settings.model_copy(update={name: getattr(read, name) for name in values.ALL})


def _take_along(settings: Settings, target: Settings, plan: Plan, room: Room) -> str:
    """Take along what came in since it was prepared; return what is to be known of it."""
    if plan.role == "database":
        rows = plan.counts.get("rows", 0)
        done: dict[str, int] = {}

        def tell(table: str, count: int, _of: int) -> None:
            done[table] = count
            room.tell(min(sum(done.values()), rows), rows)

        found = databases.move(settings, target, tell)
        return format_message(databases.said(found), "en")
    if plan.role == "storage":
        return asyncio.run(_mirror(settings, target, room))
    if backends_of(settings).bus == "kafka" and backends_of(target).bus != "kafka":
        return asyncio.run(_drain(settings))
    return ""


async def _mirror(settings: Settings, target: Settings, room: Room) -> str:
    clock = SystemClock()
    old, new = (open_blobs(backends_of(one).storage, one, clock) for one in (settings, target))
    found = await mirror(old, new, room.tell)
    return f"{found.copied + found.already} files are there."


async def _drain(settings: Settings) -> str:
    """Hand over what is left, if Kafka answers; what it does not take is kept for the day it serves again."""
    db = Database(settings.database.url)
    try:
        _bus, _reactions, jobs = open_bus("kafka", settings, db)
        try:
            await jobs[0].run(None)  # type: ignore[arg-type] # it asks nothing of its run
        except Exception as error:  # noqa: BLE001 - it may be the very reason for leaving it
            return f"Not every fact could be handed over ({error}); they are when Kafka serves again."
        finally:
            await _bus.stop()
    finally:
        await db.close()
    engine = create_engine(settings.database.url)
    with engine.begin() as connection:
        connection.execute(delete(Job).where(Job.kind == jobs[0].name, Job.status == JobStatus.QUEUED))
    engine.dispose()
    return ""


def _outcome(plan: Plan, *, problem: str = "", note: str = "") -> Outcome:
    return Outcome(plan.role, plan.before, plan.after, datetime.now(UTC), problem, note)
