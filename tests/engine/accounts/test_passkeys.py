"""Passkeys: a challenge is good for five minutes, once, and for its purpose; the check itself is by a real browser."""

import json

import pytest

from adapters.passkeys.webauthn import WebAuthnCheck
from engine.accounts import passkeys
from engine.accounts.models import User
from engine.accounts.ports import Door, NewKey
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotFound, NotSignedIn
from engine.core.transaction import Tx
from tests.clock import TestClock
from tests.factories import people

DOOR = Door("localhost", ("http://localhost",))
ANSWER = json.dumps({"id": "a-key"})


class Believer:
    """Believes every browser."""

    def made(self, _door: Door, challenge: bytes, answer: str) -> NewKey:
        assert len(challenge) == 32
        return NewKey(json.loads(answer)["id"], "public", 0)

    def proven(self, _door: Door, _challenge: bytes, _answer: str, key: NewKey) -> int:
        return key.sign_count + 1


@pytest.fixture
async def ada(house: Ports, owner: Actor) -> Actor:
    assert owner.is_staff
    return await people.account(house, Role.ADMIN, email="ada@example.org")


async def new(house: Ports, actor: Actor) -> str:
    asked = await house.db.query(passkeys.ask_new, actor, house.secrets, DOOR, "Site", house.clock.now())
    return asked.token


async def add(house: Ports, actor: Actor, token: str) -> None:
    async with house.db.write() as tx:
        await passkeys.add(tx, actor, house.secrets, Believer(), DOOR, token, ANSWER, " Laptop\n ")


async def enter(house: Ports, token: str, answer: str = ANSWER) -> str:
    async def who(_tx: Tx, user: User) -> str:
        return user.email

    return await passkeys.sign_in(house.db, house.secrets, Believer(), DOOR, token, answer, who)


class TestChallenges:
    async def test_one_is_good_once_for_its_purpose_and_for_five_minutes(
        self, house: Ports, ada: Actor, owner: Actor, clock: TestClock
    ) -> None:
        token = await new(house, ada)
        with pytest.raises(Invalid):
            await add(house, owner, token)
        await add(house, ada, token)
        with pytest.raises(Invalid):
            await add(house, ada, token)
        entrance = passkeys.ask(house.secrets, DOOR, clock.now()).token
        for other in ("", "x.y.z", await new(house, ada), entrance + "x", entrance.replace(".", ".9", 1)):
            with pytest.raises(Invalid):
                await enter(house, other)
        assert await enter(house, entrance) == "ada@example.org"
        with pytest.raises(Invalid):
            await enter(house, entrance)
        late = passkeys.ask(house.secrets, DOOR, clock.now()).token
        clock.move(minutes=6)
        with pytest.raises(Invalid):
            await enter(house, late)

    async def test_nobodys_key_and_nonsense_open_nothing(self, house: Ports, ada: Actor, clock: TestClock) -> None:
        assert ada.user_id
        for answer in ('{"id": "other"}', "", "[]", "{}", "null", '{"id": 7}'):
            with pytest.raises((NotSignedIn, Invalid)):
                await enter(house, passkeys.ask(house.secrets, DOOR, clock.now()).token, answer)

    async def test_one_takes_away_only_ones_own(self, house: Ports, ada: Actor, owner: Actor) -> None:
        await add(house, ada, await new(house, ada))
        [key] = await house.db.query(passkeys.keys_of, ada.user_id)
        assert key.name == "Laptop"
        async with house.db.write() as tx:
            with pytest.raises(NotFound):
                await passkeys.remove(tx, owner, key.id)
        async with house.db.write() as tx:
            await passkeys.remove(tx, ada, key.id)
        assert await house.db.query(passkeys.keys_of, ada.user_id) == []


class TestCheck:
    @pytest.mark.parametrize(
        "answer", ["", "{}", "null", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}']
    )
    def test_nonsense_is_refused_and_never_a_failure(self, answer: str) -> None:
        check = WebAuthnCheck()
        with pytest.raises(Invalid):
            check.made(DOOR, b"x" * 32, answer)
        with pytest.raises(Invalid):
            check.proven(DOOR, b"x" * 32, answer, NewKey("x", "x", 0))
