"""Any minute of the last day: what is put together again is exactly what was there, while shoppers buy."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from anyio import to_thread

from adapters.backups.sqlite import SqliteCopies
from engine.api.ports import Ports
from engine.core.database import Database
from engine.core.errors import Invalid, NotFound
from engine.operations.backups import drilling, minutes
from engine.operations.backups.archive import reading
from engine.operations.backups.making import Ground
from engine.operations.backups.manifest import Kind
from engine.operations.backups.minutes import Minutes, moment
from engine.operations.backups.pages import NOTHING_KNOWN, PAGES_A_BLOCK, Digests, compared
from tests.audit import audited
from tests.clock import TestClock
from tests.factories.backups import PASSPHRASE, made
from tests.factories.shop import Shop


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def follower(on: Ground) -> Minutes:
    """What follows the database."""
    return Minutes(on)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {}, []),
        ({7: b"other"}, {}, [7]),
        (
            {},
            {0: b"a", PAGES_A_BLOCK - 1: b"b", PAGES_A_BLOCK: b"c", PAGES_A_BLOCK + 4: b"d"},
            [0, PAGES_A_BLOCK - 1, PAGES_A_BLOCK, PAGES_A_BLOCK + 4],
        ),
    ],
)
def test_pages_that_are_others_are_found(
    tmp_path: Path, before: dict[int, bytes], after: dict[int, bytes], found: list[int]
) -> None:
    every = PAGES_A_BLOCK + 5

    def look(own: dict[int, bytes], known: Digests, pages: int = every) -> tuple[Digests, list[int]]:
        path = tmp_path / "file"
        path.write_bytes(b"".join(own.get(number, b"").ljust(512, b".") for number in range(pages)))
        digests, others = compared(path, 512, known)
        assert digests.page_count == pages
        return digests, list(others)

    was, new = look(before, NOTHING_KNOWN)
    assert new == list(range(every))
    now, others = look(after, was)
    assert others == found
    assert look(after, now) == (now, [])
    shorter, gone = look(after, now, every - 2)
    assert gone == []
    assert look(after, shorter) == (now, [every - 2, every - 1])


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def taken_out(on: Ground, at: datetime, target: Path, passphrase: str = "") -> Path:
    """Return the database of a moment, out of the backup that is made of it."""
    with reading(moment(on, on.shelf, at, passphrase), passphrase) as archive:
        assert archive.manifest.kind is Kind.MOMENT
        archive.take_out(archive.manifest.members[0], target, lambda _size: None)
    return target


async def number_of_orders(path: Path) -> int:
    db = Database(f"sqlite:///{path}")
    assert await audited(db) == []
    found: int = await db.query(lambda c: c.exec_driver_sql("SELECT count(*) FROM orders").scalar_one())
    await db.close()
    return found


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
async def test_every_minute_is_what_it_was(
    on: Ground, follower: Minutes, shop: Shop, clock: TestClock, tmp_path: Path, passphrase: str
) -> None:
    product = await shop.product(stock=100)
    kept: dict[datetime, list[str]] = {}
    for count in range(2 if passphrase else 4):
        for _ in range(count):
            await shop.order(product=product)
        await shop.house.jobs.run_until_idle()
        clock.move(minutes=1)
        assert await to_thread.run_sync(follower.write, on.shelf, passphrase)
        copy = tmp_path / f"{count}.sqlite3"
        await to_thread.run_sync(on.copies.file.snapshot, copy)  # type: ignore[union-attr]
        kept[clock.now()] = content(copy)
    (chain,) = minutes.chains(on.shelf.folder / minutes.FOLDER)
    assert len(list(chain.iterdir())) == 1 + len(kept)
    assert b"example.org" not in (chain / minutes.BASE).read_bytes()
    await shop.db.close()
    for number, (at, said) in enumerate(kept.items()):
        found = await to_thread.run_sync(
            taken_out, on, at + timedelta(seconds=30), tmp_path / f"then-{number}", passphrase
        )
        assert content(found) == said
        assert await number_of_orders(found) == sum(range(number + 1))


async def test_nothing_is_read_or_written_while_nothing_changes(
    on: Ground, follower: Minutes, house: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await to_thread.run_sync(follower.write, on.shelf, "")
    monkeypatch.setattr(minutes, "FRESH_NS", 0)
    assert not await to_thread.run_sync(follower.write, on.shelf, "")
    monkeypatch.setattr(on.copies, "snapshot", None)
    assert not await to_thread.run_sync(follower.write, on.shelf, "")
    await house.db.close()


async def test_a_process_that_starts_again_begins_anew_and_old_chains_go(
    on: Ground, shop: Shop, clock: TestClock, tmp_path: Path
) -> None:
    product = await shop.product(stock=100)
    first = clock.now()
    for _ in range(40):
        clock.move(hours=1)
        await shop.order(product=product)
        await to_thread.run_sync(Minutes(on).write, on.shelf, "")
    folder = on.shelf.folder / minutes.FOLDER
    assert len(minutes.chains(folder)) == 27
    assert minutes.earliest(on.shelf) == clock.now() - timedelta(hours=26)
    with pytest.raises(NotFound, match=r"The first that can be had is 2026-06-02 02:00 UTC"):
        moment(on, on.shelf, first, "")
    await shop.house.jobs.run_until_idle()
    await shop.db.close()
    found = await to_thread.run_sync(taken_out, on, clock.now() - timedelta(hours=24), tmp_path / "then")
    with closing(sqlite3.connect(found)) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (16,)


async def test_the_disk_of_the_house_may_die(
    on: Ground, follower: Minutes, shop: Shop, clock: TestClock, tmp_path: Path
) -> None:
    await shop.order()
    await shop.house.jobs.run_until_idle()
    clock.move(minutes=1)
    await to_thread.run_sync(follower.write, on.shelf, "")
    secrets = (on.folder / "secrets.json").read_bytes()
    await shop.db.close()
    report = await to_thread.run_sync(lambda: made(on) and drilling.drill(on, [on.shelf]))
    assert (report.lines[0].holds, report.lines[0].lost) == (True, timedelta(minutes=0))
    assert "loses none" not in "\n".join(drilling.table(report))
    elsewhere = tmp_path / "elsewhere"
    shutil.move(on.shelf.folder, elsewhere)
    shutil.rmtree(on.folder)
    new = Ground(tmp_path / "new", SqliteCopies(tmp_path / "new/agora.sqlite3"), clock, "1")
    path = await to_thread.run_sync(moment, new, minutes.Shelf(elsewhere), clock.now(), "")
    with reading(path) as archive:
        for member in archive.manifest.members:
            archive.take_out(member, tmp_path / "out" / member.name, lambda _size: None)
    assert (tmp_path / "out/secrets.json").read_bytes() == secrets
    assert await number_of_orders(tmp_path / "out/database.sqlite3") == 1


async def test_what_was_written_down_and_rots_is_found_out(
    on: Ground, follower: Minutes, shop: Shop, clock: TestClock
) -> None:
    product = await shop.product(stock=100)
    times = []
    for _ in range(4):
        await shop.order(product=product)
        clock.move(minutes=1)
        times.append(clock.now())
        await to_thread.run_sync(follower.write, on.shelf, "")
    (chain,) = minutes.chains(on.shelf.folder / minutes.FOLDER)
    steps = sorted(chain.glob("[0-9]*"))
    data = bytearray(steps[2].read_bytes())
    data[len(data) // 2] ^= 1
    steps[2].write_bytes(data)
    with pytest.raises(Invalid, match="damaged"):
        await to_thread.run_sync(moment, on, on.shelf, times[3], "")
    assert (await to_thread.run_sync(moment, on, on.shelf, times[2], "")).exists()
    steps[0].unlink()
    with pytest.raises(Invalid, match="not whole: 000001 is missing"):
        await to_thread.run_sync(moment, on, on.shelf, times[2], "")


async def test_a_place_that_cannot_be_written_is_told_and_made_up_for(
    on: Ground, shop: Shop, clock: TestClock, tmp_path: Path
) -> None:
    follower, product = Minutes(on), await shop.product(stock=100)
    await to_thread.run_sync(follower.write, on.shelf, "")
    (tmp_path / "away").write_text("no folder")
    await shop.order(product=product)
    await to_thread.run_sync(follower.look, minutes.Shelf(tmp_path / "away"), "")
    assert "cannot be used" in follower.problem
    clock.move(minutes=1)
    await to_thread.run_sync(follower.look, on.shelf, "")
    assert follower.problem == ""
    await shop.house.jobs.run_until_idle()
    await shop.db.close()
    found = await to_thread.run_sync(taken_out, on, clock.now(), tmp_path / "then")
    with closing(sqlite3.connect(found)) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (1,)
