"""People who comment and review, and a kind of thing that takes comments."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.api.ports import Ports
from engine.content.comments import public as comments
from engine.content.comments.models import Comment
from engine.content.reviews import public as reviews
from engine.content.reviews.models import Review
from engine.content.spam import guard
from engine.content.speech.voices import Guarded
from engine.core.actor import Actor
from engine.core.facts import FactRow
from engine.core.i18n import _
from engine.core.paging import PageRequest
from engine.core.subjects import Subject, SubjectKind
from engine.messaging.models import Message

GUEST = Actor.stranger("203.0.113.9")
ESSAY = UUID(int=7)


class Speech:
    """The wired house with things called essays, which take comments; guests have looked at the form for a minute."""

    def __init__(self, house: Ports) -> None:
        self.house = house
        self.essays = {ESSAY: self.essay(ESSAY)}
        house.voices.kinds["essay"] = SubjectKind("essay", _("Essay"), self._find)

    def essay(self, essay_id: UUID, **changes: Any) -> Subject:
        """Return an essay; changes: such as `takes_comments=False`."""
        values = {"title": "On glaze", "url": "/essays/glaze", "since": self.house.clock.now(), "takes_comments": True}
        return Subject("essay", essay_id, **{**values, **changes})

    def _find(self, _connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Subject]:
        return {one: self.essays[one] for one in ids if one in self.essays}

    async def set(self, key: str, **values: Any) -> None:
        """Change settings, in wire names."""
        async with self.house.db.write() as tx:
            await self.house.settings.update(tx, Actor.system(), key, values)
        await self.house.settings.refresh()

    def form(self, name: str, seconds: int = 60) -> Guarded:
        """Return what a form carries that was opened so long ago."""
        when = self.house.clock.now() - timedelta(seconds=seconds)
        return Guarded("", guard.started(self.house.secrets, when, name), name)

    async def comment(self, text: str = "A thought", actor: Actor = GUEST, **said: Any) -> Comment:
        """Write a comment on the essay."""
        draft = {"name": "Ada", "email": "ada@example.org", "guarded": self.form("comment"), **said}
        async with self.house.db.write() as tx:
            return await comments.write(
                tx, actor, self.house.voices, "essay", ESSAY, comments.CommentDraft(text, **draft)
            )

    async def moderate(self, act: str, comment: Comment, actor: Actor | None = None, *more: Any) -> Comment:
        """Let staff act on a comment."""
        acts = comments.Moderation(self.house.voices)
        async with self.house.db.write() as tx:
            found: Comment = await getattr(acts, act)(tx, actor or Actor.system("Mia"), comment.id, *more)
            return found

    async def published(self, text: str = "A thought", **said: Any) -> Comment:
        """Write a comment that everybody sees."""
        made = await self.comment(text, **said)
        return await self.moderate("approve", made)

    async def thread(self, page: int = 1, limit: int = 20) -> comments.Thread:
        """Return the essay's comments as everybody sees them."""
        return await self.house.db.query(comments.thread, "essay", ESSAY, PageRequest(page, limit))

    async def review(
        self, product: Any, stars: int = 5, text: str = "Lovely", actor: Actor = GUEST, **said: Any
    ) -> Review:
        """Write a review of a product."""
        draft = {"name": "Ada", "email": "ada@example.org", "guarded": self.form("review"), **said}
        async with self.house.db.write() as tx:
            return await reviews.write(
                tx, actor, self.house.voices, "product", product.id, reviews.ReviewDraft(stars, text=text, **draft)
            )

    async def judge(self, act: str, review: Review, *more: Any, actor: Actor | None = None) -> Review:
        """Let staff act on a review."""
        acts = reviews.Moderation(self.house.voices)
        async with self.house.db.write() as tx:
            found: Review = await getattr(acts, act)(tx, actor or Actor.system("Mia"), review.id, *more)
            return found

    async def rating(self, product: Any) -> reviews.RatingView:
        """Return what a product's reviews come to."""
        return await self.house.db.query(reviews.rating, "product", product.id)

    async def letters(self, template: str = "") -> list[Message]:
        """Return the letters that were written, or those of one template."""
        async with self.house.db.read() as session:
            found = list(await session.scalars(select(Message).order_by(Message.id)))
        return [one for one in found if not template or one.template == template]

    async def facts(self, prefix: str) -> list[str]:
        """Return the names of the facts that begin like this, in order."""
        async with self.house.db.read() as session:
            names = await session.scalars(select(FactRow.name).order_by(FactRow.id))
            return [name for name in names if name.startswith(prefix)]
