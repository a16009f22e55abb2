"""The tags of files."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select

from engine.core.transaction import Tx
from engine.media.models import MediaTag


async def tags_now(tx: Tx, media_id: UUID) -> list[str]:
    """Return a file's tags by name."""
    return list(await tx.scalars(select(MediaTag.tag).where(MediaTag.media_id == media_id).order_by(MediaTag.tag)))


async def put_tags(tx: Tx, media_id: UUID, tags: Sequence[str]) -> None:
    """Have a file bear these tags and no others."""
    await tx.execute(delete(MediaTag).where(MediaTag.media_id == media_id))
    if tags:
        await tx.execute(insert(MediaTag), [{"media_id": media_id, "tag": tag} for tag in tags])
