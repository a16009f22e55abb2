"""`/comments` and `/reviews` over the wire: public reads and writes, and what staff do."""

from typing import Any

import pytest
from httpx import AsyncClient

from engine.api.gateway.limits import RULES
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from tests.factories import people
from tests.factories.shop import Shop
from tests.factories.voices import ESSAY, Speech


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def speech(house: Ports, owner: Actor) -> Speech:
    assert owner.is_staff
    return Speech(house)


@pytest.fixture
async def editor(house: Ports, owner: Actor) -> dict[str, str]:
    assert owner.is_staff
    return await people.bearer(house, await people.account(house, Role.EDITOR))


def comment(**changes: Any) -> dict[str, Any]:
    said = {"kind": "essay", "subjectId": str(ESSAY), "text": "Hello", "name": "Ada", "email": "ada@example.org"}
    return {**said, **changes}


class TestComments:
    async def test_a_stranger_waits_staff_approve_and_everybody_reads(
        self, client: AsyncClient, speech: Speech, editor: dict[str, str]
    ) -> None:
        made = await client.post("/api/v1/comments", json=comment())
        assert (made.status_code, made.json()["status"]) == (201, "pending")
        listed = {"kind": "essay", "subjectId": str(ESSAY)}
        assert (await client.get("/api/v1/comments", params=listed)).json()["items"] == []
        queue = (await client.get("/api/v1/comments/queue", headers=editor)).json()
        assert queue["items"][0]["reasons"] == [
            "Nothing shows when its form was opened.",
            "It is the first from this address.",
        ]
        acted = await client.post(f"/api/v1/comments/{made.json()['id']}/approve", headers=editor)
        assert acted.status_code == 200, acted.text
        (seen,) = (await client.get("/api/v1/comments", params=listed)).json()["items"]
        assert seen["html"] == "<p>Hello</p>"
        assert "email" not in seen
        changed = await client.patch(f"/api/v1/comments/{seen['id']}", headers=editor, json={"text": "Hello there"})
        assert changed.status_code == 200, changed.text
        for bad in ({"status": "published"}, {"email": "x@example.org"}, {"reasons": []}, {"isStaff": True}):
            assert (await client.patch(f"/api/v1/comments/{seen['id']}", headers=editor, json=bad)).status_code == 422

    async def test_a_machine_is_told_that_it_waits(
        self, client: AsyncClient, speech: Speech, editor: dict[str, str]
    ) -> None:
        made = await client.post("/api/v1/comments", json=comment(homepage="http://spam.example"))
        assert made.json()["status"] == "pending"
        assert (await client.get("/api/v1/comments/queue?status=spam", headers=editor)).json()["total"] == 1

    async def test_bad_bodies_are_refused_by_name(self, client: AsyncClient, speech: Speech) -> None:
        for changes, field in (
            ({"text": ""}, "text"),
            ({"name": ""}, "name"),
            ({"email": "x"}, "email"),
            ({"isStaff": True}, "isStaff"),
            ({"status": "published"}, "status"),
            ({"text": "x" * 5_001}, "text"),
        ):
            refused = await client.post("/api/v1/comments", json=comment(**changes))
            assert refused.status_code == 422
            assert field in {one["field"] for one in refused.json()["errors"]}
        assert (await client.post("/api/v1/comments", json=comment(kind="nonsense"))).status_code == 404
        assert (await client.post("/api/v1/comments", json=comment(subjectId=str(new_id())))).status_code == 404
        assert (await client.post("/api/v1/comments", json=comment(parentId=str(new_id())))).status_code == 409

    async def test_below_editor_nothing_is_read_or_judged(
        self, client: AsyncClient, house: Ports, speech: Speech
    ) -> None:
        made = await speech.comment()
        viewer = await people.bearer(house, await people.account(house, Role.VIEWER))
        for method, path in (
            ("GET", "/queue"),
            ("GET", f"/{made.id}"),
            ("POST", f"/{made.id}/approve"),
            ("PATCH", f"/{made.id}"),
            ("GET", "/export"),
        ):
            for headers, status in ((viewer, 403), ({}, 401)):
                answer = await client.request(method, f"/api/v1/comments{path}", headers=headers, json={})
                assert answer.status_code == status, (method, path)


class TestReviews:
    async def test_everybody_reads_the_rating_and_staff_answer(
        self, client: AsyncClient, shop: Shop, speech: Speech, editor: dict[str, str]
    ) -> None:
        mug = await shop.product()
        body = {
            "kind": "product",
            "subjectId": str(mug.id),
            "stars": 4,
            "text": "Good",
            "name": "A",
            "email": "a@b.example",
        }
        made = (await client.post("/api/v1/reviews", json=body)).json()
        await client.post(f"/api/v1/reviews/{made['id']}/approve", headers=editor)
        answered = await client.patch(f"/api/v1/reviews/{made['id']}", headers=editor, json={"answer": "Thanks"})
        assert answered.status_code == 200, answered.text
        page = (await client.get("/api/v1/reviews", params={"kind": "product", "subjectId": str(mug.id)})).json()
        assert page["rating"] == {"average": "4.0", "count": 1, "stars": [0, 0, 0, 1, 0]}
        assert (page["items"][0]["answer"], page["items"][0]["photos"]) == ("Thanks", [])
        assert (await client.post("/api/v1/reviews", json={**body, "stars": 1})).status_code == 409
        assert (await client.post("/api/v1/reviews", json={**body, "stars": 6})).status_code == 422
        for bad in ({"stars": 5}, {"isVerified": True}, {"text": "Mine"}):
            refused = await client.patch(f"/api/v1/reviews/{made['id']}", headers=editor, json=bad)
            assert refused.status_code == 422


def test_five_a_minute_are_taken_by_every_door() -> None:
    (rule,) = [one for one in RULES if one.name == "voices"]
    assert rule.per_minute == 5
    for path in ("/api/v1/comments", "/api/v1/reviews/", "/comments/essay/1/write", "/reviews/invited/1/x"):
        assert rule.matches("POST", path)
        assert not rule.matches("GET", path)
    assert not rule.matches("POST", "/api/v1/comments/1/approve")
