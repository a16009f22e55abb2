"""Backups on screen: made, tried out, taken away, brought back, and put back once the site's name is typed."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.settings import SiteSetting
from engine.operations.backups import restoring
from engine.operations.backups.working import TEND, TEND_EVERY
from tests.clock import TestClock
from tests.factories import people
from tests.factories.backups import PASSPHRASE
from tests.ui.admin.conftest import sitting

HOME = "/admin/backups"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def set_up(house: Ports, **values: object) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system(), "backups", values)
    await house.settings.refresh()


async def made(house: Ports, at_owner: AsyncClient) -> str:
    """Have a backup made on the page; return its name."""
    answer = await at_owner.post(HOME)
    assert answer.status_code == 303
    await house.jobs.run_until_idle()
    page = await at_owner.get(answer.headers["location"])
    assert "It is whole" in page.text
    return house.backups.every()[0].name


async def restored(house: Ports, at_owner: AsyncClient, name: str, **typed: str) -> str:
    """Have a backup put back; return what the page says at the end."""
    answer = await at_owner.post(f"{HOME}/{name}/restores", data={"typed": house.site.general.site_name, **typed})
    assert answer.headers["location"] == f"{HOME}/restore"
    task = house.backups.staged_by
    assert task is not None
    await task
    return (await at_owner.get(f"{HOME}/restore")).text


class TestList:
    async def test_one_is_made_listed_downloaded_and_sent_back_in(self, house: Ports, at_owner: AsyncClient) -> None:
        assert "No backups yet" in (await at_owner.get(HOME)).text
        name = await made(house, at_owner)
        page = (await at_owner.get(HOME)).text
        assert "Tried out, whole" in page
        assert f'href="{HOME}/{name}"' in page
        taken = await at_owner.get(f"{HOME}/{name}/file")
        assert taken.content == house.backups.find(name).path.read_bytes()
        assert taken.headers["cache-control"] == "no-store"
        assert f"{name.removesuffix('.zip')}.agora.zip" in taken.headers["content-disposition"]
        sent = await at_owner.post(f"{HOME}/uploads", files={"file": (name, taken.content)})
        brought = sent.headers["location"].removeprefix(f"{HOME}/")
        assert brought != name
        page = (await at_owner.get(f"{HOME}/{brought}")).text
        assert "Not yet" in page
        deleted = await at_owner.post(f"{HOME}/{brought}/deletions")
        assert deleted.status_code == 303
        assert [one.name for one in house.backups.every()] == [name]
        async with house.db.read() as session:
            lines = set((await session.scalars(select(AuditEntry.action))).all())
        assert {"backup.create", "backup.download", "backup.upload", "backup.delete"} <= lines

    @pytest.mark.parametrize("sent", [b"", b"not a backup", b"PK\x03\x04 torn"])
    async def test_what_is_no_backup_is_refused_with_a_sentence(
        self, house: Ports, at_owner: AsyncClient, sent: bytes
    ) -> None:
        answer = await at_owner.post(f"{HOME}/uploads", files={"file": ("a.zip", sent)})
        assert answer.status_code == 422
        assert "backup" in answer.text
        assert house.backups.every() == []

    async def test_admins_make_them_and_super_admins_do_the_rest(
        self, client: AsyncClient, house: Ports, at_owner: AsyncClient
    ) -> None:
        name = await made(house, at_owner)
        admin = sitting(client, await people.cookie(house, await people.account(house, Role.ADMIN)))
        assert (await admin.get(f"{HOME}/{name}")).status_code == 200
        assert "Put it back" not in (await admin.get(f"{HOME}/{name}")).text
        assert (await admin.get(f"{HOME}/{name}/file")).status_code == 403
        for act in ("restores", "deletions"):
            assert (await admin.post(f"{HOME}/{name}/{act}")).status_code == 403
        assert (await admin.post(f"{HOME}/uploads")).status_code == 403
        assert (await admin.post("/admin/settings/backups", data={"folder": "/srv/backups"})).status_code == 403
        manager = sitting(client, await people.cookie(house, await people.account(house, Role.STORE_MANAGER)))
        assert (await manager.get(HOME)).status_code == 403

    async def test_names_that_are_none_find_nothing(self, at_owner: AsyncClient) -> None:
        for name in ("x.zip", "..%2Fsecrets.json", "%2e%2e.zip", "agora.zip%00", ".news.json"):
            assert (await at_owner.get(f"{HOME}/{name}")).status_code in {400, 404}
            assert (await at_owner.get(f"{HOME}/{name}/file")).status_code in {400, 404}

    async def test_one_that_fails_says_why_here_and_on_the_dashboard(
        self, house: Ports, at_owner: AsyncClient, tmp_path: Path
    ) -> None:
        (tmp_path / "a file").write_text("in the way")
        await set_up(house, folder=str(tmp_path / "a file" / "below"))
        answer = await at_owner.post(HOME)
        await house.jobs.run_until_idle()
        page = (await at_owner.get(answer.headers["location"])).text
        assert "cannot be used: Not a directory" in page
        assert "cannot be used: Not a directory" in (await at_owner.get("/admin")).text
        assert "cannot be used: Not a directory" in (await at_owner.get(HOME)).text


class TestSchedule:
    async def test_one_is_made_each_night_sealed_and_the_old_ones_go(
        self, house: Ports, clock: TestClock, tmp_path: Path
    ) -> None:
        await set_up(house, folder=str(tmp_path / "elsewhere"), keepDays=3, passphrase=PASSPHRASE, at="02:00")
        for _ in range(6 * 24):
            await self.tend(house, clock)
        found = house.backups.every()
        assert [one.made_at.day for one in found] == [7, 6, 5]
        assert {(one.made_at.hour, one.kind, one.is_sealed) for one in found} == {(2, "scheduled", True)}
        assert {one.path.parent for one in found} == {tmp_path / "elsewhere"}
        assert house.backups.worry(clock.now()) is None
        clock.move(hours=30)
        assert str(house.backups.worry(clock.now())) == "The last backup is 1 day old"

    async def tend(self, house: Ports, clock: TestClock) -> None:
        clock.move(hours=1)
        async with house.db.write() as tx:
            tx.enqueue(TEND)
        await house.jobs.run_until_idle()

    async def test_a_new_house_makes_none_before_its_first_night(self, house: Ports, clock: TestClock) -> None:
        await self.tend(house, clock)
        assert house.backups.every() == []
        assert timedelta(0) < TEND_EVERY < timedelta(hours=1)

    async def test_the_passphrase_is_kept_encrypted_and_shown_to_nobody(
        self, house: Ports, at_owner: AsyncClient
    ) -> None:
        await set_up(house, passphrase=PASSPHRASE)
        page = (await at_owner.get("/admin/settings/backups")).text
        async with house.db.read() as session:
            kept = await session.get(SiteSetting, "backups")
            lines = str([entry.details for entry in (await session.scalars(select(AuditEntry))).all()])
        for shown in (page, str(kept.value if kept else ""), lines):
            assert PASSPHRASE[-4:] not in shown


class TestMinute:
    async def test_a_backup_is_made_of_any_minute_since_it_is_followed(
        self, house: Ports, at_owner: AsyncClient, clock: TestClock
    ) -> None:
        assert "Any minute" not in (await at_owner.get(HOME)).text
        await house.backups.look()
        clock.move(minutes=5)
        await set_up(house, keepDays=9)
        await house.backups.look()
        assert "Any minute" in (await at_owner.get(HOME)).text
        for typed in ("", "yesterday", "2026-06-01T11:00", "2026-06-01T12:06"):
            assert (await at_owner.post(f"{HOME}/moments", data={"at": typed})).status_code == 422
        answer = await at_owner.post(f"{HOME}/moments", data={"at": "2026-06-01T12:04"})
        await house.jobs.run_until_idle()
        assert "It is whole" in (await at_owner.get(answer.headers["location"])).text
        (kept,) = house.backups.every()
        assert (kept.kind, kept.has_files, kept.rows and kept.rows["site_settings"]) == ("moment", False, 0)
        assert "Files stay as they are." in (await at_owner.get(f"{HOME}/{kept.name}")).text

    async def test_minutes_that_are_not_written_down_are_told(
        self, house: Ports, at_owner: AsyncClient, tmp_path: Path
    ) -> None:
        (tmp_path / "a file").write_text("in the way")
        await set_up(house, folder=str(tmp_path / "a file" / "below"))
        await house.backups.look()
        assert "What changes is not written down" in (await at_owner.get("/admin")).text


class TestRestore:
    async def test_it_is_staged_once_the_sites_name_is_typed(self, house: Ports, at_owner: AsyncClient) -> None:
        name = await made(house, at_owner)
        refused = await at_owner.post(f"{HOME}/{name}/restores", data={"typed": "yes"})
        assert refused.status_code == 422
        assert "Type “" in refused.text
        assert restoring.plan_of(house.backups.ground) is None
        assert "Stop Agora now, and start it again" in await restored(house, at_owner, name)
        plan = restoring.plan_of(house.backups.ground)
        assert plan is not None
        assert plan.name == name

    async def test_a_wrong_passphrase_changes_nothing_and_says_so(self, house: Ports, at_owner: AsyncClient) -> None:
        await set_up(house, passphrase=PASSPHRASE)
        name = await made(house, at_owner)
        page = await restored(house, at_owner, name, passphrase="another one")
        assert "That is not the passphrase of this backup." in page
        assert restoring.plan_of(house.backups.ground) is None
        assert "Stop Agora now" in await restored(house, at_owner, name)

    async def test_who_is_signed_out_by_it_is_led_to_the_way_in_as_a_whole_page(
        self, client: AsyncClient, at_owner: AsyncClient
    ) -> None:
        asked = {"HX-Request": "true", "X-Part": "page"}
        answer = await sitting(client, {}).get(f"{HOME}/restore", headers=asked)
        assert answer.headers["hx-redirect"] == "/admin/sign-in?next=%2Fadmin%2Fbackups%2Frestore"

    async def test_where_the_process_starts_again_by_itself_it_is_asked_to(
        self, house: Ports, at_owner: AsyncClient, owner: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("engine.operations.backups.backups.SEEN_SECONDS", 0)
        name = await made(house, at_owner)
        asked = asyncio.Event()
        await house.backups.begin_restore(house.db, owner, name, "", house.site.general.site_name, asked.set)
        await asyncio.wait_for(asked.wait(), 30)


class TestUpkeep:
    async def test_it_lists_what_runs_by_itself_and_runs_it_now(self, house: Ports, at_owner: AsyncClient) -> None:
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        page = (await at_owner.get("/admin/upkeep")).text
        assert "Give back what is empty in the database" in page
        assert "Practise a restore" in page
        assert "agora secrets rotate" in page
        ran = await at_owner.post("/admin/upkeep/upkeep.vacuum/runs")
        assert ran.headers["location"].startswith("/admin/jobs/")
        assert (await at_owner.post("/admin/upkeep/messaging.send/runs")).status_code == 404
        await made(house, at_owner)
        await at_owner.post("/admin/upkeep/backup.drill/runs")
        await house.jobs.run_until_idle()
        assert "EVERYTHING IS LOST" in (await at_owner.get("/admin/upkeep")).text
