"""Redirects: an address that moved keeps answering."""

from uuid import UUID

from sqlalchemy import delete, update

from engine.content.models import Redirect
from engine.core.transaction import Tx


async def move(tx: Tx, old_path: str, new_path: str) -> None:
    """Send visitors of the old address to the new one; those of older ones go there at once, never in a circle.

    Called by the verb that moved the page, which has checked who may.
    """
    if old_path == new_path:
        return
    await tx.execute(update(Redirect).where(Redirect.target_url == old_path).values(target_url=new_path))
    await free(tx, new_path)
    await free(tx, old_path)
    tx.add(Redirect(source_path=old_path, target_url=new_path))
    await tx.flush()


async def followed(tx: Tx, redirect_id: UUID) -> None:
    """Count a visitor who came by an old address."""
    await tx.execute(update(Redirect).where(Redirect.id == redirect_id).values(hits=Redirect.hits + 1))


async def free(tx: Tx, *paths: str) -> None:
    """Forget redirects from these addresses: something stands there itself now."""
    if paths:
        await tx.execute(delete(Redirect).where(Redirect.source_path.in_(paths)))


async def forget(tx: Tx, *paths: str) -> None:
    """Forget redirects to these addresses: nothing stands there any more."""
    if paths:
        await tx.execute(delete(Redirect).where(Redirect.target_url.in_(paths)))
