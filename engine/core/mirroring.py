"""Copying every file of one store into another, so that either can serve: again and again, and only what is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.ports import BlobStore


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a run did: files copied with their bytes, and files that were there already."""

    copied: int
    copied_bytes: int
    already: int


async def mirror(
    source: BlobStore, target: BlobStore, tell: Callable[[int, int], None] = lambda _done, _of: None
) -> Mirrored:
    """Copy what the target lacks or holds in another size; nothing is deleted there. A run that broke is run again.

    tell: hears how many of how many files were looked at. Raises Unavailable where a store is away, Conflict where the
    target does not give a file back as it was put.
    """
    there = {one.key: one.size_bytes async for one in target.listed()}
    wanted = [one async for one in source.listed()]
    copied = copied_bytes = 0
    for number, one in enumerate(wanted, 1):
        tell(number, len(wanted))
        if there.get(one.key) == one.size_bytes:
            continue
        try:
            data = await source.get(one.key)
        except NotFound:
            continue  # deleted meanwhile
        await target.put(one.key, data)
        if await target.get(one.key) != data:
            raise Conflict(_("“{key}” was copied and reads otherwise there. Run this again."), key=one.key)
        copied, copied_bytes = copied + 1, copied_bytes + len(data)
    return Mirrored(copied, copied_bytes, len(wanted) - copied)
