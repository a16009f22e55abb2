"""Pages that a cache between us and visitors keeps, too: which were sent there, and their being taken back."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress

from engine.core.errors import Unavailable
from engine.core.ports import EdgeCache

log = logging.getLogger("agora.edge")
#: So many addresses are remembered; beyond them a change takes back everything.
MOST = 20_000
#: How long changes gather, and answers that are on their way arrive, before they are told.
GATHER_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class Ledger:
    """Remembers which pages this process let a cache keep, by the marks of what they show, and takes them back."""

    def __init__(self, edge: EdgeCache, gather_seconds: float = GATHER_SECONDS) -> None:
        self._edge = edge
        self._gather_seconds = gather_seconds
        self._sent: dict[str, frozenset[str]] = {}
        self._gone: dict[str, None] = {}
        self._is_all_gone = True  # what an earlier process sent is unknown
        self._telling: asyncio.Task[None] | None = None

    def sent(self, address: str, marks: frozenset[str]) -> None:
        """Remember that a page may be kept from now on."""
        if self._is_all_gone:
            self._tell()
        if len(self._sent) >= MOST:
            self.changed(None)
        self._sent[address] = marks

    def changed(self, marks: Iterable[str] | None) -> None:
        """Take back what shows what changed; None: everything."""
        if marks is None:
            self._sent.clear()
            self._is_all_gone = True
        else:
            wanted = frozenset(marks)
            gone = [address for address, shown in self._sent.items() if not wanted.isdisjoint(shown)]
            for address in gone:
                del self._sent[address]
                self._gone[address] = None
        if self._gone or self._is_all_gone:
            self._tell()

    async def told(self) -> None:
        """Wait until all that changed was told."""
        while self._telling is not None and not self._telling.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._telling)

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tells())

    async def _tells(self) -> None:
        pause = self._gather_seconds
        while self._gone or self._is_all_gone:
            await asyncio.sleep(pause)
            is_all, gone = self._is_all_gone, list(self._gone)
            self._is_all_gone = False
            self._gone.clear()
            try:
                if is_all:
                    await self._edge.purge_all()
                else:
                    await self._edge.purge(gone)
                pause = self._gather_seconds
            except Unavailable as error:
                self._is_all_gone |= is_all
                self._gone |= dict.fromkeys(gone)
                pause = min(max(1.0, pause * 2), LONGEST_PAUSE_SECONDS) if self._gather_seconds else 0
                log.warning("pages that changed may be shown as they were: %s Trying again.", error)
