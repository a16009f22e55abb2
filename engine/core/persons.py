"""What domains hold of a person, and how long: offered upward, so that one place can export, erase and forget."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, SelectBase, func, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.core.i18n import Message
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by their address (in lower case) and, where they have one, their account. name: as far as known."""

    email: str
    name: str = ""
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of thing that a domain holds of people.

    key: its file in an export, such as `orders`. collect(connection, person): what there is, as JSON can hold it.
    erase(tx, person): takes them out of it, and returns of how many things. keeps: columns in which the law makes us
    keep them. is_last: it is what the others hang on.
    """

    key: str
    title: Message
    collect: Callable[[Connection, Person], Any]
    erase: Callable[[Tx, Person], Awaitable[int]]
    keeps: tuple[InstrumentedAttribute[Any], ...] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of personal data that is forgotten in time.

    setting: how many days it is kept, by its name in the settings `privacy`; 0 keeps it. forget(tx, before): forgets
    at most a few hundred things older than this, and returns how many they were. old(before): selects all of them.
    """

    setting: str
    title: Message
    forget: Callable[[Tx, datetime], Awaitable[int]]
    old: Callable[[datetime], SelectBase]

    def count(self, connection: Connection, before: datetime) -> int:
        """Return of how many things this would be."""
        return connection.execute(select(func.count()).select_from(self.old(before).subquery())).scalar_one()
