"""A second place for backups: everything is copied there, and brought back when the disk of the house has died."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from anyio import to_thread

from adapters.backups.folder import FolderPlace
from adapters.backups.sqlite import SqliteCopies
from adapters.blobs.s3 import open_s3
from app.places import SecondPlaces
from app.settings import Settings
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.backupsettings import BackupSettings
from engine.core.errors import Invalid, NotFound, Unavailable
from engine.media.public import is_public_key
from engine.operations.backups import drilling, elsewhere, restoring
from engine.operations.backups.archive import reading
from engine.operations.backups.carrying import bring
from engine.operations.backups.making import Ground
from engine.operations.backups.minutes import moment
from engine.operations.backups.ports import Place
from engine.operations.backups.shelf import Shelf
from tests.clock import TestClock
from tests.factories.backups import made as made_backup
from tests.factories.shop import Shop
from tests.neighbours import HAS_AZURE, azure_place, s3_place
from tests.programs import Program


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@dataclass(frozen=True)
class Second:
    """Where the second place is, and what the settings say of it."""

    values: Mapping[str, str]
    place: Place


@pytest.fixture(params=["folder", "s3", *(["azure"] if HAS_AZURE else [])])
def second(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, clock: TestClock) -> Second:
    values: dict[str, str] = {"secondPlace": str(tmp_path / "drive")}
    if request.param == "s3":
        server: Program = request.getfixturevalue("s3_server")
        endpoint, bucket = f"http://127.0.0.1:{server.port}", uuid4().hex
        httpx.put(f"{endpoint}/{bucket}").raise_for_status()
        values = {
            "secondPlace": f"s3://{bucket}/kiln/co", "s3Endpoint": endpoint, "s3AccessKey": "key",
            "s3SecretKey": "secret",
        }  # fmt: skip
    elif request.param == "azure":
        at = azure_place(request.getfixturevalue("azure_server"))
        values = {
            "secondPlace": f"azure://{at.private_container}/kiln/co", "azureAccount": at.account,
            "azureKey": at.account_key, "azureEndpoint": at.endpoint,
        }  # fmt: skip
    else:
        (tmp_path / "drive").mkdir()
    said = BackupSettings.model_validate(values)
    return Second(values, SecondPlaces(settings, clock).open(said.second_place, said))


async def choose(house: Ports, **values: object) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system(), "backups", values)
    await house.settings.refresh()
    await house.jobs.run_until_idle()


async def made(house: Ports) -> str:
    await house.backups.begin(house.db, Actor.system())
    await house.jobs.run_until_idle()
    return house.backups.every()[0].name


def rows_of(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
    return found


class TestAll:
    async def test_the_disk_dies_and_orders_and_files_of_the_last_minute_come_back(
        self, house: Ports, shop: Shop, second: Second, clock: TestClock, tmp_path: Path, on: Ground
    ) -> None:
        await house.blobs.put("media/1/original.jpg", b"a picture" * 300_000)
        os.utime(on.folder / "files/media/1/original.jpg", (0, 0))  # long before the clock of the tests
        await choose(house, **second.values)
        name = await made(house)
        (kept,) = house.backups.every()
        assert (kept.is_here, kept.is_elsewhere, house.backups.seen.problem) == (True, True, "")
        await shop.order()
        await house.jobs.run_until_idle()
        clock.move(minutes=1)
        await house.backups.look()
        report = await to_thread.run_sync(
            lambda: drilling.drill(on, [on.shelf], away=drilling.away_of(second.place, house.backups.every()))
        )
        assert report.holds  # no file changed since they were copied
        assert report.lines[0].lost == timedelta(0)
        assert (report.place, report.lines[0].holds) == (second.place.shown, True)
        await house.db.close()
        shutil.rmtree(on.folder)

        new = Ground(tmp_path / "new", SqliteCopies(tmp_path / "new/agora.sqlite3"), clock, "1", places=on.places)
        new.folder.mkdir()
        shelf = await to_thread.run_sync(bring, second.place, clock.now(), tmp_path / "brought")
        path = await to_thread.run_sync(lambda: moment(new, shelf, clock.now(), "", new.shelf))
        await to_thread.run_sync(restoring.stage, new, path)
        await to_thread.run_sync(restoring.settle, new, lambda _plan: None)
        assert rows_of(tmp_path / "new/agora.sqlite3", "orders") == 1
        assert (new.folder / "secrets.json").exists()
        said = BackupSettings.model_validate(second.values)
        assert on.places is not None
        store = on.places.files(said.second_place, said)
        assert await store.get("media/1/original.jpg") == b"a picture" * 300_000
        seen = await to_thread.run_sync(
            lambda: elsewhere.look(new.shelf, second.place, said.second_place, new.folder, clock.now())
        )
        assert list(seen.notes) == [name]
        (away,) = elsewhere.backups_seen(new.shelf, said.second_place)
        assert (away.is_here, away.site, away.verified_at) == (False, kept.site, kept.verified_at)
        fetched = await to_thread.run_sync(elsewhere.fetch, new.shelf, second.place, away)
        with reading(fetched) as archive:
            assert archive.manifest.files == 1
        with pytest.raises(NotFound, match="The first that can be had is"):
            await to_thread.run_sync(bring, second.place, clock.now() - timedelta(days=2), tmp_path / "none")

    async def test_what_is_old_goes_there_too_and_what_is_there_alone_is_listed_and_brought(
        self, house: Ports, second: Second, clock: TestClock, on: Ground
    ) -> None:
        await choose(house, **second.values)
        name = await made(house)
        Shelf(on.shelf.folder).remove(name)
        assert [(one.name, one.is_here) for one in house.backups.every()] == [(name, False)]
        await house.backups.begin_trial(house.db, Actor.system(), name)
        await house.jobs.run_until_idle()
        assert house.backups.find(name).is_here
        await to_thread.run_sync(house.backups.remove_now, house.backups.find(name))
        assert house.backups.every() == []
        assert second.place.kept() == []


class TestAway:
    async def test_a_place_that_is_away_is_told_and_made_up_for(
        self, house: Ports, clock: TestClock, tmp_path: Path
    ) -> None:
        await choose(house, secondPlace=str(tmp_path / "drive"))
        name = await made(house)
        assert "plug it in" in str(house.backups.worry(clock.now()))
        (tmp_path / "drive").mkdir()
        await to_thread.run_sync(house.backups.send_now)
        assert house.backups.worry(clock.now()) is None
        assert [one.name for one in FolderPlace(tmp_path / "drive").kept() if not one.name.startswith(".")] == [name]

    def test_a_drive_that_is_not_plugged_in_is_not_filled_on_the_disk_of_the_data(self, tmp_path: Path) -> None:
        place = FolderPlace(tmp_path)
        with pytest.raises(Unavailable, match="Is its drive plugged in"):
            elsewhere.refuse_unplugged(elsewhere.Seen(str(tmp_path), apart=True), place, tmp_path)

    @pytest.mark.parametrize(
        "wrong", ["drive", "s3://", "s3://Bucket", "s3://a/b", "s3://ab c/x", "s3://abc/x//y", "azure://", "azure://Me"]
    )
    async def test_what_names_no_place_is_refused(self, house: Ports, wrong: str) -> None:
        with pytest.raises(Invalid) as refused:
            await choose(house, secondPlace=wrong)
        assert "secondPlace" in refused.value.fields


async def test_files_of_a_store_elsewhere_are_in_a_backup_and_come_back(
    house: Ports, on: Ground, s3_server: Program, clock: TestClock
) -> None:
    blobs = open_s3(s3_place(s3_server), is_public=is_public_key, clock=clock)
    stored = replace(on, store=lambda: blobs)
    big = bytes(range(256)) * 12_000
    await blobs.put("media/1/original.jpg", big)
    await blobs.put("private/2/v1", b"")
    path = await to_thread.run_sync(lambda: made_backup(stored))
    with reading(path) as archive:
        assert archive.manifest.files == 2
    await blobs.delete("media/1")
    await blobs.put("media/3/later.jpg", b"later")
    await house.db.close()
    await to_thread.run_sync(restoring.stage, stored, path)
    await to_thread.run_sync(restoring.settle, stored, lambda _plan: None)
    assert await blobs.get("media/1/original.jpg") == big
    assert await blobs.get("media/3/later.jpg") == b"later"
    assert not on.folder.joinpath("files/media").exists()
