"""What breaks under a server: each a small object that strikes and mends, and says what it did."""

import random
from typing import Protocol

from tests.harness.installation import Installation


class Strike(Protocol):
    """One disturbance. lasts: whether people go on between `strike` and `mend`."""

    name: str
    lasts: bool

    def strike(self, server: Installation, roll: random.Random) -> None:
        """Break it."""
        ...

    def mend(self, server: Installation) -> None:
        """Do what the people who look after a machine do; everything else heals by itself."""
        ...


class AtOnce:
    """A strike after which nobody has to do anything."""

    lasts = False

    def mend(self, server: Installation) -> None:
        pass
