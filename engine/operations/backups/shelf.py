"""The folder that backups lie in, which is the truth about them: what is there, what was found of it, what it lacks."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from engine.core.errors import AgoraError, NotFound, Unavailable
from engine.core.i18n import _
from engine.operations.backups.archive import reading
from engine.operations.backups.manifest import Kind, Manifest
from engine.operations.backups.sealing import is_sealed

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(zip|agora)")
_SCRATCH = ".scratch-"
_LOCK = "lock"
_NEWS = ".news.json"
MARGIN_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup. verified_at: when it was last tried out and found whole; problem: what was found else.

    is_here: whether it lies on the shelf, at its path; is_elsewhere: whether it lies in the second place.
    """

    name: str
    path: Path
    size: int
    made_at: datetime
    kind: Kind
    is_sealed: bool = False
    verified_at: datetime | None = None
    problem: str = ""
    site: str = ""
    agora: str = ""
    revision: str = ""
    engine: str = ""
    has_files: bool = True
    files: int = 0
    unpacked: int = 0
    missing: int = 0
    rows: Mapping[str, int] | None = None
    is_here: bool = True
    is_elsewhere: bool = False

    @property
    def is_part(self) -> bool:
        """Whether it is of the database alone, beside the whole ones: before an upgrade, or of a minute."""
        return self.kind in (Kind.UPGRADE, Kind.MOMENT)

    @property
    def is_known(self) -> bool:
        """Whether it is known what it holds: a sealed one from elsewhere tells only with its passphrase."""
        return bool(self.revision)


@dataclass(frozen=True, slots=True)
class News:
    """What the schedule remembers: since when it looks, and its last try. problem: of the last backup, at failed_at."""

    since: datetime | None = None
    tried_at: datetime | None = None
    problem: str = ""
    failed_at: datetime | None = None
    drilled_at: datetime | None = None


class Shelf:
    """One folder of backups. It is made when it is first needed, for this user only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def backups(self) -> list[Backup]:
        """Return what is there, the newest first. Raises Unavailable where the folder cannot be read."""
        try:
            found = [_seen(path) for path in self.folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._away(error) from error
        return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)

    def backup(self, name: str) -> Backup:
        """Return one backup by its file's name. Raises NotFound, also for names that are none."""
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound(_("There is no backup “{name}”."), name=name[:100])
        return _seen(path)

    def place(self, name: str) -> Path:
        """Return where a new backup of this name may stand: beside others of the same name, never over them."""
        stem, dot, ending = name.rpartition(".")
        names = (name, *(f"{stem}-{number}{dot}{ending}" for number in range(2, 100)))
        return next(self.folder / one for one in names if not (self.folder / one).exists())

    def note(self, path: Path, manifest: Manifest, *, verified_at: datetime | None, problem: str = "") -> None:
        """Write down beside a backup what it holds and how it was found."""
        said = {
            "size": path.stat().st_size,
            "madeAt": manifest.made_at.isoformat(),
            "kind": manifest.kind.value,
            "verifiedAt": verified_at.isoformat() if verified_at else None,
            "problem": problem,
            "site": manifest.site,
            "agora": manifest.agora,
            "revision": manifest.revision,
            "engine": manifest.engine,
            "hasFiles": manifest.has_files,
            "files": manifest.files,
            "unpacked": manifest.bytes,
            "missing": len(manifest.missing),
            "rows": dict(manifest.rows),
        }
        write_json(note_of(path), said)

    def note_problem(self, path: Path, problem: str) -> None:
        """Write down that a backup was found damaged."""
        kept = read_json(note_of(path))
        write_json(note_of(path), {**kept, "size": path.stat().st_size, "verifiedAt": None, "problem": problem})

    def remove(self, name: str) -> None:
        """Delete a backup. Raises NotFound."""
        path = self.backup(name).path
        path.unlink(missing_ok=True)
        note_of(path).unlink(missing_ok=True)

    @property
    def news(self) -> News:
        """What the schedule remembers."""
        kept = read_json(self.folder / _NEWS)
        moments = {name: _moment(kept.get(name)) for name in ("since", "tried_at", "failed_at", "drilled_at")}
        return News(**moments, problem=str(kept.get("problem", "")))

    def tell(self, **changes: Any) -> News:
        """Change what the schedule remembers. Raises Unavailable where the folder cannot be written."""
        self.open()
        news = replace(self.news, **changes)
        said = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(news).items()
        }
        write_json(self.folder / _NEWS, said)
        return news

    def open(self) -> None:
        """Make the folder where it is not there. Raises Unavailable."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise PermissionError(13, "it cannot be written")
        except OSError as error:
            raise self._away(error) from error

    def is_on_disk_of(self, folder: Path) -> bool:
        """Return whether this folder and another one lie on the same disk, as far as the system tells."""
        place = next((one for one in (self.folder, *self.folder.parents) if one.exists()), folder)
        return place.stat().st_dev == folder.stat().st_dev

    def check_room(self, needed: int) -> None:
        """Raise Unavailable where so many bytes and some to spare are not free."""
        free = shutil.disk_usage(self.folder).free
        if free < needed + MARGIN_BYTES:
            raise Unavailable(
                _("{folder} has {free} MB free; this needs about {needed} MB. Make room, or choose another folder."),
                folder=str(self.folder),
                free=free // 1_000_000,
                needed=-(-(needed + MARGIN_BYTES) // 1_000_000),
            )

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for one piece of work, gone afterwards; those of processes that died go with it."""
        self.open()
        for left in self.folder.glob(f"{_SCRATCH}*"):
            with suppress(Timeout, OSError), FileLock(left / _LOCK, timeout=0):
                shutil.rmtree(left, ignore_errors=True)
        made = self.folder / f"{_SCRATCH}{secrets.token_hex(6)}"
        made.mkdir(mode=0o700)
        try:
            with FileLock(made / _LOCK):
                yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _away(self, error: OSError) -> Unavailable:
        reason = error.strerror or str(error)
        return Unavailable(
            _("The folder of backups, {folder}, cannot be used: {reason}."), folder=str(self.folder), reason=reason
        )


def is_name(name: str) -> bool:
    """Return whether a file may lie on the shelf under this name."""
    return bool(_NAME.fullmatch(name))


def _seen(path: Path) -> Backup:
    """Return a backup by the note beside it; where that is of another file or missing, by what it says itself."""
    about = path.stat()
    kept = read_json(note_of(path))
    sealed = path.suffix == ".agora" or is_sealed(path)
    bare = Backup(path.name, path, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC), Kind.SENT, sealed)
    if kept.get("size") != about.st_size:
        return bare if sealed else _said_by_itself(bare)
    return _noted(bare, kept)


def from_note(path: Path, note: Mapping[str, Any]) -> Backup:
    """Return a backup that lies elsewhere, by the note beside it there. path: where it would lie here."""
    size = note.get("size")
    made_at = _moment(note.get("madeAt")) or _moment_of_name(path.name)
    bare = Backup(path.name, path, size if isinstance(size, int) else 0, made_at, Kind.SENT, path.suffix == ".agora")
    return replace(_noted(bare, note), is_here=False, is_elsewhere=True)


def _noted(bare: Backup, kept: Mapping[str, Any]) -> Backup:
    try:
        return replace(
            bare,
            made_at=_moment(kept.get("madeAt")) or bare.made_at,
            kind=Kind(kept.get("kind", Kind.SENT)),
            verified_at=_moment(kept.get("verifiedAt")),
            problem=str(kept.get("problem") or ""),
            site=str(kept.get("site", "")),
            agora=str(kept.get("agora", "")),
            revision=str(kept.get("revision", "")),
            engine=str(kept.get("engine", "")),
            has_files=bool(kept.get("hasFiles", True)),
            files=int(kept.get("files", 0)),
            unpacked=int(kept.get("unpacked", 0)),
            missing=int(kept.get("missing", 0)),
            rows=kept.get("rows"),
        )
    except (TypeError, ValueError):
        return bare


def _moment_of_name(name: str) -> datetime:
    """Return when a backup was made, as its file's name has it."""
    found = re.search(r"\d{4}-\d{2}-\d{2}-\d{6}", name)
    with suppress(ValueError):
        return datetime.strptime(found[0] if found else "", "%Y-%m-%d-%H%M%S").replace(tzinfo=UTC)
    return datetime.fromtimestamp(0, UTC)


def _said_by_itself(bare: Backup) -> Backup:
    try:
        with reading(bare.path) as archive:
            said = archive.manifest
    except (AgoraError, OSError) as error:
        return replace(bare, problem=str(error))
    return replace(
        bare, made_at=said.made_at, kind=said.kind, site=said.site, agora=said.agora, revision=said.revision,
        engine=said.engine, has_files=said.has_files, files=said.files, unpacked=said.bytes,
        missing=len(said.missing), rows=said.rows,
    )  # fmt: skip


def note_of(path: Path) -> Path:
    """Return the small file beside a backup that says what was found of it."""
    return path.with_name(f".{path.name}.json")


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else None
    return None


def read_json(path: Path) -> dict[str, Any]:
    """Return what a small file says; nothing where it is missing or torn."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, said: Mapping[str, Any]) -> None:
    """Write a small file whole or not at all, so that it is there after a power cut. Raises OSError."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.new")
    with scratch.open("w", encoding="utf-8") as file:
        scratch.chmod(0o600)
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def full(error: OSError, folder: Path) -> Unavailable:
    """Return the refusal of a disk that took no more."""
    return Unavailable(
        _("{folder} could not be written: {reason}. Nothing half-written was left there."),
        folder=str(folder),
        reason=error.strerror or str(error),
    )


def settle_folder(folder: Path) -> None:
    """Have a folder's entries outlive a power cut, where the system has a way."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
