"""The parts of the site that people build once: header, footer, and the pages for what is not there or went wrong.

Kept in memory, because every page shows them, and the last of them when the database does not answer.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.content.pages import content, queries
from engine.content.pages.content import PageContent
from engine.content.pages.loading import Loaded, load
from engine.content.pages.models import PARTS, PageKind
from engine.core import shown
from engine.core.blocks.declaring import Book, Moment
from engine.core.database import Database
from engine.core.facts import Fact, RecordedFact
from engine.core.reactions import Listener

#: Facts after which any part may be another. One whose blocks read something is read again after every fact.
_TOUCHING = ("page.", "media.", "record.", "settings.", "demo.")


@dataclass(frozen=True, slots=True)
class SitePart:
    """A part as visitors see it, with all that it shows."""

    written: PageContent
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class _Held:
    parts: Mapping[PageKind, SitePart] = field(default_factory=dict)
    reads: bool = False


class PartsMemory:
    """Holds the parts for one process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._held = _Held()
        self._turn, self._read_turn = 0, -1
        self._reading = asyncio.Lock()

    async def part(self, kind: PageKind, book: Book, moment: Moment) -> SitePart | None:
        """Return a part, read again if something changed; None where it is Agora's own."""
        return (await self.parts(book, moment)).get(kind)

    async def parts(self, book: Book, moment: Moment) -> Mapping[PageKind, SitePart]:
        """Return every part that people built, read again if something changed."""
        while self._turn != self._read_turn:
            async with self._reading:
                if self._turn != self._read_turn:
                    turn = self._turn
                    with shown.recording(None):
                        self._held = await self._db.query(_read, book, moment)
                    self._read_turn = turn
        return self._held.parts

    def known(self, kind: PageKind) -> SitePart | None:
        """Return a part as it was read last, without asking the database."""
        return self._held.parts.get(kind)

    def listener(self) -> Listener:
        """Return what hears of changes."""

        async def hear(recorded: RecordedFact) -> None:
            if self._held.reads or recorded.fact.name.startswith(_TOUCHING):
                self._turn += 1

        return Listener((Fact,), hear)


def _read(connection: Connection, book: Book, moment: Moment) -> _Held:
    parts: dict[PageKind, SitePart] = {}
    for kind in PARTS:
        shown = queries.published_part(connection, kind)
        if shown is not None:
            written = content.read(shown.content, book)
            parts[kind] = SitePart(written, load(connection, written.blocks, book, moment))
    return _Held(parts, reads=any(part.loaded.data for part in parts.values()))
