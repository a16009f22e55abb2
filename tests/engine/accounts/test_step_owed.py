"""Staff who must have a second step: reminded, then led to it, and nobody is locked out."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import AsyncClient

from engine.accounts import passkeys, second_steps, users
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, NotAllowed
from tests.clock import TestClock
from tests.engine.accounts.test_passkeys import Believer
from tests.engine.accounts.test_second_steps import Phone
from tests.factories import people
from tests.factories.people import PASSWORD

STEP, KEYS, ENTRANCE = "/admin/me/second-step", "/admin/me/passkeys", "/admin/sign-in/passkey"


async def need_step(house: Ports, actor: Actor, in_days: int) -> None:
    at = house.clock.now() + timedelta(days=in_days)
    async with house.db.write() as tx:
        await house.settings.update(tx, actor, "sign_in", {"staffStepFrom": at.isoformat()})
    await house.settings.refresh()


async def enter(client: AsyncClient, house: Ports, actor: Actor) -> None:
    client.headers["sec-fetch-site"] = "same-origin"
    client.cookies.clear()
    client.cookies.update(await people.cookie(house, actor))


class TestOwed:
    async def test_before_the_day_they_are_reminded_and_from_it_on_led_there_until_it_is_set_up(
        self, house: Ports, client: AsyncClient, owner: Actor, clock: TestClock
    ) -> None:
        editor = await people.account(house, Role.EDITOR)
        await need_step(house, owner, 3)
        await enter(client, house, editor)
        assert "you need a second step" in (await client.get("/admin")).text
        clock.move(days=3)
        for path in ("/admin", "/admin/pages", "/admin/me"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, STEP), path
        part = await client.get("/admin", headers={"hx-request": "true"})
        assert part.headers["hx-redirect"] == STEP
        assert (await client.post("/admin/redirects", data={"sourcePath": "/a", "targetUrl": "/b"})).status_code == 403
        assert (await client.get("/account")).status_code == 200
        shown = (await client.get(STEP)).text
        assert "/admin/pages" not in shown
        key = re.search(r'id="step-key"[^>]*value="([A-Z2-7 ]+)"', shown)
        assert key is not None
        done = await client.post(STEP, data={"code": Phone(key[1].replace(" ", ""), clock).code()})
        assert "Recovery codes" in done.text
        assert (await client.get("/admin/pages")).status_code == 200

    async def test_a_passkey_is_as_good_for_whom_it_let_in_and_a_password_beside_it_is_not(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        house = replace(house, front_desk=replace(house.front_desk, passkeys=Believer()))
        client._transport.app.state.ports = house
        editor = await people.account(house, Role.EDITOR)
        await need_step(house, owner, -1)
        await enter(client, house, editor)
        assert "Make a passkey" in (await client.get(STEP)).text

        async def answer(path: str) -> dict[str, str]:
            asked = (await client.get(f"{path}/options")).json()
            return {"token": asked["token"], "answer": json.dumps({"id": "a-key"})}

        assert (await client.post(KEYS, data={"token": "", "answer": "{}"})).headers["location"] == STEP
        assert (await client.post(KEYS, data=await answer(KEYS))).headers["location"] == KEYS
        assert (await client.get("/admin/pages")).status_code == 200
        await enter(client, house, editor)  # by the password alone
        assert (await client.get("/admin/pages")).headers["location"] == STEP
        client.cookies.clear()
        await client.post(ENTRANCE, data=await answer(ENTRANCE))
        assert (await client.get("/admin/pages")).status_code == 200
        assert "you need a second step" not in (await client.get("/admin")).text
        [key] = await house.db.query(passkeys.keys_of, editor.user_id)
        await client.post(f"{KEYS}/removals", data={"key": str(key.id)})
        assert (await client.get("/admin/pages")).headers["location"] == STEP

    async def test_programs_are_told_so_and_customers_are_not_asked(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        admin, shopper = await people.account(house, Role.ADMIN), await people.account(house, Role.CUSTOMER)
        bearer = await people.bearer(house, admin)
        await need_step(house, owner, -1)
        refused = await client.get("/api/v1/users", headers=bearer)
        assert (refused.status_code, "second step" in refused.json()["detail"]) == (403, True)
        assert (await client.get("/api/v1/auth/me", headers=bearer)).status_code == 200
        await enter(client, house, shopper)
        assert (await client.get("/account")).status_code == 200
        assert (await client.get(STEP)).status_code == 403

    async def test_the_owner_who_asked_for_it_sets_it_up_too_and_codes_open_without_the_phone(
        self, house: Ports, client: AsyncClient, owner: Actor, clock: TestClock
    ) -> None:
        await need_step(house, owner, 0)
        await enter(client, house, owner)
        assert (await client.get("/admin")).headers["location"] == STEP
        async with house.db.write() as tx:
            phone = Phone(await second_steps.begin(tx, owner, house.secrets), clock)
        async with house.db.write() as tx:
            first = await second_steps.confirm(tx, owner, house.secrets, phone.code())
        assert (await client.get("/admin/users?lacksSecondStep=true")).status_code == 200
        assert (await client.post(f"{STEP}/codes", data={"password": "no"})).status_code == 422
        renewed = await client.post(f"{STEP}/codes", data={"password": PASSWORD})
        assert renewed.headers["cache-control"] == "no-store"
        assert first[0] not in renewed.text
        code = re.search(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", renewed.text)
        assert code is not None
        client.cookies.clear()
        for typed, status in ((first[0], 422), (code[0], 303)):
            asked = await client.post("/admin/sign-in", data={"email": owner.email, "password": PASSWORD})
            held = re.search(r'name="held" value="([^"]+)"', asked.text)
            assert held is not None
            answer = await client.post("/admin/sign-in/code", data={"held": held[1], "code": typed})
            assert answer.status_code == status
        assert "9 recovery codes" in (await client.get(STEP)).text

    async def test_only_the_owner_decides_it(self, house: Ports, owner: Actor) -> None:
        assert owner.is_staff
        with pytest.raises(NotAllowed):
            await need_step(house, await people.account(house, Role.ADMIN), 1)


class TestLock:
    async def test_wrong_codes_lock_it_say_so_and_count_as_a_lockout_until_an_admin_unlocks(
        self, house: Ports, client: AsyncClient, owner: Actor, clock: TestClock
    ) -> None:
        editor = await people.account(house, Role.EDITOR)
        async with house.db.write() as tx:
            with pytest.raises(Conflict):
                await second_steps.renew_codes(tx, editor)
            phone = Phone(await second_steps.begin(tx, editor, house.secrets), clock)
        async with house.db.write() as tx:
            await second_steps.confirm(tx, editor, house.secrets, phone.code())
        clock.move(seconds=60)
        sent = {"email": editor.email, "password": PASSWORD}
        for _ in range(5):
            assert (await client.post("/api/v1/auth/login", json={**sent, "code": "000000"})).status_code == 401
        locked = await client.post("/api/v1/auth/login", json={**sent, "code": phone.code()})
        assert (locked.status_code, "wrong codes" in locked.json()["detail"]) == (403, True)
        assert (await house.watch.look()).lockouts == 1
        async with house.db.write() as tx:
            await users.unlock(tx, owner, editor.user_id)
        assert (await client.post("/api/v1/auth/login", json={**sent, "code": phone.code()})).status_code == 200
