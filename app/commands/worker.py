"""`agora worker`: run jobs, and answer no requests."""

import asyncio
import signal
from contextlib import suppress

import typer

from app.commands.opening import Data
from app.environment import environment, overrides
from app.logs import configure_logging
from app.opening import open_beside
from app.settings import load_settings, prepare_data_dir
from app.wiring import wire
from app.worker import Worker
from engine.core.searching import INDEX, REBUILD


def worker(data: Data = None) -> None:
    """Run jobs beside the processes that serve, here or on another machine of the same database."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    prepare_data_dir(settings.data_dir)
    open_beside(settings)
    ports = wire(settings.model_copy(update={"workers": max(2, settings.workers)}), overrides(environment()))

    async def run() -> None:
        site = await ports.settings.refresh()
        if site.system.feature_backends.search == "tantivy":
            ports.jobs.leave(INDEX, REBUILD)  # the index is a folder that one process writes: the one that serves
        over = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # on Windows the interrupt itself ends it
                asyncio.get_running_loop().add_signal_handler(number, over.set)
        works = Worker(ports)
        await works.start(is_alone=False)
        typer.echo(f"Jobs are run here. Data folder: {settings.data_dir}. Stop with Ctrl-C.")
        try:
            await over.wait()
        finally:
            await works.stop()
            await ports.search.close()
            await ports.cache.close()
            await ports.db.close()

    asyncio.run(run())
