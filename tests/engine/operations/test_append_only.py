"""The audit log: lines come by themselves and go by their time alone; no door of the house changes one."""

import pytest
from httpx import AsyncClient
from sqlalchemy import Connection, select

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.tables import table_of
from tests.factories import people


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def lines(house: Ports) -> list[tuple[object, ...]]:
    """Return the whole log, the oldest line first."""

    def read(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(select(table_of(AuditEntry)).order_by(AuditEntry.id))]

    return await house.db.query(read)


class TestAppendOnly:
    async def test_no_door_changes_a_line_takes_one_away_or_makes_one_up(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        bearer = await people.bearer(house, owner)
        cookie = await people.cookie(house, owner)
        before = await lines(house)
        line = str(await house.db.query(lambda connection: connection.scalar(select(AuditEntry.id).limit(1))))
        made_up = {"action": "order.pay", "actor": "somebody@example.org", "result": "success"}
        here = f"/api/v1/audit/{line}"
        for sent in ({}, {"action": "x"}):
            assert (await client.patch(here, json=sent, headers=bearer)).status_code in (409, 422), sent
        assert (await client.delete(here, headers=bearer)).status_code == 409
        assert (await client.post("/api/v1/audit", json=made_up, headers=bearer)).status_code in (409, 422)
        for act in ("delete", "update"):
            sent = {"ids": [line], "act": act, "changes": {}}
            assert (await client.post("/api/v1/audit/bulk", json=sent, headers=bearer)).status_code in (409, 422)
        table = {"file": ("audit.csv", f"id,action\n{line},nothing\n", "text/csv")}
        answer = await client.post("/api/v1/audit/import", files=table, headers=bearer)
        if answer.status_code == 202:
            await house.jobs.run_until_idle()
        client.headers["sec-fetch-site"] = "same-origin"
        client.cookies.update(cookie)
        for path in (f"/admin/audit/{line}", f"/admin/audit/{line}/delete", "/admin/audit", "/admin/audit/bulk"):
            answer = await client.post(path, data={"action": "nothing", "selected": line, "act": "delete"})
            assert answer.status_code >= 400, path
        assert (await lines(house))[: len(before)] == before

    async def test_a_list_of_what_was_refused_can_be_taken_away_and_holds_no_secret(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        secret = "whsec_a_very_secret_word_1234"
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, "alerts", {"webhookSecret": secret})
        await client.post("/api/v1/auth/login", json={"email": owner.email, "password": "my other password"})
        bearer = await people.bearer(house, owner)
        refused = (await client.get("/api/v1/audit/export?format=csv&result=failure", headers=bearer)).text
        assert "user.sign_in" in refused
        assert "settings.update" not in refused
        whole = (await client.get("/api/v1/audit/export?format=json", headers=bearer)).text
        assert "settings.update" in whole
        assert secret not in whole
        assert "my other password" not in whole
