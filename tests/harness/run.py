"""A run: people at work, one strike after the other, the dust settles, and the audit."""

import random
import time
from collections import Counter
from pathlib import Path

from tests.harness import audit, damage
from tests.harness.company import Company
from tests.harness.installation import PATIENCE, Installation
from tests.harness.journal import Journal
from tests.harness.post import PostOffice
from tests.harness.report import Report
from tests.harness.strikes import Strike
from tests.harness.strikes.clocks import Backwards, Forwards
from tests.harness.strikes.disks import Checkpoint, DiskFull, ReadOnly
from tests.harness.strikes.indexes import IndexCorrupted, IndexDeleted
from tests.harness.strikes.kills import Kill, KillOne, RestartPostgres, RestartRedis

#: How many acknowledgements there have to be between two strikes: the house heals by itself.
BETWEEN = 12
#: How long something lasts that lasts.
LASTS = (1.0, 2.5)


def deck_of(server: Installation) -> list[Strike]:
    """Return every strike that can happen to this installation, once each."""
    deck: list[Strike] = [Kill(), Forwards(), Backwards(), IndexDeleted(), IndexCorrupted(), DiskFull()]
    if server.workers > 1:
        deck.append(KillOne())
    if server.postgres is not None:
        deck.append(RestartPostgres())
    if server.redis is not None:
        deck.append(RestartRedis())
    if server.database_url.startswith("sqlite"):
        deck += [ReadOnly(), Checkpoint()]
    return deck


async def run(server: Installation, seconds: float, seed: int, folder: Path) -> Report:
    """Strike a started, claimed installation for so long, each strike at least once; return what was found.

    folder: where the journal is kept, outside of what is struck.
    """
    began = time.monotonic()
    journal, roll = Journal(folder / "journal.jsonl"), random.Random(seed)
    with PostOffice() as post:
        return await _struck(server, seconds, seed, journal, roll, post, began)


async def _struck(
    server: Installation,
    seconds: float,
    seed: int,
    journal: Journal,
    roll: random.Random,
    post: PostOffice,
    began: float,
) -> Report:
    company = Company(server, journal, seed, post)
    strikes: Counter[str] = Counter()
    company.begin()
    try:
        _grow(journal, "the beginning")
        deck = deck_of(server)
        roll.shuffle(deck)
        while deck or time.monotonic() < began + seconds:
            one = deck.pop() if deck else _next(server, roll)
            _strike(one, server, roll)
            strikes[one.name] += 1
            _grow(journal, one.name)
    finally:
        company.end()
    found = await audit.settled(server, company)
    if not found.wrong and server.database_url.startswith("sqlite"):
        damage.damage_and_restore(server, post, found)
        strikes[damage.NAME] += 1
        await audit.audited(server, company, found)
    server.stop()
    found.wrong += server.left
    return Report(seed, time.monotonic() - began, server.place.kind, strikes, journal, found, server.traces)


def _next(server: Installation, roll: random.Random) -> Strike:
    """Return any strike; every other one is a kill."""
    return Kill() if roll.random() < 0.5 else roll.choice(deck_of(server))


def _strike(one: Strike, server: Installation, roll: random.Random) -> None:
    time.sleep(roll.uniform(0, 0.5))
    one.strike(server, roll)
    if one.lasts:
        time.sleep(roll.uniform(*LASTS))
        one.mend(server)


def _grow(journal: Journal, after: str) -> None:
    """Wait until people are answered again."""
    if not journal.grows(BETWEEN, PATIENCE):
        raise AssertionError(f"nobody was answered for {PATIENCE:.0f} s after: {after}. {journal.strange[:3]}")
