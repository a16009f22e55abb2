"""A claimed house with its client, and a token for each role."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.facts import FactRow
from engine.core.ids import new_id
from tests.factories import people

Call = Callable[..., Awaitable[Response]]


@pytest.fixture
async def call(house: Ports, owner: Actor, client: AsyncClient) -> Call:
    """Call the API: `await call("POST", "/redirects", json={...}, role=Role.EDITOR)`; the owner calls unless said."""
    known: dict[Role | None, dict[str, str]] = {None: {}, Role.SUPER_ADMIN: await people.bearer(house, owner)}

    async def ask(method: str, path: str, *, role: Role | None = Role.SUPER_ADMIN, **sent: Any) -> Response:
        if role not in known:
            known[role] = await people.bearer(house, await people.account(house, role))
        return await client.request(method, f"/api/v1{path}", headers=known[role], **sent)

    return ask


class Ledger:
    """What was written beside the rows: facts and audit lines since it was last asked."""

    def __init__(self, house: Ports) -> None:
        self._house = house
        self._seen = new_id()

    async def since(self) -> tuple[list[str], list[str]]:
        """Return the names of the facts and the actions of the audit lines that came since."""
        async with self._house.db.read() as session:
            new_facts = select(FactRow.name).where(FactRow.id > self._seen).order_by(FactRow.id)
            new_lines = select(AuditEntry.action).where(AuditEntry.id > self._seen).order_by(AuditEntry.id)
            facts = list(await session.scalars(new_facts))
            lines = list(await session.scalars(new_lines))
        self._seen = new_id()
        return facts, lines

    async def count(self, model: Any) -> int:
        """Return how many rows a table holds."""
        async with self._house.db.read() as session:
            return await session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def ledger(house: Ports) -> Ledger:
    return Ledger(house)


__all__ = ["Call", "Ledger"]
