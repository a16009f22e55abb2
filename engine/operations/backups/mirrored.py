"""The site's files in the second place: copied there every few minutes, and forgotten there as backups are."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.core.mirroring import Mirrored, mirror
from engine.core.ports import BlobStore
from engine.operations.backups.shelf import Shelf, read_json, write_json

_STATE = ".mirrored.json"
_LOOKED_EVERY = timedelta(days=1)


async def mirror_files(source: BlobStore, target: BlobStore, shelf: Shelf, keep_days: int, now: datetime) -> Mirrored:
    """Copy what is missing there; what was deleted here goes there as late as the backups that hold it.

    Raises Unavailable where a store is away, Conflict where it does not give a file back as it was put.
    """
    done = await mirror(source, target)
    state = read_json(shelf.folder / _STATE)
    shelf.open()
    write_json(shelf.folder / _STATE, {**state, "at": now.isoformat()})
    looked_at = _moment(state.get("lookedAt"))
    if looked_at is None or now - looked_at >= _LOOKED_EVERY:
        known: dict[str, Any] = state.get("gone") or {}
        here = {one.key async for one in source.listed()}
        gone = {
            one.key: known.get(one.key, now.isoformat()) async for one in target.listed() if one.key not in here
        }  # fmt: skip
        for key in [key for key, since in gone.items() if now - (_moment(since) or now) > timedelta(days=keep_days)]:
            await target.delete(key)
            del gone[key]
        write_json(shelf.folder / _STATE, {"at": now.isoformat(), "lookedAt": now.isoformat(), "gone": gone})
    return done


def mirrored_at(shelf: Shelf) -> datetime:
    """Return up to when files are in the second place; long ago where none are."""
    return _moment(read_json(shelf.folder / _STATE).get("at")) or datetime.fromtimestamp(0, UTC)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
