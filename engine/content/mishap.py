"""The words of the page for failures, kept in memory: the database may be what fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.content.pages import queries
from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import PageKind
from engine.core.database import Database
from engine.core.demo import DemoChanged
from engine.core.facts import RecordedFact
from engine.core.html import text_of
from engine.core.reactions import Listener

MOST_LINES = 12
MAX_LINE = 1_000
_WORDED = ("heading", "text", "hero")


@dataclass(frozen=True, slots=True)
class MishapWords:
    """What the page says: its title, and its texts line by line, without pictures and links."""

    title: str
    lines: tuple[str, ...]


class Mishap:
    """Holds the words for one process; `refresh` is called at start and whenever the page changes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.words: MishapWords | None = None

    async def refresh(self) -> None:
        """Read the words anew."""
        self.words = await self._db.query(mishap_words)

    def listener(self) -> Listener:
        """Return what hears of changes."""

        async def hear(recorded: RecordedFact) -> None:
            if getattr(recorded.fact, "kind", PageKind.SERVER_ERROR) == PageKind.SERVER_ERROR:
                await self.refresh()

        return Listener((*PAGE_FACTS, DemoChanged), hear)


def mishap_words(connection: Connection) -> MishapWords | None:
    """Return the words of the published page for failures; None where it is Agora's own."""
    shown = queries.published_part(connection, PageKind.SERVER_ERROR)
    if shown is None:
        return None
    lines = (text_of(text, MAX_LINE) for text in _texts(shown.content.get("blocks", [])))
    return MishapWords(shown.title, tuple(line for line in lines if line)[:MOST_LINES])


def _texts(blocks: Any) -> Iterator[str]:
    """Yield what stands in a tree's texts, in their order."""
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Mapping) or block.get("hidden"):
            continue
        settings = block.get("settings", {})
        if block.get("type") in _WORDED:
            yield from (str(settings[name]) for name in ("title", "heading", "text") if settings.get(name))
        yield from _texts(block.get("children", []))
