"""The jobs of backups: making, trying out, bringing here, the drill, and looking after what is there."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from anyio import to_thread

from engine.core.ending import end
from engine.core.errors import AgoraError
from engine.core.facts import Fact
from engine.core.ports import BlobStore
from engine.core.reactions import Reaction
from engine.core.running import JobKind, JobRun
from engine.core.settings import SettingsStore, SettingsUpdated
from engine.core.transaction import Tx
from engine.operations.backups import drilling, making, restoring
from engine.operations.backups.backups import FETCH, MAKE, MOMENT, VERIFY, Backups
from engine.operations.backups.making import Asked, Progress
from engine.operations.backups.manifest import Kind
from engine.operations.backups.minutes import moment
from engine.operations.backups.mirrored import mirror_files
from engine.operations.backups.schedule import due, outdated
from engine.operations.backups.shelf import Shelf

log = logging.getLogger("agora.backups")
DRILL = "backup.drill"
DRILL_EVERY = timedelta(days=30)
TEND = "backup.tend"
TEND_EVERY = timedelta(minutes=10)
MIRROR = "backup.mirror"
MIRROR_EVERY = timedelta(minutes=10)
#: How long the data from before a restore is kept.
BEFORE_DAYS = 7
KIB = 1024


class BackupWork:
    """What is done with backups in the background. blobs: where the site's files are."""

    def __init__(self, backups: Backups, settings: SettingsStore, blobs: BlobStore) -> None:
        self._ours, self._settings, self._blobs = backups, settings, blobs
        self._said = ""

    def jobs(self) -> tuple[JobKind, ...]:
        """Return the jobs of backups."""
        return (
            JobKind(MAKE, self._make, attempts=3, followed=True),
            JobKind(MOMENT, self._moment, attempts=1, followed=True),
            JobKind(VERIFY, self._verify, attempts=1, followed=True),
            JobKind(FETCH, self._fetch, attempts=1, followed=True),
            JobKind(DRILL, self._drill, attempts=1, every=DRILL_EVERY, first=DRILL_EVERY),
            JobKind(TEND, self._tend, attempts=1, every=TEND_EVERY),
            JobKind(MIRROR, self._mirror, attempts=1, every=MIRROR_EVERY),
        )

    def reactions(self) -> tuple[Reaction, ...]:
        """Return what is done because of facts: with another place chosen, what is here goes there at once."""

        async def look(tx: Tx, _facts: Sequence[Fact]) -> None:
            for kind in (TEND, MIRROR):
                tx.enqueue(kind, key=kind)

        is_ours = lambda fact: fact.key == "backups"  # noqa: E731 - one word long
        return (Reaction("backups.look", (SettingsUpdated,), look, heeds=is_ours),)

    async def _make(self, job: JobRun) -> Mapping[str, Any]:
        kind, ours, settings = Kind(job.payload.get("kind", Kind.MANUAL)), self._ours, self._ours.settings
        has_files = ours.ground.store is None or settings.stored_files
        shelf, asked = ours.shelf, Asked(kind, settings.passphrase, has_files)
        path = await self._told(
            shelf, self._followed(job, lambda progress: making.make(ours.ground, shelf, asked, progress))
        )
        await to_thread.run_sync(lambda: shelf.tell(problem="", failed_at=None))
        sent = 0
        with suppress(AgoraError):  # it is written down, and made up for
            sent = await to_thread.run_sync(ours.send_now)
        return {"name": path.name, "size": path.stat().st_size, "sent": sent}

    async def _told(self, shelf: Shelf, work: Any) -> Any:
        """Do something of which staff must know if it fails."""
        try:
            return await work
        except Exception as error:
            said = str(error) or type(error).__name__
            with suppress(AgoraError, OSError):
                await to_thread.run_sync(lambda: shelf.tell(problem=said, failed_at=self._now()))
            raise

    async def _moment(self, job: JobRun) -> Mapping[str, Any]:
        at, ours = datetime.fromisoformat(job.payload["at"]), self._ours
        path = await to_thread.run_sync(moment, ours.ground, ours.shelf, at, ours.settings.passphrase)
        return {"name": path.name}

    async def _verify(self, job: JobRun) -> Mapping[str, Any]:
        ours = self._ours
        found = await to_thread.run_sync(ours.brought, await to_thread.run_sync(ours.find, job.payload["name"]))
        shelf, passphrase = Shelf(found.path.parent), ours.passphrase_for(found)
        said = await self._followed(
            job, lambda progress: making.verify_kept(ours.ground, shelf, found.name, passphrase, progress)
        )
        return {"name": found.name, "files": said.files}

    async def _fetch(self, job: JobRun) -> Mapping[str, Any]:
        ours = self._ours
        found = await to_thread.run_sync(ours.brought, await to_thread.run_sync(ours.find, job.payload["name"]))
        return {"name": found.name}

    async def _followed(self, job: JobRun, work: Callable[[Progress], Any]) -> Any:
        """Run work in a thread, and show how far it is once a second, in KiB."""
        progress = Progress()

        async def show() -> None:
            while True:
                await asyncio.sleep(1)
                await job.progress(min(progress.done, progress.total) // KIB, progress.total // KIB)

        showing = asyncio.create_task(show())
        try:
            return await to_thread.run_sync(work, progress)
        finally:
            await end(showing)

    async def _drill(self, job: JobRun) -> Mapping[str, Any] | None:
        """Restore the newest backup beside the data once a month; what went wrong is told as for any backup.

        By itself it does nothing while there is no backup: alerts tell of that.
        """
        ours = self._ours

        def work() -> drilling.Report | None:
            if job.created_by is None and all(one.is_part or one.problem for one in ours.every()):
                return None
            return drilling.drill(
                ours.ground,
                ours.shelves,
                ours.settings.passphrase,
                away=drilling.away_of(ours.second, ours.every()),
                is_beside=ours.is_beside,
            )

        report = await self._told(ours.shelf, to_thread.run_sync(work))
        return report and {"report": "\n".join(drilling.table(report)), "holds": report.holds}

    async def _mirror(self, _job: JobRun) -> Mapping[str, Any] | None:
        """Copy the site's files to the second place, where there is one."""
        ours, settings = self._ours, self._ours.settings
        if not settings.second_place or ours.ground.places is None:
            return None
        files = ours.ground.places.files(settings.second_place, settings)
        done = await mirror_files(self._blobs, files, ours.shelf, settings.keep_days, self._now())
        return {"copied": done.copied, "copiedBytes": done.copied_bytes, "already": done.already}

    async def _tend(self, job: JobRun) -> None:
        """Have a backup made when it is due, send what the second place lacks, delete those whose time is over."""
        now, site, ours = self._now(), self._settings.site, self._ours
        shelf = ours.shelf
        said = str(await to_thread.run_sync(ours.worry, now) or "")
        if said and said != self._said:
            log.error("%s", said)
        self._said = said
        news = await to_thread.run_sync(lambda: shelf.news)
        if news.since is None:
            news = await to_thread.run_sync(lambda: shelf.tell(since=now))
        if ours.settings.enabled and due(ours.settings, site.general.zone, now, news):
            await to_thread.run_sync(lambda: shelf.tell(tried_at=now))
            async with job.db.write() as tx:
                tx.enqueue(MAKE, {"kind": Kind.SCHEDULED.value}, key=MAKE)
        with suppress(AgoraError):  # it is written down, and told
            await to_thread.run_sync(ours.send_now)
        for one in outdated(await to_thread.run_sync(ours.every), ours.settings.keep_days, now):
            with suppress(AgoraError):
                await to_thread.run_sync(ours.remove_now, one)
        await to_thread.run_sync(restoring.forget_old, ours.ground, now - timedelta(days=BEFORE_DAYS))

    def _now(self) -> datetime:
        return self._ours.ground.clock.now()
