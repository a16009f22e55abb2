"""Updates of the program that runs: looked for, told, and put in place after a backup."""

import json
import os
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.i18n import _
from engine.core.jobs import Job, JobStatus
from engine.core.ports import Clock
from engine.core.programsettings import ProgramSettings
from engine.core.running import JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.operations.backups import making
from engine.operations.backups.backups import Backups
from engine.operations.backups.making import Asked
from engine.operations.ports import Downloads
from engine.operations.updates import release, standing_by
from engine.operations.updates.numbers import is_newer
from engine.operations.updates.release import LARGEST_ANNOUNCEMENT, Package, Release
from engine.operations.updates.standing_by import Next

LOOK = "update.look"
LOOK_EVERY = timedelta(days=1)
INSTALL = "update.install"
SIGNATURE = ".sig"
PROBE_SECONDS = 60
KIB = 1024

Kind = Literal["folder", "package", "source"]


@dataclass(frozen=True, slots=True)
class Program:
    """What runs here. kind: a folder that may stand aside for a newer one, a system's package, or the source.

    room: where newer ones are put.
    """

    version: str
    kind: Kind
    room: Path


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at the last look. version: announced; problem: why nothing could be seen. at: ISO 8601."""

    version: str = ""
    notes: str = ""
    has_package: bool = False
    problem: str = ""
    at: str = ""


class Updates:
    """New versions of this program."""

    def __init__(
        self, program: Program, settings: SettingsStore, downloads: Downloads, backups: Backups, clock: Clock
    ) -> None:
        self.program, self._settings, self.downloads = program, settings, downloads
        self._backups, self._clock = backups, clock

    @property
    def settings(self) -> ProgramSettings:
        """Where new versions are announced."""
        return self._settings.site.program

    @property
    def seen(self) -> Seen:
        """What was seen at the last look."""
        try:
            return Seen(**json.loads(self._news.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Seen()

    @property
    def available(self) -> Seen | None:
        """A version after the one that runs; None where there is none, or nobody looks."""
        seen = self.seen
        is_there = bool(self.settings.update_address) and is_newer(seen.version, self.program.version)
        return seen if is_there else None

    @property
    def following(self) -> Next | None:
        """The version that stands by, if it is after the one that runs."""
        found = standing_by.noted(self.program.room)
        return found if found and is_newer(found.version, self.program.version) else None

    @property
    def _news(self) -> Path:
        return self._backups.ground.folder / "updates.json"

    async def look(self) -> Seen:
        """Ask whether there is a new version; return what was seen, which is written down, too."""
        now = self._clock.now()
        try:
            found = await self._announced()
            seen = Seen(found.version, found.notes, found.package() is not None, at=now.isoformat())
        except AgoraError as error:
            seen = Seen(problem=str(error), at=now.isoformat())
        await to_thread.run_sync(lambda: self._news.write_text(json.dumps(asdict(seen)), encoding="utf-8"))
        return seen

    async def _announced(self) -> Release:
        kept = self.settings
        if not kept.update_address or not kept.update_key:
            raise Invalid(_("Write down where new versions are announced, and the key that they are signed with."))
        body = await self.downloads.fetch(kept.update_address, LARGEST_ANNOUNCEMENT)
        signature = await self.downloads.fetch(kept.update_address + SIGNATURE, KIB)
        return release.read(body, signature, kept.update_key)

    def running(self, connection: Connection) -> UUID | None:
        """Return the job that puts a new version in place now or soon."""
        found: UUID | None = connection.scalar(
            select(Job.id).where(Job.kind == INSTALL, Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))).limit(1)
        )
        return found

    async def begin(self, db: Database, actor: Actor) -> UUID:
        """Queue a backup and then the new version; return the job's id, also of one that waits already.

        Raises NotAllowed, Conflict where nothing can be put in place here.
        """
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        if self.program.kind != "folder":
            raise Conflict(_("This installation is updated by the system it came with, not by itself."))
        if self.available is None:
            raise Conflict(_("There is no newer version than {version}."), version=self.program.version)
        async with db.write() as tx:
            connection = await tx.session.connection()
            waiting = await connection.run_sync(self.running)
            if waiting is not None:
                return waiting
            tx.record(actor, "update.install", version=self.seen.version)
            return tx.enqueue(INSTALL, {}, key=INSTALL, actor=actor)

    def jobs(self) -> tuple[JobKind, ...]:
        """Return the jobs of updates."""
        return (
            JobKind(LOOK, self._look, attempts=1, every=LOOK_EVERY),
            JobKind(INSTALL, self._install, attempts=1, followed=True),
        )

    async def _look(self, _job: JobRun) -> Mapping[str, Any] | None:
        if not self.settings.update_address:
            return None
        seen = await self.look()
        return {"version": seen.version, "problem": seen.problem}

    async def _install(self, job: JobRun) -> Mapping[str, Any]:
        """Make a backup, fetch the version that is announced now, check it, and have it stand by."""
        found = await self._announced()
        package = found.package()
        if package is None or not is_newer(found.version, self.program.version):
            raise Conflict(_("There is no newer version than {version}."), version=self.program.version)
        ours, settings = self._backups, self._backups.settings
        asked = Asked(passphrase=settings.passphrase, has_files=ours.ground.store is None or settings.stored_files)
        backup = await to_thread.run_sync(making.make, ours.ground, ours.shelf, asked)

        async def told(done: int) -> None:
            await job.progress(min(done, package.size) // KIB, package.size // KIB)

        folder = await self._fetched(found.version, package, told)
        await to_thread.run_sync(self._stand_by, Next(found.version, str(folder)))
        return {"version": found.version, "backup": backup.name}

    async def _fetched(self, version: str, package: Package, told: Callable[[int], Awaitable[None]]) -> Path:
        room = self.program.room
        await to_thread.run_sync(lambda: room.mkdir(parents=True, exist_ok=True, mode=0o700))
        archive = room / f".{version}.{os.getpid()}.tar.gz"
        try:
            found = await self.downloads.save(package.url, archive, package.size, told)
            if archive.stat().st_size != package.size or found != package.sha256:
                raise Invalid(_("What was fetched is not what was announced; nothing was changed."))
            return await to_thread.run_sync(standing_by.unpack, archive, room, version)
        finally:
            archive.unlink(missing_ok=True)

    def _stand_by(self, following: Next) -> None:
        """Have a version stand by, once it has shown that it starts on this machine."""
        try:
            said = subprocess.run(  # noqa: S603 - signed, and its checksum is right
                [following.program, "--version"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=True
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise Invalid(_("The new version does not start on this machine: {reason}."), reason=str(error)) from error
        if following.version not in said.split():
            raise Invalid(_("The new version says that it is another: {said}."), said=said.strip()[:100])
        standing_by.note(self.program.room, following)
        standing_by.forget_others(self.program.room, Path(following.folder), self._own_folder())

    def _own_folder(self) -> Path:
        return self.program.room / self.program.version

    def looked_at(self) -> datetime | None:
        """Return when somebody looked last."""
        at = self.seen.at
        return datetime.fromisoformat(at) if at else None
