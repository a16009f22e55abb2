"""`python -m tests.benchmarks`: measures one Agora on this machine and prints a table. A time never makes it fail."""

import argparse
import asyncio
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

import httpx

from tests.benchmarks import machine, pictures, shop
from tests.benchmarks.load import Result, drive, each, for_seconds, request
from tests.benchmarks.table import Row, printed
from tests.server import Server

WARM_UP_SECONDS = 0.5


def main() -> None:
    """Measure, and print as the numbers come, then the table."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory(prefix="agora-bench-", dir=chosen.folder) as folder:
        rows = list(_measure(Path(folder), chosen))
    print(f"\n{printed(rows)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--products", type=int, default=1000, help="how many products are imported")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each page is asked for")
    parser.add_argument("--checkouts", type=int, default=300, help="how many orders are placed")
    parser.add_argument("--photos", type=int, default=8, help="how many photos are sent")
    parser.add_argument("--folder", help="where the data folder is made; its disk is what is measured")
    return parser.parse_args()


def _measure(folder: Path, chosen: argparse.Namespace):
    server = Server(folder / "data")
    yield _start(server, "first start to first page (makes the database)", "/setup")
    server.claim()
    yield Row("memory after the first start", _memory(server))
    told(f"importing {chosen.products} products")
    spent = Spent(server)
    done = shop.import_catalogue(server, chosen.products)
    beside = f"{done.rows} rows in {done.seconds:.1f} s, {done.errors} refused"
    yield Row("import", f"{done.rows / done.seconds:.0f} rows/s{spent.each(done.rows)}", beside)
    server.stop()
    yield _start(server, "start to first page", "/")
    yield Row("memory after start", _memory(server))
    yield from _pages(server, chosen.seconds)
    yield from _photos(server, chosen.photos)
    yield from _checkouts(server, chosen.checkouts)
    yield Row("memory after load", _memory(server))
    code = server.stop()
    yield Row("exit code when told to stop", str(code))


class Spent:
    """The server's processor time from here on: what a wall clock shows of a busy machine says little."""

    def __init__(self, server: Server) -> None:
        assert server.process is not None
        self._pid = server.process.pid
        self._before = machine.cpu_seconds(self._pid)

    def each(self, count: int) -> str:
        """Return what one of so many took."""
        after = machine.cpu_seconds(self._pid)
        if after is None or self._before is None or not count:
            return ""
        return f", {(after - self._before) / count * 1000:.1f} ms of CPU each"


def _start(server: Server, what: str, path: str) -> Row:
    """Measure from the command to the first page."""
    told("starting")
    began = time.perf_counter()
    server.start()
    answer = httpx.get(server.url + path, timeout=60)
    took = time.perf_counter() - began
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    assert server.process is not None
    cpu = machine.cpu_seconds(server.process.pid)
    return Row(what, f"{took:.2f} s" + (f", {cpu:.2f} s of CPU" if cpu is not None else ""))


def _pages(server: Server, seconds: float):
    found = shop.products(server)
    urls = [str(one["url"]) for one in found]
    with machine.bare_uvicorn() as port:
        told("bare uvicorn")
        bare, _spent = _asked(port, ["/"], seconds)
    for what, paths in (("home", ["/"]), ("product list", ["/products"]), ("product page", urls)):
        told(what)
        result, spent = _asked(server.port, paths, seconds, server)
        beside = f"bare uvicorn 20 kB {bare.per_second:.0f}/s"
        yield Row(f"{what} ({result.answer_bytes / 1000:.0f} kB)", _rate(result, "pages/s", spent), beside)


def _photos(server: Server, count: int):
    told(f"sending {count} photos")
    spent = Spent(server)
    sent = pictures.send_photos(server, count)
    each_took = spent.each(count)
    beside = f"the last was taken after {sent.taken_seconds:.1f} s"
    yield Row(
        "photos of 12 megapixels, to their last WebP", f"{count / sent.ready_seconds:.2f} photos/s{each_took}", beside
    )


def _checkouts(server: Server, count: int):
    told(f"filling {count} carts")
    carts = shop.filled_carts(server, count)
    disk = machine.fsyncs_per_second(server.folder)
    told("checking out")
    spent = Spent(server)
    result = asyncio.run(drive(server.port, each(shop.checkouts(server.port, carts))))
    words = _rate(result, "orders/s", spent.each(len(result.times)))
    yield Row("checkouts, to the last commit", words, f"the disk's fsync {disk:.0f}/s")


def _asked(port: int, paths: list[str], seconds: float, server: Server | None = None) -> tuple[Result, str]:
    """Return what came of asking for these paths, and the processor time that the server took for one."""
    requests = [request("GET", path, port) for path in paths]
    asyncio.run(drive(port, for_seconds(WARM_UP_SECONDS, cycle(requests))))
    spent = Spent(server) if server else None
    result = asyncio.run(drive(port, for_seconds(seconds, cycle(requests))))
    return result, spent.each(len(result.times)) if spent else ""


def _rate(result: Result, unit: str, spent: str) -> str:
    middle, slow = result.percentile_ms(50), result.percentile_ms(99)
    words = f"{result.per_second:.0f} {unit}, p50 {middle:.0f} ms, p99 {slow:.0f} ms{spent}"
    return words + "".join(f" FAILED: {failure}" for failure in result.failures[:1])


def _memory(server: Server) -> str:
    assert server.process is not None
    return f"{machine.memory_mb(server.process.pid):.0f} MB"


def told(what: str) -> None:
    """Say what is measured now."""
    print(f"… {what}", file=sys.stderr, flush=True)


main()
