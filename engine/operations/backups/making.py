"""Making a backup: the database first, in one moment; then what lies beside it; then a trial of the whole file."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ports import BlobStore, Clock
from engine.operations.backups.archive import Tell, reading, writing
from engine.operations.backups.files import FolderFiles, StoredFiles
from engine.operations.backups.manifest import DATABASES, FILES, SECRETS, TOML, Kind, Manifest, file_name
from engine.operations.backups.ports import Contents, DatabaseCopies, Files, Places
from engine.operations.backups.shelf import Shelf, full, settle_folder


@dataclass(frozen=True, slots=True)
class Ground:
    """What is backed up: a data folder and its database. agora: the version that runs.

    store: opens where the site's files are, if that is not the data folder. places: opens second places.
    """

    folder: Path
    copies: DatabaseCopies
    clock: Clock
    agora: str
    store: Callable[[], BlobStore] | None = None
    places: Places | None = None

    @property
    def files(self) -> Path:
        """The folder of the site's files, unless a store has them."""
        return self.folder / "files"

    @property
    def contents(self) -> Files:
        """The site's files, wherever they lie."""
        return FolderFiles(self.files) if self.store is None else StoredFiles(self.store())

    @property
    def shelf(self) -> Shelf:
        """The shelf in the data folder."""
        return Shelf(self.folder / "backups")


@dataclass(slots=True)
class Progress:
    """How far the work is, in bytes; read by whoever shows it."""

    done: int = 0
    total: int = 0

    def more(self, size: int) -> None:
        """Count bytes that are done."""
        self.done += size


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of backup is wanted. has_files: with the site's files; passphrase: seals it, where it is not empty."""

    kind: Kind = Kind.MANUAL
    passphrase: str = ""
    has_files: bool = True


def make(
    ground: Ground, shelf: Shelf, asked: Asked, progress: Progress | None = None, target: Path | None = None
) -> Path:
    """Make a backup, try it out, and return where it lies: on the shelf, or at the target.

    Raises Unavailable where the database cannot be copied or the disk is full, Invalid where the trial found a flaw:
    nothing is left behind then.
    """
    progress = progress or Progress()
    made_at = ground.clock.now().astimezone(UTC)
    shelf.open()
    try:
        with shelf.scratch() as scratch:
            whole = scratch / "whole"
            manifest = _write(ground, shelf, asked, made_at, scratch, whole, progress)
            verify(ground.copies, whole, asked.passphrase, scratch, progress)
            place = target or shelf.place(file_name(made_at, asked.kind, is_sealed=bool(asked.passphrase)))
            whole.replace(place) if target is None else _carry(whole, place)
            if target is None:
                shelf.note(place, manifest, verified_at=ground.clock.now())
            settle_folder(place.parent)
            return place
    except OSError as error:
        raise full(error, (target or shelf.folder)) from error


def _write(
    ground: Ground, shelf: Shelf, asked: Asked, made_at: datetime, scratch: Path, whole: Path, progress: Progress
) -> Manifest:
    files = ground.contents
    sizes = dict(files.sizes()) if asked.has_files else {}
    heavy = sum(sizes.values())
    database = ground.copies.size()
    shelf.check_room(2 * database + heavy)
    copy = scratch / "copy"
    contents = ground.copies.copy(copy)
    if asked.has_files:
        sizes |= files.sizes()
    progress.total = 2 * (copy.stat().st_size + heavy)
    missing = []
    with whole.open("xb") as file:
        whole.chmod(0o600)
        with writing(file, asked.passphrase, progress.more) as archive:
            with copy.open("rb") as source:
                archive.add(DATABASES[ground.copies.engine], source, is_packed=ground.copies.is_packed)
            copy.unlink()
            for name in (SECRETS, TOML):
                if (ground.folder / name).is_file():
                    with (ground.folder / name).open("rb") as source:
                        archive.add(name, source)
            for key in sorted(sizes):
                try:
                    with files.open(key) as source:
                        archive.add(f"{FILES}{key}", source)
                except FileNotFoundError:
                    missing.append(key)
            manifest = Manifest(
                agora=ground.agora,
                revision=contents.revision,
                engine=ground.copies.engine,
                made_at=made_at,
                kind=asked.kind,
                site=contents.site[:200],
                has_files=asked.has_files,
                rows=dict(contents.rows),
                members=archive.members,
                missing=missing,
            )
            archive.finish(manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def verify(
    copies: DatabaseCopies, path: Path, passphrase: str, scratch: Path, progress: Progress | None = None
) -> Manifest:
    """Restore a backup into a scratch folder, look through all of it, and return what it says of itself.

    Every byte is read against its SHA-256; the database is opened, checked page by page, and counted against the
    manifest. Raises Invalid. A database of another kind than this installation's is only read, not opened.
    """
    tell: Tell = progress.more if progress else lambda _size: None
    with reading(path, passphrase) as archive:
        manifest = archive.manifest
        if progress is not None and not progress.total:
            progress.total = manifest.bytes
        copy = scratch / "trial"
        for member in manifest.members:
            if member.name == manifest.database and manifest.engine == copies.engine:
                archive.take_out(member, copy, tell)
                compare(manifest, copies.try_out(copy, scratch))
                copy.unlink()
            else:
                archive.check(member, tell)
        return manifest


def compare(manifest: Manifest, found: Contents) -> None:
    """Raise Invalid where a database that was tried out does not hold what the manifest says."""
    if found.revision != manifest.revision:
        raise Invalid(_("The database in the backup is of schema {found}, and should be of {said}."),
                      found=found.revision, said=manifest.revision)  # fmt: skip
    for table in sorted({*found.rows, *manifest.rows}):
        if found.rows.get(table) != manifest.rows.get(table):
            raise Invalid(
                _("The table {table} in the backup has {found} rows, and should have {said}."),
                table=table,
                found=str(found.rows.get(table)),
                said=str(manifest.rows.get(table)),
            )


def verify_kept(ground: Ground, shelf: Shelf, name: str, passphrase: str, progress: Progress | None = None) -> Manifest:
    """Try out a backup of the shelf, write down how it was found, and return what it says of itself.

    Raises Invalid where it is damaged, which is written down; a wrong passphrase tells nothing of the backup.
    """
    backup = shelf.backup(name)
    try:
        with shelf.scratch() as scratch:
            shelf.check_room(backup.unpacked if backup.engine == ground.copies.engine else 0)
            manifest = verify(ground.copies, backup.path, passphrase, scratch, progress)
    except Invalid as error:
        if "passphrase" not in error.fields:
            shelf.note_problem(backup.path, str(error))
        raise
    shelf.note(backup.path, manifest, verified_at=ground.clock.now())
    return manifest


def _carry(source: Path, target: Path) -> None:
    """Move a file to a place that may be on another disk: whole or not at all."""
    beside = target.with_name(f"{target.name}.part")
    try:
        with source.open("rb") as read, beside.open("wb") as write:
            beside.chmod(0o600)
            while block := read.read(1024 * 1024):
                write.write(block)
            write.flush()
            os.fsync(write.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
