"""Imports of sites: look into an export, begin one as a job, or run it here for the command line."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection

from engine.accounts import identity
from engine.accounts import public as people
from engine.content.moving import markdown
from engine.content.moving.bringing import Find, Moving, Tell
from engine.content.moving.incoming import Incoming
from engine.content.moving.opening import Along, archive, folder, joined, parse
from engine.content.moving.report import MovingReport
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.media.ports import PictureSource

IMPORT_JOB = "content.import"
TIDY_JOB = "content.import_tidy"
KEPT_FOR = timedelta(days=7)
MAX_FETCHED = 100_000_000
HashPassword = Callable[[str], Awaitable[str]]


class SiteImports:
    """What imports of sites need of the house. book: told late, when every domain has offered its blocks."""

    def __init__(
        self, settings: SettingsStore, blobs: BlobStore, source: PictureSource, hash_password: HashPassword
    ) -> None:
        self.settings, self.blobs, self.source, self.hash_password = settings, blobs, source, hash_password
        self.book: Book = {}

    async def begin(
        self,
        db: Database,
        actor: Actor,
        *,
        format_: str,
        data: bytes,
        filename: str,
        files: bytes | None = None,
        is_dry_run: bool = False,
        as_drafts: bool = False,
        accounts: Mapping[str, UUID] | None = None,
    ) -> UUID:
        """Keep an export, and queue its import; return the job's id. files: an archive of what it names.

        accounts: whose account an author has here, by their key in the export; others are names alone.

        Raises NotAllowed below editor, and Invalid at once, with line and reason, for what is no such export.
        """
        _require(actor)
        await to_thread.run_sync(parse, format_, data, filename)
        if files is not None:
            await to_thread.run_sync(archive, files)
        prefix = f"imports/{new_id()}"
        await self.blobs.put(f"{prefix}/export", data)
        if files is not None:
            await self.blobs.put(f"{prefix}/files", files)
        payload = {"format": format_, "filename": filename[:200], "prefix": prefix, "hasFiles": files is not None,
                   "isDryRun": is_dry_run, "asDrafts": as_drafts,
                   "accounts": await _staff(db, accounts or {})}  # fmt: skip
        async with db.write() as tx:
            job_id = tx.enqueue(IMPORT_JOB, payload, key=IMPORT_JOB, actor=actor)
            tx.enqueue(TIDY_JOB, {"prefix": prefix}, run_at=tx.now + KEPT_FOR)
            tx.record(actor, "content.import", changes={}, format=format_, filename=filename[:200])
        return job_id

    async def begin_again(
        self, db: Database, actor: Actor, payload: Mapping[str, Any], accounts: Mapping[str, UUID] | None = None
    ) -> UUID:
        """Queue the import of what was tried without changing anything. Raises NotFound once it was tidied away.

        accounts: as `begin` has them.
        """
        _require(actor)
        if not await self.blobs.exists(f"{payload['prefix']}/export"):
            raise NotFound(_("The export is not here any more. Choose it again."))
        chosen = {"accounts": await _staff(db, accounts)} if accounts is not None else {}
        async with db.write() as tx:
            return tx.enqueue(IMPORT_JOB, {**payload, "isDryRun": False, **chosen}, key=IMPORT_JOB, actor=actor)

    async def run_here(
        self, db: Database, actor: Actor, *, format_: str, path: Path, files: Path | None, is_dry_run: bool,
        as_drafts: bool, tell: Tell, authors: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:  # fmt: skip
        """Import a file, or a folder of Markdown, in this process; return the report. Raises as `begin`.

        authors: the e-mail address of the account that an author has here, by their key in the export.
        """
        _require(actor)
        incoming, along = await to_thread.run_sync(_opened, format_, path, files)
        report = MovingReport(self.settings.site.general.language)
        accounts = await db.query(_by_email, authors or {})
        moving = self._moving(db, actor, along, report, tell, accounts, as_drafts=as_drafts)
        await moving.run(incoming, is_dry_run=is_dry_run)
        return report.as_json()

    def jobs(self) -> tuple[JobKind, ...]:
        """Return the jobs of imports."""
        return JobKind(IMPORT_JOB, self._run, attempts=3, followed=True), JobKind(TIDY_JOB, self._tidy)

    async def _run(self, job: JobRun) -> Mapping[str, Any]:
        asked = job.payload
        actor = await job.db.query(identity.actor_of_user, job.created_by) if job.created_by else None
        if actor is None:
            raise GiveUp("Whoever began this import has no account any more.")
        data = await self.blobs.get(f"{asked['prefix']}/export")
        try:
            incoming, along = await to_thread.run_sync(parse, asked["format"], data, asked["filename"])
            if asked["hasFiles"]:
                along = joined(
                    await to_thread.run_sync(archive, await self.blobs.get(f"{asked['prefix']}/files")), along
                )
        except AgoraError as refused:
            raise GiveUp(str(refused)) from refused
        report = MovingReport(self.settings.site.general.language)

        async def tell(done: int, total: int) -> None:
            if done % 5 == 0 or done == total:
                await job.progress(done, total, report.as_json())

        accounts = {key: UUID(one) for key, one in asked.get("accounts", {}).items()}
        moving = self._moving(job.db, actor, along, report, tell, accounts, as_drafts=asked["asDrafts"])
        await moving.run(incoming, is_dry_run=asked["isDryRun"])
        return report.as_json()

    async def _tidy(self, job: JobRun) -> None:
        for name in ("export", "files"):
            await self.blobs.delete(f"{job.payload['prefix']}/{name}")

    def _moving(
        self,
        db: Database,
        actor: Actor,
        along: Along,
        report: MovingReport,
        tell: Tell,
        accounts: Mapping[str, UUID],
        *,
        as_drafts: bool,
    ) -> Moving:
        find = _finder(along, self.source)
        return Moving(db, self.blobs, self.book, actor, report, find, self.hash_password, tell, as_drafts, accounts)


async def _staff(db: Database, accounts: Mapping[str, UUID]) -> dict[str, str]:
    """Return accounts as a job keeps them. Raises Invalid for one that is not staff's."""
    staff = {one.id for one in await db.query(people.staff)}
    for key, user_id in accounts.items():
        if user_id not in staff:
            message = _("“{key}” cannot be given the account {id}: it is nobody’s of the staff.")
            raise Invalid(message, {"authors": message}, key=key[:100], id=user_id)
    return {key: str(user_id) for key, user_id in accounts.items()}


def _by_email(connection: Connection, authors: Mapping[str, str]) -> dict[str, UUID]:
    by_email = {one.email.lower(): one.id for one in people.staff(connection)}
    unknown = [email for email in authors.values() if email.lower() not in by_email]
    if unknown:
        message = _("Nobody of the staff has the address {email}.").having(email=unknown[0][:100])
        raise Invalid(message, {"authors": message})
    return {key: by_email[email.lower()] for key, email in authors.items()}


def _opened(format_: str, path: Path, files: Path | None) -> tuple[Incoming, Along]:
    """Return what a file, or a folder of Markdown, holds, with what came along in it and beside it."""
    if not path.is_dir():
        incoming, along = parse(format_, path.read_bytes(), path.name)
    elif format_ == "markdown":
        along = folder(path)
        incoming = markdown.read({name: along.read(name) for name in along.names}, path.name)
    else:
        message = _("A folder is taken for Markdown only. Choose the file that was exported.")
        raise Invalid(message, {"file": message})
    if files is not None:
        along = joined(folder(files) if files.is_dir() else archive(files.read_bytes()), along)
    return incoming, along


def _finder(along: Along, source: PictureSource) -> Find:
    """Return how a file is found: in what came along, else at its address on the web."""

    async def find(address: str) -> bytes:
        found = await asyncio.to_thread(along.find, address)
        if found is not None:
            return found
        if address.startswith("//"):
            address = f"https:{address}"
        if not address.startswith(("http://", "https://")):
            raise Invalid(_("“{name}” is not among the files that came along."), name=address[:200])
        return await source.fetch(address, MAX_FETCHED)

    return find


def _require(actor: Actor) -> None:
    for needed in (Permission.EDIT_PAGES, Permission.MANAGE_ARTICLES, Permission.UPLOAD_MEDIA):
        access.require(actor, needed)
