"""The demo's pictures: drawn by the domains, taken in like any other, and taken away with their files."""

from uuid import UUID

from sqlalchemy import delete

from engine.core.demo import DEMO, DemoPart, Making, Removing, batches, mark
from engine.media import uploads
from engine.media.models import Media

MEDIA = "media"


async def add(making: Making, data: bytes, filename: str, alt: str) -> UUID:
    """Take a drawn picture in; return its id. The same picture that somebody sent before stays theirs."""
    taken = await uploads.take(making.db, making.blobs, DEMO, data=data, filename=filename, alt=alt, only_pictures=True)
    if not taken.existed:
        async with making.db.write() as tx:
            mark(tx, MEDIA, taken.id)
    return taken.id


async def remove(removing: Removing) -> None:
    """Take the pictures away, the rows first: what is shown nowhere is then deleted."""
    for batch in batches(removing.of(MEDIA)):
        async with removing.db.write() as tx:
            await tx.execute(delete(Media).where(Media.id.in_(batch)))
        for media_id in batch:
            await removing.blobs.delete(f"media/{media_id}")


PART = DemoPart(remove=remove)
