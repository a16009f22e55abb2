"""What visitors are asked before something of theirs is shared: categories, who needs them, and the answer they gave.

Nothing is asked while nothing needs it. The answer is one first-party cookie that names each category it answers, so
that a category which comes into use later is asked about then.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from engine.core import shown
from engine.core.database import Database
from engine.core.demo import DemoChanged
from engine.core.facts import Fact, RecordedFact
from engine.core.i18n import Message
from engine.core.reactions import Listener
from engine.core.settings import SettingsUpdated, Site

CONSENT_COOKIE = "agora_consent"
MAX_COOKIE = 200


class ConsentCategory(StrEnum):
    """What can be refused. What the site cannot do without (a cart, a session) is never asked."""

    STATISTICS = "statistics"
    MARKETING = "marketing"
    EXTERNAL_MEDIA = "external_media"


@dataclass(frozen=True, slots=True)
class ConsentNeed:
    """One thing that needs consent. name and text: what it is and what it learns, for the page of cookie settings.

    is_used: (connection, site) -> whether the site uses it at all. asks: visitors are asked when they come; otherwise
    only where it would be shown. on: facts after which it may be used or not. cookies: beginnings of the names of those
    it leaves in a browser, taken away with the consent.
    """

    category: ConsentCategory
    name: Message
    text: Message
    is_used: Callable[[Connection, Site], bool]
    asks: bool = True
    on: tuple[type[Fact], ...] = ()
    cookies: tuple[str, ...] = ()


class Consents:
    """Which needs the site has now, kept in memory for one process. Empty until `join` is called."""

    def __init__(self, db: Database, site: Callable[[], Site]) -> None:
        self._db = db
        self._site = site
        self.needs: tuple[ConsentNeed, ...] = ()
        self._used: Sequence[ConsentNeed] | None = None
        self._turn = 0
        self._reading = asyncio.Lock()

    def join(self, needs: Sequence[ConsentNeed]) -> None:
        """Add what the domains need, once, while the house is wired."""
        self.needs = (*self.needs, *needs)

    async def used(self) -> Sequence[ConsentNeed]:
        """Return what the site uses."""
        found = self._used
        while found is None:
            async with self._reading:
                turn = self._turn
                with shown.recording(None):
                    found = self._used = await self._db.query(self._read)
                if turn != self._turn:
                    found = self._used = None
        return found

    def _read(self, connection: Connection) -> Sequence[ConsentNeed]:
        site = self._site()
        return [need for need in self.needs if need.is_used(connection, site)]

    def listener(self) -> Listener:
        """Return what hears of changes."""

        async def hear(recorded: RecordedFact) -> None:
            kinds = (SettingsUpdated, DemoChanged, *(kind for need in self.needs for kind in need.on))
            if isinstance(recorded.fact, kinds):
                self._used, self._turn = None, self._turn + 1

        return Listener((Fact,), hear)


def written(answers: Mapping[ConsentCategory, bool], version: int) -> str:
    """Return an answer as the cookie bears it: `3.statistics-1.marketing-0`."""
    return ".".join([str(version), *(f"{category}-{int(said)}" for category, said in sorted(answers.items()))])


def answers_in(cookie: str, version: int) -> Mapping[ConsentCategory, bool]:
    """Return what a visitor answered, by category; nothing of another version, or where it makes no sense."""
    if len(cookie) > MAX_COOKIE:
        return {}
    number, _dot, rest = cookie.partition(".")
    if number != str(version):
        return {}
    said = (part.rpartition("-") for part in rest.split("."))
    known = {category.value: category for category in ConsentCategory}
    return {known[name]: mark == "1" for name, _dash, mark in said if name in known and mark in ("0", "1")}
