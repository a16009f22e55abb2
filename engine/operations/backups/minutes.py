"""Any minute of the last day, for SQLite: what changed is written beside the backups, minute by minute.

A *chain* is a folder: the whole database as it was (`base`), then what changed since (`000001`, `000002`, ...), page by
page. Nothing is read or written in a minute in which the database's files did not change.
"""

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import _
from engine.operations.backups.making import Asked, Ground, make
from engine.operations.backups.manifest import SECRETS, Kind
from engine.operations.backups.pages import (
    NOTHING_KNOWN,
    Head,
    apply,
    compared,
    page_size_of,
    pages_at,
    pages_of,
    write_pages,
)
from engine.operations.backups.shelf import Shelf

FOLDER = "minutes"
SCRATCH = ".minutes-"
BASE = "base"
STAMP = "%Y%m%dT%H%M%S%f"
#: Files that changed so lately may change again without it being seen: they are looked at once more.
FRESH_NS = 2_000_000_000
EVERY_SECONDS = 60.0
#: However long a look takes, the next comes so soon that no more than five minutes are lost.
LONGEST_SECONDS = 240.0
#: A look may take so much of a processor: one part in fifty.
SHARE = 50
KEPT = timedelta(hours=25)
LONGEST_CHAIN = timedelta(hours=6)
Signature = tuple[tuple[int, int], ...]


class Minutes:
    """Follows one database. problem: why the last look failed; until it works again, what changed waits."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chain: Path | None = None
        self._begun: datetime | None = None
        self._count = 0
        self._digests = NOTHING_KNOWN
        self._signature: Signature = ()
        self._passphrase = ""
        self.problem = ""
        self.written_at: datetime | None = None

    @property
    def can(self) -> bool:
        """Whether the database is a file that can be followed."""
        return self._ground.copies.file is not None

    def look(self, shelf: Shelf, passphrase: str) -> float:
        """Write what changed; return in how many seconds to look again. Never raises."""
        began = time.thread_time()
        try:
            self.write(shelf, passphrase)
        except (AgoraError, OSError) as error:
            self.problem = str(error)
        else:
            self.problem = ""
        return min(max(EVERY_SECONDS, SHARE * (time.thread_time() - began)), LONGEST_SECONDS)

    def write(self, shelf: Shelf, passphrase: str) -> bool:
        """Write what changed since the last time; return whether anything did. Raises OSError, Unavailable."""
        signature, database = self._seen(), self._ground.copies.file
        if signature == self._signature or not signature or database is None:
            return False
        shelf.open()
        folder = shelf.folder / FOLDER
        if not self._digests.page_count:
            for left in self._ground.folder.glob(f"{SCRATCH}*"):
                shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(dir=self._ground.folder, prefix=SCRATCH) as scratch:
            copy = Path(scratch) / "copy"
            now = self._ground.clock.now().astimezone(UTC)
            database.snapshot(copy)
            with copy.open("rb") as file:
                page_size = page_size_of(file.read(100))
            digests, others = compared(copy, page_size, self._digests)
            head = Head(now.isoformat(), page_size, digests.page_count)
            if others or digests.page_count != self._digests.page_count:
                is_sealed_anew = passphrase != self._passphrase
                if self._needs_base(folder, now, len(others), head.pages, is_sealed_anew=is_sealed_anew):
                    self._begin(folder, copy, head, now, passphrase)
                else:
                    self._go_on(copy, head, others, passphrase)
        is_fresh = time.time_ns() - max(moment for moment, _size in signature) < FRESH_NS
        self._digests, self._signature, self.written_at = digests, () if is_fresh else signature, now
        return bool(others)

    def _seen(self) -> Signature:
        """Return what changes whenever somebody writes to the database; empty while there is none."""
        place = self._ground.copies.place
        if place is None or not place.exists():
            return ()
        found = []
        for path in (place, place.with_name(f"{place.name}-wal")):
            with suppress(FileNotFoundError):
                about = path.stat()
                found.append((about.st_mtime_ns, about.st_size))
        return tuple(found)

    def _needs_base(self, folder: Path, now: datetime, changed: int, pages: int, *, is_sealed_anew: bool) -> bool:
        chain = self._chain
        if chain is None or self._begun is None or chain.parent != folder or not chain.exists() or is_sealed_anew:
            return True
        return now - self._begun > LONGEST_CHAIN or 2 * changed > pages

    def _begin(self, folder: Path, copy: Path, head: Head, now: datetime, passphrase: str) -> None:
        """Begin a chain: a folder that counts once its base is in it."""
        forget(folder, now - KEPT)
        chain = folder / f"{now:{STAMP}}"
        chain.mkdir(parents=True, mode=0o700)
        secrets = self._ground.folder / SECRETS
        if secrets.exists():
            data = secrets.read_bytes()
            write_pages(chain / SECRETS, Head(head.at, len(data), 1), [(0, data)], passphrase)
        write_pages(chain / BASE, head, pages_of(copy, head.page_size), passphrase)
        self._chain, self._begun, self._count, self._passphrase = chain, now, 0, passphrase

    def _go_on(self, copy: Path, head: Head, changed: Iterable[int], passphrase: str) -> None:
        assert self._chain is not None  # noqa: S101 - there is one, or a base was needed
        pages = pages_at(copy, head.page_size, changed)
        at = datetime.fromisoformat(head.at)
        write_pages(self._chain / f"{self._count + 1:06}-{at:{STAMP}}", head, pages, passphrase)
        self._count += 1


def chains(folder: Path) -> list[Path]:
    """Return the chains that have a base, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{BASE}"))


def forget(folder: Path, before: datetime) -> None:
    """Delete chains that no minute since then needs: those whose successor is older."""
    every = chains(folder)
    for chain, successor in pairwise(every):
        if begun_at(successor) < before:
            shutil.rmtree(chain, ignore_errors=True)


def begun_at(chain: Path) -> datetime:
    """Return when a chain begins."""
    return datetime.strptime(chain.name, STAMP).replace(tzinfo=UTC)


def latest(shelf: Shelf) -> datetime | None:
    """Return when something was written down last."""
    found = chains(shelf.folder / FOLDER)
    if not found:
        return None
    stamps = [path.name.partition("-")[2] for path in found[-1].glob("[0-9]*-*")]
    return max([begun_at(found[-1]), *(datetime.strptime(one, STAMP).replace(tzinfo=UTC) for one in stamps)])


def earliest(shelf: Shelf) -> datetime | None:
    """Return the first minute that can be had."""
    found = chains(shelf.folder / FOLDER)
    return begun_at(found[0]) if found else None


def moment(ground: Ground, shelf: Shelf, at: datetime, passphrase: str, target: Shelf | None = None) -> Path:
    """Make a backup of the database as it was at a moment, tried out like any other; return where it lies.

    shelf: where it was written down; target: where the backup goes, if that is another one.

    The site's files stay as they are when it is put back. Raises NotFound for a moment that nobody wrote down, Invalid
    where what was written is damaged.
    """
    found = [chain for chain in chains(shelf.folder / FOLDER) if begun_at(chain) <= at]
    if not found or ground.copies.file is None:
        first = earliest(shelf)
        since = f"{first:%Y-%m-%d %H:%M} UTC" if first else "-"
        raise NotFound(_("There is nothing of that minute. The first that can be had is {since}."), since=since)
    with (target or shelf).scratch() as scratch:
        database = scratch / "moment.sqlite3"
        reached = put_together(found[-1], at, database, passphrase)
        if (found[-1] / SECRETS).exists():
            with (scratch / SECRETS).open("x+b") as secrets:
                apply(found[-1] / SECRETS, secrets, passphrase)
        then = replace(ground, folder=scratch, copies=ground.copies.file.at(database), clock=_Then(reached))
        return make(then, target or shelf, Asked(Kind.MOMENT, passphrase, has_files=False))


def put_together(chain: Path, at: datetime, database: Path, passphrase: str) -> datetime:
    """Write the database of a moment to a new file; return of when it is. Raises Invalid where something is damaged."""
    reached = at
    with database.open("x+b") as target:
        for path in _links(chain, at):
            reached = datetime.fromisoformat(apply(path, target, passphrase).at)
    return reached


def _links(chain: Path, at: datetime) -> Iterator[Path]:
    """Yield the files of a chain up to a moment, in order. Raises Invalid where one is missing between others."""
    yield chain / BASE
    for number, path in enumerate(sorted(chain.glob("[0-9]*-*")), 1):
        count, _dash, stamp = path.name.partition("-")
        if datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) > at:
            return
        if int(count) != number:
            raise Invalid(_("What was written down of that time is not whole: {name} is missing."), name=f"{number:06}")
        yield path


class _Then:
    """A clock that stands at a moment."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at
