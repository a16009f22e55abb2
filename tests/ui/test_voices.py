"""Reviews and comments on the public site: written with and without scripts, hostile input, and letters stopped."""

import json
import re
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.commerce.ordering.states import OrderStatus
from engine.content.comments.models import Comment
from engine.content.reviews.models import Review
from engine.content.speech import wishes
from engine.content.speech.models import MailWish
from engine.content.speech.standing import Standing
from engine.core.actor import Actor
from engine.media.models import Media
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pictures import bomb, photo, uploaded
from tests.factories.shop import Shop
from tests.factories.voices import ESSAY, Speech
from tests.ui.test_storefront import HOSTILE, Tags, statements
from ui.assets import FOLDER

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
HTMX = {"hx-request": "true"}
WRITE = f"/comments/essay/{ESSAY}/write"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def speech(house: Ports, owner: Actor) -> Speech:
    assert owner.is_staff
    return Speech(house)


@pytest.fixture
def visitor(client: AsyncClient, speech: Speech) -> AsyncClient:
    assert speech
    client.headers.update({"accept": "text/html"})
    return client


async def started(visitor: AsyncClient, path: str, clock: TestClock) -> str:
    """Open a form, look at it for a minute, and return its signed moment."""
    form = await visitor.get(path)
    assert form.status_code == 200, form.text
    found = re.search(r'name="started" value="([^"]+)"', form.text)
    assert found
    clock.move(minutes=1)
    return found[1]


class TestReviews:
    async def test_a_stranger_writes_without_scripts_and_is_seen_once_approved(
        self, visitor: AsyncClient, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        mug = await shop.product()
        page = await visitor.get(mug.url)
        assert "aggregateRating" not in page.text
        link = re.search(r'href="(/reviews/product/[^"]+/write)"', page.text)
        assert link
        sent = {"stars": "4", "title": "Good", "text": "Holds **heat**", "name": "Ada", "email": "ada@example.org"}
        answer = await visitor.post(link[1], data={**sent, "started": await started(visitor, link[1], clock)})
        assert (answer.status_code, answer.headers["location"]) == (303, mug.url)
        assert "Holds" not in (await visitor.get(mug.url)).text
        async with speech.house.db.read() as session:
            (row,) = await session.scalars(select(Review))
        await speech.judge("approve", row)
        page = await visitor.get(mug.url)
        assert "<strong>heat</strong>" in page.text
        assert "ada@example.org" not in page.text
        data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
        product = next(one for one in json.loads(data[0]) if one["@type"] == "Product")
        assert product["aggregateRating"]["ratingValue"] == "4.0"
        assert product["review"][0]["author"]["name"] == "Ada"
        assert "(1)" in (await visitor.get("/products")).text

    async def test_a_page_with_reviews_and_their_pictures_asks_no_more_than_one_without(
        self, visitor: AsyncClient, house: Ports, shop: Shop, speech: Speech
    ) -> None:
        await speech.set("reviews", moderation="nothing")
        await speech.set("spam", perAddressHour=100)
        mug, picture = await shop.product(), await uploaded(house)
        for number in range(7):
            made = await speech.review(mug, 5, f"Words {number}", email=f"p{number}@example.org", photos=(picture.id,))
            await speech.judge("approve", made)
        await visitor.get("/")
        for path in (mug.url, "/products", "/"):
            with statements() as seen:
                page = await visitor.get(path)
            assert (page.status_code, len(seen) <= 4) == (200, True), (path, seen)
        page = (await visitor.get(mug.url)).text
        assert page.count(f"/media/{picture.id}/") >= 5
        assert "All 7 reviews" in page
        assert "set-cookie" not in (await visitor.get(mug.url)).headers

    async def test_what_was_wrong_is_said_and_what_was_typed_stays(
        self, visitor: AsyncClient, shop: Shop, clock: TestClock
    ) -> None:
        path = f"/reviews/product/{(await shop.product()).id}/write"
        sent = {
            "stars": "9",
            "text": "My words",
            "name": "",
            "email": "x",
            "started": await started(visitor, path, clock),
        }
        refused = await visitor.post(path, data=sent)
        assert refused.status_code == 422
        assert "My words" in refused.text
        assert "Choose one to five stars." in refused.text

    async def test_pictures_come_without_where_they_were_taken_and_bad_ones_are_refused(
        self, visitor: AsyncClient, house: Ports, shop: Shop, clock: TestClock
    ) -> None:
        path = f"/reviews/product/{(await shop.product()).id}/write"
        sent = {"stars": "5", "name": "Ada", "email": "ada@example.org", "started": await started(visitor, path, clock)}
        for name, data in (("a.png", bomb()), ("a.jpg", b"<svg onload=alert(1)>"), ("a.jpg", b"")):
            refused = await visitor.post(path, data=sent, files=[("photos", (name, data, "image/jpeg"))])
            assert refused.status_code == 422, name
        five = [("photos", (f"{n}.jpg", photo(40 + n, 30), "image/jpeg")) for n in range(5)]
        assert (await visitor.post(path, data=sent, files=five)).status_code == 422
        trapped = {**sent, "homepage": "http://spam.example"}
        assert (await visitor.post(path, data=trapped, files=five[:1])).status_code == 303
        async with house.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Media)) == 0
        sent["email"] = "bo@example.org"
        assert (await visitor.post(path, data=sent, files=five[:2])).status_code == 303
        async with house.db.read() as session:
            rows = {row.email: row.status for row in await session.scalars(select(Review))}
            folders = set(await session.scalars(select(Media.folder)))
        assert rows == {"ada@example.org": Standing.SPAM, "bo@example.org": Standing.PENDING}
        assert folders == {"Reviews"}

    async def test_the_list_is_sorted_narrowed_and_takes_nonsense(
        self, visitor: AsyncClient, shop: Shop, speech: Speech
    ) -> None:
        await speech.set("reviews", moderation="nothing")
        mug = await shop.product()
        for number, stars in enumerate((1, 5)):
            await speech.review(mug, stars, f"Words {number}", email=f"p{number}@example.org")
        home = f"/reviews/product/{mug.id}"
        best = (await visitor.get(f"{home}?sort=highest")).text
        assert best.index("Words 1") < best.index("Words 0")
        assert "Words 1" not in (await visitor.get(f"{home}?stars=1")).text
        for asked in ("page=999999", "page=-1", "stars=x", "page=9e9"):
            assert (await visitor.get(f"{home}?{asked}")).status_code == 200, asked
        for gone in (f"/reviews/nonsense/{mug.id}", f"/reviews/product/{UUID(int=1)}", f"/reviews/essay/{UUID(int=1)}"):
            assert (await visitor.get(gone)).status_code == 404, gone

    async def test_a_member_sees_their_own_words_and_nobody_elses(
        self, visitor: AsyncClient, house: Ports, shop: Shop, speech: Speech
    ) -> None:
        mug = await shop.product()
        await speech.review(mug, 3, "Of the guest", email="max@example.org")
        member = await people.account(house, email="max@example.org")
        visitor.cookies.update(await people.cookie(house, member))
        path = f"/reviews/product/{mug.id}/write"
        assert "Of the guest" not in (await visitor.get(path)).text
        other = await shop.product("Bowl")
        await speech.review(other, 3, "Of the member", actor=member)
        answer = await visitor.get(f"/reviews/product/{other.id}/write")
        assert "Of the member" in answer.text
        assert answer.headers["cache-control"] == "private, no-store"

    async def test_a_buyer_writes_by_the_link_of_the_letter_without_an_account(
        self, visitor: AsyncClient, house: Ports, shop: Shop, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("reviews", inviteAfterDays=3, who="buyers", moderation="nothing")
        mug = await shop.product()
        order = await shop.order(product=mug)
        await shop.pay(order)
        await shop.step(order, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
        await house.jobs.run_until_idle()
        clock.move(days=3, minutes=1)
        await house.jobs.run_until_idle()
        (letter,) = await speech.letters("review_invitation")
        link = letter.contents["things"][0]["url"]
        form = (await visitor.get(link)).text
        assert 'value="Ada Lovelace"' in form
        assert 'name="email"' not in form
        sent = {"stars": "5", "text": "By letter", "name": "Ada L.", "email": "eve@example.org"}
        answer = await visitor.post(link, data={**sent, "started": await started(visitor, link, clock)})
        assert answer.status_code == 303, answer.text
        page = (await visitor.get(mug.url)).text
        assert "By letter" in page
        assert "Bought it here" in page
        assert "By letter" in (await visitor.get(link)).text
        refused = await visitor.get(f"/reviews/product/{mug.id}/write")
        assert refused.status_code in (303, 307)  # others sign in first: only buyers may

    async def test_invitations_that_were_changed_open_nothing(self, visitor: AsyncClient) -> None:
        for path in (f"/reviews/invited/{UUID(int=1)}/x", "/reviews/invited/x/x", f"/reviews/invited/{UUID(int=1)}/é"):
            assert (await visitor.get(path)).status_code == 404
            assert (await visitor.post(path, data={"stars": "5"})).status_code in (404, 405)


class TestComments:
    async def test_a_stranger_writes_without_scripts_and_is_remembered_only_if_asked(
        self, visitor: AsyncClient, speech: Speech, clock: TestClock
    ) -> None:
        sent = {"text": "Hello", "name": "Ada", "email": "ada@example.org"}
        answer = await visitor.post(WRITE, data={**sent, "started": await started(visitor, WRITE, clock)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/essays/glaze#comments")
        assert "agora_author" not in visitor.cookies
        assert "ada@example.org" not in (await visitor.get(WRITE)).text
        again = {**sent, "text": "More", "remember": "true", "started": await started(visitor, WRITE, clock)}
        await visitor.post(WRITE, data=again)
        assert "ada@example.org" in (await visitor.get(WRITE)).text
        visitor.cookies.set("agora_author", "bm9uc2Vuc2U")
        assert (await visitor.get(WRITE)).status_code == 200

    async def test_htmx_gets_the_part_in_place_and_a_refusal_keeps_the_words(
        self, visitor: AsyncClient, speech: Speech, clock: TestClock
    ) -> None:
        await speech.set("blog", commentsModeration="nothing")
        root = await speech.comment("Root", email="root@example.org")
        form = await visitor.get(f"{WRITE}?parent={root.id}", headers=HTMX)
        assert "<html" not in form.text
        assert "Your answer to Ada" in form.text
        sent = {"text": "Deep", "name": "", "email": "", "parent": str(root.id)}
        refused = await visitor.post(WRITE, data=sent, headers=HTMX)
        assert (refused.status_code, "Deep" in refused.text) == (422, True)
        sent |= {"name": "Bo", "email": "bo@example.org", "started": await started(visitor, WRITE, clock)}
        done = await visitor.post(WRITE, data=sent, headers=HTMX)
        assert "Your comment is published." in done.text
        shown = (await visitor.get(f"/comments/essay/{ESSAY}")).text
        assert shown.index("Root") < shown.index("Deep")

    async def test_hostile_words_are_words(self, visitor: AsyncClient, speech: Speech) -> None:
        await speech.set("blog", commentsModeration="nothing")
        await speech.set("spam", maxLinks=50)
        for text in (
            HOSTILE,
            f"**{HOSTILE}** `{HOSTILE}` > {HOSTILE}",
            'https://a.example/"onmouseover=alert(1)//',
            "[x](javascript:alert(1)) https://a.example/<script>",
            "`</code><script>alert(1)</script>`",
            "**a*b_c**d*e_f` " * 50,
        ):
            await speech.comment(text, name=HOSTILE[:90], email="h@example.org")
        page = (await visitor.get(f"/comments/essay/{ESSAY}")).text
        assert Tags(page).running == []
        assert 'rel="ugc nofollow noopener noreferrer"' in page

    async def test_a_member_changes_their_own_in_place(
        self, visitor: AsyncClient, house: Ports, clock: TestClock
    ) -> None:
        member = await people.account(house)
        visitor.cookies.update(await people.cookie(house, member))
        sent = await visitor.post(WRITE, data={"text": "Teh"}, headers=HTMX)
        link = re.search(r'href="(/comments/edit/[^"]+)"', sent.text)
        assert link
        assert "Teh" in (await visitor.get(link[1], headers=HTMX)).text
        assert (await visitor.post(link[1], data={"text": "The"}, headers=HTMX)).status_code == 200
        clock.move(minutes=16)
        assert (await visitor.post(link[1], data={"text": "Late"}, headers=HTMX)).status_code == 409
        visitor.cookies.clear()
        assert (await visitor.get(link[1])).status_code in (303, 307, 401)

    async def test_a_form_of_another_thing_or_none_waits(
        self, visitor: AsyncClient, house: Ports, speech: Speech
    ) -> None:
        await speech.set("blog", commentsModeration="nothing")
        for stamp in ("", "1.x", "é"):
            await visitor.post(
                WRITE, data={"text": f"x{stamp}", "name": "A", "email": "a@example.org", "started": stamp}
            )
        async with house.db.read() as session:
            assert set(await session.scalars(select(Comment.status))) == {Standing.PENDING}


class TestWishes:
    async def test_opening_a_link_changes_nothing_and_one_click_stops(self, visitor: AsyncClient, house: Ports) -> None:
        link = wishes.stop_link(house.secrets, wishes.REPLIES, "ada@example.org")
        assert (await visitor.get(link)).status_code == 200
        async with house.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(MailWish)) == 0
        one_click = await visitor.post(link, content="List-Unsubscribe=One-Click", headers={"accept": "*/*"})
        assert one_click.status_code == 200
        async with house.db.read() as session:
            (kept,) = await session.scalars(select(MailWish))
        assert (kept.address, kept.is_wanted) == ("ada@example.org", False)
        again = (await visitor.get(link)).text
        assert "ada@example.org gets no more letters" in again
        assert "Stop these letters" not in again
        way_back = again.split('action="/subscribe')[1].split('"')[0]
        assert "gets letters about" in (await visitor.post(f"/subscribe{way_back}")).text
        assert "Stop these letters" in (await visitor.get(link)).text
        assert (await visitor.post(link[:-1])).status_code == 404

    async def test_the_letter_bears_it_in_its_head(self, house: Ports, speech: Speech) -> None:
        await speech.set("blog", commentsNotify=["desk@example.org"])
        await speech.set("general", siteUrl="https://shop.example.org")
        await speech.comment()
        await house.jobs.run_until_idle()
        (letter,) = await speech.letters()
        assert letter.status in ("kept", "sent")
        assert "https://shop.example.org/unsubscribe/comment.new/" in letter.text


async def test_old_forms_are_old(visitor: AsyncClient, house: Ports, speech: Speech, clock: TestClock) -> None:
    await speech.set("blog", commentsModeration="nothing")
    stamp = await started(visitor, WRITE, clock)
    clock.move(hours=25)
    await visitor.post(WRITE, data={"text": "Late", "name": "A", "email": "a@example.org", "started": stamp})
    async with house.db.read() as session:
        (row,) = await session.scalars(select(Comment))
    assert [one["code"] for one in row.reasons] == ["stale"]
