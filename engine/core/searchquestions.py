"""What shoppers searched for: how often, when last, and how much was found. No person is kept with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Index, String, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.access import Permission, require
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest
from engine.core.plaintext import fold
from engine.core.ports import Clock
from engine.core.searchsettings import SearchSettings
from engine.core.settings import SettingsStore
from engine.core.tables import Base
from engine.core.transaction import Tx

MAX_QUESTION = 100
#: So many different questions wait in memory until they are written; further ones are not counted.
MOST_WAITING = 1_000
KEPT = timedelta(days=90)
#: Addresses, telephone and card numbers are nobody's business here.
_personal = re.compile(r"@|(?:\d[\s().+-]*){7}")


class SearchQuestion(Base):
    """A question in plain words. found: how many things answered it when it was last asked."""

    __tablename__ = "search_questions"

    question: Mapped[str] = mapped_column(String(MAX_QUESTION), primary_key=True)
    asked: Mapped[int]
    found: Mapped[int]
    asked_at: Mapped[datetime]

    __table_args__ = (Index(None, "asked_at"), Index(None, "found", "asked"))


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as staff read it."""

    question: str
    asked: int
    found: int
    asked_at: datetime


class QuestionBook:
    """Gathers questions in memory; `flush` writes them together, so that a search never waits for a write."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._waiting: dict[str, tuple[int, int, datetime]] = {}

    def note(self, text: str, found: int) -> None:
        """Remember that somebody asked this and how much was found."""
        question = folded(text)
        if not question or (question not in self._waiting and len(self._waiting) >= MOST_WAITING):
            return
        asked = self._waiting.get(question, (0, 0, None))[0]
        self._waiting[question] = (asked + 1, found, self._clock.now())

    async def flush(self) -> int:
        """Write what was gathered; return how many questions it was."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return 0
        rows = [
            {"question": question, "asked": asked, "found": found, "asked_at": at}
            for question, (asked, found, at) in sorted(waiting.items())
        ]
        async with self._db.write() as tx:
            insertion: Any = (postgresql if tx.is_postgres else sqlite).insert(SearchQuestion)
            new = insertion.excluded
            changes = {"asked": SearchQuestion.asked + new.asked, "found": new.found, "asked_at": new.asked_at}
            await tx.execute(insertion.on_conflict_do_update(index_elements=["question"], set_=changes), rows)
        return len(rows)


def folded(text: str) -> str:
    """Return a question as it is counted; empty where there is none, or where it may tell of a person."""
    plain = " ".join(fold(text).split())
    kept = "".join(letter for letter in plain if letter.isprintable())[:MAX_QUESTION].strip()
    return "" if _personal.search(kept) else kept.encode("utf-8", "ignore").decode()


def questions(connection: Connection, actor: Actor, request: PageRequest, *, is_answered: bool) -> Page[AskedQuestion]:
    """Return what was asked, the most often asked first: with an answer, or without."""
    require(actor, Permission.MANAGE_PRODUCTS)
    which = SearchQuestion.found > 0 if is_answered else SearchQuestion.found == 0
    total = connection.scalar(select(func.count()).select_from(SearchQuestion).where(which)) or 0
    rows = connection.execute(
        select(SearchQuestion.question, SearchQuestion.asked, SearchQuestion.found, SearchQuestion.asked_at)
        .where(which)
        .order_by(SearchQuestion.asked.desc(), SearchQuestion.asked_at.desc(), SearchQuestion.question)
        .limit(request.limit)
        .offset(request.offset)
    )
    return Page.of([AskedQuestion(*row) for row in rows], total, request)


async def dismiss(tx: Tx, actor: Actor, question: str) -> None:
    """Take a question off the list."""
    require(actor, Permission.MANAGE_PRODUCTS)
    await tx.execute(delete(SearchQuestion).where(SearchQuestion.question == question))


async def set_synonyms(tx: Tx, actor: Actor, settings: SettingsStore, lines: Sequence[str]) -> None:
    """Say which words mean the same, a group a line. Raises Invalid naming the line that says nothing."""
    require(actor, Permission.MANAGE_PRODUCTS)
    await settings.save(tx, actor, SearchSettings, {"synonyms": [line for line in lines if line.strip()]})


async def add_synonym(tx: Tx, actor: Actor, settings: SettingsStore, question: str, meaning: str) -> None:
    """Have a question find what other words find; it leaves the list of what found nothing."""
    require(actor, Permission.MANAGE_PRODUCTS)
    if not meaning.strip():
        missing = _("Say which words find it, such as “mug”.")
        raise Invalid(missing, {"meaning": missing})
    line = f"{question.replace(',', ' ').replace('=>', ' ')} => {meaning}"
    await set_synonyms(tx, actor, settings, [*settings.site.search.synonyms, line])
    await dismiss(tx, actor, question)
