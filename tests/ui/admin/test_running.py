"""What is running: who is told of which job, and how it is followed."""

from datetime import timedelta
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select, update

from engine.api.ports import Ports
from engine.core import jobnews
from engine.core.actor import Actor, Role
from engine.core.facts import FactRow
from engine.core.jobs import Job, JobStatus
from tests.clock import TestClock
from tests.factories import people
from tests.ui.admin.conftest import sitting

FOLLOWED = frozenset({"records.import"})
ASKED = {"resource": "redirects", "filename": "<b>old</b>.csv"}


async def job(house: Ports, by: Actor | None = None, kind: str = "records.import", **changes: object) -> UUID:
    """Return a job that stands as the changes say."""
    async with house.db.write() as tx:
        job_id = tx.enqueue(kind, ASKED, actor=by, run_at=tx.now + timedelta(days=1))
        await tx.flush()
        if changes:
            await tx.execute(update(Job).where(Job.id == job_id).values(**changes))
    return job_id


async def told(house: Ports, actor: Actor) -> list[UUID]:
    return [one.id for one in await house.db.query(jobnews.news, actor, FOLLOWED, house.clock.now())]


class TestNews:
    async def test_a_person_is_told_of_their_own_and_admins_of_all(self, house: Ports, owner: Actor) -> None:
        manager = await people.account(house, Role.STORE_MANAGER)
        own, other = await job(house, manager), await job(house, owner)
        assert await told(house, manager) == [own]
        assert await told(house, owner) == [other, own]
        assert await house.db.query(jobnews.unfinished, manager, FOLLOWED) == 1
        assert await house.db.query(jobnews.unfinished, owner, FOLLOWED) == 2

    async def test_small_work_is_not_told_unless_it_failed(self, house: Ports, owner: Actor, clock: TestClock) -> None:
        await job(house, owner, "search.index")
        await job(house, owner, "media.variants", status=JobStatus.RUNNING)
        failed = await job(house, None, "messaging.send", status=JobStatus.FAILED, finished_at=clock.now())
        assert await told(house, owner) == [failed]

    async def test_what_ended_leaves_after_a_while(self, house: Ports, owner: Actor, clock: TestClock) -> None:
        done = await job(house, owner, status=JobStatus.SUCCEEDED, finished_at=clock.now())
        failed = await job(house, owner, status=JobStatus.FAILED, finished_at=clock.now())
        going = await job(house, owner, status=JobStatus.RUNNING)
        assert await told(house, owner) == [going, failed, done]
        clock.move(hours=2)
        assert await told(house, owner) == [going, failed]
        clock.move(days=7)
        assert failed not in await told(house, owner)

    async def test_its_end_is_a_fact_where_somebody_follows_it_or_it_failed(self, house: Ports, owner: Actor) -> None:
        async def ends() -> int:
            async with house.db.read() as session:
                return await session.scalar(select(func.count()).where(FactRow.name == "job.ended")) or 0

        async with house.db.write() as tx:
            tx.enqueue("search.index", {"type": "redirects", "ids": []}, actor=owner)
        await house.jobs.run_until_idle()
        assert await ends() == 0
        async with house.db.write() as tx:
            tx.enqueue("search.rebuild")
            tx.enqueue("tests.unknown")
        await house.jobs.run_until_idle()
        assert await ends() == 2


@pytest.mark.usefixtures("owner")
class TestSheet:
    async def test_it_lists_progress_ends_and_another_try(
        self, house: Ports, at_admin: AsyncClient, admin: Actor, clock: TestClock
    ) -> None:
        going = await job(house, admin, status=JobStatus.RUNNING, done=640, total=2000)
        failed = await job(house, admin, status=JobStatus.FAILED, finished_at=clock.now())
        answer = await at_admin.get("/admin/running", headers={"HX-Request": "true"})
        assert "<html" not in answer.text
        assert 'data-jobs="1"' in answer.text
        assert 'value="640" max="2000"' in answer.text
        assert f'href="/admin/redirects/import/{going}"' in answer.text
        assert f'action="/admin/jobs/{failed}/retries"' in answer.text
        assert "<b>old" not in answer.text
        assert 'id="running-count" hx-swap-oob="true"' in answer.text
        assert "1 running" in (await at_admin.get("/admin/orders")).text

    async def test_who_may_not_try_again_is_not_offered_it(
        self, house: Ports, client: AsyncClient, clock: TestClock
    ) -> None:
        editor = await people.account(house, Role.EDITOR)
        browser = sitting(client, await people.cookie(house, editor))
        failed = await job(house, editor, status=JobStatus.FAILED, finished_at=clock.now())
        page = (await browser.get("/admin/running")).text
        assert str(failed) in page
        assert "/retries" not in page
        assert "/admin/jobs/" not in page

    async def test_without_jobs_it_says_what_it_is_for(self, at_admin: AsyncClient) -> None:
        assert "Nothing is running." in (await at_admin.get("/admin/running")).text
