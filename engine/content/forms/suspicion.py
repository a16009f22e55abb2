"""Whether an entry is spam: what the judge of all posts says of it, and what of that keeps it apart from the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.content.forms.models import FormEntry
from engine.content.forms.reading import rows_of
from engine.content.forms.shapes import read
from engine.content.spam import judging, lessons, posts
from engine.content.spam.guard import TRAP
from engine.content.spam.judging import Outcome, Post
from engine.content.spam.learning import Lesson
from engine.core.actor import Actor
from engine.core.i18n import Message
from engine.core.secrets import Secrets
from engine.core.spamsettings import SpamSettings
from engine.core.transaction import Tx

#: What only machines do. The other reasons to hold a post leave an entry where staff see it, with the reason beside it.
_MACHINES = frozenset({"trap", "fast", "ageless", "stale", "address_rate", "learnt"})


def post_of(entry: FormEntry, **said: Any) -> Post:
    """Return an entry as the judge reads posts."""
    text = "\n".join(words for _one, words in rows_of(read(entry.questions), entry.answers))
    return Post(text, email=entry.email, **said)


async def judged(tx: Tx, actor: Actor, secrets: Secrets, settings: SpamSettings, entry: FormEntry, **said: Any) -> bool:
    """Return whether an entry is spam, and write down why it is or might be. said: what `Post` knows of how it came."""
    verdict = await posts.judged(tx, actor, secrets, settings, post_of(entry, is_trusted=actor.is_staff, **said))
    entry.reasons = [reason.kept() for reason in verdict.reasons]
    return any(reason.outcome is Outcome.SPAM or reason.code in _MACHINES for reason in verdict.reasons)


async def teach(tx: Tx, entry: FormEntry, lesson: Lesson) -> None:
    """Learn of an entry that it is spam, or fine."""
    await lessons.teach(tx, post_of(entry), lesson, before=entry.lesson)
    entry.lesson = lesson


def said(reasons: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Return kept reasons as sentences."""
    return [judging.said(one["code"], one["values"]) for one in reasons]


__all__ = ("TRAP", "judged", "post_of", "said", "teach")
