"""`/email-templates` over the wire: previews, tests, copies; the list itself is held by tests/resources."""

from typing import Any

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people


@pytest.fixture
async def editor(house: Ports, owner: Actor, client: AsyncClient) -> AsyncClient:
    assert owner.role is Role.SUPER_ADMIN
    client.headers.update(await people.bearer(house, await people.account(house, Role.EDITOR, email="eda@example.org")))
    return client


async def template(editor: AsyncClient, purpose: str) -> dict[str, Any]:
    (found,) = (await editor.get(f"/api/v1/email-templates?purpose={purpose}")).json()["items"]
    return dict(found)


class TestPreview:
    async def test_it_answers_words_not_saved_yet_with_example_values(self, editor: AsyncClient) -> None:
        path = f"/api/v1/email-templates/{(await template(editor, 'order_received'))['id']}/preview"
        shown = (await editor.post(path, json={"subject": "Thanks, {{ name }}", "body": "# {{ number }}"})).json()
        assert shown["subject"] == "Thanks, Ada Lovelace"
        assert "1042</h1>" in shown["html"]
        assert shown["words"]["preheader"] == "We have your order and will tell you when it is on its way."
        assert (await editor.post(path)).json()["subject"] == "Your order 1042"

    async def test_what_is_wrong_is_named_by_field_and_line(self, editor: AsyncClient) -> None:
        path = f"/api/v1/email-templates/{(await template(editor, 'order_received'))['id']}/preview"
        refused = await editor.post(path, json={"body": "a\n{{ oops }}"})
        assert refused.status_code == 422
        assert [one["field"] for one in refused.json()["errors"]] == ["body"]
        assert "Line 2" in refused.text

    async def test_it_holds_no_link_that_opens_anything(self, house: Ports, editor: AsyncClient) -> None:
        found = await template(editor, "password_reset")
        shown = (await editor.post(f"/api/v1/email-templates/{found['id']}/preview")).json()
        example = str(house.letters.offered["password_reset"].example["url"])
        assert example in shown["text"]


class TestActs:
    async def test_it_is_reworded_reset_copied_used_and_switched_off(self, editor: AsyncClient) -> None:
        found = await template(editor, "order_shipped")
        path = f"/api/v1/email-templates/{found['id']}"
        assert (await editor.patch(path, json={"subject": "Mine {{ number }}"})).json()[
            "subject"
        ] == "Mine {{ number }}"
        copy = await editor.post(f"{path}/duplicate")
        assert copy.status_code == 201
        assert (await editor.post(f"{path}/reset")).json()["subject"] == ""
        used = await editor.post(f"/api/v1/email-templates/{copy.json()['id']}/activate")
        assert (used.json()["isActive"], used.json()["subject"]) == (True, "Mine {{ number }}")
        assert (await editor.get(path)).json()["isActive"] is False
        off = await editor.post(f"/api/v1/email-templates/{copy.json()['id']}/deactivate")
        assert off.json()["isActive"] is False
        assert (await editor.get(path)).json()["isActive"] is True
        assert (await editor.delete(path)).status_code == 409

    async def test_a_test_goes_to_oneself_and_to_others_for_admins_only(self, editor: AsyncClient) -> None:
        path = f"/api/v1/email-templates/{(await template(editor, 'test'))['id']}/test"
        assert (await editor.post(path, json={})).status_code == 202
        assert (await editor.post(path, json={"to": "someone@example.org"})).status_code == 403

    async def test_words_of_any_size_and_kind_are_answered(self, editor: AsyncClient) -> None:
        path = f"/api/v1/email-templates/{(await template(editor, 'test'))['id']}"
        for body in ("x" * 99_999, "{{ 'x' * 9999999 }}", "{% for a in b %}", "\x00", "\ue0009\ue001"):
            assert (await editor.patch(path, json={"body": body})).status_code in (200, 422)
            assert (await editor.post(f"{path}/preview", json={"body": body})).status_code in (200, 422)
