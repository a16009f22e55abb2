"""Comments and reviews in a site file: whole, with where they stand, and without the accounts of who wrote them."""

from collections.abc import Sequence
from typing import Any

from engine.content.comments import counts, rules
from engine.content.comments.facts import CommentCreated, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.reviews.facts import ReviewCreated, ReviewUpdated
from engine.content.reviews.models import Review, ReviewPhoto
from engine.content.reviews.ratings import recount
from engine.content.reviews.reviews import ReviewDraft, checked
from engine.content.spam.judging import said
from engine.content.speech.voices import text_of
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.facts import Fact
from engine.core.i18n import _, format_message
from engine.core.sitefile.kinds import Part, Row, SiteKind, Thing
from engine.core.transaction import Tx

DEEPEST = 1_000


def reasons_of(raw: list[Any]) -> list[dict[str, Any]]:
    """Return the reasons why a voice waits, as they are kept. Raises Invalid for what makes no sentence."""
    try:
        for one in raw:
            format_message(said(one["code"], one["values"]), "en")
        are_plain = all(set(one) == {"code", "values"} and isinstance(one["code"], str) for one in raw)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        are_plain = False
    if not are_plain:
        raise Invalid(_("Its reasons for waiting make no sense."))
    return raw


def _clean(_book: Book, thing: Thing) -> None:
    row = thing.row
    row["name"] = " ".join(row["name"].split()) or "–"
    row["reasons"] = reasons_of(row["reasons"])
    if row["external_key"] is None and row["source"]:
        row["source"] = ""


def _clean_comment(book: Book, thing: Thing) -> None:
    _clean(book, thing)
    row = thing.row
    row["text"] = text_of(row["text"], rules.MAX_TEXT)
    row["email"] = row["email"].strip().lower()
    if not 0 <= row["depth"] <= DEEPEST:
        raise Invalid(_("It stands deeper than comments do."))


def _clean_review(book: Book, thing: Thing) -> None:
    _clean(book, thing)
    row = thing.row
    row["title"], row["text"] = checked(ReviewDraft(row["stars"], row["title"], row["text"]))
    row["email"] = (row["email"] or "").strip().lower() or None


async def _settle_comment(tx: Tx, _actor: Actor, thing: Thing, before: Row | None) -> None:
    for kind, subject_id in {(one["kind"], one["subject_id"]) for one in (thing.row, before) if one}:
        await counts.recount(tx, kind, subject_id)


async def _settle_review(tx: Tx, _actor: Actor, thing: Thing, before: Row | None) -> None:
    for kind, subject_id in {(one["kind"], one["subject_id"]) for one in (thing.row, before) if one}:
        await recount(tx, kind, subject_id)


def _comment_facts(row: Row, is_new: bool) -> Sequence[Fact]:
    about = (row["id"], row["kind"], row["subject_id"])
    return [CommentCreated(*about, row["status"]) if is_new else CommentUpdated(*about)]


def _review_facts(row: Row, is_new: bool) -> Sequence[Fact]:
    about = (row["id"], row["kind"], row["subject_id"])
    return [ReviewCreated(*about, row["stars"], row["status"]) if is_new else ReviewUpdated(*about)]


def _is_from_elsewhere(row: Row) -> bool:
    return row["external_key"] is not None


COMMENTS = SiteKind(
    name="comments",
    label=_("Comments"),
    noun="comment",
    model=Comment,
    title=lambda row: str(row["name"]),
    skip=frozenset({"user_id"}),
    above=Comment.parent_id,
    same=(Comment.source, Comment.external_key),
    is_same=_is_from_elsewhere,
    clean=_clean_comment,
    settle=_settle_comment,
    facts=_comment_facts,
)
REVIEWS = SiteKind(
    name="reviews",
    label=_("Reviews"),
    noun="review",
    model=Review,
    title=lambda row: str(row["name"]),
    skip=frozenset({"user_id"}),
    parts=(Part(name="photos", owner=ReviewPhoto.review_id),),
    same=(Review.source, Review.external_key),
    is_same=_is_from_elsewhere,
    clean=_clean_review,
    settle=_settle_review,
    facts=_review_facts,
)
