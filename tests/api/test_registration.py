"""Making an account, getting back into it, and changing its password."""

import asyncio
import re
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from engine.accounts import registrations
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.errors import Conflict
from engine.core.facts import FactRow
from engine.core.jobs import Job
from engine.core.running import JobRun
from engine.messaging.models import Message
from tests.clock import TestClock
from tests.factories import people
from tests.factories.people import PASSWORD

NEW = "another brown kettle"


@pytest.fixture
async def ada(house: Ports, owner: Actor) -> Actor:
    assert owner.is_signed_in
    return await people.account(house, email="ada@example.org", name="Ada")


async def post(client: AsyncClient, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Response:
    return await client.post(f"/api/v1/auth/{path}", json=sent, headers=headers)


async def run_resets(house: Ports) -> None:
    """Run the jobs that send links, those that ran before too: they must bear it. E-mails stay queued."""
    kind = house.jobs.kinds["accounts.password_reset"]
    async with house.db.read() as session:
        waiting = list(await session.scalars(select(Job).where(Job.kind == kind.name)))
    for job in waiting:
        await kind.run(JobRun(job.id, job.payload, 1, None, house.db))


async def letters(house: Ports, template: str) -> list[Message]:
    async with house.db.read() as session:
        return list(await session.scalars(select(Message).where(Message.template == template).order_by(Message.id)))


async def link_token(house: Ports, template: str, key: str = "url") -> str:
    url = (await letters(house, template))[-1].contents[key]
    return re.sub(r".*token=", "", url)


class TestRegister:
    async def test_it_makes_a_customer_who_is_signed_in(self, client: AsyncClient, house: Ports, owner: Actor) -> None:
        answer = await post(client, "register", email="Ada@Example.org", password=PASSWORD, name="  Ada \n Lovelace ")
        assert answer.status_code == 201
        found = answer.json()
        assert (found["user"]["email"], found["user"]["name"], found["user"]["role"]) == (
            "ada@example.org", "Ada Lovelace", "customer",
        )  # fmt: skip
        me = await client.get("/api/v1/auth/me", headers={"authorization": f"Bearer {found['accessToken']}"})
        assert me.json()["id"] == found["user"]["id"]
        (letter,) = await letters(house, "welcome")
        assert (letter.recipient, letter.holds_secret) == ("ada@example.org", True)

    async def test_no_role_is_taken_from_outside(self, client: AsyncClient, owner: Actor) -> None:
        for extra in ({"role": "super_admin"}, {"isActive": True}, {"isEventStaff": True}):
            answer = await post(client, "register", email="ada@example.org", password=PASSWORD, **extra)
            assert answer.status_code == 422

    async def test_an_address_has_one_account_however_many_ask_at_once(
        self, client: AsyncClient, house: Ports, owner: Actor
    ) -> None:
        answers = await asyncio.gather(
            *(
                post(client, "register", email=email, password=PASSWORD)
                for email in ("ada@example.org", "ADA@example.org")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        async with house.db.read() as session:
            found = list(await session.scalars(select(FactRow.name).where(FactRow.name == "user.registered")))
        assert len(found) == 2  # the owner's and Ada's

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"email": "nonsense", "password": PASSWORD}, "email"),
            ({"email": "ada@example.org", "password": "short"}, "password"),
            ({"email": "ada@example.org"}, "password"),
        ],
    )
    async def test_what_cannot_be_names_its_field(
        self, client: AsyncClient, owner: Actor, sent: dict[str, Any], field: str
    ) -> None:
        answer = await post(client, "register", **sent)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


class TestVerify:
    async def test_the_link_counts_for_the_person_it_was_sent_to_only(
        self, client: AsyncClient, house: Ports, owner: Actor
    ) -> None:
        user_id = (await post(client, "register", email="ada@example.org", password=PASSWORD)).json()["user"]["id"]
        token = await link_token(house, "welcome", "verify_url")
        with pytest.raises(Conflict):
            async with house.db.write() as tx:
                await registrations.verify(tx, owner, token)
        async with house.db.read() as session:
            ada = (await session.scalars(select(User).where(User.email == "ada@example.org"))).one()
        assert str(ada.id) == user_id
        async with house.db.write() as tx:
            await registrations.verify(tx, ada.actor(), token)
        with pytest.raises(Conflict):
            async with house.db.write() as tx:
                await registrations.verify(tx, ada.actor(), token)
        async with house.db.read() as session:
            facts = list(await session.scalars(select(FactRow.payload).where(FactRow.name == "user.email_verified")))
        assert facts == [{"user_id": user_id, "email": "ada@example.org"}]


class TestReset:
    async def test_known_and_unknown_addresses_are_answered_alike(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        known = await post(client, "password-reset", email="ADA@example.org")
        unknown = await post(client, "password-reset", email="nobody@example.org")
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, unknown.content)
        await run_resets(house)
        assert [letter.recipient for letter in await letters(house, "password_reset")] == ["ada@example.org"]

    async def test_the_link_sets_a_password_once_and_ends_every_session(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        old, cookies = await people.sign_in(client, ada.email), await people.cookie(house, ada)
        await post(client, "password-reset", email=ada.email)
        await run_resets(house)
        token = await link_token(house, "password_reset")
        assert (await post(client, "password-reset/confirm", token=token, password="short")).status_code == 422
        assert (await post(client, "password-reset/confirm", token=token, password=NEW)).status_code == 204
        assert (await post(client, "password-reset/confirm", token=token, password=NEW)).status_code == 409
        assert (await post(client, "refresh", refreshToken=old["refreshToken"])).status_code == 401
        assert (await client.get("/api/v1/auth/me", cookies=cookies)).status_code == 401
        headers = {"authorization": f"Bearer {old['accessToken']}"}
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 401
        assert (await post(client, "login", email=ada.email, password=PASSWORD)).status_code == 401
        assert (await people.sign_in(client, ada.email, NEW))["user"]["emailVerifiedAt"]

    async def test_it_unlocks_the_account(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        for _ in range(5):
            await post(client, "login", email=ada.email, password="wrong")
        await post(client, "password-reset", email=ada.email)
        await run_resets(house)
        token = await link_token(house, "password_reset")
        await post(client, "password-reset/confirm", token=token, password=NEW)
        await people.sign_in(client, ada.email, NEW)

    async def test_a_link_ends_after_an_hour_and_with_the_next_one(
        self, client: AsyncClient, house: Ports, ada: Actor, clock: TestClock
    ) -> None:
        tokens = []
        for _ in range(2):
            await post(client, "password-reset", email=ada.email)
            await run_resets(house)
            tokens.append(await link_token(house, "password_reset"))
            clock.move(minutes=2)
        assert tokens[0] != tokens[1]
        assert (await post(client, "password-reset/confirm", token=tokens[0], password=NEW)).status_code == 409
        clock.move(hours=1)
        assert (await post(client, "password-reset/confirm", token=tokens[1], password=NEW)).status_code == 409

    async def test_asking_again_and_again_sends_one_letter_a_minute(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        for _ in range(3):
            await post(client, "password-reset", email=ada.email)
        await run_resets(house)
        assert len(await letters(house, "password_reset")) == 1


class TestPasswordChange:
    async def test_it_needs_the_present_one_and_keeps_this_session_only(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        here, there = await people.cookie(house, ada), await people.cookie(house, ada)
        sent = {"currentPassword": "not this one", "password": NEW}
        origin = {"origin": "http://localhost"}
        path = "/api/v1/auth/me/password"
        wrong = await client.post(path, json=sent, cookies=here, headers=origin)
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "currentPassword")
        right = await client.post(path, json={**sent, "currentPassword": PASSWORD}, cookies=here, headers=origin)
        assert right.status_code == 200
        headers = {"authorization": f"Bearer {right.json()['accessToken']}"}
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 200
        assert (await client.get("/api/v1/auth/me", cookies=here)).status_code == 200
        assert (await client.get("/api/v1/auth/me", cookies=there)).status_code == 401
        await people.sign_in(client, ada.email, NEW)

    async def test_guessing_it_locks(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        headers = await people.bearer(house, ada)
        statuses = [
            (await post(client, "me/password", headers, currentPassword=f"guess {n}", password=NEW)).status_code
            for n in range(6)
        ]
        assert statuses == [422] * 5 + [403]
