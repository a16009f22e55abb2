"""Opening the house for one command: migrated, wired, and closed again. A server may run beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from app.environment import environment, overrides
from app.logs import configure_logging
from app.opening import open_beside
from app.settings import load_settings, prepare_data_dir
from app.wiring import wire
from engine.api.ports import Ports

T = TypeVar("T")


def with_house(data: Path | None, run: Callable[[Ports], Awaitable[T]]) -> T:
    """Return `await run(ports)`: rows and facts only, jobs are left to the server."""
    settings = load_settings(data_dir=data)
    configure_logging("warning")
    prepare_data_dir(settings.data_dir)
    open_beside(settings)
    ports = wire(settings, overrides(environment()))

    async def go() -> T:
        await ports.settings.refresh()
        try:
            return await run(ports)
        finally:
            await ports.db.close()

    return asyncio.run(go())
