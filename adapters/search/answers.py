"""The last answers of a search index: the same question gets the same answer, while nothing has changed."""

import time
from collections.abc import Callable

from engine.core.ports import SearchResult

MOST = 256
#: The words of a large index follow it at a distance, and with them the answers.
SECONDS = 5.0


class Answers:
    """Keeps answers for one state of the index: when that changes, they are forgotten."""

    def __init__(self) -> None:
        self._now: tuple[tuple[object, ...], dict[str, tuple[float, SearchResult]]] = ((), {})

    def answer(self, state: tuple[object, ...], question: str, find: Callable[[], SearchResult]) -> SearchResult:
        """Return what was found in this state of the index, or find it."""
        known_state, kept = self._now
        if known_state != state or len(kept) >= MOST:
            kept = {}
            self._now = (state, kept)
        found_at, found = kept.get(question, (0.0, None))
        if found is None or time.monotonic() - found_at > SECONDS:
            found = find()
            kept[question] = (time.monotonic(), found)
        return found
