"""The second step: codes as the RFC has them, none good twice, five wrong ones lock it, and every door asks."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient

from engine.accounts import second_steps, totp
from engine.accounts.client import Client
from engine.accounts.models import User
from engine.accounts.second_steps import Held
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotAllowed, NotSignedIn
from engine.core.transaction import Tx
from tests.clock import TestClock
from tests.factories import people
from tests.factories.people import PASSWORD

#: RFC 6238, appendix B, its last six digits.
VECTORS = ((59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130"))
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Phone:
    """An app with somebody's secret, by the test's clock."""

    def __init__(self, secret: str, clock: TestClock) -> None:
        self.secret, self.clock = secret, clock

    def code(self, ahead: int = 0) -> str:
        return totp.code_at(self.secret, int(self.clock.now().timestamp()) // 30 + ahead)


@pytest.fixture
async def ada(house: Ports, owner: Actor) -> Actor:
    assert owner.is_staff
    return await people.account(house, Role.ADMIN, email="ada@example.org")


@pytest.fixture
async def phone(house: Ports, ada: Actor, clock: TestClock) -> Phone:
    async with house.db.write() as tx:
        return Phone(await second_steps.begin(tx, ada, house.secrets), clock)


@pytest.fixture
async def recovery(house: Ports, ada: Actor, phone: Phone, clock: TestClock) -> list[str]:
    """Her recovery codes, with the step switched on."""
    async with house.db.write() as tx:
        codes = await second_steps.confirm(tx, ada, house.secrets, phone.code())
    clock.move(seconds=30)
    return codes


async def held(house: Ports, actor: Actor) -> Held:
    async with house.db.write() as tx:
        user = await tx.get(User, actor.user_id)
        assert user is not None
        found = await second_steps.hold(tx, house.secrets, user)
    assert found is not None
    return found


async def take(house: Ports, token: str, code: str) -> str:
    async def who(_tx: Tx, user: User) -> str:
        return user.email

    return await second_steps.take(house.db, house.secrets, token, code, Client(), who)


class TestCodes:
    @pytest.mark.parametrize(("seconds", "code"), VECTORS)
    def test_they_are_those_of_the_rfc(self, seconds: int, code: str) -> None:
        assert totp.code_at(RFC_SECRET, seconds // 30) == code

    async def test_a_good_one_works_once_and_a_clock_may_be_off(
        self, house: Ports, ada: Actor, phone: Phone, recovery: list[str]
    ) -> None:
        assert len(recovery) == 10
        token = (await held(house, ada)).token
        code = phone.code(1)
        assert await take(house, token, code) == "ada@example.org"
        for again in (code, phone.code(), phone.code(5), "", "12345", "１２３４５６"):
            with pytest.raises((NotSignedIn, NotAllowed)):
                await take(house, token, again)

    async def test_a_recovery_code_works_once_and_however_it_is_typed(
        self, house: Ports, ada: Actor, recovery: list[str]
    ) -> None:
        token = (await held(house, ada)).token
        assert await take(house, token, f" {recovery[0].upper().replace('-', ' ')} ") == "ada@example.org"
        with pytest.raises(NotSignedIn):
            await take(house, token, recovery[0])
        assert await take(house, token, recovery[9]) == "ada@example.org"

    async def test_the_fifth_wrong_one_locks_it_though_the_password_is_right(
        self, house: Ports, ada: Actor, phone: Phone, recovery: list[str], clock: TestClock
    ) -> None:
        for _ in range(5):
            with pytest.raises(NotSignedIn):
                await take(house, (await held(house, ada)).token, "000000")
        with pytest.raises(NotAllowed):
            await take(house, (await held(house, ada)).token, phone.code())
        with pytest.raises(NotAllowed):
            await take(house, (await held(house, ada)).token, recovery[0])
        clock.move(minutes=31)
        assert await take(house, (await held(house, ada)).token, phone.code())

    async def test_what_holds_the_place_ends_and_cannot_be_made_up(
        self, house: Ports, ada: Actor, phone: Phone, recovery: list[str], owner: Actor, clock: TestClock
    ) -> None:
        assert recovery
        token = (await held(house, ada)).token
        _who, until, signature = token.split(".")
        for other in (
            "",
            "x",
            f"{owner.user_id}.{until}.{signature}",
            f"{ada.user_id}.9{until}.{signature}",
            token + "x",
        ):
            with pytest.raises(NotSignedIn):
                await take(house, other, phone.code())
        clock.move(seconds=timedelta(minutes=5, seconds=1).total_seconds())
        with pytest.raises(NotSignedIn):
            await take(house, token, phone.code())

    async def test_nothing_is_asked_before_a_code_was_shown(self, house: Ports, ada: Actor, phone: Phone) -> None:
        async with house.db.write() as tx:
            with pytest.raises(Invalid):
                await second_steps.confirm(tx, ada, house.secrets, "000000")
        assert not await house.db.query(second_steps.has_step, ada.user_id)
        assert phone.secret


class TestDoors:
    async def test_programs_are_asked(
        self, house: Ports, client: AsyncClient, ada: Actor, phone: Phone, recovery: list[str]
    ) -> None:
        assert recovery
        sent = {"email": ada.email, "password": PASSWORD}
        answer = await client.post("/api/v1/auth/login", json=sent)
        assert answer.status_code == 401
        assert "code" in answer.json()["detail"]
        assert (await client.post("/api/v1/auth/login", json={**sent, "code": "000000"})).status_code == 401
        assert (await client.post("/api/v1/auth/login", json={**sent, "code": phone.code()})).status_code == 200

    async def test_browsers_are_asked_and_it_is_set_up_and_taken_away_there(
        self, house: Ports, client: AsyncClient, ada: Actor, clock: TestClock
    ) -> None:
        client.headers["sec-fetch-site"] = "same-origin"
        client.cookies.update(await people.cookie(house, ada))
        page = (await client.get("/admin/me/second-step")).text
        found = re.search(r'id="step-key"[^>]*value="([A-Z2-7 ]+)"', page)
        assert found is not None
        phone = Phone(found[1].replace(" ", ""), clock)
        assert (await client.post("/admin/me/second-step", data={"code": "1"})).status_code == 422
        done = await client.post("/admin/me/second-step", data={"code": phone.code()})
        assert "Recovery codes" in done.text
        clock.move(seconds=60)
        client.cookies.clear()
        asked = await client.post("/admin/sign-in", data={"email": ada.email, "password": PASSWORD})
        assert asked.status_code == 200
        assert "agora_session" not in asked.cookies
        token = re.search(r'name="held" value="([^"]+)"', asked.text)
        assert token is not None
        wrong = await client.post("/admin/sign-in/code", data={"held": token[1], "code": "000000"})
        assert (wrong.status_code, "agora_session" in wrong.cookies) == (422, False)
        right = await client.post("/admin/sign-in/code", data={"held": token[1], "code": phone.code()})
        assert right.status_code == 303
        assert (await client.get("/admin/me")).status_code == 200
        assert (await client.post("/admin/me/second-step/removals", data={"password": "no"})).status_code == 422
        assert (await client.post("/admin/me/second-step/removals", data={"password": PASSWORD})).status_code == 303
        assert not await house.db.query(second_steps.has_step, ada.user_id)

    async def test_who_lost_the_phone_is_helped_by_nobody_below_them(
        self, house: Ports, owner: Actor, ada: Actor, recovery: list[str]
    ) -> None:
        assert recovery
        manager = await people.account(house, Role.STORE_MANAGER)
        async with house.db.write() as tx:
            with pytest.raises(NotAllowed):
                await second_steps.remove(tx, manager, ada.user_id)
        async with house.db.write() as tx:
            await second_steps.remove(tx, owner, ada.user_id)
        assert not await house.db.query(second_steps.has_step, ada.user_id)
