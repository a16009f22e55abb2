"""What staff do with voices of a kind: publish, call spam, hold, throw away; and what is deleted for good later."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.content.spam import lessons
from engine.content.spam.judging import Post
from engine.content.speech.standing import Standing, lesson_of
from engine.content.speech.voices import Voices
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.facts import Fact
from engine.core.i18n import Message, _
from engine.core.resource import Action
from engine.core.running import JobKind, JobRun
from engine.core.transaction import Tx

#: How long what staff threw away, or called spam, can be put back.
KEPT = timedelta(days=30)
BATCH = 200


class Moderator(ABC):
    """What staff do with voices of one kind. noun: in the audit log; missing: said of one that is not there."""

    noun: str
    model: type[Any]
    permission: Permission
    missing: Message

    def __init__(self, voices: Voices) -> None:
        self.voices = voices

    @abstractmethod
    def words(self, row: Any) -> str:
        """Return what the spam filter learns of a voice."""

    @abstractmethod
    async def settle(self, tx: Tx, row: Any, *, was_shown: bool) -> None:
        """Do what follows where one came to stand elsewhere: counts, facts, letters."""

    async def found(self, tx: Tx, voice_id: UUID) -> Any:
        """Return a voice, locked. Raises NotFound."""
        row = await tx.get(self.model, voice_id, locked=True)
        if row is None:
            raise NotFound(self.missing)
        return row

    async def approve(self, tx: Tx, actor: Actor, voice_id: UUID) -> Any:
        """Publish it, from wherever it stands; the filter learns that it is fine."""
        return await self._put(tx, actor, voice_id, Standing.PUBLISHED, "approve")

    async def spam(self, tx: Tx, actor: Actor, voice_id: UUID) -> Any:
        """Call it spam: nobody sees it, and the filter learns its words."""
        return await self._put(tx, actor, voice_id, Standing.SPAM, "spam")

    async def hold(self, tx: Tx, actor: Actor, voice_id: UUID) -> Any:
        """Say that it is no spam, or take it back from the page: it waits."""
        return await self._put(tx, actor, voice_id, Standing.PENDING, "hold")

    async def discard(self, tx: Tx, actor: Actor, voice_id: UUID) -> Any:
        """Throw it away; it can be put back for 30 days."""
        return await self._put(tx, actor, voice_id, Standing.BINNED, "discard")

    async def _put(self, tx: Tx, actor: Actor, voice_id: UUID, standing: Standing, act: str) -> Any:
        access.require(actor, self.permission)
        row = await self.found(tx, voice_id)
        if row.status is standing:
            return row
        was_shown = row.status is Standing.PUBLISHED
        row.status = standing
        lesson = row.lesson if standing is Standing.BINNED else lesson_of(standing)
        await lessons.teach(tx, Post(self.words(row), row.name, row.email or ""), lesson, before=row.lesson)
        row.lesson = lesson
        tx.record(actor, f"{self.noun}.{act}", row, name=row.name)
        await self.settle(tx, row, was_shown=was_shown)
        return row

    def actions(self) -> Mapping[str, Action]:
        """Return its acts as a list of them offers them."""
        return {
            "approve": self._action(self.approve, Standing.PUBLISHED, _("Publish"), "check", _("It is published.")),
            "hold": self._action(self.hold, Standing.PENDING, _("Not spam"), "undo-2", _("It waits for you.")),
            "spam": self._action(self.spam, Standing.SPAM, _("Spam"), "shield", _("It is with the spam.")),
            "discard": self._action(
                self.discard, Standing.BINNED, _("Throw away"), "trash-2", _("It is in the bin for 30 days.")
            ),
        }

    def _action(self, run: Any, into: Standing, label: Message, icon: str, done: Message) -> Action:
        return Action(
            label=label,
            run=run,
            permission=self.permission,
            icon=icon,
            bulk=True,
            done=done,
            shown=lambda values: values["status"] != into,
        )


def purging(name: str, model: type[Any], gone: Callable[[UUID, str, UUID], Fact]) -> JobKind:
    """Return the job that deletes for good what was thrown away or called spam 30 days ago. gone: the fact of it."""

    async def purge(job: JobRun) -> dict[str, int]:
        count = 0
        while True:
            async with job.db.write() as tx:
                is_old = model.updated_at < tx.now - KEPT
                old = select(model).where(model.status.in_((Standing.SPAM, Standing.BINNED)), is_old)
                rows = list(await tx.scalars(old.limit(BATCH)))
                for row in rows:
                    tx.publish(gone(row.id, row.kind, row.subject_id))
                    await tx.delete(row)
            count += len(rows)
            if len(rows) < BATCH:
                return {"deleted": count}

    return JobKind(name, purge, every=timedelta(hours=24))
