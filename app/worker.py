"""The loops beside the web server: jobs, schedules, and the bus's ear."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from engine.api.ports import Ports
from engine.core.database import Committed
from engine.core.ending import end
from engine.core.jobs import Job
from engine.operations.watch.watching import EVERY_SECONDS

log = logging.getLogger("agora.worker")
POLL_SECONDS = 1.0
SCHEDULES_SECONDS = 15.0
SEARCH_SECONDS = 30.0
FOOTPRINTS_SECONDS = 2.0
TALLIES_SECONDS = 5.0
FIRST_MINUTE_SECONDS = 20.0
LANES = 3
#: Not at once: what reads the machine is imported for it.
FIRST_LOOK_SECONDS = 5.0


class Worker:
    """Runs jobs in a few lanes; woken by commits here, and by polling for those of other processes."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, is_alone: bool, runs_jobs: bool = True) -> None:
        """Begin. is_alone: nobody else runs jobs on this database, so that a dead process's are taken up at once.

        runs_jobs: False for one that only answers requests, beside another that runs jobs.
        """
        if is_alone and runs_jobs:
            await self._ports.jobs.free_leases()
        self._ports.db.after_commit.append(self._committed)
        await self._ports.bus.start()
        loops = [self._footprints()]
        if runs_jobs:
            loops += [*(self._lane() for _ in range(LANES)), self._schedules(), self._search()]
            loops += [self._minutes(), self._alarm(self._ports.alarm.tend)]
        else:
            loops += [self._questions(), self._alarm(self._ports.watch.look)]
        loops.append(self._tallies())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """End; what runs is taken up again at the next start."""
        await self._ports.bus.stop()
        await end(*self._tasks)
        await self._ports.keeper.book.flush()
        await self._ports.footprints.flush()
        with suppress(OSError):
            await self._ports.watch.tell()

    async def _committed(self, committed: Committed) -> None:
        if committed.has_jobs:
            self._wake.set()

    async def _lane(self) -> None:
        """Run jobs. One lane at a time looks for the next one; the others run theirs, or wait for their turn."""
        while True:
            async with self._looking:
                job = await self._next()
            try:
                await self._ports.jobs.run(job)
            except Exception:
                log.exception("a job could not be settled; it is taken up again when its lease ends")

    async def _next(self) -> Job:
        """Return the next job that is due, once there is one."""
        while True:
            self._wake.clear()
            try:
                found = await self._ports.jobs.lease()
            except Exception:
                log.exception("the job queue could not be read; trying again")
                await asyncio.sleep(POLL_SECONDS)
                continue
            if found is not None:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def _schedules(self) -> None:
        while True:
            try:
                await self._ports.jobs.start_scheduled()
            except Exception:
                log.exception("the schedules could not be read; trying again")
            await asyncio.sleep(SCHEDULES_SECONDS)

    async def _minutes(self) -> None:
        """Write down what changes in the database, for any minute to be put back."""
        pause = FIRST_MINUTE_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = await self._ports.backups.look()

    async def _search(self) -> None:
        """Have a search index that is missing, damaged or outdated built anew, and write down what was asked."""
        while True:
            try:
                await self._ports.keeper.tend()
            except Exception:
                log.exception("the search index could not be looked after; trying again")
            await asyncio.sleep(SEARCH_SECONDS)

    async def _questions(self) -> None:
        """Write down what was asked here of the search."""
        while True:
            await asyncio.sleep(SEARCH_SECONDS)
            try:
                await self._ports.keeper.book.flush()
            except Exception:
                log.exception("what was asked of the search could not be written down")

    async def _footprints(self) -> None:
        """Write down who came by redirects and who found nothing."""
        while True:
            try:
                await self._ports.footprints.flush()
            except Exception:
                log.exception("visitors could not be counted; what was gathered is lost")
            await asyncio.sleep(FOOTPRINTS_SECONDS)

    async def _tallies(self) -> None:
        """Tell the other processes on this data folder what was counted here."""
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        while True:
            try:
                await self._ports.watch.tell()
            except OSError:
                log.exception("what was counted could not be told to the other processes; trying again")
            await asyncio.sleep(TALLIES_SECONDS)

    async def _alarm(self, look: Callable[[], Awaitable[object]]) -> None:
        """Look at how the house is, and raise alerts where that is this process's."""
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        while True:
            try:
                await look()
            except Exception:
                log.exception("the house could not be looked at; trying again")
            await asyncio.sleep(EVERY_SECONDS)
