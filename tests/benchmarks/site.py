"""A site measured: what the builder answers to a change, ten thousand pages in one tree, an export moved in."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks import blocks, moving, tree
from tests.benchmarks.machine import Spent
from tests.benchmarks.table import Row, Scale
from tests.server import Server

TURNS = 20


def changed_block(server: Server, scale: Scale) -> Iterator[Row]:
    """Publish the page of many blocks, and have one of them drawn after a change: alone, and as the builder asks."""
    page_id = blocks.publish(server)
    yield scale.row("one changed block, read and drawn", "", blocks.drawn_alone(), "goal 50 ms")
    with server.client("owner@example.org") as owner:

        def draw() -> httpx.Response:
            return owner.post(f"{server.url}/admin/builder/{page_id}/draw", json=blocks.changed())

        yield _asked(server, scale, "the builder's answer to it", draw, "goal 50 ms")


def measured(folder: Path, scale: Scale) -> Iterator[Row]:
    """Measure a tree of pages on a server of its own, and the import beside it."""
    with Server(folder / "tree") as server:
        server.claim()
        count = tree.grow(server)
        with server.client("owner@example.org") as owner:
            for what, path in tree.LISTED:

                def ask(path: str = path) -> httpx.Response:
                    return owner.get(server.url + path)

                yield _asked(server, scale, f"{count} pages: {what}", ask)
            page_id, spent, began = tree.top(server), Spent(server.pid), time.perf_counter()
            assert owner.patch(f"/pages/{page_id}", json={"slug": "moved"}).is_success
            took = f"{time.perf_counter() - began:.1f} s"
            yield scale.row(f"{count} pages: a thousand follow one that moves", took, spent.each(1))
        yield from _moved_in(server, scale)


def _moved_in(server: Server, scale: Scale) -> Iterator[Row]:
    if (export := moving.export()) is None:
        yield Row("import of the WPTT export", "AGORA_SAMPLES names no samples")
        return
    spent, began = Spent(server.pid), time.perf_counter()
    counts = moving.bring_in(server, export)["result"]["counts"]
    made = sum(count.get("created", 0) for count in counts.values())
    took = time.perf_counter() - began
    yield scale.row("import of the WPTT export", f"{made} things in {took:.1f} s", spent.each(made), "each of them")


def _asked(server: Server, scale: Scale, what: str, ask: Callable[[], httpx.Response], beside: str = "") -> Row:
    assert ask().status_code == 200, what
    spent, times = Spent(server.pid), []
    for _turn in range(TURNS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    middle = f"at best {min(times):.0f} ms, p50 {median(times):.0f} ms"
    return scale.row(what, middle, spent.each(TURNS), beside)
