"""The judgement of one post: pure, and with a reason for all that it decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from engine.content.spam import folding
from engine.content.spam.learning import Knowledge, opinion, words_of
from engine.core.i18n import Message, _
from engine.core.spamsettings import SpamSettings

LIKELY, SURE = 0.8, 0.98
#: Links so many times over the limit are nothing but links.
FLOOD = 5
#: The same words from two people are no accident from this length on.
LONG = 40
MAX_AGE = timedelta(hours=24)


class Outcome(StrEnum):
    """What becomes of a post: shown at once, kept for staff, or put with the spam."""

    PUBLISH = "publish"
    HOLD = "hold"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody sent. trap: what stood in the field that people do not see.

    age: how long ago its form was opened, None where nothing proves it. asks_age: whether it came by such a form or a
    stranger's program; what members send with their session needs no proof. is_trusted: staff wrote it.
    """

    text: str
    author: str = ""
    email: str = ""
    trap: str = ""
    age: timedelta | None = None
    asks_age: bool = True
    is_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What came before: posts of the last hour from its network address and its author, the same text of two days."""

    by_address: int = 0
    by_author: int = 0
    same_by_author: int = 0
    same_by_others: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code that is kept, values (JSON) for its sentence, and what it asks for."""

    code: str
    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        return said(self.code, self.values)

    def kept(self) -> dict[str, Any]:
        """Return it as JSON, from which `said` makes the sentence again."""
        return {"code": self.code, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome and every reason for it; what is published has none."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()


_SENTENCES: Mapping[str, Message] = {
    "trap": _("It filled a field that people cannot see."),
    "fast": _("It was sent {seconds} seconds after its form was opened."),
    "ageless": _("Nothing shows when its form was opened."),
    "stale": _("Its form was opened more than a day before."),
    "links": _("It has {links} links; {most} are fine."),
    "address_rate": _("{count} came from this network address within an hour."),
    "author_rate": _("{count} came from this author within an hour."),
    "repeat": _("The same words were sent before."),
    "held_words": _("It has words that you hold: {words}."),
    "disguise": _("It disguises words: {words}."),
    "learnt": _("It is like what you marked as spam ({percent} %): {words}."),
    "first": _("It is the first from this address."),
    "moderated": _("Everything waits for your approval."),
    "borrowed": _("Its address is that of an account that is not signed in."),
    "edited": _("It was changed after it was published."),
    "returned": _("You put it away before, and its author changed it."),
    "picture": _("Pictures wait for your approval."),
}


def said(code: str, values: Mapping[str, Any]) -> Message:
    """Return a reason's sentence."""
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return _("Held: {code}.").having(code=code)
    return sentence.having(**{name: _plain(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value


def judge(post: Post, seen: Seen, known: Knowledge, settings: SpamSettings) -> Verdict:
    """Return what becomes of a post, by the gravest of its reasons."""
    if post.is_trusted:
        return Verdict(Outcome.PUBLISH)
    reasons = [*_form(post, settings), *_text(post, settings), *_history(seen, settings, len(post.text))]
    if settings.learns and (learnt := _learnt(post, known)):
        reasons.append(learnt)
    outcomes = {reason.outcome for reason in reasons}
    gravest = next((one for one in (Outcome.SPAM, Outcome.HOLD) if one in outcomes), Outcome.PUBLISH)
    return Verdict(gravest, tuple(reasons))


def _form(post: Post, settings: SpamSettings) -> list[Reason]:
    if post.trap.strip():
        return [Reason("trap", Outcome.SPAM)]
    if not post.asks_age:
        return []
    if post.age is None or post.age < timedelta(0):
        return [Reason("ageless", Outcome.HOLD)]
    if post.age > MAX_AGE:
        return [Reason("stale", Outcome.HOLD)]
    if post.age < timedelta(seconds=settings.min_seconds):
        return [Reason("fast", Outcome.HOLD, {"seconds": int(post.age.total_seconds())})]
    return []


def _text(post: Post, settings: SpamSettings) -> list[Reason]:
    reasons = []
    whole = f"{post.author}\n{post.text}"
    count = len(folding.links(whole))
    if count > settings.max_links:
        is_flood = count >= max(FLOOD, settings.max_links * FLOOD)
        outcome = Outcome.SPAM if is_flood else Outcome.HOLD
        reasons.append(Reason("links", outcome, {"links": count, "most": settings.max_links}))
    skeleton = folding.skeleton(f"{whole}\n{post.email}")
    if held := [word for word in settings.held_words if folding.holds(skeleton, word)]:
        reasons.append(Reason("held_words", Outcome.HOLD, {"words": held[:5]}))
    if fakes := folding.disguised(whole):
        reasons.append(Reason("disguise", Outcome.HOLD, {"words": fakes[:5]}))
    return reasons


def _history(seen: Seen, settings: SpamSettings, length: int) -> list[Reason]:
    reasons = []
    if seen.by_address >= settings.per_address_hour:
        reasons.append(Reason("address_rate", Outcome.HOLD, {"count": seen.by_address + 1}))
    if seen.by_author >= settings.per_author_hour:
        reasons.append(Reason("author_rate", Outcome.HOLD, {"count": seen.by_author + 1}))
    if seen.same_by_author or (seen.same_by_others and length >= LONG):
        reasons.append(Reason("repeat", Outcome.HOLD))
    return reasons


def _learnt(post: Post, known: Knowledge) -> Reason | None:
    found = opinion(words_of(post.text, post.author, post.email), known)
    if found is None or found.likelihood < LIKELY:
        return None
    is_sure = found.likelihood >= SURE and len(found.words) >= 3
    values = {"percent": int(found.likelihood * 100), "words": [word for word, _share in found.words]}
    return Reason("learnt", Outcome.SPAM if is_sure else Outcome.HOLD, values)
