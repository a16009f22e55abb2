"""What the demo's buyers think of what they bought: reviews with dates, a few answers, and some that wait for staff."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from engine.commerce.demo.story import Tale
from engine.commerce.ordering.states import OrderStatus
from engine.content.reviews import public as reviews
from engine.content.reviews.models import Rating, Review
from engine.content.reviews.public import ImportedReview
from engine.content.spam.judging import Outcome, Reason
from engine.content.speech.standing import Standing
from engine.core.demo import DEMO, Making, Removing, batches, mark
from engine.core.transaction import Tx

REVIEW, KIND = "review", "product"
#: One order in so many is followed by a review; so many of these wait for staff.
ONE_IN, WAITING = 5, 3
#: (stars, title, text, the museum's answer).
OPINIONS: tuple[tuple[int, str, str, str], ...] = (
    (5, "Even better in the hand", "The pictures do not show how well it is made. It came wrapped like an egg.", ""),
    (5, "", "A present for my mother. She has it on the window sill and looks at it every morning.", ""),
    (4, "Lovely, a little smaller than I thought", "Read the measures first. For the shelf it is just right.", ""),
    (5, "Our favourite", "We saw it in the museum and went back for it. **Worth it.**", ""),
    (3, "Nice, slow to come", "It took nine days. The thing itself is fine.",
     "Thank you for telling us. We had two people ill that week, and have a third who packs now."),
    (5, "", "", ""),
    (4, "Good paper, good colours", "The blue is a touch warmer than on the screen.", ""),
    (5, "Third one we bought", "One for us, one for a wedding, one because the first two looked lonely.", ""),
    (2, "A chip at the rim", "Small, but I saw it at once.",
     "We are sorry. A new one is on its way, and please keep the first."),
    (4, "", "Beautiful, and heavier than it looks.", ""),
)  # fmt: skip


async def write(making: Making, tales: Sequence[Tale], where: Mapping[str, tuple[UUID, UUID]]) -> None:
    """Let some of those whose order arrived say what they think, a while after it did."""
    roll = random.Random(making.seed)
    arrived = [(tale, at) for tale in tales for at, name, _words in tale.deeds if name == OrderStatus.DELIVERED]
    spoken = [(tale, at) for tale, at in arrived if roll.randrange(ONE_IN) == 0]
    about: set[UUID] = set()
    said: set[tuple[UUID, str]] = set()
    for number, (tale, at) in enumerate(spoken):
        version, _pieces = roll.choice(tale.lines)
        product_id = where[version.code][0]
        moment = min(at + timedelta(hours=roll.randint(20, 200)), making.now)
        if (product_id, tale.buyer.email) in said:
            continue
        said.add((product_id, tale.buyer.email))
        about.add(product_id)
        stars, title, text, answer = roll.choice(OPINIONS)
        waits = number >= len(spoken) - WAITING
        given = ImportedReview(
            source="demo",
            key=str(number),
            name=tale.buyer.name,
            email=tale.buyer.email,
            stars=stars,
            title=title,
            text=text,
            answer="" if waits else answer,
            is_verified=True,
            standing=Standing.PENDING if waits else Standing.PUBLISHED,
            created_at=moment,
        )
        async with making.past(moment) as tx:
            await _bring(tx, product_id, given)
    async with making.past(making.now) as tx:
        for product_id in sorted(about):
            await reviews.recount(tx, KIND, product_id)


async def _bring(tx: Tx, product_id: UUID, given: ImportedReview) -> None:
    row, _is_new = await reviews.bring(tx, DEMO, KIND, product_id, given, counts=False)
    row.reasons = [Reason("first", Outcome.HOLD).kept()] if given.standing is Standing.PENDING else []
    mark(tx, REVIEW, row.id)


async def remove(removing: Removing, products: Sequence[UUID]) -> None:
    """Take the reviews away again, and what they came to."""
    async with removing.db.write() as tx:
        for batch in batches(removing.of(REVIEW)):
            await tx.execute(delete(Review).where(Review.id.in_(batch)))
        for batch in batches(products):
            await tx.execute(delete(Rating).where(Rating.kind == KIND, Rating.subject_id.in_(batch)))
