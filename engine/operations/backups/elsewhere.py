"""The second place: everything that lies on the shelf is copied there as well, and goes there when its time is over.

What lies there is written down on the shelf after each look, so that no page and no process waits for the other side.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.core.backupsettings import BackupSettings
from engine.core.errors import AgoraError, NotFound, Unavailable
from engine.core.i18n import _
from engine.operations.backups.making import Ground
from engine.operations.backups.manifest import Kind
from engine.operations.backups.ports import Place
from engine.operations.backups.shelf import Backup, Shelf, from_note, is_name, note_of, read_json, write_json

#: What of the second place holds the site's files.
FILES = "files"
_STATE = ".elsewhere.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at the last look. problem: why the place could not be used; notes: of each backup there.

    apart: whether it lay on another disk than the data when it was used first: a drive that is not plugged in does not.
    """

    place: str = ""
    at: str = ""
    problem: str = ""
    apart: bool = False
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)


def open_place(ground: Ground, settings: BackupSettings) -> Place | None:
    """Return the second place of the settings; None where there is none. Raises Invalid."""
    if not settings.second_place or ground.places is None:
        return None
    return ground.places.open(settings.second_place, settings)


def seen(shelf: Shelf, address: str) -> Seen:
    """Return what was seen of a place at the last look; nothing of another one."""
    kept = read_json(shelf.folder / _STATE)
    if not address or kept.get("place") != address:
        return Seen(address)
    with suppress(TypeError):
        return Seen(**kept)
    return Seen(address)


def backups_seen(shelf: Shelf, address: str) -> list[Backup]:
    """Return the backups that lay in the second place at the last look; they are not here by that."""
    notes = seen(shelf, address).notes
    return [from_note(shelf.folder / name, note) for name, note in notes.items()]


def is_apart(place: Place, data: Path) -> bool:
    """Return whether a place outlives the disk of the data, as far as the system tells."""
    return place.folder is None or not Shelf(place.folder).is_on_disk_of(data)


def look(shelf: Shelf, place: Place, address: str, data: Path, now: datetime) -> Seen:
    """Look what lies there, and write it down. Raises Unavailable, which is written down too."""
    before = seen(shelf, address)
    try:
        refuse_unplugged(before, place, data)
        names = {one.name: one.size for one in place.kept()}
        notes = {
            name: _note(shelf, place, name, size, before, has_note=note_of(Path(name)).name in names)
            for name, size in names.items()
            if is_name(name)
        }
    except Unavailable as error:
        _write(shelf, replace(before, at=now.isoformat(), problem=str(error)))
        raise
    found = Seen(address, now.isoformat(), "", before.apart or is_apart(place, data), notes)
    _write(shelf, found)
    return found


def refuse_unplugged(before: Seen, place: Place, data: Path) -> None:
    """Raise Unavailable where a place that lay on another disk does no longer."""
    if before.apart and not is_apart(place, data):
        raise Unavailable(
            _("The second place for backups, {place}, is on the disk of the data now. Is its drive plugged in?"),
            place=place.shown,
        )


def _note(shelf: Shelf, place: Place, name: str, size: int, before: Seen, *, has_note: bool) -> dict[str, Any]:
    """Return what is known of a backup there: by the last look, by the one that is here, or by the note beside it."""
    for known in (read_json(note_of(shelf.folder / name)), before.notes.get(name, {})):
        if known.get("size") == size:
            return known
    found: dict[str, Any] = {}
    if has_note:
        with shelf.scratch() as scratch, suppress(NotFound):
            place.fetch(note_of(Path(name)).name, scratch / "note")
            found = read_json(scratch / "note")
    return found if found.get("size") == size else {"size": size}


def send(shelf: Shelf, place: Place, address: str, backups: Sequence[Backup], data: Path, now: datetime) -> int:
    """Copy what is here and not there; return how many that were. Raises Unavailable: the rest is copied next time.

    Backups of a minute can be made again from the minutes there, and damaged ones are of no use to anybody.
    """
    found, count = look(shelf, place, address, data, now), 0
    for one in backups:
        known = found.notes.get(one.name, {})
        if not one.is_here or one.kind is Kind.MOMENT or one.problem or known.get("size") == one.size:
            continue
        try:
            place.put(one.name, one.path)
            if (note := note_of(one.path)).exists():
                place.put(note.name, note)
        except FileNotFoundError:
            continue  # deleted meanwhile
        count += 1
    if count:
        look(shelf, place, address, data, now)
    return count


def fetch(shelf: Shelf, place: Place, backup: Backup) -> Path:
    """Bring a backup from the second place onto the shelf; return where it lies. Raises NotFound, Unavailable."""
    target = shelf.folder / backup.name
    with shelf.scratch() as scratch:
        shelf.check_room(backup.size)
        place.fetch(backup.name, scratch / "fetched")
        if (scratch / "fetched").stat().st_size != backup.size:
            raise Unavailable(_("“{name}” did not come whole from {place}."), name=backup.name, place=place.shown)
        (scratch / "fetched").replace(target)
        with suppress(NotFound):
            place.fetch(note_of(target).name, scratch / "note")
            (scratch / "note").replace(note_of(target))
    return target


def remove(shelf: Shelf, place: Place, address: str, name: str) -> None:
    """Delete a backup there. Raises Unavailable."""
    place.remove(name)
    place.remove(note_of(Path(name)).name)
    found = seen(shelf, address)
    _write(shelf, replace(found, notes={one: note for one, note in found.notes.items() if one != name}))


def complain(shelf: Shelf, address: str, problem: AgoraError, now: datetime) -> None:
    """Write down why the place cannot be used."""
    _write(shelf, replace(seen(shelf, address), at=now.isoformat(), problem=str(problem)))


def _write(shelf: Shelf, found: Seen) -> None:
    shelf.open()
    said = {"place": found.place, "at": found.at, "problem": found.problem, "apart": found.apart, "notes": found.notes}
    write_json(shelf.folder / _STATE, said)
