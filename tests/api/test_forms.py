"""Forms over the wire: sent once, read by staff alone, exported with a column a question, erased by address."""

import csv
from io import StringIO

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.files import pdf
from tests.factories.forms import TYPED, Desk

HOME = "/api/v1/forms"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The wire knows no database."""
    return sqlite_url


@pytest.fixture
def desk(house: Ports, owner: Actor) -> Desk:
    assert owner.is_staff
    return Desk(house)


@pytest.fixture
async def editor(house: Ports, desk: Desk) -> dict[str, str]:
    assert desk
    return await people.bearer(house, await people.account(house, Role.EDITOR))


class TestSubmit:
    async def test_a_stranger_sends_it_once_for_a_key(self, client: AsyncClient, desk: Desk, editor):
        form = await desk.form(confirmation="<p>Thank you.</p>")
        keyed = {"Idempotency-Key": "one"}
        answers = [
            await client.post(f"{HOME}/{form.id}/submit", json={"answers": dict(TYPED)}, headers=keyed)
            for _time in range(2)
        ]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["confirmation"] == "<p>Thank you.</p>"
        other = {"answers": {**TYPED, "message": "Another"}}
        assert (await client.post(f"{HOME}/{form.id}/submit", json=other, headers=keyed)).status_code == 422
        listed = (await client.get(f"{HOME}/{form.id}/entries", headers=editor)).json()
        assert (listed["total"], listed["items"][0]["answers"]["name"]) == (1, "Ada Lovelace")

    @pytest.mark.parametrize(
        ("answers", "named"),
        [
            ({}, {"name", "email"}),
            ({**TYPED, "surprise": 1}, {"surprise"}),
            ({**TYPED, "name": {"a": []}}, {"name"}),
            ({**TYPED, "email": "a@b.org\nBcc: c@d.org"}, {"email"}),
            ({**TYPED, "message": "x" * 1_000_000}, {"message"}),
        ],
    )
    async def test_what_is_wrong_is_named(self, client: AsyncClient, desk: Desk, answers, named):
        form = await desk.form()
        answer = await client.post(f"{HOME}/{form.id}/submit", json={"answers": answers})
        assert answer.status_code == 422, answer.text
        assert {one["field"] for one in answer.json()["errors"]} == named

    async def test_what_json_can_hold_and_nobody_can_keep_is_answered(self, client: AsyncClient, desk: Desk):
        form = await desk.form()
        bodies = (b'{"answers": {"name": NaN}}', b'{"answers": {"\\ud800": "x"}}', b'{"answers": {"name": "\\ud800"}}')
        for body in bodies:
            sent = {"content": body, "headers": {"content-type": "application/json"}}
            assert (await client.post(f"{HOME}/{form.id}/submit", **sent)).status_code == 422

    async def test_more_than_it_takes_is_refused_at_the_door(self, client: AsyncClient, desk: Desk):
        form = await desk.form()
        sent = {"answers": {**TYPED, "message": "x" * 10_000_000}}
        assert (await client.post(f"{HOME}/{form.id}/submit", json=sent)).status_code == 413

    async def test_a_file_comes_by_its_token(self, client: AsyncClient, desk: Desk, editor):
        form = await desk.form([{"id": "cv", "type": "file", "label": "CV"}, {"id": "a", "type": "text", "label": "A"}])
        sent = {"file": ("cv.pdf", pdf(), "application/pdf")}
        for field in ("a", "nothing"):
            refused = await client.post("/api/v1/form-uploads", data={"form": str(form.id), "field": field}, files=sent)
            assert refused.status_code == 422
        made = await client.post("/api/v1/form-uploads", data={"form": str(form.id), "field": "cv"}, files=sent)
        answers = {"answers": {"cv": [made.json()["token"]]}}
        assert (await client.post(f"{HOME}/{form.id}/submit", json=answers)).status_code == 201
        assert (await client.post(f"{HOME}/{form.id}/submit", json=answers)).status_code == 422
        (entry,) = (await client.get(f"{HOME}/{form.id}/entries", headers=editor)).json()["items"]
        assert entry["answers"]["cv"][0]["name"] == "cv.pdf"


class TestEntries:
    async def test_a_table_has_a_column_a_question_and_runs_nothing(self, client: AsyncClient, desk: Desk, editor):
        form = await desk.form()
        await desk.send(form, {**TYPED, "message": "=1+1"})
        await desk.change(form, fields=[{"id": "new", "type": "text", "label": "New"}])
        answer = await client.get(f"{HOME}/{form.id}/entries/export?format=csv", headers=editor)
        rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
        assert rows[0] == ["id", "createdAt", "status", "email", "New", "Name", "E-mail", "Message"]
        assert rows[1][3:] == ["ada@example.org", "", "Ada Lovelace", "ada@example.org", "'=1+1"]
        as_json = (await client.get(f"{HOME}/{form.id}/entries/export?format=json", headers=editor)).json()
        assert as_json[0]["answers"]["message"] == "=1+1"
        assert (await client.get(f"{HOME}/{form.id}/entries/export?format=exe", headers=editor)).status_code == 422

    async def test_a_person_is_erased_by_their_address(self, client: AsyncClient, desk: Desk, editor):
        form = await desk.form()
        await desk.send(form)
        for email, status in (("nonsense", 422), ("ADA@example.org", 200)):
            answer = await client.post("/api/v1/form-entries/erasures", json={"email": email}, headers=editor)
            assert answer.status_code == status
        assert answer.json() == {"erased": 1}
        assert (await client.get(f"{HOME}/{form.id}/entries", headers=editor)).json()["total"] == 0

    async def test_nobody_below_editor_reads_or_erases(self, client: AsyncClient, desk: Desk, house: Ports):
        form = await desk.form()
        viewer = await people.bearer(house, await people.account(house, Role.VIEWER))
        assert (await client.get(f"{HOME}/{form.id}/entries", headers=viewer)).status_code == 403
        sent = {"email": "ada@example.org"}
        assert (await client.post("/api/v1/form-entries/erasures", json=sent, headers=viewer)).status_code == 403
        assert (await client.get(f"{HOME}/{form.id}/entries")).status_code == 401


class TestFields:
    async def test_what_cannot_be_is_named_by_its_place_and_nothing_is_written(self, client: AsyncClient, editor):
        fields = [{"id": "a", "type": "text", "label": "A"}, {"id": "a", "type": "choice", "label": "B"}]
        answer = await client.post(HOME, json={"name": "Broken", "fields": fields}, headers=editor)
        assert answer.status_code == 422
        assert {one["field"] for one in answer.json()["errors"]} == {"fields.1.id", "fields.1.options"}
        assert (await client.get(HOME, headers=editor)).json()["total"] == 0
