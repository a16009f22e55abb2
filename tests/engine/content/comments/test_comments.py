"""Comments: who may write, what waits, how threads stand, what is counted, and who is told."""

from typing import Any

import pytest

from engine.accounts.models import User
from engine.api.ports import Ports
from engine.content.comments import public as comments
from engine.content.spam.learning import Lesson
from engine.content.speech import wishes
from engine.content.speech.standing import Standing
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.ids import new_id
from engine.core.secrets import make_secrets
from tests.clock import TestClock
from tests.factories import people
from tests.factories.voices import ESSAY, GUEST, Speech


@pytest.fixture
def speech(house: Ports) -> Speech:
    return Speech(house)


def names(views: Any) -> list[Any]:
    """Return a thread as nested lists of texts."""
    return [[view.text or "–", *([names(view.replies)] if view.replies else [])] for view in views]


class TestWrite:
    async def test_the_first_of_an_address_waits_and_the_next_is_published(self, speech: Speech) -> None:
        first = await speech.comment()
        assert first.status is Standing.PENDING
        assert [one["code"] for one in first.reasons] == ["first"]
        assert (await speech.comment("Another, while the first waits")).status is Standing.PENDING
        await speech.moderate("approve", first)
        assert (await speech.comment("A later one")).status is Standing.PUBLISHED

    async def test_who_was_called_spam_since_is_not_known_any_more(self, speech: Speech) -> None:
        made = await speech.published()
        await speech.moderate("spam", made)
        assert (await speech.comment("Another one")).status is Standing.PENDING

    async def test_another_name_with_a_known_address_waits(self, speech: Speech) -> None:
        await speech.published()
        assert (await speech.comment("Me again", name="Eve")).status is Standing.PENDING

    async def test_a_guest_with_the_address_of_an_account_waits_whatever_the_settings(
        self, house: Ports, speech: Speech
    ) -> None:
        await speech.set("blog", commentsModeration="nothing")
        await people.account(house, Role.ADMIN, email="boss@example.org")
        made = await speech.comment("I am the boss", name="Boss", email="BOSS@example.org")
        assert (made.status, made.is_staff) == (Standing.PENDING, False)
        assert [one["code"] for one in made.reasons] == ["borrowed"]

    async def test_staff_are_published_and_marked(self, house: Ports, speech: Speech) -> None:
        editor = await people.account(house, Role.EDITOR)
        made = await speech.comment("Welcome http://a.example http://b.example http://c.example", actor=editor)
        assert (made.status, made.is_staff, made.email) == (Standing.PUBLISHED, True, editor.email)
        customer = await people.account(house, Role.CUSTOMER)
        assert (await speech.comment("Hello", actor=customer)).is_staff is False

    async def test_what_a_machine_sends_is_spam_and_told_to_nobody(self, speech: Speech) -> None:
        await speech.set("blog", commentsNotify=["desk@example.org"])
        trapped = speech.form("comment")
        made = await speech.comment("Hi", guarded=type(trapped)("http://x", trapped.started, trapped.form))
        assert made.status is Standing.SPAM
        assert await speech.letters() == []
        assert await speech.facts("comment.") == ["comment.created"]

    async def test_bad_answers_are_named_all_at_once_and_nothing_is_kept(self, speech: Speech) -> None:
        with pytest.raises(Invalid) as refused:
            await speech.comment(" ", name=" \u200b ", email="nobody")
        assert set(refused.value.fields) == {"text", "name", "email"}
        for text in ("", " \n\t ", "\u200b\u200b", "\x00", "...", "x" * 5_001):
            with pytest.raises(Invalid) as refused:
                await speech.comment(text)
            assert set(refused.value.fields) == {"text"}
        assert await speech.facts("comment.") == []

    async def test_a_thing_that_is_closed_old_or_gone_takes_none(self, speech: Speech, clock: TestClock) -> None:
        await speech.set("blog", commentsCloseAfterDays=14)
        clock.move(days=13)
        await speech.comment()
        clock.move(days=2)
        with pytest.raises(Conflict, match="On glaze"):
            await speech.comment()
        await speech.set("blog", commentsCloseAfterDays=0, commentsEnabled=False)
        with pytest.raises(Conflict):
            await speech.comment()
        speech.essays.clear()
        with pytest.raises(NotFound):
            await speech.comment()

    async def test_members_only_means_what_it_says(self, house: Ports, speech: Speech) -> None:
        await speech.set("blog", commentsMembersOnly=True)
        with pytest.raises(NotSignedIn):
            await speech.comment()
        member = await people.account(house)
        assert (await speech.comment(actor=member)).user_id == member.user_id

    async def test_what_waits_cannot_be_answered_nor_can_what_stands_elsewhere(self, speech: Speech) -> None:
        waits = await speech.comment()
        for parent_id in (waits.id, new_id()):
            with pytest.raises(Conflict):
                await speech.comment("An answer", parent_id=parent_id)


class TestThread:
    async def test_answers_stand_three_deep_and_then_beside_naming_whom_they_answer(self, speech: Speech) -> None:
        await speech.set("blog", commentsModeration="nothing", commentsCloseAfterDays=0)
        await speech.set("spam", perAddressHour=100, perAuthorHour=100)
        last, texts = None, ["zero", "one", "two", "three", "four"]
        for number, text in enumerate(texts):
            last = await speech.comment(text, name=f"P{number}", parent_id=last.id if last else None)
        page = (await speech.thread()).page
        assert names(page.items) == [["zero", [["one", [["two"], ["three"], ["four"]]]]]]
        deep = page.items[0].replies[0].replies
        assert [view.answers and view.answers[0] for view in deep] == [None, "P2", "P3"]

    async def test_what_is_hidden_stays_without_a_word_while_something_below_it_is_shown(self, speech: Speech) -> None:
        await speech.set("blog", commentsModeration="nothing")
        root = await speech.comment("root")
        below = await speech.comment("below", parent_id=root.id)
        deep = await speech.comment("deep", parent_id=below.id)
        await speech.moderate("discard", root)
        await speech.moderate("spam", below)
        thread = await speech.thread()
        assert names(thread.page.items) == [["–", [["–", [["deep"]]]]]]
        assert thread.page.items[0].name == ""
        assert thread.count == 1
        await speech.moderate("discard", deep)
        assert (await speech.thread()).page.items == []

    async def test_pages_are_of_threads(self, speech: Speech) -> None:
        await speech.set("blog", commentsModeration="nothing")
        roots = [await speech.comment(f"root {number}") for number in range(5)]
        await speech.comment("an answer", parent_id=roots[0].id)
        thread = await speech.thread(page=1, limit=2)
        assert (thread.count, thread.page.total, thread.page.pages) == (6, 5, 3)
        assert names(thread.page.items) == [["root 0", [["an answer"]]], ["root 1"]]


class TestModerate:
    async def test_counts_follow_every_step(self, house: Ports, speech: Speech) -> None:
        made = await speech.comment()
        steps = {"approve": 1, "spam": 0, "hold": 0, "discard": 0}
        for act, count in {**steps, "approve ": 1, "discard ": 0}.items():
            await speech.moderate(act.strip(), made)
            assert (await house.db.query(comments.counts, "essay", [ESSAY]))[ESSAY] == count, act

    async def test_what_staff_say_is_learnt_once_and_taken_back(self, speech: Speech) -> None:
        made = await speech.comment()
        for act, lesson in (("spam", Lesson.SPAM), ("discard", Lesson.SPAM), ("approve", Lesson.FINE), ("hold", None)):
            assert (await speech.moderate(act, made)).lesson is lesson, act

    async def test_each_step_is_one_fact_and_one_line_and_the_same_again_is_none(self, speech: Speech) -> None:
        made = await speech.comment()
        for act in ("approve", "approve", "discard", "hold"):
            await speech.moderate(act, made)
        told = await speech.facts("comment.")
        assert told == ["comment.created", "comment.published", "comment.hidden", "comment.updated"]

    async def test_below_editor_nobody_moderates(self, house: Ports, speech: Speech) -> None:
        made = await speech.comment()
        viewer = await people.account(house, Role.VIEWER)
        for act, more in (("approve", ()), ("spam", ()), ("hold", ()), ("discard", ()), ("reply", ("x",))):
            with pytest.raises(NotAllowed):
                await speech.moderate(act, made, viewer, *more)

    async def test_a_reply_publishes_what_it_answers(self, house: Ports, speech: Speech) -> None:
        editor = await people.account(house, Role.EDITOR, name="Mia")
        made = await speech.comment("A question")
        await speech.moderate("reply", made, editor, "An answer")
        (view,) = (await speech.thread()).page.items
        assert (view.text, view.replies[0].text, view.replies[0].is_staff) == ("A question", "An answer", True)

    async def test_the_bin_is_emptied_after_thirty_days_and_answers_stay(
        self, house: Ports, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("blog", commentsModeration="nothing")
        root = await speech.comment("root")
        await speech.comment("below", parent_id=root.id)
        await speech.moderate("discard", root)
        clock.move(days=31)
        async with house.db.write() as tx:
            tx.enqueue("comments.purge")
        await house.jobs.run_until_idle()
        assert names((await speech.thread()).page.items) == [["below"]]


class TestEdit:
    async def edit(self, house: Ports, actor: Actor, comment: Any, text: str) -> Any:
        async with house.db.write() as tx:
            return await comments.edit(tx, actor, house.voices, comment.id, text)

    async def test_a_member_has_fifteen_minutes_for_their_own(
        self, house: Ports, speech: Speech, clock: TestClock
    ) -> None:
        member, other = await people.account(house), await people.account(house, email="eve@example.org")
        made = await speech.comment("Teh mug", actor=member)
        clock.move(minutes=14)
        assert (await self.edit(house, member, made, "The mug")).text == "The mug"
        for stranger in (other, GUEST):
            with pytest.raises(NotAllowed):
                await self.edit(house, stranger, made, "Mine")
        clock.move(minutes=2)
        with pytest.raises(Conflict, match="15 minutes"):
            await self.edit(house, member, made, "Too late")

    async def test_links_put_in_afterwards_take_it_from_the_page(self, house: Ports, speech: Speech) -> None:
        member = await people.account(house)
        made = await speech.moderate("approve", await speech.comment("Nice", actor=member))
        changed = await self.edit(house, member, made, "http://a.example http://b.example http://c.example")
        assert changed.status is Standing.PENDING
        assert (await speech.thread()).count == 0


class TestLetters:
    async def test_a_guest_hears_of_answers_only_after_they_confirmed(self, house: Ports, speech: Speech) -> None:
        await speech.set("blog", commentsModeration="nothing")
        asked = await speech.comment("A question", wants_replies=True)
        (confirm,) = await speech.letters()
        assert (confirm.template, confirm.recipient) == ("comment_confirm", "ada@example.org")
        await speech.comment("One", name="Bob", email="bob@example.org", parent_id=asked.id)
        assert await speech.letters("comment_reply") == []
        async with house.db.write() as tx:
            await wishes.put(tx, wishes.REPLIES, "ada@example.org", is_wanted=True)
        await speech.comment("Two", name="Bob", email="bob@example.org", parent_id=asked.id)
        (told,) = await speech.letters("comment_reply")
        assert told.recipient == "ada@example.org"
        assert told.contents["url"].startswith("/essays/glaze#comment-")
        async with house.db.write() as tx:
            await wishes.put(tx, wishes.REPLIES, "ada@example.org", is_wanted=False)
        await speech.comment("Three", name="Bob", email="bob@example.org", parent_id=asked.id)
        assert len(await speech.letters("comment_reply")) == 1
        await speech.comment("Again", wants_replies=True)
        assert len(await speech.letters("comment_confirm")) == 1

    async def test_nobody_is_asked_while_their_comment_waits_and_nobody_hears_of_themselves(
        self, speech: Speech
    ) -> None:
        asked = await speech.comment("A question", wants_replies=True)
        assert await speech.letters() == []
        await speech.moderate("approve", asked)
        await speech.comment("Ah, found it", parent_id=asked.id)
        assert [one.template for one in await speech.letters()] == ["comment_confirm"]

    async def test_a_member_with_a_proven_address_hears_at_once_and_once_only(
        self, house: Ports, speech: Speech
    ) -> None:
        member = await people.account(house)
        async with house.db.write() as tx:
            user = await tx.get(User, member.user_id)
            user.email_verified_at = tx.now  # type: ignore[union-attr]
        asked = await speech.moderate("approve", await speech.comment("Hm", actor=member, wants_replies=True))
        answer = await speech.comment("Hello", name="Bob", email="bob@example.org", parent_id=asked.id)
        for act in ("approve", "spam", "approve"):
            await speech.moderate(act, answer)
        assert [one.template for one in await speech.letters()] == ["comment_reply"]

    async def test_staff_hear_where_they_asked_until_they_stop(self, house: Ports, speech: Speech) -> None:
        await speech.set("blog", commentsNotify=["Desk@example.org", "chief@example.org"])
        await speech.comment()
        assert sorted(one.recipient for one in await speech.letters()) == ["chief@example.org", "desk@example.org"]
        link = (await speech.letters())[0].contents["unsubscribe_url"]
        _empty, _page, topic, name, signature = link.split("/")
        address = wishes.address_in(house.secrets, topic, name, signature)
        async with house.db.write() as tx:
            await wishes.put(tx, topic, address, is_wanted=False)
        await speech.comment("Another", email="new@example.org")
        assert len(await speech.letters()) == 3

    def test_a_link_that_was_changed_is_refused(self) -> None:
        secrets = make_secrets()
        link = wishes.stop_link(secrets, wishes.REPLIES, "ada@example.org")
        _empty, _page, topic, name, signature = link.split("/")
        for bad in (
            (wishes.NEW_COMMENTS, name, signature),
            (topic, "YQ", signature),
            (topic, name, "x"),
            (topic, "é\x00", signature),
            ("nonsense", name, signature),
        ):
            with pytest.raises(NotFound):
                wishes.address_in(secrets, *bad)


class TestBring:
    async def test_comments_from_elsewhere_keep_their_dates_and_come_once(
        self, house: Ports, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("blog", commentsNotify=["desk@example.org"])
        when = clock.now().replace(year=2019)
        parent = comments.ImportedComment("wordpress", "1", "Old Ada", "Long ago", when)
        child = comments.ImportedComment("wordpress", "2", "Bob", "An answer", when, parent_key="1")
        for _time in range(2):
            async with house.db.write() as tx:
                for given in (parent, child):
                    await comments.bring(tx, Actor.system(), "essay", ESSAY, given)
        (view,) = (await speech.thread()).page.items
        assert (view.created_at, view.text, view.replies[0].text) == (when, "Long ago", "An answer")
        assert await speech.letters() == []
