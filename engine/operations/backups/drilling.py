"""A drill: the newest backup restored beside the data, with the time it took and what would have been lost.

The guide's table (section 16) says what may be: the database back within an hour and five minutes lost; no file lost.
What is written down each minute counts, where there is any.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.operations.backups.archive import reading
from engine.operations.backups.carrying import bring
from engine.operations.backups.making import Ground, compare
from engine.operations.backups.minutes import FOLDER, chains, latest, put_together
from engine.operations.backups.mirrored import mirrored_at
from engine.operations.backups.ports import Place
from engine.operations.backups.shelf import Backup, Shelf

_FILES = "Files are copied with each backup, and to a second place each ten minutes; a store with versions loses none."
_BESIDE = "All of it lies on the disk of the data: if that disk dies, EVERYTHING IS LOST. Choose a second place."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the guide's table. took, lost: as measured; None where it was not."""

    what: str
    may_take: timedelta
    may_lose: timedelta
    took: timedelta
    lost: timedelta

    @property
    def holds(self) -> bool:
        """Whether it was within what may be."""
        return self.took <= self.may_take and self.lost <= self.may_lose


@dataclass(frozen=True, slots=True)
class Report:
    """What a drill measured."""

    backup: Backup
    at: datetime
    lines: Sequence[Line]
    rows: int
    files: int
    place: str = ""
    is_beside: bool = False

    @property
    def holds(self) -> bool:
        """Whether all of it was within what may be; never while all of it would die with the disk of the data."""
        return all(line.holds for line in self.lines) and not self.is_beside


@dataclass(frozen=True, slots=True)
class Away:
    """What is left when the disk of the data dies: the second place, and the backups in it."""

    place: Place
    backups: Sequence[Backup]


def away_of(place: Place | None, backups: Sequence[Backup]) -> Away | None:
    """Return what a drill takes from the second place; None where nothing whole lies there yet."""
    found = [one for one in backups if one.is_elsewhere and not one.is_part and not one.problem]
    return Away(place, found) if place is not None and found else None


def drill(
    ground: Ground, shelves: Sequence[Shelf], passphrase: str = "", *, away: Away | None = None, is_beside: bool = False
) -> Report:
    """Restore the newest backup into a scratch folder, and measure. Raises NotFound, Invalid, Unavailable.

    away: where there is a second place, all is taken from there, as if the disk of the data had died.
    """
    at = ground.clock.now()
    here = [one for shelf in shelves for one in shelf.backups() if not one.is_part and not one.problem]
    found = here if away is None else away.backups
    if not found:
        raise NotFound(_("There is no backup to try. Make one with: agora backup create"))
    newest = max(found, key=lambda one: one.made_at)
    shelf = shelves[0] if away else Shelf(newest.path.parent)
    with shelf.scratch() as scratch:
        shelf.check_room(newest.unpacked + (newest.size if away else 0))
        began = time.monotonic()
        path = newest.path if away is None else scratch / "fetched"
        if away is not None:
            away.place.fetch(newest.name, path)
        with reading(path, passphrase if newest.is_sealed else "") as archive:
            manifest = archive.manifest
            for member in manifest.members:
                archive.take_out(member, scratch / "drill" / member.name, lambda _size: None)
        files_took = timedelta(seconds=time.monotonic() - began)
        compare(manifest, ground.copies.try_out(scratch / "drill" / manifest.database, scratch))
        lost = _minutes_lost(ground, _written(shelves, away, at, scratch), passphrase, scratch, at)
        took = timedelta(seconds=time.monotonic() - began)
    kept_at = max(newest.made_at, mirrored_at(shelves[0]) if away else newest.made_at)
    files_lost = at - kept_at if (_changed_at(ground) or at) > kept_at else timedelta(0)
    lines: tuple[Line, ...] = (
        Line("Database", timedelta(hours=1), timedelta(minutes=5), took, at - newest.made_at if lost is None else lost),
        Line("Media files", timedelta(hours=1), timedelta(0), files_took, files_lost),
    )
    lines = lines if manifest.has_files else lines[:1]
    place = away.place.shown if away else ""
    return Report(newest, at, lines, sum(manifest.rows.values()), manifest.files, place, is_beside)


def _changed_at(ground: Ground) -> datetime | None:
    """Return when a file of the site changed last, where they are a folder; long ago where there is none."""
    folder = ground.contents.folder
    if folder is None:
        return None
    times = [(folder / key).stat().st_mtime for key in ground.contents.sizes()]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)


def _written(shelves: Sequence[Shelf], away: Away | None, at: datetime, scratch: Path) -> Shelf | None:
    """Return a shelf with what was written down last, brought from the second place where there is one."""
    if away is None:
        return next((one for one in shelves if latest(one) is not None), None)
    try:
        return bring(away.place, at, scratch / "there")
    except NotFound:
        return None


def _minutes_lost(
    ground: Ground, shelf: Shelf | None, passphrase: str, scratch: Path, at: datetime
) -> timedelta | None:
    """Put together what was written down last, and return how much of the database is not in it; None without any."""
    place, file = ground.copies.place, ground.copies.file
    if place is None or file is None or shelf is None:
        return None
    database = scratch / "last.sqlite3"
    reached = put_together(chains(shelf.folder / FOLDER)[-1], at, database, passphrase)
    file.at(database).try_out(database, scratch)
    files = [path for path in (place, place.with_name(f"{place.name}-wal")) if path.exists()]
    changed = max((datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files), default=reached)
    return at - reached if changed > reached else timedelta(0)


def table(report: Report) -> list[str]:
    """Return the report as lines for a terminal."""
    head = f"{'':12} {'back in':>12} {'may take':>10} {'lost':>14} {'may lose':>10}"
    rows = [
        f"{line.what:12} {_span(line.took):>12} {_span(line.may_take):>10} {_span(line.lost):>14} "
        f"{_span(line.may_lose):>10}  {'holds' if line.holds else 'DOES NOT HOLD'}"
        for line in report.lines
    ]
    if len(report.lines) > 1 and not report.lines[1].holds:
        rows.append(_FILES)
    from_there = f", from {report.place}" if report.place else ""
    held = f"{report.rows:,} rows and {report.files:,} files"
    return [
        f"{report.backup.name}: {held} restored and found whole{from_there}.",
        head,
        *rows,
        *([_BESIDE] if report.is_beside else []),
    ]


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
