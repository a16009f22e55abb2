"""Where kept pages stand: as many bytes as allowed, the longest unused go first; what changed goes at once."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from engine.api.pagecache.entries import Entry
from engine.core.shown import Recording

#: What stands in a path as it is. Source: RFC 3986, section 3.3.
SAFE = "/:@!$&'()*+,;=-._~"
#: One page may take this share of all bytes.
LARGEST_SHARE = 4
#: How many addresses are remembered whose page is not for keeping: nobody waits for another's answer there.
MOST_UNKEPT = 2_000


class Key(NamedTuple):
    """What decides which page it is. origin: scheme and host. is_part: what htmx takes of it."""

    origin: str
    path: str
    query: bytes
    is_part: bool

    @property
    def address(self) -> str:
        """The page's whole address, as it is asked for."""
        query = f"?{self.query.decode('latin-1')}" if self.query else ""
        return f"{self.origin}{quote(self.path, safe=SAFE)}{query}"


class Shelf:
    """The pages that one process keeps. most_bytes: 0 keeps nothing."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.entries: OrderedDict[Key, Entry] = OrderedDict()
        self.bytes = 0
        self._by_mark: defaultdict[str, set[Key]] = defaultdict(set)
        self._drawn: set[Recording] = set()
        self._awaited: dict[Key, asyncio.Future[None]] = {}
        self._unkept: OrderedDict[Key, None] = OrderedDict()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is kept or being drawn: what changes concerns nothing."""
        return not self.entries and not self._drawn

    def begin(self, key: Key) -> Recording:
        """Say that a page is drawn now; others who ask for it may wait. Ends with `end`."""
        made = Recording()
        self._drawn.add(made)
        if key not in self._awaited and key not in self._unkept:
            self._awaited[key] = asyncio.get_running_loop().create_future()
        return made

    def end(self, key: Key, recording: Recording, entry: Entry | None) -> bool:
        """Say that a page is drawn; keep it, unless something that it shows changed meanwhile. Return whether it is."""
        self._drawn.discard(recording)
        is_kept = entry is not None and not recording.is_outdated and self._keep(key, entry)
        if entry is None:
            self._unkept[key] = None
            if len(self._unkept) > MOST_UNKEPT:
                self._unkept.popitem(last=False)
        else:
            self._unkept.pop(key, None)
        if (waiting := self._awaited.pop(key, None)) is not None and not waiting.done():
            waiting.set_result(None)
        return is_kept

    def drawn_now(self, key: Key) -> "asyncio.Future[None] | None":
        """Return what ends when a page that is drawn now is done; None where nobody draws it."""
        return self._awaited.get(key)

    def _keep(self, key: Key, entry: Entry) -> bool:
        if entry.size > self.most_bytes // LARGEST_SHARE:
            return False
        self.drop(key)
        self.entries[key] = entry
        self.bytes += entry.size
        for mark in entry.marks:
            self._by_mark[mark].add(key)
        self._make_room()
        return True

    def grown(self, entry: Entry, before: int) -> None:
        """Count what an entry that was packed once more takes beside what it took."""
        self.bytes += entry.size - before
        self._make_room()

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes:
            self.drop(next(iter(self.entries)))

    def drop(self, key: Key) -> None:
        """Let go of one page, if it is kept."""
        entry = self.entries.pop(key, None)
        if entry is None:
            return
        self.bytes -= entry.size
        for mark in entry.marks:
            marked = self._by_mark[mark]
            marked.discard(key)
            if not marked:
                del self._by_mark[mark]

    def expire(self, marks: Iterable[str]) -> list[Key]:
        """Let go of every page that bears one of these marks, those that are drawn now too; return which were kept."""
        wanted = set(marks)
        for recording in self._drawn:
            recording.changed |= wanted
        gone = [key for mark in wanted for key in self._by_mark.get(mark, ())]
        for key in gone:
            self.drop(key)
        return gone

    def clear(self) -> list[Key]:
        """Let go of every page; return which were kept."""
        for recording in self._drawn:
            recording.all_changed = True
        gone = list(self.entries)
        self.entries.clear()
        self._by_mark.clear()
        self.bytes = 0
        return gone
