"""The verbs of spam protection, on both databases."""

from datetime import timedelta

from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.content.spam import lessons, posts
from engine.content.spam.judging import Outcome, Post, Verdict
from engine.content.spam.learning import Lesson, words_of
from engine.content.spam.models import SpamTrace, SpamWord
from engine.core.actor import Actor
from engine.core.spamsettings import SpamSettings
from tests.clock import TestClock

AGE = timedelta(minutes=1)


async def send(house: Ports, text: str, ip: str = "203.0.113.9", email: str = "ada@example.org") -> Verdict:
    """Judge a stranger's post."""
    async with house.db.write() as tx:
        post = Post(text, email=email, age=AGE)
        return await posts.judged(tx, Actor.stranger(ip), house.secrets, SpamSettings(), post)


async def taught(house: Ports, text: str, lesson: Lesson | None, before: Lesson | None = None) -> None:
    """Teach one post."""
    async with house.db.write() as tx:
        await lessons.teach(tx, Post(text), lesson, before)


class TestJudged:
    async def test_a_sender_who_goes_on_and_on_is_held_and_free_again_in_an_hour(
        self, house: Ports, clock: TestClock
    ) -> None:
        outcomes = [(await send(house, f"Thought {n}", email=f"p{n}@example.org")).outcome for n in range(12)]
        assert outcomes == [Outcome.PUBLISH] * 10 + [Outcome.HOLD] * 2
        clock.move(minutes=61)
        assert (await send(house, "Another thought")).outcome is Outcome.PUBLISH

    async def test_one_household_is_one_sender(self, house: Ports) -> None:
        for n in range(10):
            await send(house, f"Thought {n}", ip=f"2001:db8:1:2::{n}", email=f"p{n}@example.org")
        assert (await send(house, "More", ip="2001:db8:1:2:ffff::1", email="q@example.org")).outcome is Outcome.HOLD
        assert (await send(house, "Else", ip="2001:db8:1:3::1", email="r@example.org")).outcome is Outcome.PUBLISH

    async def test_the_same_words_in_another_shape_are_a_repeat(self, house: Ports) -> None:
        text = "Visit our wonderful shop for the best offers of the whole year"
        assert (await send(house, text)).outcome is Outcome.PUBLISH
        again = await send(
            house, text.upper().replace(" ", " \u200b ") + "!!!", ip="198.51.100.1", email="x@example.net"
        )
        assert [reason.code for reason in again.reasons][-1] == "repeat"

    async def test_an_author_without_name_address_or_words_counts_for_nothing(self, house: Ports) -> None:
        for _time in range(8):
            verdict = await send(house, "!!!", ip="", email="")
        assert verdict.outcome is Outcome.PUBLISH

    async def test_traces_say_nothing_and_are_forgotten(self, house: Ports, clock: TestClock) -> None:
        await send(house, "A secret thought")
        async with house.db.read() as session:
            trace = (await session.scalars(select(SpamTrace))).one()
        assert "203" not in trace.address
        assert "ada" not in trace.author
        clock.move(days=2, minutes=1)
        await house.jobs.run_until_idle()
        job = posts.FORGET
        async with house.db.write() as tx:
            tx.enqueue(job.name)
        await house.jobs.run_until_idle()
        async with house.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(SpamTrace)) == 0


class TestTeach:
    async def test_what_staff_taught_is_used_and_can_be_taken_back(self, house: Ports) -> None:
        for n in range(6):
            await taught(house, f"Order cheap pills today {n}", Lesson.SPAM)
            await taught(house, f"The mug is lovely {n}", Lesson.FINE)
        assert (await send(house, "cheap pills, order now")).outcome is Outcome.SPAM
        for n in range(6):
            await taught(house, f"Order cheap pills today {n}", None, before=Lesson.SPAM)
        assert (await send(house, "order the cheap pills please")).outcome is Outcome.PUBLISH

    async def test_a_change_of_mind_moves_the_counts_and_none_falls_below_nothing(self, house: Ports) -> None:
        await taught(house, "pills", Lesson.SPAM)
        await taught(house, "pills", Lesson.FINE, before=Lesson.SPAM)
        await taught(house, "pills", None, before=Lesson.FINE)
        await taught(house, "pills", None, before=Lesson.FINE)
        async with house.db.read() as session:
            rows = {row.word: (row.spam, row.fine) for row in await session.scalars(select(SpamWord))}
        assert rows == {"": (0, 0), "pills": (0, 0)}

    async def test_reading_teaches_nothing(self, house: Ports) -> None:
        await send(house, "Some words")
        async with house.db.write() as tx:
            known = await lessons.knowledge(tx, words_of("Some words"))
        assert (known.spam, known.fine, dict(known.words)) == (0, 0, {})
