"""Looking after the index: is it whole, is it the one that the settings chose, and what was asked of it."""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, select

from engine.core.database import Database
from engine.core.ports import IndexState
from engine.core.searchchoice import ChosenSearch
from engine.core.searching import ENGINE, Searchable, ask_for_rebuild, rebuild_index
from engine.core.searchquestions import QuestionBook
from engine.core.searchtable import SearchState

log = logging.getLogger("agora.search")
WHY = {
    "missing": "there is no search index yet",
    "damaged": "the search index is damaged",
    "outdated": "the search index is of another version or language",
    "another": "another search engine was chosen",
}


class SearchKeeper:
    """What the worker asks every half minute, and pages ask for the index's state."""

    def __init__(
        self, db: Database, index: ChosenSearch, searchables: Sequence[Searchable], book: QuestionBook
    ) -> None:
        self._db = db
        self._index = index
        self.searchables = searchables
        self.book = book

    async def tend(self) -> bool:
        """Write what was asked, and have the index built anew where it must be; return whether that was asked for."""
        await self.book.flush()
        problem = await self.problem()
        if not problem or not await ask_for_rebuild(self._db):
            return False
        log.warning("%s; building it anew in the background", WHY[problem])
        return True

    async def state(self) -> IndexState:
        """Return how the index stands."""
        return await self._index.state()

    async def problem(self) -> str:
        """Return why the index must be built anew, one of WHY; empty where it need not."""
        state = await self._index.state()
        if state.is_building or state.problem == "away":
            return ""
        if state.problem:
            return state.problem
        return "" if await self._db.query(_fed) == self._index.name else "another"

    async def rebuild(self) -> int:
        """Build the index anew, here and now; return how many documents it holds."""
        return await rebuild_index(self._db, self._index, self.searchables, lambda: self._index.name)


def _fed(connection: Connection) -> str:
    value = connection.scalar(select(SearchState.value).where(SearchState.name == ENGINE))
    return str(value["engine"]) if value else ""
