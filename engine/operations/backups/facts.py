"""What happens to the data as a whole."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class DatabaseExchanged(Fact, name="database.exchanged"):
    """Another database took the place of the one in use: whoever still runs on it, on any machine, begins again."""

    exchange_id: UUID
    backup: str
