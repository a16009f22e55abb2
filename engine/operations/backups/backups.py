"""Backups of the running house: asked for, made on schedule, sent in, read, deleted, and staged to be put back."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.backupsettings import BackupSettings
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.jobs import Job, JobStatus
from engine.core.running import JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.operations.backups import making, restoring
from engine.operations.backups.archive import reading
from engine.operations.backups.drilling import drill, table
from engine.operations.backups.making import Asked, Ground, Progress
from engine.operations.backups.manifest import Kind, file_name
from engine.operations.backups.minutes import EVERY_SECONDS, Minutes, earliest, moment
from engine.operations.backups.schedule import due, outdated, worry
from engine.operations.backups.sealing import is_sealed
from engine.operations.backups.shelf import Backup, Shelf, full

MAKE = "backup.make"
VERIFY = "backup.verify"
MOMENT = "backup.moment"
DRILL = "backup.drill"
DRILL_EVERY = timedelta(days=30)
TEND = "backup.tend"
TEND_EVERY = timedelta(minutes=10)
#: How long the data from before a restore is kept.
BEFORE_DAYS = 7
#: Somebody waits for these: they go before whatever else is due.
AHEAD = timedelta(days=1)
#: So long the page has to tell that Agora starts again.
SEEN_SECONDS = 1.5
KIB = 1024
BLOCK = 1024 * 1024


@dataclass(slots=True)
class Staging:
    """A backup that is being unpacked beside the data, in this process. problem: why it stopped."""

    name: str
    progress: Progress
    problem: Message | str = ""
    is_staged: bool = False


class Backups:
    """The backups of this installation. known: whether this Agora knows a schema."""

    def __init__(self, ground: Ground, settings: SettingsStore, known: Callable[[str], bool]) -> None:
        self.ground, self._settings, self._known = ground, settings, known
        self.staging: Staging | None = None
        self.minutes = Minutes(ground)
        self._task: asyncio.Task[None] | None = None

    @property
    def settings(self) -> BackupSettings:
        """The schedule."""
        return self._settings.site.backups

    @property
    def shelf(self) -> Shelf:
        """Where new ones go."""
        return Shelf(Path(self.settings.folder)) if self.settings.folder else self.ground.shelf

    @property
    def shelves(self) -> list[Shelf]:
        """Every place where some may lie: those from before an upgrade are always in the data folder."""
        found = [self.shelf, self.ground.shelf]
        return found if found[0].folder != found[1].folder else found[:1]

    @property
    def staged_by(self) -> asyncio.Task[None] | None:
        """What unpacks a backup in this process, or did last."""
        return self._task

    def every(self) -> list[Backup]:
        """Return all that can be seen, the newest first. Raises Unavailable where the folder cannot be read."""
        found = [one for shelf in self.shelves for one in shelf.backups()]
        return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)

    @property
    def is_beside(self) -> bool:
        """Whether backups lie on the disk whose death they are for."""
        return self.shelf.is_on_disk_of(self.ground.folder)

    def find(self, name: str) -> Backup:
        """Return a backup by its name. Raises NotFound."""
        for shelf in self.shelves:
            with suppress(NotFound):
                return shelf.backup(name)
        raise NotFound(_("There is no backup “{name}”."), name=name[:100])

    def worry(self, now: datetime) -> Message | None:
        """Return what somebody must know of: the last backup failed, is missing or is damaged."""
        if self.minutes.problem:
            return _("What changes is not written down: {reason}").having(reason=self.minutes.problem)
        return worry(self.shelf, self.settings, now)

    async def look(self) -> float:
        """Write down what changed in the last minute; return in how many seconds to look again."""
        if not (self.settings.continuous and self.minutes.can):
            return EVERY_SECONDS
        shelf, passphrase = self.shelf, self.settings.passphrase
        return await to_thread.run_sync(self.minutes.look, shelf, passphrase)

    async def begin_moment(self, db: Database, actor: Actor, at: datetime) -> UUID:
        """Queue a backup of the database as it was at a moment; return the job's id.

        Raises NotAllowed, NotFound where nothing is known of that moment.
        """
        access.require(actor, Permission.MAKE_BACKUPS)
        first = await to_thread.run_sync(earliest, self.shelf)
        if first is None or at < first or at > self.ground.clock.now():
            raise NotFound(_("There is nothing of that minute."))
        async with db.write() as tx:
            tx.record(actor, "backup.create", kind=Kind.MOMENT.value, at=at.isoformat())
            return tx.enqueue(MOMENT, {"at": at.isoformat()}, key=MAKE, actor=actor, run_at=tx.now - AHEAD)

    def running(self, connection: Connection) -> UUID | None:
        """Return the job that makes a backup now or soon."""
        found: UUID | None = connection.scalar(
            select(Job.id).where(Job.kind == MAKE, Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))).limit(1)
        )
        return found

    async def begin(self, db: Database, actor: Actor) -> UUID:
        """Queue a backup made by hand; return the job's id, also of one that waits already. Raises NotAllowed."""
        access.require(actor, Permission.MAKE_BACKUPS)
        async with db.write() as tx:
            connection = await tx.session.connection()
            waiting = await connection.run_sync(self.running)
            if waiting is not None:
                return waiting
            tx.record(actor, "backup.create", kind=Kind.MANUAL.value)
            return tx.enqueue(MAKE, {"kind": Kind.MANUAL.value}, key=MAKE, actor=actor, run_at=tx.now - AHEAD)

    async def begin_trial(self, db: Database, actor: Actor, name: str) -> UUID:
        """Queue a trial of a backup; return the job's id. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.MAKE_BACKUPS)
        await to_thread.run_sync(self.find, name)
        async with db.write() as tx:
            return tx.enqueue(VERIFY, {"name": name}, key=MAKE, actor=actor, run_at=tx.now - AHEAD)

    async def record_download(self, db: Database, actor: Actor, name: str) -> Backup:
        """Write down that somebody takes a backup out of the house; return it. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        found = await to_thread.run_sync(self.find, name)
        async with db.write() as tx:
            tx.record(actor, "backup.download", name=name)
        return found

    async def remove(self, db: Database, actor: Actor, name: str) -> None:
        """Delete a backup. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        found = await to_thread.run_sync(self.find, name)
        async with db.write() as tx:
            tx.record(actor, "backup.delete", name=name)
        await to_thread.run_sync(Shelf(found.path.parent).remove, name)

    async def take_in(self, db: Database, actor: Actor, file: BinaryIO) -> Backup:
        """Put a backup that somebody brings on the shelf; return it. Raises NotAllowed, and Invalid for anything else.

        A sealed one is taken on trust until its passphrase is known.
        """
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        path = await to_thread.run_sync(self._kept, file)
        async with db.write() as tx:
            tx.record(actor, "backup.upload", name=path.name)
        return self.find(path.name)

    def _kept(self, file: BinaryIO) -> Path:
        shelf = self.shelf
        try:
            with shelf.scratch() as scratch:
                sent = scratch / "sent.zip"
                with sent.open("xb") as target:
                    sent.chmod(0o600)
                    shutil.copyfileobj(file, target, BLOCK)
                sealed = is_sealed(sent)
                if not sealed:
                    with reading(sent):
                        pass
                place = shelf.place(file_name(self.ground.clock.now().astimezone(UTC), Kind.SENT, is_sealed=sealed))
                sent.replace(place)
                return place
        except OSError as error:
            raise full(error, shelf.folder) from error

    async def begin_restore(
        self,
        db: Database,
        actor: Actor,
        name: str,
        passphrase: str,
        typed: str,
        restart: Callable[[], None] | None = None,
    ) -> None:
        """Begin to unpack a backup beside the data; `staging` tells how far it is. typed: the site's name, to be sure.

        restart: starts this process again, which puts the backup in place; None where somebody does it by hand.
        Raises NotAllowed, NotFound, Invalid where another word was typed, Conflict while one is under way.
        """
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        found = await to_thread.run_sync(self.find, name)
        wanted = self._settings.site.general.site_name.strip()
        if typed.strip().casefold() != wanted.casefold():
            message = _("Type “{word}” to go on.").having(word=wanted)
            raise Invalid(message, {"typed": message})
        if self._task is not None and not self._task.done():
            raise Conflict(_("A backup is being put back already."))
        self.staging = Staging(name, Progress())
        async with db.write() as tx:
            tx.record(actor, "backup.restore", name=name)
        self._task = asyncio.create_task(self._stage(found, self._passphrase(found, passphrase), self.staging, restart))

    async def _stage(
        self, backup: Backup, passphrase: str, staging: Staging, restart: Callable[[], None] | None
    ) -> None:
        try:
            await to_thread.run_sync(
                lambda: restoring.stage(
                    self.ground, backup.path, passphrase, progress=staging.progress, known=self._known
                )
            )
        except AgoraError as error:
            staging.problem = error.message
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            staging.problem = str(error) or type(error).__name__
        else:
            staging.is_staged = True
            if restart is not None:
                await asyncio.sleep(SEEN_SECONDS)
                restart()

    def _passphrase(self, backup: Backup, given: str = "") -> str:
        return (given or self.settings.passphrase) if backup.is_sealed else ""

    def jobs(self) -> tuple[JobKind, ...]:
        """Return the jobs of backups."""
        return (
            JobKind(MAKE, self._make, attempts=3, followed=True),
            JobKind(MOMENT, self._moment, attempts=1, followed=True),
            JobKind(VERIFY, self._verify, attempts=1, followed=True),
            JobKind(DRILL, self._drill, attempts=1),
            JobKind(TEND, self._tend, attempts=1, every=TEND_EVERY),
        )

    async def _make(self, job: JobRun) -> Mapping[str, Any]:
        kind = Kind(job.payload.get("kind", Kind.MANUAL))
        shelf, asked = self.shelf, Asked(kind, self.settings.passphrase)
        try:
            path = await self._followed(job, lambda progress: making.make(self.ground, shelf, asked, progress))
        except Exception as error:
            said = str(error) or type(error).__name__
            with suppress(AgoraError, OSError):
                await to_thread.run_sync(lambda: shelf.tell(problem=said, failed_at=self.ground.clock.now()))
            raise
        await to_thread.run_sync(lambda: shelf.tell(problem="", failed_at=None))
        return {"name": path.name, "size": path.stat().st_size}

    async def _moment(self, job: JobRun) -> Mapping[str, Any]:
        at = datetime.fromisoformat(job.payload["at"])
        path = await to_thread.run_sync(moment, self.ground, self.shelf, at, self.settings.passphrase)
        return {"name": path.name}

    async def _verify(self, job: JobRun) -> Mapping[str, Any]:
        found = await to_thread.run_sync(self.find, job.payload["name"])
        shelf, passphrase = Shelf(found.path.parent), self._passphrase(found)
        said = await self._followed(
            job, lambda progress: making.verify_kept(self.ground, shelf, found.name, passphrase, progress)
        )
        return {"name": found.name, "files": said.files}

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
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing

    async def _drill(self, job: JobRun) -> Mapping[str, Any]:
        """Restore the newest backup beside the data once a month; what went wrong is told as for any backup."""
        shelf = self.shelf
        try:
            report = await to_thread.run_sync(drill, self.ground, self.shelves, self.settings.passphrase)
        except Exception as error:
            said = str(error) or type(error).__name__
            with suppress(AgoraError, OSError):
                await to_thread.run_sync(lambda: shelf.tell(problem=said, failed_at=self.ground.clock.now()))
            raise
        return {"report": "\n".join(table(report))}

    async def _tend(self, job: JobRun) -> None:
        """Have a backup made when it is due, and delete those whose time is over."""
        now, site = self.ground.clock.now(), self._settings.site
        shelf = self.shelf
        news = await to_thread.run_sync(lambda: shelf.news)
        if news.since is None:
            news = await to_thread.run_sync(lambda: shelf.tell(since=now))
        if self.settings.enabled and due(self.settings, site.general.zone, now, news):
            await to_thread.run_sync(lambda: shelf.tell(tried_at=now))
            async with job.db.write() as tx:
                tx.enqueue(MAKE, {"kind": Kind.SCHEDULED.value}, key=MAKE)
        if now - (news.drilled_at or news.since or now) > DRILL_EVERY:
            await to_thread.run_sync(lambda: shelf.tell(drilled_at=now))
            async with job.db.write() as tx:
                tx.enqueue(DRILL, key=MAKE)
        for one in outdated(await to_thread.run_sync(self.every), self.settings.keep_days, now):
            await to_thread.run_sync(Shelf(one.path.parent).remove, one.name)
        await to_thread.run_sync(restoring.forget_old, self.ground, now - timedelta(days=BEFORE_DAYS))
