"""Letters about reviews: to staff who asked for them, and to buyers who are asked what they think."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from engine.content.reviews import rules
from engine.content.reviews.models import Review, ReviewInvitation
from engine.content.speech import wishes
from engine.content.speech.letters import STOP, letter, send
from engine.content.speech.standing import Standing
from engine.content.speech.voices import Voices
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.ids import new_random_id
from engine.core.secrets import Secrets
from engine.core.subjects import Subject
from engine.core.transaction import Tx

RECEIVED, INVITATION = "review_received", "review_invitation"
_PURPOSE = "review-invitation"
QUOTED = 1_000


async def tell_staff(tx: Tx, voices: Voices, row: Review, subject: Subject) -> None:
    """Tell the addresses that the settings name of a new or changed review; not of spam."""
    if row.status is Standing.SPAM:
        return
    values = {
        "author": row.name,
        "title": subject.title,
        "stars": row.stars,
        "text": f"{row.title}\n{row.text}".strip()[:QUOTED],
        "waits": row.status is Standing.PENDING,
        "url": "/admin/reviews",
    }
    for address in voices.site.reviews.notify:
        await send(tx, voices, RECEIVED, wishes.NEW_REVIEWS, address.lower(), values, row.id)


async def invite(tx: Tx, voices: Voices, *, name: str, email: str, reference: UUID, subjects: Sequence[Subject]) -> int:
    """Ask a buyer for a review of each of these things, in one letter; return how many it names.

    reference: the order; nobody is asked twice about the same thing of it, nor about what they reviewed already.
    """
    address = email.lower()
    if await wishes.wish(tx, wishes.INVITATIONS, address) is False:
        return 0
    things = []
    for subject in subjects:
        mine = (Review.kind == subject.kind, Review.subject_id == subject.id, Review.email == address)
        values = {"id": new_random_id(), "kind": subject.kind, "subject_id": subject.id, "reference": reference}
        values |= {"name": name[:100], "email": address, "created_at": tx.now}
        is_open = subject.takes_reviews and await tx.scalar(select(Review.id).where(*mine)) is None
        if is_open and await tx.insert_new(ReviewInvitation, values):
            things.append({"title": subject.title, "url": invitation_link(voices.secrets, values["id"])})
    if things:
        told = {"name": name, "things": things}
        await send(tx, voices, INVITATION, wishes.INVITATIONS, address, told, reference)
    return len(things)


def invitation_link(secrets: Secrets, invitation_id: object) -> str:
    """Return the address of the form that an invitation opens, relative to the site."""
    return f"/reviews/invited/{invitation_id}/{secrets.signature(_PURPOSE, str(invitation_id))}"


async def invitation(tx: Tx, secrets: Secrets, invitation_id: UUID, signature: str) -> ReviewInvitation:
    """Return the invitation of a link. Raises NotFound for one that was not made here, or is 90 days old."""
    row = await tx.get(ReviewInvitation, invitation_id)
    is_good = secrets.signed(_PURPOSE, str(invitation_id), signature)
    if row is None or not is_good or tx.now - row.created_at > rules.INVITED:
        raise NotFound(_("This link works no more. You can still write a review from the product’s page."))
    return row


_NAMES: Mapping[str, Message] = {
    "name": _("Who gets the letter"),
    "author": _("Who wrote the review"),
    "title": _("What it is about"),
    "stars": _("How many stars it gives"),
    "text": _("What it says"),
    "waits": _("Whether it waits for approval"),
    "url": _("The link to it"),
    "things": _("What was bought"),
    "things.title": _("Its name"),
    "things.url": _("The link to its form"),
    "unsubscribe_url": _("The link that stops these letters"),
}


TEMPLATES = (
    letter(
        RECEIVED,
        _("New review, for you"),
        _NAMES,
        {"author": "Ada Lovelace", "title": "Blue mug", "stars": 4, "text": "Keeps tea warm for an hour.",
         "waits": True, "url": "/admin/reviews", "unsubscribe_url": STOP},
    ),
    letter(
        INVITATION,
        _("What do you think of it?"),
        _NAMES,
        {"name": "Ada Lovelace", "things": [{"title": "Blue mug", "url": "/reviews/invited/example/example"}],
         "unsubscribe_url": STOP},
        "unsubscribe_url",
    ),
)  # fmt: skip
