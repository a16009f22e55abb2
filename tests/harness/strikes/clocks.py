"""Clocks that jump: somebody sets the time, or a machine wakes up and finds that it was wrong."""

import random
from datetime import timedelta

from tests.harness.installation import Installation
from tests.harness.strikes import AtOnce

#: Not further: what is kept for a week must still be there for the audit.
FURTHEST = timedelta(hours=30)


class Forwards(AtOnce):
    """Hours on."""

    name = "clock forwards"

    def strike(self, server: Installation, roll: random.Random) -> None:
        by = timedelta(minutes=roll.randint(20, 400))
        if server.offset + by < FURTHEST:
            server.jump(by)


class Backwards(AtOnce):
    """Hours back."""

    name = "clock backwards"

    def strike(self, server: Installation, roll: random.Random) -> None:
        by = timedelta(minutes=roll.randint(20, 400))
        if server.offset - by > -FURTHEST:
            server.jump(-by)
