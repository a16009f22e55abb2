"""Jobs and the audit log on screen and over the API."""

from uuid import UUID

from httpx import AsyncClient
from sqlalchemy import select, update

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus, Schedule
from tests.factories import people
from tests.ui.admin.conftest import sitting
from ui.admin.jobs.words import TITLES


async def failed_job(house: Ports, by: Actor | None = None) -> UUID:
    """Return a job that nobody knows how to run, given up on."""
    async with house.db.write() as tx:
        job_id = tx.enqueue("tests.unknown", {"file": "<b>x</b>"}, actor=by)
    await house.jobs.run_until_idle()
    return job_id


def test_every_kind_of_job_has_words(house: Ports) -> None:
    assert set(house.jobs.kinds) | set(house.jobs.reactions) <= set(TITLES)


class TestJobPages:
    async def test_a_dead_letter_is_shown_and_tried_again(self, house: Ports, at_admin: AsyncClient) -> None:
        job_id = await failed_job(house)
        assert "tests.unknown" in (await at_admin.get("/admin/jobs?status=failed")).text
        assert "Bring the search up to date" in (await at_admin.get("/admin/jobs")).text
        page = await at_admin.get(f"/admin/jobs/{job_id}")
        assert "no installed part of Agora knows" in page.text
        assert "<b>x</b>" not in page.text
        assert (await at_admin.post(f"/admin/jobs/{job_id}/retries")).status_code == 303
        assert await house.jobs.run_until_idle() == 1

    async def test_routine_is_out_of_the_way_unless_it_failed(self, house: Ports, at_admin: AsyncClient) -> None:
        await house.jobs.start_scheduled()
        job_id = await failed_job(house)
        assert 'href="/admin/jobs?isRoutine=false"' in (await at_admin.get("/admin")).text
        shown = (await at_admin.get("/admin/jobs?isRoutine=false")).text
        every = (await at_admin.get("/admin/jobs")).text
        assert str(job_id) in shown
        assert shown.count('href="/admin/jobs/0') < every.count('href="/admin/jobs/0')
        async with house.db.write() as tx:
            kind = await tx.scalar(select(Schedule.kind).limit(1))
            await tx.execute(update(Job).where(Job.kind == kind).values(status=JobStatus.FAILED))
        again = (await at_admin.get("/admin/jobs?isRoutine=false")).text
        assert again.count('href="/admin/jobs/0') == shown.count('href="/admin/jobs/0') + 1

    async def test_the_audit_log_counts_its_lines(self, house: Ports, at_admin: AsyncClient) -> None:
        assert house.resources
        assert " lines</p>" in (await at_admin.get("/admin/audit")).text

    async def test_one_that_has_not_failed_is_not_tried_again(self, house: Ports, at_admin: AsyncClient) -> None:
        async with house.db.write() as tx:
            job_id = tx.enqueue("tests.unknown")
        assert (await at_admin.post(f"/admin/jobs/{job_id}/retries")).status_code == 409

    async def test_the_sidebar_counts_what_waits_for_somebody(self, house: Ports, at_admin: AsyncClient) -> None:
        await failed_job(house)
        assert '<span class="sidebar-count">1</span>' in (await at_admin.get("/admin/audit")).text


class TestJobsApi:
    async def test_whoever_started_a_job_follows_it_and_nobody_else_does(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        manager = await people.account(house, Role.STORE_MANAGER)
        other = await people.account(house, Role.STORE_MANAGER, email="other@example.org")
        job_id = await failed_job(house, manager)
        url = f"/api/v1/jobs/{job_id}"
        answer = await client.get(url, headers=await people.bearer(house, manager))
        assert answer.status_code == 200
        body = answer.json()
        assert (body["status"], body["progress"], body["result"]) == ("failed", {"done": 0, "total": 0}, None)
        assert (await client.get(url, headers=await people.bearer(house, other))).status_code == 404
        assert (await client.get(url, headers=await people.bearer(house, owner))).status_code == 200
        assert (await client.get(url)).status_code == 401
        assert (await client.get("/api/v1/jobs", headers=await people.bearer(house, manager))).status_code == 403

    async def test_staff_list_them_and_try_one_again(self, house: Ports, client: AsyncClient, owner: Actor) -> None:
        job_id = await failed_job(house)
        headers = await people.bearer(house, owner)
        listed = (await client.get("/api/v1/jobs?status=failed&limit=5", headers=headers)).json()
        assert (listed["total"], listed["limit"], listed["items"][0]["id"]) == (1, 5, str(job_id))
        assert (await client.post(f"/api/v1/jobs/{job_id}/retries", headers=headers)).status_code == 202
        assert (await client.post(f"/api/v1/jobs/{new_id()}/retries", headers=headers)).status_code == 404


class TestAudit:
    async def test_a_change_is_there_with_before_and_after_and_secrets_masked(
        self, house: Ports, at_admin: AsyncClient, admin: Actor
    ) -> None:
        async with house.db.write() as tx:
            await house.settings.update(tx, admin, "general", {"siteName": "<i>Kiln</i>"})
        async with house.db.write() as tx:
            await house.settings.update(tx, admin, "payments", {"testSecretKey": "sk_test_51HxYzAbCdEfGh1234"})
        text = (await at_admin.get("/admin/audit?action=settings.update")).text
        assert "<del>Agora</del><ins>&lt;i&gt;Kiln&lt;/i&gt;</ins>" in text
        assert "Settings: update general" in text
        assert "sk_test••••1234" in text
        assert "51HxYz" not in text

    async def test_filters_narrow_it(self, house: Ports, at_admin: AsyncClient, admin: Actor) -> None:
        async with house.db.write() as tx:
            await house.settings.update(tx, admin, "general", {"siteName": "Kiln"})
        for query, is_there in (
            (f"search={admin.email[:8]}+settings", True),
            ("search=nobody", False),
            ("createdAtFrom=2026-06-01&createdAtTo=2026-06-01&action=settings.update", True),
            ("createdAtFrom=2026-06-02", False),
            ("result=failure", False),
            ("search=%25", False),
        ):
            answer = await at_admin.get(f"/admin/audit?{query}")
            assert answer.status_code == 200
            assert ("<td" in answer.text) is is_there, query

    async def test_below_admin_it_is_closed(self, client: AsyncClient, house: Ports, at_admin: AsyncClient) -> None:
        manager = await people.account(house, Role.STORE_MANAGER)
        sitting(client, await people.cookie(house, manager))
        assert (await client.get("/admin/audit")).status_code == 403
