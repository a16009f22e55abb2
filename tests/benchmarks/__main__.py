"""`python -m tests.benchmarks`: measures one Agora on this machine and prints a table. A time never makes it fail."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks import blocks, growth, lists, machine, pictures, search, shop, site, weight
from tests.benchmarks.load import CONNECTIONS, Result, drive, each, for_seconds, request
from tests.benchmarks.table import Row, Scale, printed
from tests.server import Server

WARM_UP_SECONDS = 0.5
STARTS = 3
#: How long a server settles after its start, until its first copy of the minute is made, and is watched then.
SETTLE_SECONDS, IDLE_SECONDS = 30.0, 20.0
#: How many connections ask at once, where the slowest answers are looked at.
CROWD = 64
ANEW = {"X-Agora-Bypass-Cache": "1"}
SEARCH = ["/search?q=mug"]
AS_BROWSER = {"Accept-Encoding": "gzip, deflate, br", "User-Agent": "Mozilla/5.0", "Accept-Language": "en"}


def main() -> None:
    """Measure, and print as the numbers come, then the table."""
    chosen = _arguments()
    if chosen.program:
        Server.program = (str(chosen.program.resolve(strict=True)),)
    if chosen.growth and chosen.filled:
        rows = list(_grown(chosen.filled, chosen))
    else:
        with tempfile.TemporaryDirectory(prefix="agora-bench-", dir=chosen.folder) as folder:
            rows = list(_grown(Path(folder), chosen) if chosen.growth else _measure(Path(folder), chosen))
    print(f"\n{printed(rows)}\n\n{_machine()}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--products", type=int, default=1000, help="how many products are imported")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each page is asked for")
    parser.add_argument("--checkouts", type=int, default=300, help="how many orders are placed")
    parser.add_argument("--photos", type=int, default=8, help="how many photos are sent")
    more = "instead, houses of so many products are asked everything; 1000 10000 100000 take an hour"
    parser.add_argument("--growth", type=int, nargs="+", metavar="PRODUCTS", help=more)
    kept = "with --growth: where the houses are, as crowd-1000, or are made to stay, so that the next run fills nothing"
    parser.add_argument("--filled", type=Path, metavar="FOLDER", help=kept)
    parser.add_argument("--turns", type=int, default=growth.TURNS, help="how often each question of --growth is asked")
    parser.add_argument("--only", default="", help="what the name of a question of --growth must hold, such as shop")
    built = "a built program to measure, such as dist/agora/agora, in the place of the source; without sixty more lists"
    parser.add_argument("--program", type=Path, help=built)
    parser.add_argument("--folder", help="where the data folder is made; its disk is what is measured")
    return parser.parse_args()


def _grown(folder: Path, chosen: argparse.Namespace) -> Iterator[Row]:
    told(f"filling and asking houses of {chosen.growth} products")
    return growth.measured(folder, sorted(chosen.growth), chosen.turns, chosen.only)


def _machine() -> str:
    """Say how busy the machine was: on one that others use, only processor time can be compared."""
    busy, cores = os.getloadavg()[2] if hasattr(os, "getloadavg") else 0, os.cpu_count() or 1
    return f"{cores} cores, {busy:.1f} busy in the last quarter of an hour. Where others use them, compare CPU times."


def _measure(folder: Path, chosen: argparse.Namespace) -> Iterator[Row]:
    server = Server(folder / "data")
    with machine.bare_uvicorn() as (port, pid):
        told("bare uvicorn")
        bare, bare_cpu = _asked(port, pid, ["/"], chosen.seconds)
    scale = Scale(bare_cpu)
    yield scale.row("bare uvicorn (20 kB)", _rate(bare, "answers/s"), bare_cpu)
    try:
        yield from _filled(server, chosen, scale)
        yield from _alone(server) if chosen.program else _sixty(server.folder)
        yield from _starts(server, "start to first page")
        yield from site.changed_block(server, scale)
        yield from _pages(server, chosen.seconds, scale)
        yield from (_weight(server, what, path) for what, path in _shown(server))
        yield from _checkouts(server, chosen.checkouts, scale)
        yield from _photos(server, chosen.photos, scale)
        yield Row("memory after load", _memory(server))
        yield Row("exit code when told to stop", str(server.stop()))
    finally:
        server.stop()
    told("growing a tree of pages")
    yield from site.measured(folder, scale)
    told("searching")
    yield from search.measured(folder, scale)


def _filled(server: Server, chosen: argparse.Namespace, scale: Scale) -> Iterator[Row]:
    took, cpu = _start(server, "/setup")
    yield Row("first start to first page (makes the database)", f"{took:.2f} s", _seconds(cpu))
    server.claim()
    told(f"importing {chosen.products} products")
    spent = machine.Spent(server.pid)
    done = shop.import_catalogue(server, chosen.products)
    beside = f"{done.rows} rows in {done.seconds:.1f} s, {done.errors} refused"
    yield scale.row("import", f"{done.rows / done.seconds:.0f} rows/s", spent.each(done.rows), beside)
    server.stop()


class SixtyLists(Server):
    """Agora with sixty more lists."""

    program = (sys.executable, "-m", "tests.benchmarks.sixty")


def _sixty(folder: Path) -> Iterator[Row]:
    server = SixtyLists(folder)
    yield from _starts(server, f"start with {lists.COUNT} more lists", "goal 2.5 s", "goal 200 MB")
    yield _idle(server)
    spent = machine.Spent(server.pid)
    with server.client("owner@example.org") as owner:
        began = time.perf_counter()
        for number in range(lists.COUNT):
            assert owner.get(f"/{lists.path_of(number)}").status_code == 200
        took = (time.perf_counter() - began) / lists.COUNT
    yield Row("first look at each of them", f"{took * 1000:.0f} ms", _ms(spent.each(lists.COUNT)))
    yield Row("memory after that", _memory(server))
    server.stop()


def _alone(server: Server) -> Iterator[Row]:
    server.start()
    yield _idle(server)


def _idle(server: Server) -> Row:
    told("watching it do nothing")
    time.sleep(SETTLE_SECONDS)
    spent = machine.Spent(server.pid)
    time.sleep(IDLE_SECONDS)
    share = spent.each(1)
    measured = f"{share / IDLE_SECONDS:.2%}" if share is not None else ""
    return Row("idle, of one core", measured, _seconds(share), beside=f"over {IDLE_SECONDS:.0f} s; goal 1 %")


def _starts(server: Server, what: str, goal: str = "", memory_goal: str = "") -> Iterator[Row]:
    """Start it a few times and keep it running; yield the middle of the times, and the memory once it rests."""
    measured = []
    for _number in range(STARTS):
        server.stop()
        measured.append(_start(server, "/"))
    cpu = [seconds for _took, seconds in measured if seconds is not None]
    middle = f"{median(took for took, _cpu in measured):.2f} s"
    yield Row(what, middle, _seconds(median(cpu) if cpu else None), beside=f"the middle of {STARTS}. {goal}".strip())
    yield Row("memory at rest", _memory(server), beside=memory_goal)


def _start(server: Server, path: str) -> tuple[float, float | None]:
    """Measure from the command to the first page; return the seconds it took, and those of the processor."""
    told("starting")
    began = time.perf_counter()
    server.start()
    answer = httpx.get(server.url + path, timeout=60)
    took = time.perf_counter() - began
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return took, machine.cpu_seconds(server.pid)


def _shown(server: Server) -> list[tuple[str, str]]:
    first = str(shop.products(server, 1)[0]["url"])
    return [("home", "/"), ("product list", "/products"), ("product page", first)]


def _pages(server: Server, seconds: float, scale: Scale) -> Iterator[Row]:
    urls = [str(one["url"]) for one in shop.products(server)]
    built = (f"page of {blocks.COUNT} blocks", [blocks.PATH])
    shown = [("home", ["/"]), ("product list", ["/products"]), ("product page", urls), built]
    for what, paths in [*shown, ("search", SEARCH)]:
        told(what)
        result, cpu = _asked(server.port, server.pid, paths, seconds, ANEW)
        core = f"{1 / cpu:.0f} a second of one core; goal 150" if cpu else ""
        yield scale.row(f"{what} ({result.answer_bytes / 1000:.0f} kB)", _rate(result, "pages/s"), cpu, core)
    beside_bare = partial(_beside_bare, server, seconds=seconds, scale=scale)
    for what, paths in shown:
        yield from beside_bare(f"{what}, kept", paths, goal="0.6")
    yield from beside_bare("product page, kept, as a browser takes it", urls, goal="0.6", headers=AS_BROWSER)
    yield from beside_bare(f"product page, kept, {CROWD} connections", urls, goal="0.6", connections=CROWD)
    yield from beside_bare("product page, afresh", urls, goal="0.03", headers=ANEW)
    yield from beside_bare(f"product page, afresh, {CROWD} connections", urls, "0.03", headers=ANEW, connections=CROWD)
    told(f"search, {CROWD} at once")
    result, cpu = _asked(server.port, server.pid, SEARCH, seconds, ANEW, CROWD)
    yield scale.row(f"search, {CROWD} connections", _rate(result, "pages/s"), cpu, _slowest(result))


def _beside_bare(
    server: Server,
    what: str,
    paths: list[str],
    goal: str,
    *,
    seconds: float,
    scale: Scale,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> Iterator[Row]:
    """Yield how fast pages are answered, beside bare uvicorn in the same moment: other times say little."""
    told(what)
    with machine.bare_uvicorn() as (port, pid):
        bare, bare_cpu = _asked(port, pid, ["/"], seconds, connections=connections)
    result, cpu = _asked(server.port, server.pid, paths, seconds, headers, connections)
    ratio = f"{bare_cpu / cpu:.3f} of bare uvicorn by CPU, " if cpu and bare_cpu else ""
    beside = f"{ratio}{result.per_second / bare.per_second:.3f} by rate; goal {goal}"
    if connections == CROWD:
        beside += f"; {_slowest(result)}"
    yield scale.row(f"{what} ({result.answer_bytes / 1000:.0f} kB)", _rate(result, "pages/s"), cpu, beside)


def _slowest(result: Result) -> str:
    slowest = result.percentile_ms(99) / result.percentile_ms(50) if result.times else 0
    return f"the 99th is {slowest:.1f} times the middle; goal 5"


def _weight(server: Server, what: str, path: str) -> Row:
    found = weight.weighed(server.url, path)
    beside = f"of it scripts {found.script_bytes / 1000:.0f} kB; uncompressed {found.plain_bytes / 1000:.0f} kB; "
    beside += "goal 150 kB, scripts 50 kB"
    return Row(f"{what}: first view, compressed", f"{found.compressed_bytes / 1000:.0f} kB", beside=beside)


def _photos(server: Server, count: int, scale: Scale) -> Iterator[Row]:
    told(f"sending {count} photos")
    spent = machine.Spent(server.pid)
    sent = pictures.send_photos(server, count)
    cpu = spent.each(count)
    measured = f"{count / sent.ready_seconds:.2f} photos/s"
    beside = f"the last was taken after {sent.taken_seconds:.1f} s" + (
        f"; {1 / cpu:.2f} a second of one core" if cpu else ""
    )
    yield scale.row("photos of 12 megapixels, to their last WebP", measured, cpu, beside)


def _checkouts(server: Server, count: int, scale: Scale) -> Iterator[Row]:
    told(f"filling {count} carts")
    carts = shop.filled_carts(server, count)
    disk = machine.fsyncs_per_second(server.folder)
    told("checking out")
    spent = machine.Spent(server.pid)
    result = asyncio.run(drive(server.port, each(shop.checkouts(server.port, carts))))
    cpu = spent.each(len(result.times))
    yield scale.row("checkouts, to the last commit", _rate(result, "orders/s"), cpu, f"the disk's fsync {disk:.0f}/s")


def _asked(
    port: int,
    pid: int,
    paths: list[str],
    seconds: float,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> tuple[Result, float | None]:
    """Return what came of asking for these paths, and the processor time that the process took for one."""
    requests = [request("GET", path, port, headers=headers) for path in paths]
    asyncio.run(drive(port, each(iter(requests))))  # each of them, so that none is new to the server
    asyncio.run(drive(port, for_seconds(WARM_UP_SECONDS, cycle(requests)), connections))
    spent = machine.Spent(pid)
    result = asyncio.run(drive(port, for_seconds(seconds, cycle(requests)), connections))
    return result, spent.each(len(result.times))


def _rate(result: Result, unit: str) -> str:
    middle, slow = result.percentile_ms(50), result.percentile_ms(99)
    words = f"{result.per_second:.0f} {unit}, p50 {middle:.0f} ms, p99 {slow:.0f} ms"
    return words + "".join(f" FAILED: {failure}" for failure in result.failures[:1])


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.2f} ms"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f} s"


def _memory(server: Server) -> str:
    return f"{machine.memory_mb(server.pid):.0f} MB"


def told(what: str) -> None:
    """Say what is measured now."""
    print(f"… {what}", file=sys.stderr, flush=True)


main()
