"""A whole site out and in: `agora export site`, `agora import site`, and the same as jobs that staff follow."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread

from engine.accounts import identity
from engine.content.moving.report import MovingReport
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import _, format_message
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.core.sitefile.archive import SiteArchive, open_archive
from engine.core.sitefile.bringing import Bringing
from engine.core.sitefile.doubting import Doubt
from engine.core.sitefile.kinds import Kinds
from engine.core.sitefile.writing import write_site

EXPORT_JOB, IMPORT_JOB, TIDY_JOB = "site.export", "site.import", "site.tidy"
KEPT_FOR = timedelta(days=7)
#: So many things that were left out are named.
SHOWN = 200
#: A site is kept in pieces of this size, so that none is ever whole in memory.
PIECE = 16 * 1024 * 1024
Tell = Callable[[int, int], Awaitable[None]]


class SiteFiles:
    """What site files need of the house. kinds, book: told late, when every domain has offered its own."""

    def __init__(self, settings: SettingsStore, blobs: BlobStore) -> None:
        self.settings, self.blobs = settings, blobs
        self.kinds: Kinds = ()
        self.book: Book = {}

    async def export_to(
        self, db: Database, actor: Actor, path: Path, *, with_entries: bool, tell: Tell
    ) -> Mapping[str, Any]:
        """Write the site into a new file; return `{counts, left: [{kind, title, reason}]}`. It is whole or not there.

        with_entries: also what people sent by forms. Raises NotAllowed below admin.
        """
        _require(actor)
        general = self.settings.site.general
        about = {"site": {"name": general.site_name, "url": general.site_url}}
        kinds = [kind for kind in self.kinds if not kind.asked or with_entries]
        part = path.with_name(f".{path.name}.part")
        try:
            counts, left = await write_site(db, self.blobs, kinds, self.book, part, about, tell)
            await to_thread.run_sync(part.replace, path)
        finally:
            part.unlink(missing_ok=True)
        async with db.write() as tx:
            tx.record(actor, "site.export", changes={}, counts=counts)
        said = [{"kind": one.kind, "title": one.title, "reason": format_message(one.reason, general.language)}
                for one in left[:SHOWN]]  # fmt: skip
        return {"counts": counts, "left": said}

    async def import_from(
        self, db: Database, actor: Actor, path: Path, *, replaces: bool, is_dry_run: bool, tell: Tell
    ) -> Mapping[str, Any]:
        """Bring a site file in; return the report. The same file again changes nothing.

        replaces: the file wins over what differs here; else the later change does. Raises NotAllowed below admin, and
        Invalid, with file, line and reason, before anything is changed.
        """
        _require(actor)
        report = MovingReport(self.settings.site.general.language)
        await self._bring(db, actor, path, report, tell, replaces=replaces, is_dry_run=is_dry_run)
        return report.as_json()

    async def begin_export(self, db: Database, actor: Actor, *, with_entries: bool) -> UUID:
        """Queue an export; return the job's id. Its file is there for a week. Raises NotAllowed below admin."""
        _require(actor)
        prefix = f"exports/{new_id()}"
        async with db.write() as tx:
            tx.enqueue(TIDY_JOB, {"prefix": prefix}, run_at=tx.now + KEPT_FOR)
            return tx.enqueue(EXPORT_JOB, {"prefix": prefix, "withEntries": with_entries}, key=EXPORT_JOB, actor=actor)

    async def begin_import(
        self, db: Database, actor: Actor, data: bytes, filename: str, *, replaces: bool, is_dry_run: bool
    ) -> UUID:
        """Keep a site file and queue its import; return the job's id. Raises as `import_from`."""
        _require(actor)
        with tempfile.TemporaryDirectory(prefix="agora-") as folder:
            path = Path(folder) / "site.zip"
            await to_thread.run_sync(path.write_bytes, data)
            archive, _left = await to_thread.run_sync(self._checked, path)
            archive.close()
        prefix = f"imports/{new_id()}"
        await self.blobs.put(f"{prefix}/export", data)
        payload = {
            "format": "agora",
            "filename": filename[:200],
            "prefix": prefix,
            "replaces": replaces,
            "isDryRun": is_dry_run,
        }
        async with db.write() as tx:
            tx.enqueue(TIDY_JOB, {"prefix": prefix}, run_at=tx.now + KEPT_FOR)
            tx.record(actor, IMPORT_JOB, changes={}, filename=filename[:200])
            return tx.enqueue(IMPORT_JOB, payload, key=IMPORT_JOB, actor=actor)

    async def begin_again(self, db: Database, actor: Actor, payload: Mapping[str, Any]) -> UUID:
        """Queue the import of what was tried without changing anything. Raises NotFound once it was tidied away."""
        _require(actor)
        if not await self.blobs.exists(f"{payload['prefix']}/export"):
            raise NotFound(_("The export is not here any more. Choose it again."))
        async with db.write() as tx:
            return tx.enqueue(IMPORT_JOB, {**payload, "isDryRun": False}, key=IMPORT_JOB, actor=actor)

    async def pieces(self, actor: Actor, result: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Yield the bytes of an export by its job's result. Raises NotAllowed below admin, NotFound after its week."""
        _require(actor)
        names = [f"{result['prefix']}/{number:05}" for number in range(int(result["pieces"]))]
        if not names or not await self.blobs.exists(names[0]):
            raise NotFound(_("This export is not here any more. Export the site again."))

        async def flow() -> AsyncIterator[bytes]:
            for name in names:
                async for chunk in self.blobs.stream(name):
                    yield chunk

        return flow()

    def jobs(self) -> tuple[JobKind, ...]:
        """Return the jobs of site files."""
        return (
            JobKind(EXPORT_JOB, self._export, attempts=3, followed=True),
            JobKind(IMPORT_JOB, self._import, attempts=3, followed=True),
            JobKind(TIDY_JOB, self._tidy),
        )

    async def _export(self, job: JobRun) -> Mapping[str, Any]:
        actor = await _asker(job)
        prefix = job.payload["prefix"]

        async def tell(done: int, total: int) -> None:
            if done % 10 == 0:
                await job.progress(done, total)

        with tempfile.TemporaryDirectory(prefix="agora-") as folder:
            path = Path(folder) / "site.zip"
            found = await self.export_to(job.db, actor, path, with_entries=bool(job.payload["withEntries"]), tell=tell)
            number, size = 0, 0
            with path.open("rb") as file:
                while piece := await to_thread.run_sync(file.read, PIECE):
                    await self.blobs.put(f"{prefix}/{number:05}", piece)
                    number, size = number + 1, size + len(piece)
        name = f"site-{job.db.clock.now():%Y-%m-%d}.zip"
        return {"prefix": prefix, "pieces": number, "bytes": size, "filename": name, **found}

    async def _import(self, job: JobRun) -> Mapping[str, Any]:
        actor, asked = await _asker(job), job.payload
        report = MovingReport(self.settings.site.general.language)

        async def tell(done: int, total: int) -> None:
            await job.progress(done, total, report.as_json())

        with tempfile.TemporaryDirectory(prefix="agora-") as folder:
            path = Path(folder) / "site.zip"
            with path.open("wb") as file:
                async for chunk in self.blobs.stream(f"{asked['prefix']}/export"):
                    await to_thread.run_sync(file.write, chunk)
            try:
                await self._bring(
                    job.db, actor, path, report, tell, replaces=asked["replaces"], is_dry_run=asked["isDryRun"]
                )
            except AgoraError as refused:
                raise GiveUp(str(refused)) from refused
        return report.as_json()

    async def _tidy(self, job: JobRun) -> None:
        await self.blobs.delete(str(job.payload["prefix"]))

    async def _bring(
        self,
        db: Database,
        actor: Actor,
        path: Path,
        report: MovingReport,
        tell: Tell,
        *,
        replaces: bool,
        is_dry_run: bool,
    ) -> None:
        archive, left = await to_thread.run_sync(self._checked, path)
        try:
            for message in left:
                report.say("", message)
            bringing = Bringing(
                db, self.blobs, self.settings, self.kinds, self.book, actor, archive, report, tell, replaces
            )
            await bringing.run(is_dry_run=is_dry_run)
        finally:
            await asyncio.to_thread(archive.close)
        if not is_dry_run:
            await self.settings.refresh()
            async with db.write() as tx:
                tx.record(actor, IMPORT_JOB, changes={}, counts=report.as_json()["counts"])

    def _checked(self, path: Path) -> tuple[SiteArchive, list[Any]]:
        archive = open_archive(path)
        try:
            return archive, [*Doubt(self.kinds, self.book).check(archive)]
        except BaseException:
            archive.close()
            raise


async def _asker(job: JobRun) -> Actor:
    actor = await job.db.query(identity.actor_of_user, job.created_by) if job.created_by else None
    if actor is None:
        raise GiveUp("Whoever began this has no account any more.")
    return actor


def _require(actor: Actor) -> None:
    """Raise NotAllowed below admin: a site file holds drafts, addresses of people, and settings."""
    access.require(actor, Permission.UPDATE_SETTINGS)
