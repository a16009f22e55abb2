"""Backups of the running house: asked for, made on schedule, sent in, read, deleted, and staged to be put back."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.backupsettings import BackupSettings
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound, Unavailable
from engine.core.i18n import Message, _
from engine.core.jobs import Job, JobStatus
from engine.core.settings import SettingsStore
from engine.operations.backups import elsewhere, restoring
from engine.operations.backups.archive import reading
from engine.operations.backups.carrying import Carrier
from engine.operations.backups.making import Ground, Progress
from engine.operations.backups.manifest import Kind, file_name
from engine.operations.backups.minutes import EVERY_SECONDS, Minutes, earliest
from engine.operations.backups.ports import Place
from engine.operations.backups.schedule import worry
from engine.operations.backups.sealing import is_sealed
from engine.operations.backups.shelf import Backup, Shelf, full
from engine.operations.backups.staging import Staging, refuse_others, standing, tell, unpack

log = logging.getLogger("agora.backups")
MAKE = "backup.make"
VERIFY = "backup.verify"
MOMENT = "backup.moment"
FETCH = "backup.fetch"
#: Somebody waits for these: they go before whatever else is due.
AHEAD = timedelta(days=1)
#: So long the page has to tell that Agora starts again.
SEEN_SECONDS = 1.5
BLOCK = 1024 * 1024


class Backups:
    """The backups of this installation. known: whether this Agora knows a schema."""

    def __init__(self, ground: Ground, settings: SettingsStore, known: Callable[[str], bool]) -> None:
        self.ground, self._settings, self._known = ground, settings, known
        self.staging: Staging | None = None
        self.minutes = Minutes(ground)
        self._carrier = Carrier()
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

    @property
    def second(self) -> Place | None:
        """The second place; None where there is none. Raises Invalid where it cannot be opened as it is written."""
        return elsewhere.open_place(self.ground, self.settings)

    @property
    def seen(self) -> elsewhere.Seen:
        """What was seen of the second place at the last look."""
        return elsewhere.seen(self.shelf, self.settings.second_place)

    def every(self) -> list[Backup]:
        """Return all, the newest first, also what lies in the second place alone. Raises Unavailable."""
        away = {one.name: one for one in elsewhere.backups_seen(self.shelf, self.settings.second_place)}
        here = [one for shelf in self.shelves for one in shelf.backups()]
        found = [replace(one, is_elsewhere=away.pop(one.name, None) is not None) for one in here]
        return sorted([*found, *away.values()], key=lambda one: (one.made_at, one.name), reverse=True)

    @property
    def is_beside(self) -> bool:
        """Whether all backups would die with the disk whose death they are for."""
        return self.shelf.is_on_disk_of(self.ground.folder) and not self.seen.apart

    @property
    def lacks_second_place(self) -> bool:
        """Whether somebody must be told so: nobody carries copies away, and the one chosen was looked at."""
        is_new = bool(self.settings.second_place) and not self.seen.at
        return self.is_beside and not self.settings.carried and not is_new

    def find(self, name: str) -> Backup:
        """Return a backup by its name. Raises NotFound."""
        away = {one.name: one for one in elsewhere.backups_seen(self.shelf, self.settings.second_place)}
        for shelf in self.shelves:
            with suppress(NotFound):
                return replace(shelf.backup(name), is_elsewhere=name in away)
        if name in away:
            return away[name]
        raise NotFound(_("There is no backup “{name}”."), name=name[:100])

    def brought(self, backup: Backup) -> Backup:
        """Return a backup that is here, brought from the second place if need be. Raises Unavailable, NotFound."""
        place = self.second
        if backup.is_here or place is None:
            return backup
        elsewhere.fetch(self.shelf, place, backup)
        return self.find(backup.name)

    def remove_now(self, backup: Backup) -> None:
        """Delete a backup wherever it lies. Raises Unavailable where the second place is away: it is whole then."""
        place = self.second
        if backup.is_elsewhere and place is not None:
            elsewhere.remove(self.shelf, place, self.settings.second_place, backup.name)
        if backup.is_here:
            Shelf(backup.path.parent).remove(backup.name)

    def send_now(self) -> int:
        """Copy to the second place what it lacks; return how many backups that were. Raises Unavailable, Invalid."""
        place = self.second
        if place is None:
            return 0
        here = [one for shelf in self.shelves for one in shelf.backups()]
        address, now = self.settings.second_place, self.ground.clock.now()
        return elsewhere.send(self.shelf, place, address, here, self.ground.folder, now)

    def worry(self, now: datetime) -> Message | None:
        """Return what somebody must know of: the last backup failed, is missing or is damaged, or a place is away."""
        if self.minutes.problem:
            return _("What changes is not written down: {reason}").having(reason=self.minutes.problem)
        found = worry(self.shelf, self.settings, now)
        if found is None and self.seen.problem:
            return _("{reason}").having(reason=self.seen.problem)
        return found

    async def look(self) -> float:
        """Write down what changed in the last minute, here and there; return in how many seconds to look again."""
        if not (self.settings.continuous and self.minutes.can):
            return EVERY_SECONDS
        shelf, passphrase = self.shelf, self.settings.passphrase
        pause = await to_thread.run_sync(self.minutes.look, shelf, passphrase)
        if self.settings.second_place:
            await to_thread.run_sync(self._carry, shelf)
        return pause

    def _carry(self, shelf: Shelf) -> None:
        """Carry the minutes to the second place; what goes wrong there is written down, and made up for later."""
        address, now = self.settings.second_place, self.ground.clock.now()
        try:
            place = self.second
            if place is not None:
                elsewhere.refuse_unplugged(self.seen, place, self.ground.folder)
                self._carrier.carry(shelf, place, now)
                if self.seen.problem:
                    elsewhere.look(shelf, place, address, self.ground.folder, now)
        except AgoraError as error:
            with suppress(Unavailable, OSError):
                elsewhere.complain(shelf, address, error, now)

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

    async def begin_fetch(self, db: Database, actor: Actor, name: str) -> UUID:
        """Queue bringing a backup here from the second place; return the job's id. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.MAKE_BACKUPS)
        await to_thread.run_sync(self.find, name)
        async with db.write() as tx:
            return tx.enqueue(FETCH, {"name": name}, key=MAKE, actor=actor, run_at=tx.now - AHEAD)

    async def record_download(self, db: Database, actor: Actor, name: str) -> Backup:
        """Write down that somebody takes a backup out of the house; return it. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        found = await to_thread.run_sync(self.find, name)
        if not found.is_here:
            raise Conflict(_("“{name}” lies in the second place. Bring it here first."), name=name)
        async with db.write() as tx:
            tx.record(actor, "backup.download", name=name)
        return found

    async def remove(self, db: Database, actor: Actor, name: str) -> None:
        """Delete a backup. Raises NotAllowed, NotFound."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        found = await to_thread.run_sync(self.find, name)
        async with db.write() as tx:
            tx.record(actor, "backup.delete", name=name)
        await to_thread.run_sync(self.remove_now, found)

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
        standing = self.standing()
        if standing is not None and standing.is_running:
            raise Conflict(_("A backup is being put back already."))
        await to_thread.run_sync(refuse_others, self.ground)
        self.staging = Staging(name, Progress())
        tell(self.ground, self.staging)
        async with db.write() as tx:
            tx.record(actor, "backup.restore", name=name)
        self._task = asyncio.create_task(
            self._stage(found, self.passphrase_for(found, passphrase), self.staging, restart)
        )

    def standing(self) -> Staging | None:
        """Return how far a restore is that this process or another one of this data folder unpacks."""
        return standing(self.ground, self.staging)

    async def _stage(
        self, backup: Backup, passphrase: str, staging: Staging, restart: Callable[[], None] | None
    ) -> None:
        def work(progress: Progress) -> None:
            here = self.brought(backup)
            restoring.stage(self.ground, here.path, passphrase, progress=progress, known=self._known)

        await unpack(self.ground, staging, work)
        if staging.is_staged and restart is not None:
            await asyncio.sleep(SEEN_SECONDS)
            restart()

    def passphrase_for(self, backup: Backup, given: str = "") -> str:
        """Return the passphrase that opens a backup: the given one, or that of the settings."""
        return (given or self.settings.passphrase) if backup.is_sealed else ""
