"""The verbs of the learnt filter. Their callers have checked who may teach, and keep what they taught."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.content.spam.judging import Post
from engine.content.spam.learning import Knowledge, Lesson, words_of
from engine.content.spam.models import SpamWord
from engine.core.tables import table_of
from engine.core.transaction import Tx

#: The row that counts posts.
POSTS = ""


async def teach(tx: Tx, post: Post, lesson: Lesson | None, before: Lesson | None = None) -> None:
    """Learn that a post is spam or fine, and unlearn what was taught of it before; None: nothing.

    post: as it was when `before` was taught; its words are counted once however often they stand in it.
    """
    if lesson is before:
        return
    words = words_of(post.text, post.author, post.email)
    spam = (lesson is Lesson.SPAM) - (before is Lesson.SPAM)
    fine = (lesson is Lesson.FINE) - (before is Lesson.FINE)
    await _add(tx, words, spam, fine)


async def _add(tx: Tx, words: Collection[str], spam: int, fine: int) -> None:
    """Add to the counts of these words; none falls below nothing. Rows are taken in one order, so none waits twice."""
    table = table_of(SpamWord)
    insert: Any = (postgresql if tx.is_postgres else sqlite).insert(table)
    rows = [{"word": word, "spam": max(0, spam), "fine": max(0, fine)} for word in (POSTS, *sorted(words))]
    larger = func.greatest if tx.is_postgres else func.max
    changed = {"spam": larger(table.c.spam + spam, 0), "fine": larger(table.c.fine + fine, 0)}
    await tx.execute(insert.values(rows).on_conflict_do_update(index_elements=["word"], set_=changed))


async def knowledge(tx: Tx, words: Collection[str]) -> Knowledge:
    """Return what was taught of these words."""
    table = table_of(SpamWord)
    asked = select(table.c.word, table.c.spam, table.c.fine).where(table.c.word.in_([POSTS, *words]))
    found = {row.word: (row.spam, row.fine) for row in await tx.execute(asked)}
    spam, fine = found.pop(POSTS, (0, 0))
    return Knowledge(spam, fine, found)
