"""Backups and upkeep over the API: what staff do on screen can be done by a program."""

from pathlib import Path

import pytest
from httpx import AsyncClient
from sqlalchemy import update

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.jobs import Job, JobStatus
from tests.factories import people

ALL = "/api/v1/backups"
UPKEEP = "/api/v1/upkeep"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def at_owner(client: AsyncClient, house: Ports, owner: Actor) -> AsyncClient:
    client.headers.update(await people.bearer(house, owner))
    return client


class TestBackups:
    async def test_one_is_made_read_tried_taken_away_and_brought_back(
        self, house: Ports, at_owner: AsyncClient, tmp_path: Path
    ) -> None:
        (tmp_path / "drive").mkdir()
        saved = await at_owner.put("/api/v1/settings/backups", json={"secondPlace": str(tmp_path / "drive")})
        assert saved.status_code == 200
        asked = await at_owner.post(ALL)
        assert asked.status_code == 202
        await house.jobs.run_until_idle()
        job = (await at_owner.get(f"/api/v1/jobs/{asked.json()['jobId']}")).json()
        assert (job["status"], job["result"]["sent"]) == ("succeeded", 1)
        found = (await at_owner.get(ALL)).json()
        (one,) = found["items"]
        assert (found["total"], found["worry"], one["kind"]) == (1, "", "manual")
        assert (one["places"], one["problem"], one["verifiedAt"] is not None) == (["here", "second"], "", True)
        assert (await at_owner.get(f"{ALL}/{one['name']}")).json() == one
        taken = await at_owner.get(f"{ALL}/{one['name']}/file")
        assert len(taken.content) == one["sizeBytes"]
        trial = await at_owner.post(f"{ALL}/{one['name']}/trials")
        assert trial.status_code == 202
        await house.jobs.run_until_idle()
        sent = await at_owner.post(f"{ALL}/uploads", files={"file": ("mine.zip", taken.content)})
        assert (sent.status_code, sent.json()["places"]) == (201, ["here"])
        house.backups.shelf.remove(one["name"])
        assert (await at_owner.get(f"{ALL}/{one['name']}")).json()["places"] == ["second"]
        refused = await at_owner.get(f"{ALL}/{one['name']}/file")
        assert (refused.status_code, "Bring it here first" in refused.json()["detail"]) == (409, True)
        assert (await at_owner.post(f"{ALL}/{one['name']}/fetches")).status_code == 202
        await house.jobs.run_until_idle()
        assert (await at_owner.get(f"{ALL}/{one['name']}")).json()["places"] == ["here", "second"]
        for name in (one["name"], sent.json()["name"]):
            assert (await at_owner.delete(f"{ALL}/{name}")).status_code == 204
        assert (await at_owner.get(ALL)).json()["items"] == []

    async def test_it_is_put_back_once_the_sites_name_is_sent(self, house: Ports, at_owner: AsyncClient) -> None:
        await at_owner.post(ALL)
        await house.jobs.run_until_idle()
        name = house.backups.every()[0].name
        refused = await at_owner.post(f"{ALL}/{name}/restores", json={"confirm": "what"})
        assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, ["confirm"])
        begun = await at_owner.post(f"{ALL}/{name}/restores", json={"confirm": house.site.general.site_name})
        assert begun.status_code == 202
        task = house.backups.staged_by
        assert task is not None
        await task
        state = (await at_owner.get(f"{ALL}/restore")).json()
        assert (state["name"], state["isStaged"], state["problem"]) == (name, True, "")

    async def test_nonsense_is_refused_with_a_sentence(self, house: Ports, at_owner: AsyncClient) -> None:
        for path in (f"{ALL}/nothing.zip", f"{ALL}/..%2Fsecrets.json", f"{ALL}/.news.json"):
            assert (await at_owner.get(path)).status_code in {400, 404}
        assert (await at_owner.post(ALL, json={"moment": "2020-01-01T00:00:00Z"})).status_code == 404
        assert (await at_owner.post(ALL, json={"moment": "yesterday"})).status_code == 422
        assert (await at_owner.post(f"{ALL}/uploads", content=b"no form")).status_code == 422
        sent = await at_owner.post(f"{ALL}/uploads", files={"file": ("a.zip", b"PK\x03\x04 torn")})
        assert (sent.status_code, "backup" in sent.json()["detail"]) == (422, True)
        assert house.backups.every() == []


class TestUpkeep:
    async def test_what_ran_last_and_runs_next_is_told_and_run_now(self, house: Ports, at_owner: AsyncClient) -> None:
        async with house.db.write() as tx:
            tx.enqueue("upkeep.vacuum", key="upkeep.vacuum", actor=Actor.system())
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        found = {one["kind"]: one for one in (await at_owner.get(UPKEEP)).json()["items"]}
        assert (found["upkeep.vacuum"]["status"], found["upkeep.vacuum"]["everySeconds"]) == ("succeeded", 604_800)
        assert (found["backup.drill"]["status"], found["backup.drill"]["everySeconds"]) == (None, 2_592_000)
        async with house.db.write() as tx:
            tx.enqueue("backup.drill", key="backup.drill", actor=Actor.system())
        await house.jobs.run_until_idle()
        found = {one["kind"]: one for one in (await at_owner.get(UPKEEP)).json()["items"]}
        assert found["backup.drill"]["status"] == "succeeded"  # there is none to try yet, and alerts tell of that
        ran = await at_owner.post(f"{UPKEEP}/backup.drill/runs")
        assert ran.status_code == 202
        assert (await at_owner.post(f"{UPKEEP}/backup.drill/runs")).json() == ran.json()
        await house.jobs.run_until_idle()
        found = {one["kind"]: one for one in (await at_owner.get(UPKEEP)).json()["items"]}
        assert found["backup.drill"]["status"] == "failed"
        assert "There is no backup to try" in found["backup.drill"]["error"]
        assert (await at_owner.post(f"{UPKEEP}/messaging.send/runs")).status_code == 404

    async def test_one_that_fails_raises_an_alert_until_it_succeeds(self, house: Ports, owner: Actor) -> None:
        async with house.db.write() as tx:
            tx.enqueue("upkeep.vacuum", key="upkeep.vacuum", actor=owner)
        await house.jobs.run_until_idle()
        assert "upkeep" not in (await house.watch.look()).concerns
        async with house.db.write() as tx:
            await tx.execute(update(Job).where(Job.kind == "upkeep.vacuum").values(status=JobStatus.FAILED))
        sample = await house.watch.look()
        assert sample.concerns["upkeep"] == "upkeep.vacuum"
        assert "one_place" in sample.concerns
        async with house.db.write() as tx:
            tx.enqueue("upkeep.vacuum", key="upkeep.vacuum", actor=owner)
        await house.jobs.run_until_idle()
        assert "upkeep" not in (await house.watch.look()).concerns


@pytest.mark.usefixtures("owner")
async def test_admins_make_them_and_super_admins_do_the_rest(house: Ports, client: AsyncClient) -> None:
    admin = await people.account(house, Role.ADMIN)
    client.headers.update(await people.bearer(house, admin))
    assert (await client.post(ALL)).status_code == 202
    await house.jobs.run_until_idle()
    name = (await client.get(ALL)).json()["items"][0]["name"]
    assert (await client.get(f"{ALL}/{name}/file")).status_code == 403
    assert (await client.delete(f"{ALL}/{name}")).status_code == 403
    assert (await client.post(f"{ALL}/uploads")).status_code == 403
    assert (await client.get(UPKEEP)).status_code == 200
