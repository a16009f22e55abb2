"""The outbox on screen: what a message says stays in its frame, and secrets stay with super admins."""

from typing import Any
from uuid import UUID

from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Role
from engine.messaging import public
from tests.factories import people
from tests.ui.admin.conftest import sitting


async def written(house: Ports, *, template: str = "test", holds_secret: bool = False, **values: Any) -> UUID:
    """Return a message that was written and kept in the outbox."""
    values = {"name": "Ada", "url": "/account/reset?token=s3cret", "minutes": 60} | values
    async with house.db.write() as tx:
        message_id = await public.send(
            tx, template=template, to="ada@example.org", values=values, locale="en", holds_secret=holds_secret
        )
    await house.jobs.run_until_idle()
    return message_id


class TestList:
    async def test_an_empty_outbox_says_what_it_is_for(self, at_admin: AsyncClient) -> None:
        answer = await at_admin.get("/admin/outbox")
        assert answer.status_code == 200
        assert "No e-mails yet" in answer.text

    async def test_messages_are_found_by_address_and_state(self, house: Ports, at_admin: AsyncClient) -> None:
        await written(house)
        assert "A test from Agora" in (await at_admin.get("/admin/outbox?status=kept&q=ADA%40")).text
        for address in (
            "/admin/outbox?status=failed",
            "/admin/outbox?q=%25",
            "/admin/outbox?page=7&status=nonsense%25",
        ):
            answer = await at_admin.get(address)
            assert answer.status_code == 200
            assert "ada@example.org" not in answer.text

    async def test_below_admin_it_is_closed(self, client: AsyncClient, house: Ports, at_admin: AsyncClient) -> None:
        manager = await people.account(house, Role.STORE_MANAGER)
        sitting(client, await people.cookie(house, manager))
        assert (await client.get("/admin/outbox")).status_code == 403

    async def test_a_stranger_is_shown_the_way_in(self, client: AsyncClient, at_admin: AsyncClient) -> None:
        answer = await sitting(client, {}).get("/admin/outbox?status=failed")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/admin/sign-in?next=%2Fadmin%2Foutbox%3Fstatus%3Dfailed"


class TestMessage:
    async def test_what_it_says_is_framed_and_can_do_nothing(self, house: Ports, at_admin: AsyncClient) -> None:
        message_id = await written(house)
        page = await at_admin.get(f"/admin/outbox/{message_id}")
        assert f'src="/admin/outbox/{message_id}/body"' in page.text
        assert page.headers["x-frame-options"] == "DENY"
        body = await at_admin.get(f"/admin/outbox/{message_id}/body")
        policy = body.headers["content-security-policy"]
        assert body.headers["x-frame-options"] == "SAMEORIGIN"
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "sandbox allow-popups" in policy
        assert "allow-scripts" not in policy
        assert body.headers["cache-control"] == "no-store"
        assert "E-mail works" in body.text

    async def test_values_from_people_stay_text(self, house: Ports, at_admin: AsyncClient) -> None:
        name = "<img src=x onerror=alert(1)>"
        message_id = await written(house, name=name)
        for address in ("", "/body"):
            text = (await at_admin.get(f"/admin/outbox/{message_id}{address}")).text
            assert name not in text

    async def test_a_secret_is_shown_to_super_admins_only(
        self, house: Ports, client: AsyncClient, at_admin: AsyncClient
    ) -> None:
        message_id = await written(house, template="password_reset", holds_secret=True)
        for address in ("", "/body"):
            assert "s3cret" not in (await at_admin.get(f"/admin/outbox/{message_id}{address}")).text
        owner = await people.account(house, Role.SUPER_ADMIN, email="second@example.org")
        sitting(client, await people.cookie(house, owner))
        assert "s3cret" in (await client.get(f"/admin/outbox/{message_id}/body")).text

    async def test_while_it_waits_the_page_asks_again(self, house: Ports, at_admin: AsyncClient) -> None:
        async with house.db.write() as tx:
            message_id = await public.send(tx, template="test", to="a@b.example", values={}, locale="en")
        assert f'hx-get="/admin/outbox/{message_id}"' in (await at_admin.get(f"/admin/outbox/{message_id}")).text
        await house.jobs.run_until_idle()
        block = await at_admin.get(f"/admin/outbox/{message_id}", headers={"HX-Request": "true"})
        assert "hx-get" not in block.text
        assert "<html" not in block.text

    async def test_one_that_is_not_there_is_not_found(self, at_admin: AsyncClient) -> None:
        for address in ("0192f5d2-7f6e-7cc3-9a51-3a4f7a6f2d10", "nonsense"):
            assert (await at_admin.get(f"/admin/outbox/{address}")).status_code == 404

    async def test_one_that_failed_is_sent_again_by_its_button(self, house: Ports, at_admin: AsyncClient) -> None:
        message_id = await written(house, template="no_such")
        page = await at_admin.get(f"/admin/outbox/{message_id}")
        assert "no_such" in page.text
        answer = await at_admin.post(f"/admin/outbox/{message_id}/sendings")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/outbox/{message_id}")
        assert await house.jobs.run_until_idle() == 1
