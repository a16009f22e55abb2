"""Whether what Agora stands on answers, and how quickly."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from engine.core.caching import SteadyCache
from engine.core.database import Database
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _
from engine.core.ports import BlobStore
from engine.core.probing import Engine
from engine.core.searchkeeping import SearchKeeper

log = logging.getLogger("agora.watch")
PATIENCE_SECONDS = 5.0
#: A key that no file has: asking for it says whether the store answers.
NOWHERE = "health/nothing"
#: Said of what answers and does not know everything yet.
BUILDING = _("It is being built anew.")


@dataclass(frozen=True, slots=True)
class ServiceCheck:
    """One thing Agora stands on. ask(): empty when it is well, else what is wrong; it may also raise.

    engine: which one it is, such as `redis`.
    """

    name: str
    title: Message
    ask: Callable[[], Awaitable[Message | str]]
    engine: str = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How it answered. problem: empty when it is well, and while it is being built."""

    name: str
    title: Message
    milliseconds: float
    problem: Message | str = ""
    engine: str = ""
    is_building: bool = False

    @property
    def is_up(self) -> bool:
        """Whether it is well."""
        return not self.problem


async def look(checks: Sequence[ServiceCheck]) -> tuple[ServiceState, ...]:
    """Return how each service answers now, asked side by side; one that says nothing for 5 seconds is down."""
    return tuple(await asyncio.gather(*(_one(check) for check in checks)))


async def _one(check: ServiceCheck) -> ServiceState:
    began = time.perf_counter()
    problem: Message | str
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            problem = await check.ask()
    except TimeoutError:
        problem = _("It does not answer.")
    except AgoraError as error:
        log.warning("%s does not answer: %s", check.name, error)
        problem = error.message
    except Exception as error:  # noqa: BLE001 - whatever it raises, it is down
        log.warning("%s does not answer: %s", check.name, type(error).__name__)
        problem = type(error).__name__
    took = (time.perf_counter() - began) * 1000
    is_building = problem == BUILDING
    return ServiceState(check.name, check.title, took, "" if is_building else problem, check.engine, is_building)


def _ask_database(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


def house_checks(
    db: Database, keeper: SearchKeeper, blobs: BlobStore, cache: SteadyCache, engines: Sequence[Engine]
) -> tuple[ServiceCheck, ...]:
    """Return the checks of what every installation has. engines: what each of them is, and how the bus is asked."""
    named = {one.role: one for one in engines}

    async def database() -> str:
        await db.query(_ask_database)
        return ""

    async def search() -> Message | str:
        state = await keeper.state()
        if state.problem == "away":
            return state.why
        return BUILDING if state.problem or state.is_building else ""

    async def files() -> str:
        await blobs.exists(NOWHERE)
        return ""

    async def kept() -> Message | str:
        await cache.get(NOWHERE)
        return cache.absence.why if cache.absence else ""

    async def bus() -> str:
        await named["queue"].ask()
        return ""

    return (
        ServiceCheck("database", _("Database"), database, named["database"].name),
        ServiceCheck("search", _("Search"), search, named["search"].name),
        ServiceCheck("files", _("Files"), files, named["storage"].name),
        ServiceCheck("cache", _("Cache"), kept, named["cache"].name),
        ServiceCheck("bus", _("Facts between processes"), bus, named["queue"].name),
    )
