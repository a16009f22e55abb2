"""Numbers that a domain offers upward to who watches the house: how many wait, how old, how much."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

#: The values of the labels, and the number.
Reading = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number read from the database. name: as monitoring knows it, without `agora_`; help: what it is, for staff.

    labels: names of what it is divided by, of which there must be few values. read(connection, now): the numbers.
    counts_up: it only ever grows.
    """

    name: str
    help: str
    read: Callable[[Connection, datetime], Iterable[Reading]]
    labels: tuple[str, ...] = ()
    counts_up: bool = False
