"""Putting a backup back: unpacked and tried out beside the data, swapped in as a whole before the next start opens it.

The plan is a small file, written whole after each phase. Whoever dies leaves a phase, and the next start goes on with
it: before `swapping` everything is the old, after `checking` everything is the new, and between the two nobody looks.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.core.errors import Conflict, Invalid, Unavailable
from engine.core.i18n import _
from engine.operations.backups.archive import Archive, reading
from engine.operations.backups.making import Ground, Progress, compare
from engine.operations.backups.manifest import FILES, SECRETS, Manifest, Member
from engine.operations.backups.shelf import MARGIN_BYTES, Shelf, full, read_json, settle_folder, write_json

ROOM = "agora-restore"
BEFORE = "before-restore"
#: How far the unpacking is, for the other processes that serve.
STANDING = "restoring.json"
_PLAN, _BEGUN, _OUTCOME = "plan.json", "begun.json", "last-restore.json"
_NEW, _OLD, _FAILED = "new", "old", "failed"


class Phase(StrEnum):
    """How far a restore is."""

    STAGED = "staged"
    SWAPPING = "swapping"
    CHECKING = "checking"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Item:
    """One file or folder that changes. is_new: whether the backup brings it; had: whether it was there before."""

    place: str
    is_new: bool
    had: bool = False

    def at(self, room: str) -> Path:
        """Where it stands in one of the rooms beside its place."""
        place = Path(self.place)
        return place.parent / ROOM / room / place.name


@dataclass(frozen=True, slots=True)
class Plan:
    """A restore under way. database: the staged one on a server; before: what the one in use will be called.

    upgrades: whether the data is brought to this version; a rollback leaves it as it is.
    """

    name: str
    phase: Phase
    items: tuple[Item, ...]
    made_at: str
    database: str = ""
    before: str = ""
    reason: str = ""
    upgrades: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a restore ended. problem: why everything is as it was; empty where the backup is in place."""

    name: str
    made_at: datetime | None
    problem: str = ""


def stage(
    ground: Ground,
    path: Path,
    passphrase: str = "",
    *,
    progress: Progress | None = None,
    upgrades: bool = True,
    known: Callable[[str], bool] = lambda _revision: True,
) -> Manifest:
    """Unpack a backup beside the data, every byte checked and its database tried out; the next start swaps it in.

    known: whether this Agora knows a schema. Raises Invalid for a backup that cannot be put back here, Unavailable
    where there is no room: everything is as it was then.
    """
    progress = progress or Progress()
    room = ground.folder / ROOM
    give_up(ground)
    try:
        with reading(path, passphrase) as archive:
            manifest = archive.manifest
            _refuse_foreign(ground, manifest, known)
            progress.total = manifest.bytes
            room.mkdir(mode=0o700)
            Shelf(room).check_room(manifest.bytes + MARGIN_BYTES)
            plan = _unpack(ground, archive, path.name, progress)
        settle_folder(room)
        _write(ground, replace(plan, upgrades=upgrades))
    except BaseException as error:
        give_up(ground)
        if isinstance(error, OSError):
            raise full(error, room) from error
        raise
    return manifest


def _refuse_foreign(ground: Ground, manifest: Manifest, known: Callable[[str], bool]) -> None:
    if manifest.engine != ground.copies.engine:
        raise Invalid(
            _("This backup is of a site on {theirs}, and this one runs on {ours}. Put it back where DATABASE_URL is "
              "set as it was there."),
            theirs=_ENGINES[manifest.engine], ours=_ENGINES[ground.copies.engine],
        )  # fmt: skip
    if not known(manifest.revision):
        raise Invalid(
            _("A newer Agora made this backup ({agora}, schema {revision}). Install that version to put it back."),
            agora=manifest.agora,
            revision=manifest.revision,
        )


_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _unpack(ground: Ground, archive: Archive, name: str, progress: Progress) -> Plan:
    manifest = archive.manifest
    items, database, before = list[Item](), "", ""
    files = ground.contents
    there = files.sizes() if files.folder is None and manifest.has_files else {}
    for member in manifest.members:
        if member.name != manifest.database:
            target = _target(ground, member)
            if target is not None and there.get(member.name.removeprefix(FILES)) != member.size:
                archive.take_out(member, target, progress.more)
                if files.folder is None and member.name.startswith(FILES):
                    files.put(member.name.removeprefix(FILES), target)
            continue
        if ground.copies.place is not None:
            items = [Item(str(ground.copies.place), is_new=True), *_beside(ground.copies.place)]
            copy = items[0].at(_NEW)
        else:
            copy = ground.folder / ROOM / "copy"
        archive.take_out(member, copy, progress.more)
        if ground.copies.names is not None:
            names = ground.copies.names
            database, before = names.beside("new"), names.beside("before")
            write_json(ground.folder / ROOM / _BEGUN, {"database": database})
            names.stage(copy, database)
            compare(manifest, names.contents(database))
            copy.unlink()
        else:
            compare(manifest, ground.copies.try_out(copy, copy.parent))
    if any(member.name == SECRETS for member in manifest.members):
        items.append(Item(str(ground.folder / SECRETS), is_new=True))
    if manifest.has_files and files.folder is not None:
        folder = Item(str(files.folder), is_new=True)
        folder.at(_NEW).mkdir(parents=True, exist_ok=True)
        folder.at(_NEW).chmod(0o700)
        items.append(folder)
    items.append(Item(str(ground.folder / "search"), is_new=False))
    return Plan(name, Phase.STAGED, tuple(items), manifest.made_at.isoformat(), database, before)


def _target(ground: Ground, member: Member) -> Path | None:
    """Return where a member is unpacked to; the settings of the process stay as they are on this machine.

    Files of a store elsewhere go on into it at once, where it lacks them: their keys change with what is in them, so
    nothing that is there is overwritten, and there is nothing to take back.
    """
    if member.name == SECRETS or member.name.startswith(FILES):
        return ground.folder / ROOM / _NEW / member.name
    return None


def _beside(database: Path) -> list[Item]:
    """Return what SQLite keeps beside a database, which belongs to the old one alone."""
    return [Item(f"{database}{ending}", is_new=False) for ending in ("-wal", "-shm", "-journal")]


def plan_of(ground: Ground) -> Plan | None:
    """Return the restore that waits for a start, or that one died in; None where there is none."""
    try:
        kept: dict[str, Any] = json.loads((ground.folder / ROOM / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    items = tuple(Item(**item) for item in kept.pop("items"))
    return Plan(**{**kept, "phase": Phase(kept["phase"]), "items": items})


def _write(ground: Ground, plan: Plan) -> None:
    write_json(ground.folder / ROOM / _PLAN, asdict(plan))
    settle_folder(ground.folder / ROOM)


def give_up(ground: Ground) -> None:
    """Forget a restore that waits for a start, and what one left that never came so far. Raises Conflict later on."""
    plan = plan_of(ground)
    if plan is not None:
        if plan.phase is not Phase.STAGED:
            raise Conflict(_("A restore is under way. Start Agora once: it ends it, one way or the other."))
        (ground.folder / ROOM / _PLAN).unlink()
    _clear(ground)


def settle(ground: Ground, check: Callable[[Plan], None]) -> Outcome | None:
    """Bring a restore to its end, before anybody opens the data; return how it ended, None where there was none.

    check: opens the new data and raises where it is not right: then everything goes back. May be called again after a
    death at any moment of it.
    """
    (ground.folder / STANDING).unlink(missing_ok=True)
    plan = plan_of(ground)
    if plan is None:
        _clear(ground)
        return None
    if plan.phase is Phase.STAGED:
        items = tuple(replace(item, had=Path(item.place).exists()) for item in plan.items)
        plan = _on(ground, plan, Phase.SWAPPING, items=items)
    if plan.phase is Phase.SWAPPING:
        try:
            _swap(ground, plan)
        except Exception as error:  # noqa: BLE001 - whatever it is, the old data comes back
            plan = _on(ground, plan, Phase.RETURNING, reason=str(error))
        else:
            plan = _on(ground, plan, Phase.CHECKING)
    if plan.phase is Phase.CHECKING:
        try:
            check(plan)
        except Exception as error:  # noqa: BLE001
            plan = _on(ground, plan, Phase.RETURNING, reason=str(error))
        else:
            return _done(ground, plan)
    _swap_back(ground, plan)
    return _undone(ground, plan)


def _on(ground: Ground, plan: Plan, phase: Phase, **changes: Any) -> Plan:
    after = replace(plan, phase=phase, **changes)
    _write(ground, after)
    return after


def _swap(ground: Ground, plan: Plan) -> None:
    for item in plan.items:
        place, new, old = Path(item.place), item.at(_NEW), item.at(_OLD)
        if item.had and not old.exists() and place.exists() and (new.exists() or not item.is_new):
            move(place, old)
        if item.is_new and new.exists():
            move(new, place)
    if plan.database and ground.copies.names is not None:
        ground.copies.names.exchange(plan.database, plan.before)


def _swap_back(ground: Ground, plan: Plan) -> None:
    if plan.database and ground.copies.names is not None:
        ground.copies.names.exchange(plan.before, plan.database)
    for item in reversed(plan.items):
        place, old, new = Path(item.place), item.at(_OLD), item.at(_NEW)
        is_swapped = old.exists() if item.had else not (item.is_new and new.exists())
        if is_swapped and place.exists():
            move(place, item.at(_FAILED))
        if old.exists():
            move(old, place)


def move(source: Path, target: Path) -> None:
    """Rename a file or a folder, and have it outlive a power cut. What a dead try left in the room goes."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if ROOM in target.parts and target.is_dir():
        shutil.rmtree(target)
    source.replace(target)
    settle_folder(target.parent)
    settle_folder(source.parent)


def _done(ground: Ground, plan: Plan) -> Outcome:
    """Keep the old data for a while, and end."""
    forget_before(ground)
    before = ground.folder / BEFORE
    before.mkdir(mode=0o700)
    write_json(before / _PLAN, asdict(plan))
    (ground.folder / ROOM / _PLAN).unlink()
    for room in _rooms(ground, plan.items):
        old = room / _OLD
        if old.exists():
            keep = before if room.parent == ground.folder else room.parent / BEFORE
            keep.mkdir(exist_ok=True, mode=0o700)
            for path in old.iterdir():
                path.replace(keep / path.name)
    _clear(ground, plan.items)
    return _told(ground, Outcome(plan.name, _moment(plan.made_at)))


def _undone(ground: Ground, plan: Plan) -> Outcome:
    (ground.folder / ROOM / _PLAN).unlink()
    _clear(ground, plan.items)
    return _told(ground, Outcome(plan.name, _moment(plan.made_at), plan.reason or "?"))


def forget_before(ground: Ground) -> None:
    """Delete the data from before the last restore."""
    before = ground.folder / BEFORE
    with suppress(Unavailable):
        _drop(ground, str(read_json(before / _PLAN).get("before", "")))
    place = ground.copies.place
    for folder in {before, place.parent / BEFORE if place else before}:
        shutil.rmtree(folder, ignore_errors=True)


def forget_old(ground: Ground, before: datetime) -> None:
    """Delete the data from before the last restore where that is longer ago."""
    try:
        at = (ground.folder / BEFORE).stat().st_mtime
    except FileNotFoundError:
        return
    if at < before.timestamp():
        forget_before(ground)


def last_outcome(ground: Ground) -> Outcome | None:
    """Return how the last restore ended, where one was."""
    kept = read_json(ground.folder / _OUTCOME)
    return Outcome(str(kept["name"]), _moment(kept.get("madeAt")), str(kept.get("problem", ""))) if kept else None


def _told(ground: Ground, outcome: Outcome) -> Outcome:
    made_at = outcome.made_at.isoformat() if outcome.made_at else None
    write_json(ground.folder / _OUTCOME, {"name": outcome.name, "madeAt": made_at, "problem": outcome.problem})
    return outcome


def _drop(ground: Ground, database: str) -> None:
    if database and ground.copies.names is not None:
        ground.copies.names.drop(database)


def _rooms(ground: Ground, items: tuple[Item, ...] = ()) -> set[Path]:
    places = {ground.folder, *(Path(item.place).parent for item in items)}
    if ground.copies.place is not None:
        places.add(ground.copies.place.parent)
    return {place / ROOM for place in places}


def _clear(ground: Ground, items: tuple[Item, ...] = ()) -> None:
    """Empty the rooms, and drop a database that was staged and is not in use."""
    begun = read_json(ground.folder / ROOM / _BEGUN).get("database")
    if isinstance(begun, str):
        _drop(ground, begun)
    for room in _rooms(ground, items):
        shutil.rmtree(room, ignore_errors=True)


def _moment(text: Any) -> datetime | None:
    with suppress(TypeError, ValueError):
        return datetime.fromisoformat(text)
    return None
