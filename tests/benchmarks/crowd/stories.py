"""What becomes of an order of the crowd: its steps, whether it is paid, and what goes back."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.commerce.ordering.settling import RefundReason
from engine.commerce.ordering.states import OrderStatus, PaymentStatus

S = OrderStatus
HOUR = timedelta(hours=1)
#: The way of most orders, in hours from its placing; what is fetched is not sent.
WAY = ((S.CONFIRMED, 1), (S.PROCESSING, 20), (S.SHIPPED, 40), (S.DELIVERED, 110), (S.COMPLETED, 446))


@dataclass(slots=True)
class Story:
    """steps: states with their moments, in order. paid_at: when its money came; back: why and when it goes back."""

    steps: list[tuple[OrderStatus, datetime]] = field(default_factory=list)
    paid_at: datetime | None = None
    back: RefundReason | None = None
    returned_at: datetime | None = None

    @property
    def status(self) -> OrderStatus:
        return self.steps[-1][0] if self.steps else S.PENDING

    @property
    def payment_status(self) -> PaymentStatus:
        if self.paid_at is None:
            return PaymentStatus.PENDING
        if self.back is None:
            return PaymentStatus.PAID
        return PaymentStatus.REFUND_NEEDED if self.returned_at is None else PaymentStatus.REFUNDED


def told(dice: random.Random, at: datetime, now: datetime, *, is_sent: bool) -> Story:
    """Return what has become of an order by now. Five in a hundred do not end as they should."""
    fate, tempo = dice.random(), 0.5 + dice.random()

    def when(hours: float) -> datetime:
        return at + HOUR * hours * tempo

    if fate < 0.02:  # nobody pays
        return _until(now, Story([(S.CANCELLED, when(200))]))
    way = [(state, when(hours)) for state, hours in WAY if is_sent or state is not S.SHIPPED]
    story = Story(way, paid_at=when(0.9))
    if fate < 0.035:  # it breaks in the packing room
        story.steps = [way[0], (S.CANCELLED, when(25))]
        story.back = RefundReason.CANCELLED
    elif fate < 0.05:  # it was not what they had hoped for
        story.steps = [*way[:-1], (S.RETURNED, when(300))]
        story.back = RefundReason.RETURNED
    if story.back is not None and dice.random() < 0.98:  # somebody forgets
        story.returned_at = when(420)
        story.steps.append((S.REFUNDED, story.returned_at))
    return _until(now, story)


def _until(now: datetime, story: Story) -> Story:
    """Return it as far as it is by now."""
    story.steps = [(state, at) for state, at in story.steps if at < now]
    if story.paid_at is not None and story.paid_at >= now:
        story.paid_at = None
    if story.status not in (S.CANCELLED, S.RETURNED, S.REFUNDED):
        story.back = None
    if story.returned_at is not None and story.returned_at >= now:
        story.returned_at = None
    return story
