"""Asking the engines that the house stands on how they are: which one, how fast, and what is wrong."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from engine.core.errors import AgoraError
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.ports import BlobStore, Cache

PATIENCE_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: what it is for (`cache`), which it is (`redis`), and what raises if it does not answer."""

    role: str
    name: str
    ask: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an engine was: in how many milliseconds it answered, or what is wrong."""

    role: str
    name: str
    milliseconds: float
    problem: Message | str = ""


async def readings(engines: Sequence[Engine]) -> list[Reading]:
    """Return how every engine is, all asked at once."""
    return list(await asyncio.gather(*map(_read, engines)))


async def _read(engine: Engine) -> Reading:
    began = time.perf_counter()
    problem: Message | str = ""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await engine.ask()
    except AgoraError as error:
        problem = error.message
    except TimeoutError:
        problem = _("It did not answer within {seconds} seconds.").having(seconds=int(PATIENCE_SECONDS))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong with the engine
        problem = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return Reading(engine.role, engine.name, round((time.perf_counter() - began) * 1000, 1), problem)


async def ask_cache(cache: Cache) -> None:
    """Keep something, read it, and let go of it."""
    key = f"probe:{new_id()}"
    await cache.set(key, b"here", 30)
    if await cache.get(key) != b"here":
        raise AgoraError(_("What was put there does not come back."))
    await cache.delete(key)


async def ask_blobs(blobs: BlobStore, key: str = "") -> None:
    """Write a file, read it, and delete it. key: where; empty for a name of its own."""
    key = key or f"probe-{new_id()}"
    await blobs.put(key, b"here")
    if await blobs.get(key) != b"here":
        raise AgoraError(_("What was put there does not come back."))
    await blobs.delete(key)
