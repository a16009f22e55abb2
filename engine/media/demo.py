"""The demo's pictures: drawn by the domains, taken in like any other, and taken away with their files."""

from uuid import UUID

from sqlalchemy import delete

from engine.core.demo import DEMO, DemoPart, Making, Removing, batches, mark
from engine.media import uploads
from engine.media.models import Media

MEDIA = "media"


async def add(making: Making, data: bytes, filename: str, alt: str) -> UUID:
    """Take a drawn picture in; return its id. The same picture that somebody sent before stays theirs."""
    received = await uploads.receive(making.db, making.blobs, DEMO, data=data, filename=filename)
    async with making.db.write() as tx:
        media_id = await uploads.add(tx, DEMO, received, alt=alt)
        if received.picture is not None and media_id == received.id:
            mark(tx, MEDIA, media_id)
    return media_id


async def remove(removing: Removing) -> None:
    """Take the pictures away, the rows first: what is shown nowhere is then deleted."""
    for batch in batches(removing.of(MEDIA)):
        async with removing.db.write() as tx:
            await tx.execute(delete(Media).where(Media.id.in_(batch)))
        for media_id in batch:
            await removing.blobs.delete(f"media/{media_id}")


PART = DemoPart(remove=remove)
