"""E-mail templates on screen: found, written, looked at, tried, with and without scripts."""

import re

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.ui.admin.conftest import sitting

HOME = "/admin/email-templates"


@pytest.fixture
async def at_editor(client: AsyncClient, house: Ports, owner: Actor) -> AsyncClient:
    assert owner.role is Role.SUPER_ADMIN
    editor = await people.account(house, Role.EDITOR, email="eda@example.org")
    return sitting(client, await people.cookie(house, editor))


async def path_of(browser: AsyncClient, title: str) -> str:
    found = re.search(rf'href="({HOME}/[0-9a-f-]+)"[^>]*>\s*{title}', (await browser.get(HOME)).text)
    assert found, title
    return found[1]


class TestList:
    async def test_every_letter_stands_there_with_its_state_and_is_found_like_anything(
        self, house: Ports, at_editor: AsyncClient
    ) -> None:
        text = (await at_editor.get(HOME)).text
        for offered in house.letters.offered.values():
            assert str(offered.title) in text
        narrowed = (await at_editor.get(f"{HOME}?category=payments&state=active")).text
        assert ">Money returned</a>" in narrowed
        assert ">Order shipped</a>" not in narrowed
        found = re.search(
            rf'{HOME}/([0-9a-f-]{{36}})"[^>]*>\s*Order shipped', (await at_editor.get(f"{HOME}?search=shipped")).text
        )
        await at_editor.post(f"{HOME}/bulk", data={"selected": found[1], "act": "deactivate"})
        assert ">Order shipped</a>" in (await at_editor.get(f"{HOME}?state=off")).text

    async def test_below_editor_it_is_closed(self, client: AsyncClient, house: Ports, at_editor: AsyncClient) -> None:
        path = await path_of(at_editor, "Order shipped")
        viewer = await people.account(house, Role.VIEWER)
        sitting(client, await people.cookie(house, viewer))
        for address in (HOME, path, f"{path}/preview"):
            assert (await client.get(address)).status_code == 403
        for act in ("", "/preview", "/test", "/duplicate", "/actions/reset"):
            assert (await client.post(path + act, data={"body": "x"})).status_code == 403


class TestEditor:
    async def test_it_holds_the_words_that_are_sent_and_the_names_that_they_know(self, at_editor: AsyncClient) -> None:
        text = (await at_editor.get(await path_of(at_editor, "Order shipped"))).text
        assert "Your order {{ number }} is on its way" in text
        assert 'data-puts="{{ shipping_address }}"' in text

    async def test_words_are_kept_and_reset_by_a_button(self, at_editor: AsyncClient) -> None:
        path = await path_of(at_editor, "Order shipped")
        assert (await at_editor.post(path, data={"subject": "Off it goes", "body": ""})).status_code == 303
        text = (await at_editor.get(path)).text
        assert 'value="Off it goes"' in text
        assert f'action="{path}/actions/reset"' in text
        assert (await at_editor.post(f"{path}/actions/reset")).status_code == 303
        assert "Off it goes" not in re.sub(r"<aside.*", "", (await at_editor.get(f"{path}/preview")).text)

    async def test_what_cannot_be_sent_comes_back_as_it_was_typed(self, at_editor: AsyncClient) -> None:
        path = await path_of(at_editor, "Order shipped")
        answer = await at_editor.post(path, data={"subject": "Mine", "body": "Hi\n{{ nme }}</textarea><script>"})
        assert answer.status_code == 422
        assert "Line 2" in answer.text
        assert "Did you mean “name”?" in answer.text
        assert "</textarea><script>" not in answer.text

    async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(self, at_editor: AsyncClient) -> None:
        path = await path_of(at_editor, "Order shipped")
        read_at = "2020-01-01T00:00:00+00:00"
        answer = await at_editor.post(path, data={"subject": "Mine", "seenAt": read_at})
        assert answer.status_code == 409
        assert "Somebody else changed" in answer.text

    async def test_a_copy_opens_and_can_be_used_and_deleted(self, at_editor: AsyncClient) -> None:
        copy = (await at_editor.post(f"{await path_of(at_editor, 'Order shipped')}/duplicate")).headers["location"]
        assert "Copy of Order shipped" in (await at_editor.get(copy)).text
        assert (await at_editor.post(f"{copy}/actions/activate")).status_code == 303
        text = (await at_editor.get(HOME)).text
        assert ">Not in use</span>" in text
        assert (await at_editor.post(f"{copy}/deletion")).status_code == 303
        assert ">Not in use</span>" not in (await at_editor.get(HOME)).text

    async def test_one_that_is_not_there_is_not_found(self, at_editor: AsyncClient) -> None:
        assert (await at_editor.get(f"{HOME}/0192f5d2-7f6e-7cc3-9a51-3a4f7a6f2d10")).status_code == 404


class TestPreview:
    async def test_it_shows_what_is_typed_in_a_frame_that_can_do_nothing(self, at_editor: AsyncClient) -> None:
        path = f"{await path_of(at_editor, 'Order shipped')}/preview"
        shown = await at_editor.post(path, data={"subject": "S {{ number }}", "body": "# B <script>alert(1)</script>"})
        assert shown.status_code == 200
        assert "<b>S 1042</b>" in shown.text
        assert "<script" not in shown.text
        policy = shown.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert shown.headers["x-frame-options"] == "SAMEORIGIN"
        assert shown.headers["cache-control"] == "no-store"

    async def test_it_shows_plain_text_and_what_is_wrong(self, at_editor: AsyncClient) -> None:
        path = f"{await path_of(at_editor, 'Order shipped')}/preview"
        assert "<pre>" in (await at_editor.post(f"{path}?as=text", data={"body": "Hello"})).text
        refused = await at_editor.post(path, data={"body": "{% if x %}"})
        assert refused.status_code == 200
        assert "This cannot be sent yet" in refused.text


class TestTest:
    async def test_an_editor_sends_it_to_themselves_and_hears_where_it_stays(
        self, house: Ports, at_editor: AsyncClient
    ) -> None:
        path = await path_of(at_editor, "Order shipped")
        answer = await at_editor.post(f"{path}/test", data={})
        assert answer.headers["location"] == path
        assert "kept in the outbox" in (await at_editor.get(path)).text
        assert (await at_editor.post(f"{path}/test", data={"to": "victim@example.org"})).status_code == 403
        await house.jobs.run_until_idle()

    async def test_an_admin_is_led_to_it_in_the_outbox(self, house: Ports, at_admin: AsyncClient) -> None:
        path = await path_of(at_admin, "Choose a new password")
        answer = await at_admin.post(f"{path}/test", data={"to": "printer@example.org"})
        assert answer.headers["location"].startswith("/admin/outbox/")
        await house.jobs.run_until_idle()
        assert "printer@example.org" in (await at_admin.get(answer.headers["location"])).text
