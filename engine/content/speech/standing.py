"""Where a voice stands, and what decides it. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from engine.content.spam.judging import Outcome, Reason, Verdict
from engine.content.spam.learning import Lesson


class Standing(StrEnum):
    """pending: waits for staff; published: everybody sees it; spam, binned: gone in 30 days unless put back."""

    PENDING = "pending"
    PUBLISHED = "published"
    SPAM = "spam"
    BINNED = "binned"


_BY_OUTCOME: Mapping[Outcome, Standing] = {
    Outcome.PUBLISH: Standing.PUBLISHED,
    Outcome.HOLD: Standing.PENDING,
    Outcome.SPAM: Standing.SPAM,
}


def decided(
    verdict: Verdict, moderation: str, *, is_known: bool, is_trusted: bool, others: Sequence[Reason] = ()
) -> tuple[Standing, list[dict[str, Any]]]:
    """Return where a new voice stands, and why it waits as JSON.

    moderation: "all", "first" or "nothing", as the settings say. is_known: its author was published before. others:
    reasons beside the verdict's.
    """
    if is_trusted:
        return Standing.PUBLISHED, []
    reasons = [*verdict.reasons, *others]
    if moderation == "all":
        reasons.append(Reason("moderated", Outcome.HOLD))
    elif moderation == "first" and not is_known:
        reasons.append(Reason("first", Outcome.HOLD))
    standing = _BY_OUTCOME[verdict.outcome]
    if standing is Standing.PUBLISHED and reasons:
        standing = Standing.PENDING
    return standing, [reason.kept() for reason in reasons]


def lesson_of(standing: Standing) -> Lesson | None:
    """Return what staff teach by putting a voice there; the bin says nothing about spam."""
    return {Standing.PUBLISHED: Lesson.FINE, Standing.SPAM: Lesson.SPAM}.get(standing)
