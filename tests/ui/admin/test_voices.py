"""The queues of comments and reviews on screen: why something waits, and each act with and without scripts."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.speech.standing import Standing
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.shop import Shop
from tests.factories.voices import Speech
from tests.ui.admin.conftest import sitting
from tests.ui.test_storefront import HOSTILE, Tags

HTMX = {"hx-request": "true"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def speech(house: Ports) -> Speech:
    return Speech(house)


@pytest.fixture
async def at_editor(client: AsyncClient, house: Ports, owner: Actor) -> AsyncClient:
    assert owner.role is Role.SUPER_ADMIN
    return sitting(client, await people.cookie(house, await people.account(house, Role.EDITOR, name="Eda")))


class TestQueue:
    async def test_it_shows_what_waits_what_it_answers_and_why(self, at_editor: AsyncClient, speech: Speech) -> None:
        root = await speech.published("Where is it from?")
        await speech.comment("http://a.example " * 3, name="Promo", email="p@example.org", parent_id=root.id)
        page = (await at_editor.get("/admin/comments")).text
        for said in ("On glaze", "Where is it from?", "It has 3 links; 2 are fine.", "p@example.org", "Why it waits"):
            assert said in page
        assert "Where is it from?" in (await at_editor.get("/admin/comments?view=published")).text
        assert "Nothing fits" in (await at_editor.get("/admin/comments?search=nonsense")).text
        assert (await at_editor.get("/admin/comments?view=nonsense&page=999999")).status_code == 200
        assert "1 comment waits" in (await at_editor.get("/admin")).text

    async def test_each_act_by_button_and_back(self, at_editor: AsyncClient, house: Ports, speech: Speech) -> None:
        made = await speech.comment("Hello")
        path = f"/admin/comments/{made.id}/moderation"
        steps = {"approve": "hold", "spam": "approve", "discard": "spam", "hold": "discard"}
        for act, undo in steps.items():
            answer = await at_editor.post(path, data={"act": act}, headers=HTMX)
            assert f'name="act" value="{undo}"' in answer.text, act
        plain = await at_editor.post(path, data={"act": "approve"})
        assert (plain.status_code, plain.headers["location"]) == (303, "/admin/comments")
        assert (await at_editor.post(path, data={"act": "_put"})).status_code == 404
        assert (await at_editor.post(path, data={"act": "reply"})).status_code == 404
        assert (await speech.thread()).count == 1

    async def test_many_at_once(self, at_editor: AsyncClient, speech: Speech) -> None:
        made = [await speech.comment(f"Hello {n}", email=f"p{n}@example.org") for n in range(3)]
        data = {"act": "approve", "selected": [str(one.id) for one in made[:2]]}
        assert (await at_editor.post("/admin/comments/bulk", data=data)).status_code == 303
        assert (await speech.thread()).count == 2

    async def test_an_answer_is_public_and_an_empty_one_is_refused(
        self, at_editor: AsyncClient, speech: Speech
    ) -> None:
        made = await speech.comment("A question")
        path = f"/admin/comments/{made.id}"
        assert "<html" not in (await at_editor.get(path, headers=HTMX)).text
        refused = await at_editor.post(f"{path}/reply", data={"answer": " "})
        assert (refused.status_code, "Write a few words." in refused.text) == (422, True)
        assert (await at_editor.post(f"{path}/reply", data={"answer": "An answer"})).status_code == 303
        (view,) = (await speech.thread()).page.items
        assert (view.replies[0].text, view.replies[0].name) == ("An answer", "Eda")

    async def test_hostile_words_are_words_here_too(self, at_editor: AsyncClient, shop: Shop, speech: Speech) -> None:
        made = await speech.comment(HOSTILE, name=HOSTILE[:90])
        await speech.review(await shop.product(), 5, HOSTILE, title=HOSTILE[:90], name=HOSTILE[:90])
        for path in ("/admin/comments", f"/admin/comments/{made.id}", "/admin/reviews", "/admin"):
            page = await at_editor.get(path)
            assert (page.status_code, Tags(page.text).running) == (200, []), path

    async def test_what_is_about_something_that_is_gone_can_still_be_judged(
        self, at_editor: AsyncClient, speech: Speech
    ) -> None:
        made = await speech.comment("Hello")
        speech.house.voices.kinds.clear()
        assert "that is gone" in (await at_editor.get("/admin/comments")).text
        assert (await at_editor.post(f"/admin/comments/{made.id}/moderation", data={"act": "spam"})).status_code == 303


class TestReviews:
    async def test_an_owner_answers_and_takes_it_away(self, at_editor: AsyncClient, shop: Shop, speech: Speech) -> None:
        mug = await shop.product()
        made = await speech.judge("approve", await speech.review(mug))
        path = f"/admin/reviews/{made.id}"
        await at_editor.post(f"{path}/reply", data={"answer": "Thank you"})
        assert (await speech.rating(mug)).latest[0].answer == "Thank you"
        assert "Thank you" in (await at_editor.get(path)).text
        await at_editor.post(f"{path}/reply", data={"answer": ""})
        assert (await speech.rating(mug)).latest[0].answer == ""

    async def test_a_viewer_sees_neither_queue(self, client: AsyncClient, house: Ports, owner: Actor) -> None:
        viewer = await people.account(house, Role.VIEWER)
        sitting(client, await people.cookie(house, viewer))
        for path in ("/admin/comments", "/admin/reviews"):
            assert (await client.get(path)).status_code == 403
        assert "/admin/comments" not in (await client.get("/admin")).text
        assert owner.is_staff


async def test_approving_a_comment_of_a_thing_that_is_gone_does_no_harm(house: Ports, speech: Speech) -> None:
    made = await speech.comment("Hello", wants_replies=True)
    speech.essays.clear()
    assert (await speech.moderate("approve", made)).status is Standing.PUBLISHED
    assert house.site
