"""Staff at their screens: browsers that are signed in."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people

BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def admin(house: Ports, owner: Actor) -> Actor:
    """An admin beside the owner."""
    assert owner.role is Role.SUPER_ADMIN
    return await people.account(house, Role.ADMIN, name="Ada Admin")


@pytest.fixture
async def at_owner(client: AsyncClient, house: Ports, owner: Actor) -> AsyncClient:
    """The owner's browser."""
    return sitting(client, await people.cookie(house, owner))


@pytest.fixture
async def at_admin(client: AsyncClient, house: Ports, admin: Actor) -> AsyncClient:
    """The admin's browser."""
    return sitting(client, await people.cookie(house, admin))


def sitting(client: AsyncClient, cookies: dict[str, str]) -> AsyncClient:
    """Return the client as this person's browser."""
    client.cookies.clear()
    for name, value in cookies.items():
        client.cookies.set(name, value)
    client.headers.update(BROWSER)
    return client
