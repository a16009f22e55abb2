"""Services on screen: tried out, looked at, begun, and ended by the next start; the way back; and who may not."""

from pathlib import Path

import pytest
from anyio import to_thread
from httpx import AsyncClient
from sqlalchemy import select

from app.engines import open_cache
from app.settings import Settings, load_settings
from app.switching import settling
from app.wiring import wire
from engine.accounts import identity
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.i18n import _
from engine.operations.services.plans import Phase
from engine.operations.watch.checks import BUILDING, ServiceCheck, look
from tests.certificate import write_certificate
from tests.neighbours import PASSWORD, s3_place
from tests.postgres import PostgresServer
from tests.programs import Program, free_port

HOME = "/admin/services"


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """A machine on which nothing is set: the database is the file in the data folder."""
    Path(sqlite_url.removeprefix("sqlite:///")).replace(tmp_path / "agora.sqlite3")
    return load_settings(data_dir=tmp_path).model_copy(update={"rate_limits": False})


async def begun(house: Ports, browser: AsyncClient) -> None:
    """Say yes to the change that was tried out, and wait until the next start can end it."""
    answer = await browser.post(f"{HOME}/plan/begin")
    assert answer.headers["location"] == f"{HOME}/progress"
    assert house.services.prepared_by is not None
    await house.services.prepared_by


def started(settings: Settings) -> Settings:
    """Return the settings of the next start."""
    return settling.settle(settings, lambda _settings: None)


class TestScreens:
    async def test_every_service_is_shown_and_the_settings_lead_to_each(self, at_owner: AsyncClient) -> None:
        page = (await at_owner.get("/admin/settings/system")).text
        for role in ("database", "cache", "queue", "search", "storage", "mode"):
            assert f'href="{HOME}/{role}"' in page
            assert (await at_owner.get(f"{HOME}/{role}")).status_code == 200
        assert "agora.sqlite3" in page
        assert (await at_owner.get(HOME)).status_code == 200
        assert (await at_owner.get(f"{HOME}/nothing")).status_code == 404
        assert (await at_owner.get(f"{HOME}/cache?to=nothing")).status_code == 404
        assert "Nothing is being changed" in (await at_owner.get(f"{HOME}/progress")).text
        assert (await at_owner.get(f"{HOME}/plan")).headers["location"] == HOME

    async def test_an_admin_sees_and_changes_none_of_it(self, at_admin: AsyncClient) -> None:
        assert (await at_admin.get(HOME)).status_code == 403
        assert (await at_admin.post(f"{HOME}/cache/trials", data={"to": "memory"})).status_code == 403
        assert (await at_admin.post(f"{HOME}/plan/begin")).status_code == 403
        assert HOME not in (await at_admin.get("/admin/settings/system")).text

    async def test_what_does_not_answer_comes_back_with_what_was_typed(
        self, house: Ports, at_owner: AsyncClient
    ) -> None:
        port = free_port()
        sent = {"to": "redis", "address": f"redis://me@127.0.0.1:{port}", "password": "hush hush"}
        answer = await at_owner.post(f"{HOME}/cache/trials", data=sent)
        assert answer.status_code == 422
        assert "Redis at 127.0.0.1 does not answer" in answer.text
        assert f"redis://me@127.0.0.1:{port}" in answer.text
        assert "hush hush" not in answer.text
        assert house.services.room.plan() is None

    async def test_a_redis_behind_an_own_authority_and_a_password(
        self, house: Ports, at_owner: AsyncClient, settings: Settings, redis_server: Program, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        other, _key = write_certificate(tmp_path / "other")
        own = redis_server.folder / "certificate.pem"
        sent = {"to": "redis", "address": f"rediss://127.0.0.1:{redis_server.port}/0", "password": PASSWORD}
        for wrong, told in (
            ({"ca": str(own), "password": "not it"}, "look at user and password"),
            (
                {"ca": str(own), "address": f"rediss://nobody@127.0.0.1:{redis_server.port}"},
                "look at user and password",
            ),
            ({"ca": str(other)}, "signed by nobody who is trusted here"),
            ({}, "signed by nobody who is trusted here"),
            ({"ca": str(_key)}, "does not hold a certificate"),
            ({"ca": str(own), "address": f"rediss://localhost:{redis_server.port}"}, "for another name"),
            ({"address": f"redis://127.0.0.1:{redis_server.port}"}, "perhaps it takes encrypted connections only"),
        ):
            answer = await at_owner.post(f"{HOME}/cache/trials", data={**sent, **wrong})
            assert answer.status_code == 422
            assert told in answer.text
            assert PASSWORD not in answer.text
        await at_owner.post(f"{HOME}/cache/trials", data={**sent, "ca": str(own)})
        await begun(house, at_owner)
        again = started(settings)
        cache = open_cache("redis", again, house.clock)
        await cache.set("services", b"kept", 5)
        assert (await cache.get("services"), cache.absence) == (b"kept", None)
        await cache.close()

    async def test_what_serves_already_and_what_the_environment_decides_is_refused(
        self, at_owner: AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = await at_owner.post(f"{HOME}/cache/trials", data={"to": "disk"})
        assert "nothing would change" in answer.text
        monkeypatch.setenv("AGORA_CACHE", "disk")
        answer = await at_owner.post(f"{HOME}/cache/trials", data={"to": "memory"})
        assert answer.status_code == 422
        assert "AGORA_CACHE is set" in answer.text

    async def test_a_change_that_was_tried_out_can_be_left(self, house: Ports, at_owner: AsyncClient) -> None:
        answer = await at_owner.post(f"{HOME}/cache/trials", data={"to": "memory"})
        assert answer.headers["location"] == f"{HOME}/plan"
        assert "begins empty" in (await at_owner.get(f"{HOME}/plan")).text
        await at_owner.post(f"{HOME}/plan/discard")
        assert house.services.room.plan() is None
        assert (await at_owner.post(f"{HOME}/plan/begin")).headers["location"] == HOME


class TestChange:
    async def test_there_and_back_with_a_line_in_the_audit_log(
        self, house: Ports, at_owner: AsyncClient, settings: Settings
    ) -> None:
        assert "not known what served" in (await at_owner.post(f"{HOME}/cache/returns", follow_redirects=True)).text
        await at_owner.post(f"{HOME}/cache/trials", data={"to": "memory"})
        await begun(house, at_owner)
        plan = house.services.room.plan()
        assert plan is not None
        assert plan.phase is Phase.READY
        assert "Stop Agora now" in (await at_owner.get(f"{HOME}/progress")).text
        second = await at_owner.post(f"{HOME}/cache/trials", data={"to": "memory"})
        assert "being changed already" in second.text
        made = started(settings)
        assert made.cache == "memory"
        assert "Memory serves now" in (await at_owner.get(f"{HOME}/progress")).text
        async with house.db.read() as session:
            lines = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "service.switch"))).all()
        assert [line.details["after"] for line in lines] == ["memory"]

    async def test_files_move_with_what_came_in_since(
        self, house: Ports, at_owner: AsyncClient, settings: Settings, s3_server: Program
    ) -> None:
        place = s3_place(s3_server)
        await house.blobs.put("media/a/original.png", b"private")
        sent = {"to": "s3", "endpoint": place.endpoint, "access_key": "key", "secret_key": "secret"}
        sent |= {"bucket_media": place.media_bucket, "bucket_labels": place.private_bucket}
        wrong = await at_owner.post(f"{HOME}/storage/trials", data={**sent, "bucket_labels": "nowhere"})
        assert wrong.status_code == 422
        await at_owner.post(f"{HOME}/storage/trials", data=sent)
        assert "1 of 1 files are copied" in (await at_owner.get(f"{HOME}/plan")).text
        await begun(house, at_owner)
        await house.blobs.put("labels/late.pdf", b"late")
        moved = await _again(settings)
        assert (moved.storage, await _file(moved, "media/a/original.png")) == ("s3", b"private")
        assert await _file(moved, "labels/late.pdf") == b"late"

    async def test_the_database_moves_and_comes_back(
        self, house: Ports, at_owner: AsyncClient, settings: Settings, postgres_server: PostgresServer
    ) -> None:
        url = postgres_server.create()
        address = url.replace("postgresql+psycopg", "postgresql")
        refused = await at_owner.post(f"{HOME}/database/trials", data={"to": "postgresql", "address": f"{address}_no"})
        assert "does not exist" in refused.text
        await at_owner.post(f"{HOME}/database/trials", data={"to": "postgresql", "address": address})
        assert "every row" in (await at_owner.get(f"{HOME}/plan")).text
        await begun(house, at_owner)
        await house.db.close()
        moved = await _again(settings)
        there = wire(moved)
        try:
            assert not there.db.is_sqlite
            actor = await _owner_of(there)
            former = await there.services.try_return(actor, "database")
            assert (former.after, former.counts["replaced"]) == ("sqlite", 1)
            await there.services.begin(there.db, actor, None)
            assert there.services.prepared_by is not None
            await there.services.prepared_by
        finally:
            await there.db.close()
        back = await _again(moved)
        assert back.database_url is None
        home = wire(back)
        assert home.db.is_sqlite
        await _owner_of(home)
        await home.db.close()
        postgres_server.drop(url)


async def _again(settings: Settings) -> Settings:
    """Return the settings of the next start, which runs before there is a loop."""
    return await to_thread.run_sync(started, settings)


async def _file(settings: Settings, key: str) -> bytes:
    house = wire(settings)
    try:
        return await house.blobs.get(key)
    finally:
        await house.db.close()


async def _owner_of(house: Ports) -> Actor:
    """Return the owner as this database knows them."""
    await house.settings.refresh()
    async with house.db.read() as session:
        found = (await session.scalars(select(User.id).where(User.email == "owner@example.org"))).one()
    actor = await house.db.query(identity.actor_of_user, found)
    assert actor is not None
    return actor


@pytest.mark.parametrize(
    ("said", "state"), [("", (True, False)), (BUILDING, (True, True)), ("It is away.", (False, False))]
)
async def test_what_is_being_built_is_not_called_offline(said: str, state: tuple[bool, bool]) -> None:
    async def ask() -> str:
        return said

    (found,) = await look([ServiceCheck("search", _("Search"), ask)])
    assert (found.is_up, found.is_building) == state
