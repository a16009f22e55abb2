"""A quarter of a year of orders, thought out before any is written: who buys what, when, and what becomes of it."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.commerce.demo.goods import Version, versions_of
from engine.commerce.demo.item import Item
from engine.core.demo import DemoPerson, Making

#: From Monday to Sunday: people buy when the week is over.
RHYTHM = (0.75, 0.8, 0.9, 1.0, 1.15, 1.2, 1.5)
#: Orders a day at the beginning and at the end.
FIRST, LAST = 1.1, 2.9
#: Days before today of the kiln opening, when the museum writes to its friends, and how much more is bought.
OPENINGS = {24: 2.6, 23: 1.9, 66: 2.2}
HOURS = (7, 8, 9, 10, 11, 12, 12, 13, 14, 16, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22, 23)
WISHES = (
    "It is a present: please leave the price out.",
    "If nobody is in, number 14 takes parcels.",
    "Please wrap the mugs separately, the last ones travelled badly.",
    "No hurry, it is for October.",
    "The one with the bigger drip, if you can choose!",
)
STAFF_NOTES = (
    "Wrapped as a present, price taken out.",
    "Asked whether the blue is darker than in the picture. Sent her a photograph.",
    "Second pair for the same address, both in one box.",
    "Rang: will be away until Monday, do not send before.",
)


#: What is done with an order beside its steps, which bear the names of the states.
PAY, NOTE = "pay", "note"


@dataclass(slots=True)
class Tale:
    """One order: who, when, (version, pieces), and what follows at which moment, with words where there are any."""

    buyer: DemoPerson
    placed_at: datetime
    lines: list[tuple[Version, int]]
    is_sent: bool
    wish: str
    deeds: list[tuple[datetime, str, str]] = field(default_factory=list)


def told(making: Making, items: Sequence[Item]) -> list[Tale]:
    """Return the orders of the story, oldest first. It ends now: what would follow later is not told."""
    roll = making.dice("orders")
    general = making.settings.site.general
    stock = [(item, version) for item in items for version in versions_of(item, general.currency)]
    weights = [item.love / len(versions_of(item, general.currency)) for item, _version in stock]
    tales = []
    for moment in _moments(roll, making.now, making.days, general.zone):
        buyers = [person for person in making.people if person.since < moment]
        lines: dict[str, tuple[Version, int]] = {}
        for item, version in roll.choices(stock, weights, k=roll.choices((1, 2, 3, 4), (48, 31, 14, 7))[0]):
            pieces = roll.choices((1, 2, 4), (80, 16, 4))[0] if item.price < 4000 else 1
            lines[version.code] = (version, pieces)
        tale = Tale(
            buyer=roll.choice(buyers),
            placed_at=moment,
            lines=list(lines.values()),
            is_sent=roll.random() > 0.14 and any(version.is_sent for version, _pieces in lines.values()),
            wish=roll.choice(WISHES) if roll.random() < 0.07 else "",
        )
        tale.deeds = [deed for deed in _deeds(roll, tale) if deed[0] < making.now]
        tales.append(tale)
    _leave_owed(tales, making.now)
    return tales


def _leave_owed(tales: Sequence[Tale], now: datetime) -> None:
    """Have two paid orders of the last days cancelled and not paid back yet: somebody must see to them."""
    paid = [tale for tale in tales if PAY in [name for at, name, _words in tale.deeds if at < now - timedelta(hours=2)]]
    words = "The kiln had other plans for this one. We pay you back this week, and are sorry."
    for tale in paid[-9::5]:
        tale.deeds = [deed for deed in tale.deeds if deed[1] == PAY]
        tale.deeds.append((tale.deeds[0][0] + timedelta(hours=1), "cancelled", words))


def _moments(roll: random.Random, now: datetime, days: int, zone: ZoneInfo) -> list[datetime]:
    """Return when orders are placed: more each month, most on Sundays, in the evening, with two good days."""
    today = now.astimezone(zone).date()
    found = []
    for back in range(days - 1, -1, -1):
        day = today - timedelta(days=back)
        expected = (FIRST + (LAST - FIRST) * (days - back) / days) * RHYTHM[day.weekday()] * OPENINGS.get(back, 1)
        for _order in range(_poisson(roll, expected)):
            at = datetime.combine(day, time(roll.choice(HOURS), roll.randrange(60), roll.randrange(60)), zone)
            if at < now:
                found.append(at)
    return sorted(found)


def _poisson(roll: random.Random, expected: float) -> int:
    """Return how often something happens that happens so often in the mean (Knuth)."""
    limit, count, product = math.exp(-expected), 0, roll.random()
    while product > limit:
        count += 1
        product *= roll.random()
    return count


def _deeds(roll: random.Random, tale: Tale) -> list[tuple[datetime, str, str]]:
    """Return what becomes of an order. Seven in a hundred do not end as they should."""
    fate, at = roll.random(), tale.placed_at
    if fate < 0.03:  # nobody pays
        return [
            (
                _office(roll, at, 10, 13),
                "cancelled",
                "We have not heard from you, so the pots are back on the shelf. Order again any time.",
            )
        ]
    paid = at + timedelta(minutes=roll.randint(4, 90)) if roll.random() < 0.6 else _office(roll, at, 0.1, 2.2)
    deeds = [(paid, PAY, "")]
    if roll.random() < 0.05:
        deeds.append((paid + timedelta(minutes=roll.randint(5, 90)), NOTE, roll.choice(STAFF_NOTES)))
    if fate < 0.05:  # it breaks in the packing room
        gone = _office(roll, paid, 0.3, 1.5)
        deeds.append((gone, "cancelled", "Yours broke in the packing room, and it was the last one. We are sorry."))
        return [*deeds, (_office(roll, gone, 1, 9), "refunded", "")]
    ready = _office(roll, paid, 0.3, 2.4)
    if roll.random() < 0.5:
        deeds.append((_office(roll, paid, 0.05, 0.3), "processing", ""))
        ready = max(ready, deeds[-1][0] + timedelta(hours=1))
    arrived = _office(roll, ready, 0.5, 4)
    if tale.is_sent:
        deeds.append((ready, "shipped", f"Royal Mail tracking number AB{roll.randrange(10**8):08d}GB."))
        if roll.random() < 0.4:
            deeds.append((ready + timedelta(hours=roll.randint(8, 20)), "in_transit", ""))
        arrived = ready + timedelta(days=roll.uniform(1.2, 4))
    deeds.append((arrived, "delivered", ""))
    if fate < 0.075:  # it was not what they had hoped for
        back = _office(roll, arrived, 3, 9)
        return [*deeds, (back, "returned", ""), (_office(roll, back, 1, 8), "refunded", "")]
    return [*deeds, (arrived + timedelta(days=14), "completed", "")]


def _office(roll: random.Random, after: datetime, least: float, most: float) -> datetime:
    """Return a moment so many days later at which somebody is in the museum."""
    at = after + timedelta(days=roll.uniform(least, most))
    local = at.replace(hour=roll.randint(9, 16), minute=roll.randrange(60))
    return local if local > after else after + timedelta(hours=roll.uniform(0.3, 3))
