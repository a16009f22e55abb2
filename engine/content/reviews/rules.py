"""Decisions about reviews. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

MAX_TITLE = 120
MAX_TEXT = 5_000
MAX_PHOTOS = 4
MAX_PHOTO_BYTES = 15 * 1024 * 1024
MAX_STARS = 5
#: How long the link of an invitation works.
INVITED = timedelta(days=90)


def average(total: int, count: int) -> Decimal:
    """Return the mean of all stars to one place, a half upwards; 0 where there are none."""
    if not count:
        return Decimal(0)
    return (Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shares(stars: Sequence[int]) -> list[int]:
    """Return each number of stars' share of all in whole percent."""
    count = sum(stars)
    return [round(100 * one / count) if count else 0 for one in stars]
