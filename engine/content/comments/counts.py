"""How many published comments a thing has: written whenever that changes, never counted for a page."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.content.comments.models import Comment, CommentCount
from engine.content.speech.standing import Standing
from engine.core.transaction import Tx


async def recount(tx: Tx, kind: str, subject_id: UUID) -> None:
    """Count a thing's comments anew. Whoever counts the same one waits here, so that the last count is right."""
    await tx.flush()
    await tx.insert_new(CommentCount, {"kind": kind, "subject_id": subject_id, "published": 0})
    row = await tx.get(CommentCount, (kind, subject_id), locked=True)
    assert row is not None  # noqa: S101 - it was just put there
    row.published = await tx.scalar(
        select(func.count())
        .select_from(Comment)
        .where(Comment.kind == kind, Comment.subject_id == subject_id, Comment.status == Standing.PUBLISHED)
    )


def counts(connection: Connection, kind: str, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many comments each of these things has; one query, and 0 where there are none."""
    asked = select(CommentCount.subject_id, CommentCount.published).where(
        CommentCount.kind == kind, CommentCount.subject_id.in_(ids)
    )
    found = {row.subject_id: row.published for row in connection.execute(asked)}
    return {one: found.get(one, 0) for one in ids}
