"""Reviews: one of each person, what they come to, who may, and who is asked."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.accounts.models import User
from engine.api.ports import Ports
from engine.commerce.ordering.states import OrderStatus
from engine.content.reviews import letters, rules
from engine.content.reviews import public as reviews
from engine.content.reviews.models import ReviewInvitation
from engine.content.speech import wishes
from engine.content.speech.standing import Standing
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.paging import PageRequest
from engine.media import public as media
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pictures import photo
from tests.factories.shop import Shop
from tests.factories.voices import Speech


@pytest.fixture
def speech(house: Ports) -> Speech:
    return Speech(house)


async def open_to_all(speech: Speech) -> None:
    """Publish reviews at once, and many from one place."""
    await speech.set("reviews", moderation="nothing")
    await speech.set("spam", perAddressHour=100, perAuthorHour=100)


class TestWrite:
    async def test_a_stranger_waits_and_then_changes_the_rating(self, shop: Shop, speech: Speech) -> None:
        mug = await shop.product()
        made = await speech.review(mug, 4)
        assert (made.status, made.is_verified, (await speech.rating(mug)).count) == (Standing.PENDING, False, 0)
        await speech.judge("approve", made)
        rating = await speech.rating(mug)
        assert (rating.count, rating.average, rating.stars) == (1, Decimal("4.0"), (0, 0, 0, 1, 0))
        assert [one.text for one in rating.latest] == ["Lovely"]

    async def test_each_person_has_one_and_can_change_their_own(self, house: Ports, shop: Shop, speech: Speech) -> None:
        await open_to_all(speech)
        mug, member = await shop.product(), await people.account(house)
        first = await speech.review(mug, 1, "Broke", actor=member)
        again = await speech.review(mug, 5, "They sent a new one", actor=member)
        assert first.id == again.id
        rating = await speech.rating(mug)
        assert (rating.count, rating.average, rating.latest[0].text) == (1, Decimal(5), "They sent a new one")
        assert rating.latest[0].edited_at is not None

    async def test_nobody_changes_a_review_by_typing_its_address(
        self, house: Ports, shop: Shop, speech: Speech
    ) -> None:
        await open_to_all(speech)
        mug = await shop.product()
        await speech.review(mug, 5, "Mine", email="ada@example.org")
        with pytest.raises(Conflict, match="already"):
            await speech.review(mug, 1, "Not hers", email="ADA@example.org")
        taker = await people.account(house, email="ada@example.org")  # whose address nobody has proven
        with pytest.raises(Conflict, match="already"):
            await speech.review(mug, 1, "Not hers", actor=taker)
        async with house.db.write() as tx:
            user = await tx.get(User, taker.user_id)
            user.email_verified_at = tx.now  # type: ignore[union-attr]
        assert (await speech.review(mug, 3, "Mine after all", actor=taker)).user_id == taker.user_id

    async def test_who_may_follows_the_settings(self, house: Ports, shop: Shop, speech: Speech) -> None:
        await speech.set("reviews", who="members")
        mug, member = await shop.product(stock=9), await people.account(house)
        with pytest.raises(NotSignedIn):
            await speech.review(mug)
        await speech.review(mug, actor=member)
        await speech.set("reviews", who="buyers")
        with pytest.raises(NotAllowed):
            await speech.review(mug, actor=member)
        order = await shop.order(product=mug, actor=member)
        with pytest.raises(NotAllowed):
            await speech.review(mug, actor=member)  # it is not paid
        await shop.pay(order)
        assert (await speech.review(mug, actor=member)).is_verified is True
        await speech.set("reviews", enabled=False)
        with pytest.raises(Conflict):
            await speech.review(mug, actor=member)

    async def test_a_product_that_is_not_sold_takes_none(self, shop: Shop, speech: Speech) -> None:
        draft = await shop.product(status="draft")
        with pytest.raises(Conflict):
            await speech.review(draft)

    async def test_bad_answers_are_named(self, shop: Shop, speech: Speech) -> None:
        mug = await shop.product()
        for stars in (0, 6, -1, 10**12):
            with pytest.raises(Invalid) as refused:
                await speech.review(mug, stars, "x" * 5_001, title="y" * 121)
            assert set(refused.value.fields) == {"stars", "title", "text"}
        assert (await speech.review(mug, 3, "", email="only@example.org")).text == ""

    async def test_pictures_wait_are_stripped_and_are_few(self, house: Ports, shop: Shop, speech: Speech) -> None:
        await open_to_all(speech)
        mug = await shop.product()
        ids = [
            await media.upload(house.db, house.blobs, Actor.system("Reviews"), data=photo(40 + n, 30), filename="a.jpg")
            for n in range(5)
        ]
        with pytest.raises(Invalid) as refused:
            await speech.review(mug, photos=tuple(ids))
        assert set(refused.value.fields) == {"photos"}
        made = await speech.review(mug, photos=(ids[1], ids[0], ids[1]))
        assert made.status is Standing.PENDING
        await speech.judge("approve", made)
        assert (await speech.rating(mug)).photos == [ids[1], ids[0]]

    async def test_no_edit_brings_back_what_staff_put_away_or_shows_a_picture_that_nobody_approved(
        self, house: Ports, shop: Shop, speech: Speech
    ) -> None:
        await open_to_all(speech)
        mug, bowl, member = await shop.product(), await shop.product("Bowl"), await people.account(house)
        await speech.review(bowl, 5, "Fine", actor=member)
        made = await speech.review(mug, 1, "Rude", actor=member)
        for act in ("spam", "discard"):
            await speech.judge(act, made)
            again = await speech.review(mug, 1, f"Rude again {act}", actor=member)
            assert (again.status, again.reasons[-1]["code"]) == (Standing.PENDING, "returned")
        picture = await media.upload(
            house.db, house.blobs, Actor.system("Reviews"), data=photo(40, 30), filename="a.jpg"
        )
        await speech.review(mug, 1, "With a picture", actor=member, photos=(picture,))
        without = await speech.review(mug, 1, "With the same picture", actor=member)
        assert (without.status, without.reasons[-1]["code"]) == (Standing.PENDING, "picture")
        await speech.judge("approve", without)
        assert (await speech.review(mug, 1, "And now", actor=member)).status is Standing.PUBLISHED


class TestRating:
    async def test_it_is_right_after_every_step(self, shop: Shop, speech: Speech) -> None:
        await open_to_all(speech)
        mug = await shop.product()
        made = [await speech.review(mug, stars, email=f"p{stars}@example.org") for stars in (1, 2, 5)]
        assert (await speech.rating(mug)).average == Decimal("2.7")
        await speech.judge("spam", made[0])
        await speech.judge("discard", made[1])
        rating = await speech.rating(mug)
        assert (rating.count, rating.bars[0]) == (1, (5, 1, 100))
        await speech.judge("approve", made[0])
        assert (await speech.rating(mug)).average == Decimal("3.0")
        assert (await speech.facts("rating."))[-1] == "rating.changed"

    async def test_two_that_are_published_at_once_are_both_counted(self, shop: Shop, speech: Speech) -> None:
        mug = await shop.product()
        await speech.set("spam", perAddressHour=100)
        made = [await speech.review(mug, stars, email=f"p{stars}@example.org") for stars in (1, 3, 5)]
        await asyncio.gather(*(speech.judge("approve", one) for one in made))
        assert (await speech.rating(mug)).stars == (1, 0, 1, 0, 1)

    async def test_an_answer_stands_below_it_and_can_be_taken_away(self, shop: Shop, speech: Speech) -> None:
        await open_to_all(speech)
        mug = await shop.product()
        made = await speech.review(mug)
        await speech.judge("answer", made, "Thank you")
        (view,) = (await speech.rating(mug)).latest
        assert (view.answer, view.answered_by) == ("Thank you", "Agora")
        await speech.judge("answer", made, " ")
        assert (await speech.rating(mug)).latest[0].answer == ""

    async def test_lists_are_sorted_narrowed_and_paged(self, house: Ports, shop: Shop, speech: Speech) -> None:
        await open_to_all(speech)
        mug = await shop.product()
        for number, stars in enumerate((3, 5, 1, 5)):
            await speech.review(mug, stars, str(number), email=f"p{number}@example.org")

        async def seen(**asked: Any) -> list[str]:
            page = await house.db.query(reviews.published, "product", mug.id, PageRequest(1, 3), **asked)
            return [view.text for view in page.items]

        assert await seen() == ["3", "2", "1"]
        assert await seen(sort="oldest") == ["0", "1", "2"]
        assert await seen(sort="highest") == ["3", "1", "0"]
        assert await seen(sort="lowest") == ["2", "0", "3"]
        assert await seen(sort="nonsense; drop", stars=5) == ["3", "1"]

    @pytest.mark.parametrize(("total", "count", "mean"), [(0, 0, "0"), (9, 2, "4.5"), (17, 4, "4.3"), (14, 3, "4.7")])
    def test_a_half_is_rounded_up(self, total: int, count: int, mean: str) -> None:
        assert rules.average(total, count) == Decimal(mean)


class TestInvite:
    async def delivered(self, house: Ports, shop: Shop, **changes: Any) -> Any:
        mug = await shop.product(stock=9)
        order = await shop.order(product=mug, **changes)
        await shop.pay(order)
        await shop.step(order, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
        await house.jobs.run_until_idle()
        return mug

    async def test_nobody_is_asked_unless_the_shop_says_so(
        self, house: Ports, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        await self.delivered(house, shop)
        clock.move(days=30)
        await house.jobs.run_until_idle()
        assert await speech.letters("review_invitation") == []

    async def test_a_buyer_is_asked_once_and_writes_without_an_account(
        self, house: Ports, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("reviews", inviteAfterDays=7, who="buyers", moderation="nothing")
        mug = await self.delivered(house, shop)
        clock.move(days=6)
        await house.jobs.run_until_idle()
        assert await speech.letters("review_invitation") == []
        clock.move(days=1, minutes=1)
        await house.jobs.run_until_idle()
        (letter,) = await speech.letters("review_invitation")
        link = letter.contents["things"][0]["url"]
        invitation = await self.opened(house, link)
        made = await speech.review(mug, 4, invitation=invitation, email="other@example.org", name="")
        assert (made.email, made.name, made.is_verified) == ("ada@example.org", "Ada Lovelace", True)
        assert (await speech.review(mug, 2, invitation=invitation)).id == made.id
        clock.move(days=91)
        with pytest.raises(NotFound):
            await self.opened(house, link)

    async def opened(self, house: Ports, link: str) -> ReviewInvitation:
        *_start, invitation_id, signature = link.split("/")
        async with house.db.write() as tx:
            return await letters.invitation(tx, house.secrets, UUID(invitation_id), signature)

    async def test_who_wants_no_such_letters_gets_none(
        self, house: Ports, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("reviews", inviteAfterDays=1)
        async with house.db.write() as tx:
            await wishes.put(tx, wishes.INVITATIONS, "ada@example.org", is_wanted=False)
        await self.delivered(house, shop)
        clock.move(days=2)
        await house.jobs.run_until_idle()
        assert await speech.letters("review_invitation") == []


class TestModerate:
    async def test_below_editor_nobody_does(self, house: Ports, shop: Shop, speech: Speech) -> None:
        made = await speech.review(await shop.product())
        viewer = await people.account(house, Role.VIEWER)
        for act, more in (("approve", ()), ("spam", ()), ("hold", ()), ("discard", ()), ("answer", ("x",))):
            with pytest.raises(NotAllowed):
                await speech.judge(act, made, *more, actor=viewer)


class TestBring:
    async def test_reviews_from_elsewhere_keep_their_dates_and_come_once(
        self, house: Ports, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        mug, when = await shop.product(), clock.now().replace(year=2019)
        given = reviews.ImportedReview("judgeme", "1", "Old Ada", 5, when, text="Still good", answer="Thanks")
        for expected in (True, False):
            async with house.db.write() as tx:
                _row, is_new = await reviews.bring(tx, Actor.system(), "product", mug.id, given)
            assert is_new is expected
        (view,) = (await speech.rating(mug)).latest
        assert (view.created_at, view.stars, view.answer) == (when, 5, "Thanks")
