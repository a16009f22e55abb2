"""People with accounts, and their ways in."""

from typing import Any

from httpx import AsyncClient

from engine.accounts import users
from engine.accounts.client import Client
from engine.accounts.models import User
from engine.accounts.sessions import open_session
from engine.accounts.tokens import open_family
from engine.api.ports import Ports
from engine.core.actor import Actor, Role

PASSWORD = "a quiet brown kettle"


async def account(
    house: Ports, role: Role = Role.CUSTOMER, *, email: str | None = None, name: str | None = None, **changes: Any
) -> Actor:
    """Return somebody with this role, `PASSWORD`, and flags such as `is_event_staff=True`."""
    email = email or f"{role.value.replace('_', '-')}@example.org"
    password_hash = await house.front_desk.passwords.hash(PASSWORD)
    system = Actor.system("tests")
    async with house.db.write() as tx:
        made = await users.create(
            tx, system, email=email, name=name or email.partition("@")[0], password_hash=password_hash, role=role
        )
    if changes:
        async with house.db.write() as tx:
            made = await users.update(tx, system, made.id, users.UserUpdate(**changes))
    return made.actor("127.0.0.1")


async def bearer(house: Ports, actor: Actor) -> dict[str, str]:
    """Return the headers of an API client that this person signed in with."""
    async with house.db.write() as tx:
        user = await tx.get(User, actor.user_id)
        assert user is not None
        pair = await open_family(tx, house.front_desk.mint, user, Client())
    return {"Authorization": f"Bearer {pair.access_token}"}


async def cookie(house: Ports, actor: Actor) -> dict[str, str]:
    """Return the cookies of a browser that this person signed in with."""
    async with house.db.write() as tx:
        user = await tx.get(User, actor.user_id)
        assert user is not None
        return {"agora_session": await open_session(tx, user, Client())}


async def sign_in(client: AsyncClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    """Return what `/auth/login` answers to a right password."""
    answer = await client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
