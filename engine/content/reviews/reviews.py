"""The verb of those who review: write, or change what one wrote of the same thing before."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from engine.accounts import public as accounts
from engine.content.reviews import letters, ratings, rules
from engine.content.reviews.facts import ReviewCreated, ReviewHidden, ReviewPublished, ReviewUpdated
from engine.content.reviews.models import Review, ReviewInvitation, ReviewPhoto
from engine.content.spam import lessons
from engine.content.spam.judging import Outcome, Post, Reason
from engine.content.speech.standing import Standing, decided
from engine.content.speech.voices import Author, Guarded, Voices, author_of, judged, text_of, was_published
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotAllowed, NotSignedIn
from engine.core.i18n import Message, _
from engine.core.subjects import Subject
from engine.core.transaction import Tx

MODERATE = Permission.MODERATE_REVIEWS


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What somebody sends. name, email: a guest's. photos: None keeps those that are there.

    invitation: the one whose link they came by; it proves the address, and that they bought the thing.
    """

    stars: int
    title: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    photos: tuple[UUID, ...] | None = None
    invitation: ReviewInvitation | None = None
    guarded: Guarded = Guarded()


def checked(draft: ReviewDraft) -> tuple[str, str]:
    """Return title and text as they are kept. Raises Invalid naming each field that cannot be taken."""
    wrong: dict[str, Message | str] = {}
    if not 1 <= draft.stars <= rules.MAX_STARS:
        wrong["stars"] = _("Choose one to five stars.")
    words = {}
    for name, value, most in (("title", draft.title, rules.MAX_TITLE), ("text", draft.text, rules.MAX_TEXT)):
        try:
            words[name] = text_of(value, most, field_name=name, least=0)
        except Invalid as refused:
            wrong |= refused.fields
    if draft.photos is not None and len(draft.photos) > rules.MAX_PHOTOS:
        wrong["photos"] = _("At most {most} pictures go with a review.").having(most=rules.MAX_PHOTOS)
    if wrong:
        raise Invalid(_("One answer needs another look."), wrong)
    return " ".join(words["title"].split()), words["text"]


async def write(tx: Tx, actor: Actor, voices: Voices, kind: str, subject_id: UUID, draft: ReviewDraft) -> Review:
    """Return the review: a new one, or the person's own of this thing with other words.

    Raises NotFound for a thing that is gone, Conflict where it takes no reviews or the address wrote one already,
    NotSignedIn or NotAllowed where members or buyers only may, Invalid naming each field.
    """
    access.require(actor, Permission.BROWSE_STOREFRONT)
    subject = await voices.subject(tx, kind, subject_id)
    title, text = checked(draft)
    author = await _author(tx, actor, draft)
    is_verified = await _bought(tx, actor, voices, subject, draft)
    require_open(subject, voices, actor, is_invited=draft.invitation is not None, is_verified=is_verified)
    row = await _existing(tx, kind, subject_id, author.email)
    if row is not None:
        await _require_own(tx, actor, row, draft)
    whole = f"{title}\n{text}".strip()
    verdict, others = await judged(tx, actor, voices, author, whole, draft.guarded)
    others += await _unseen(tx, row, draft)
    is_known = await was_published(tx, Review, author)
    moderation = voices.site.reviews.moderation
    status, reasons = decided(verdict, moderation, is_known=is_known, is_trusted=author.is_staff, others=others)
    is_new, was_shown = row is None, row is not None and row.status is Standing.PUBLISHED
    if row is None:
        row = Review(kind=kind, subject_id=subject_id, email=author.email)
        tx.add(row)
    else:
        await lessons.teach(tx, Post(f"{row.title}\n{row.text}".strip(), row.name, row.email or ""), None, row.lesson)
        row.edited_at, row.lesson = tx.now, None
    row.user_id, row.name = author.user_id or row.user_id, author.name
    row.stars, row.title, row.text = draft.stars, title, text
    row.status, row.reasons, row.is_verified = status, reasons, is_verified or bool(row.is_verified)
    await tx.flush()
    await _put_photos(tx, row, draft.photos)
    act = "review.create" if is_new else "review.edit"
    tx.record(actor, act, row, changes={}, about=subject.title, stars=row.stars, standing=status)
    if is_new:
        tx.publish(ReviewCreated(row.id, kind, subject_id, row.stars, status))
    await settle(tx, row, was_shown=was_shown)
    await letters.tell_staff(tx, voices, row, subject)
    return row


async def settle(tx: Tx, row: Review, *, was_shown: bool) -> None:
    """Do what follows when a review appears, changes or goes: its moment, the rating, the fact."""
    is_shown = row.status is Standing.PUBLISHED
    if is_shown:
        row.published_at = row.published_at or tx.now
    if is_shown or was_shown:
        await ratings.recount(tx, row.kind, row.subject_id)
    fact: Any = ReviewUpdated
    if is_shown != was_shown:
        fact = ReviewPublished if is_shown else ReviewHidden
    tx.publish(fact(row.id, row.kind, row.subject_id))


def require_open(subject: Subject, voices: Voices, actor: Actor, *, is_invited: bool, is_verified: bool) -> None:
    """Raise Conflict where a thing takes no reviews; NotSignedIn, NotAllowed where this person may write none."""
    settings = voices.site.reviews
    if not settings.enabled or not subject.takes_reviews:
        raise Conflict(_("“{title}” takes no reviews now."), title=subject.title)
    if settings.who == "everyone" or is_invited:
        return
    if not actor.is_signed_in:
        raise NotSignedIn(_("Sign in to write a review."))
    if settings.who == "buyers" and not is_verified:
        raise NotAllowed(_("Only who bought “{title}” can review it.").having(title=subject.title))


async def _author(tx: Tx, actor: Actor, draft: ReviewDraft) -> Author:
    invitation = draft.invitation
    if invitation is None:
        return await author_of(tx, actor, draft.name, draft.email, MODERATE)
    guest = await author_of(
        tx, Actor.stranger(actor.ip_address), draft.name or invitation.name, invitation.email, MODERATE
    )
    owner = actor.user_id if actor.email.lower() == invitation.email else None
    return Author(owner, guest.name, guest.email)


async def _bought(tx: Tx, actor: Actor, voices: Voices, subject: Subject, draft: ReviewDraft) -> bool:
    """Return whether it is proven that this person bought the thing: by their account, or by an invitation."""
    if draft.invitation is not None:
        return True
    if actor.user_id is None:
        return False
    connection = await tx.session.connection()
    return bool(await connection.run_sync(voices.kind(subject.kind).bought, subject.id, actor.user_id))


async def _existing(tx: Tx, kind: str, subject_id: UUID, email: str) -> Review | None:
    mine = (Review.kind == kind, Review.subject_id == subject_id, Review.email == email)
    found: Review | None = await tx.scalar(select(Review).where(*mine).with_for_update())
    return found


async def _require_own(tx: Tx, actor: Actor, row: Review, draft: ReviewDraft) -> None:
    """Raise Conflict unless it is proven that the review of this address is this person's."""
    if draft.invitation is not None or (actor.user_id is not None and row.user_id == actor.user_id):
        return
    if actor.user_id is not None and row.user_id is None:
        connection = await tx.session.connection()
        if await connection.run_sync(accounts.verified_email, actor.user_id) == row.email:
            return
    raise Conflict(
        _("There is a review from this address already. Sign in with it, or use the link in our e-mail, to change it.")
    )


async def _unseen(tx: Tx, row: Review | None, draft: ReviewDraft) -> list[Reason]:
    """Return why staff look at it whatever its words are: pictures that nobody approved, or that they put it away."""
    reasons = []
    has_photos = bool(draft.photos)
    if row is not None and draft.photos is None and row.status is not Standing.PUBLISHED:
        kept = select(ReviewPhoto.media_id).where(ReviewPhoto.review_id == row.id).limit(1)
        has_photos = await tx.scalar(kept) is not None
    if has_photos:
        reasons.append(Reason("picture", Outcome.HOLD))
    if row is not None and row.status in (Standing.SPAM, Standing.BINNED):
        reasons.append(Reason("returned", Outcome.HOLD))
    return reasons


async def _put_photos(tx: Tx, row: Review, photos: tuple[UUID, ...] | None) -> None:
    if photos is None:
        return
    await tx.execute(delete(ReviewPhoto).where(ReviewPhoto.review_id == row.id))
    for position, media_id in enumerate(dict.fromkeys(photos)):
        tx.add(ReviewPhoto(review_id=row.id, media_id=media_id, position=position))
    await tx.flush()
