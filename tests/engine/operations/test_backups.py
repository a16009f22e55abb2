"""Making backups and putting them back, on SQLite and PostgreSQL, while others write."""

import asyncio
import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from anyio import to_thread

from app.settings import Settings
from app.wiring import wire
from engine.api.ports import Ports
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid
from engine.operations.backups import drilling, making, restoring
from engine.operations.backups.making import Ground
from engine.operations.backups.manifest import Kind, read_manifest
from engine.operations.backups.restoring import Plan
from tests.audit import audited
from tests.clock import TestClock
from tests.conftest import BACKENDS
from tests.factories import backups
from tests.factories.backups import PASSPHRASE
from tests.factories.shop import Shop
from tests.postgres import TEMPLATE, PostgresServer


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own: one that is put back ends the connections of whoever would lend it again."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create(template=TEMPLATE)
    yield url
    server.drop(url)


def right(_plan: Plan) -> None:
    """The check that finds nothing wrong."""


async def numbers(db: Database) -> set[str]:
    return set(await db.query(lambda c: [row[0] for row in c.exec_driver_sql("SELECT number FROM orders")]))


class TestMake:
    async def test_one_file_holds_database_files_settings_and_keys(self, on: Ground, shop: Shop) -> None:
        await shop.set("general", siteName="Kiln & Co")
        await shop.house.blobs.put("media/1/original.jpg", b"a picture")
        (on.folder / "agora.toml").write_text("port = 8000\n")
        path = await to_thread.run_sync(lambda: backups.made(on))
        with zipfile.ZipFile(path) as archive:
            said = read_manifest(archive.read("manifest.json"))
            held = {name: archive.read(name) for name in archive.namelist()}
        assert held["files/media/1/original.jpg"] == b"a picture"
        assert held["secrets.json"] == (on.folder / "secrets.json").read_bytes()
        assert held["agora.toml"] == b"port = 8000\n"
        assert {m.name: m.sha256 for m in said.members} == {
            name: hashlib.sha256(data).hexdigest() for name, data in held.items() if name != "manifest.json"
        }
        assert (said.site, said.engine, said.kind) == ("Kiln & Co", on.copies.engine, Kind.MANUAL)
        assert said.rows["site_settings"] == 1
        assert said.missing == []
        assert path.stat().st_mode & 0o077 == 0
        kept = on.shelf.backup(path.name)
        assert (kept.verified_at, kept.files, kept.problem) == (on.clock.now(), 1, "")

    async def test_orders_that_are_placed_meanwhile_are_in_it_whole_or_not_at_all(
        self, on: Ground, shop: Shop, settings: Settings
    ) -> None:
        product = await shop.product(stock=1_000)
        told = {(await shop.order(product=product)).number for _ in range(3)}
        is_over = threading.Event()

        async def sell() -> None:
            while not is_over.is_set():
                await shop.order(product=product)

        def work() -> list[Path]:
            try:
                return [backups.made(on) for _ in range(2)]
            finally:
                is_over.set()

        selling = asyncio.create_task(sell())
        paths = await to_thread.run_sync(work)
        await selling
        assert told <= await numbers(shop.db)
        before = await numbers(shop.db)
        await shop.db.close()
        for path in paths:
            await to_thread.run_sync(restoring.stage, on, path)
            assert (await to_thread.run_sync(restoring.settle, on, right)).problem == ""  # type: ignore[union-attr]
            house = wire(settings)
            await house.jobs.run_until_idle()
            assert await audited(house.db) == []
            assert told <= await numbers(house.db) <= before
            await house.db.close()


class TestRestore:
    async def test_everything_is_as_it_was_when_it_was_made(self, on: Ground, shop: Shop, settings: Settings) -> None:
        order = await shop.order()
        await shop.house.blobs.put("media/1/original.jpg", b"then")
        secrets = (on.folder / "secrets.json").read_bytes()
        path = await to_thread.run_sync(lambda: backups.made(on, passphrase=PASSPHRASE))
        assert path.suffix == ".agora"
        later = await shop.order()
        await shop.house.blobs.put("media/1/original.jpg", b"now")
        await shop.house.blobs.put("media/2/original.jpg", b"now")
        (on.folder / "secrets.json").write_text("{}")
        await shop.db.close()
        said = await to_thread.run_sync(lambda: restoring.stage(on, path, PASSPHRASE))
        assert said.files == 1
        assert restoring.plan_of(on) is not None
        outcome = await to_thread.run_sync(restoring.settle, on, right)
        assert outcome is not None
        assert outcome.problem == ""
        house = wire(settings)
        assert await numbers(house.db) == {order.number}
        assert await house.blobs.get("media/1/original.jpg") == b"then"
        assert not await house.blobs.exists("media/2/original.jpg")
        assert (on.folder / "secrets.json").read_bytes() == secrets
        assert (on.folder / restoring.BEFORE / "files/media/2/original.jpg").read_bytes() == b"now"
        assert later.number != order.number
        await house.db.close()
        await to_thread.run_sync(restoring.forget_before, on)
        assert not (on.folder / restoring.BEFORE).exists()

    async def test_what_does_not_pass_its_check_goes_back_by_itself(
        self, on: Ground, shop: Shop, settings: Settings
    ) -> None:
        path = await to_thread.run_sync(lambda: backups.made(on))
        order = await shop.order()
        await shop.house.blobs.put("media/1/original.jpg", b"now")
        await shop.db.close()
        await to_thread.run_sync(restoring.stage, on, path)

        def wrong(_plan: Plan) -> None:
            raise Conflict("no page could be drawn")

        outcome = await to_thread.run_sync(restoring.settle, on, wrong)
        assert outcome is not None
        assert outcome.problem == "no page could be drawn"
        assert restoring.last_outcome(on) == outcome
        house = wire(settings)
        assert await numbers(house.db) == {order.number}
        assert await house.blobs.get("media/1/original.jpg") == b"now"
        assert await to_thread.run_sync(restoring.settle, on, wrong) is None
        await house.db.close()


class TestOnOne:
    """Where the kind of database makes no difference."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    async def test_it_restores_the_newest_and_measures_what_would_be_lost(
        self, on: Ground, clock: TestClock, shop: Shop
    ) -> None:
        await shop.order()
        await shop.house.blobs.put("media/1/original.jpg", b"a picture")
        await to_thread.run_sync(lambda: backups.made(on))
        clock.move(minutes=3)
        report = await to_thread.run_sync(drilling.drill, on, [on.shelf])
        assert report.lines[0].holds
        assert report.lines[0].lost.total_seconds() == 180
        clock.move(minutes=3)
        report = await to_thread.run_sync(drilling.drill, on, [on.shelf])
        assert not report.holds
        assert "DOES NOT HOLD" in "\n".join(drilling.table(report))

    async def test_what_is_gone_when_its_turn_comes_is_named(self, on: Ground, house: Ports) -> None:
        await house.blobs.put("media/1/original.jpg", b"a picture")
        copies = on.copies

        class Meanwhile:
            """Copies during which somebody deletes a file."""

            def __getattr__(self, name: str) -> object:
                return getattr(copies, name)

            def copy(self, target: Path) -> object:
                (on.files / "media/1/original.jpg").unlink()
                return copies.copy(target)

        path = await to_thread.run_sync(lambda: backups.made(replace(on, copies=Meanwhile())))  # type: ignore[arg-type]
        with zipfile.ZipFile(path) as archive:
            assert json.loads(archive.read("manifest.json"))["missing"] == ["media/1/original.jpg"]

    async def test_a_backup_of_another_kind_of_database_or_a_newer_version_is_refused(self, on: Ground) -> None:
        path = await to_thread.run_sync(lambda: backups.made(on))
        other = "postgresql" if on.copies.engine == "sqlite" else "sqlite"

        class Other:
            engine = other
            names = None
            place = None

        with pytest.raises(Invalid, match="This backup is of a site on"):
            restoring.stage(replace(on, copies=Other()), path)  # type: ignore[arg-type]
        with pytest.raises(Invalid, match="A newer Agora made this backup"):
            restoring.stage(on, path, known=lambda _revision: False)
        assert restoring.plan_of(on) is None
        assert not (on.folder / restoring.ROOM).exists()

    async def test_a_kept_backup_that_rots_is_found_out_and_marked(self, on: Ground, house: Ports) -> None:
        await house.blobs.put("media/1/original.jpg", b"a picture" * 1000)
        path = await to_thread.run_sync(lambda: backups.made(on))
        data = bytearray(path.read_bytes())
        data[data.index(b"a picture") + 40] ^= 1
        path.write_bytes(data)
        with pytest.raises(Invalid, match=r"damaged at “files/media/1/original\.jpg”"):
            await to_thread.run_sync(making.verify_kept, on, on.shelf, path.name, "")
        kept = on.shelf.backup(path.name)
        assert kept.verified_at is None
        assert "damaged" in kept.problem
