"""`agora worker`: run jobs, and answer no requests."""

import asyncio
import signal
import time
from contextlib import suppress

import typer

from app.engines import ground_of
from app.environment import environment, overrides
from app.logs import configure_logging
from app.opening import open_beside
from app.options import Data
from app.settings import Settings, load_settings, prepare_data_dir
from app.wiring import wire
from app.worker import Worker
from engine.api.ports import Ports
from engine.core.facts import RecordedFact
from engine.core.searching import INDEX, REBUILD
from engine.operations.backups import restoring
from engine.operations.backups.facts import DatabaseExchanged

LOOK_SECONDS = 1.0


def worker(data: Data = None) -> None:
    """Run jobs beside the processes that serve, here or on another machine of the same database."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    prepare_data_dir(settings.data_dir)
    open_beside(settings)
    while not asyncio.run(_work(settings)):
        typer.echo("A backup is put back; jobs are run again once it is in its place.")
        while restoring.plan_of(ground_of(settings)) is not None:
            time.sleep(LOOK_SECONDS)


def file_of(settings: Settings) -> tuple[int, int] | None:
    """Return which file the database is now, for one that was put in its place between two looks; None for a server."""
    place = ground_of(settings).copies.place
    if place is None:
        return None
    try:
        found = place.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


async def _work(settings: Settings) -> bool:
    """Run jobs until told to stop; return False where it ended because a backup takes the data's place."""
    ports = wire(settings.model_copy(update={"workers": max(2, settings.workers)}), overrides(environment()))
    site = await ports.settings.refresh()
    if site.system.feature_backends.search == "tantivy":
        ports.jobs.leave(INDEX, REBUILD)  # the index is a folder that one process writes: the one that serves
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows the interrupt itself ends it
            asyncio.get_running_loop().add_signal_handler(number, over.set)
    works, opened, is_exchanged = Worker(ports), file_of(settings), asyncio.Event()

    async def hear(recorded: RecordedFact) -> None:
        if isinstance(recorded.fact, DatabaseExchanged):
            is_exchanged.set()

    ports.bus.subscribe(hear)
    await works.start(is_alone=False)
    typer.echo(f"Jobs are run here. Data folder: {settings.data_dir}. Stop with Ctrl-C.")
    try:
        while not (over.is_set() or is_exchanged.is_set() or _waits(ports)) and file_of(settings) == opened:
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), LOOK_SECONDS)
    finally:
        await works.stop()
        await ports.search.close()
        await ports.cache.close()
        await ports.db.close()
    return over.is_set()


def _waits(ports: Ports) -> bool:
    """Return whether a backup is about to be put in the place of the data."""
    return restoring.plan_of(ports.backups.ground) is not None
