"""Search measured on its own: 10,000 things in each index, and what a question costs."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from adapters.search.database import DatabaseSearch
from adapters.search.tantivy import TantivySearch
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import SearchDocument, SearchIndex, SearchRequest, SearchWords
from engine.migrations import migrate
from tests.benchmarks.table import Row, Scale

THINGS = 10_000
ASKED = 60
GOAL_MS = 20
SYLLABLES = ("ka", "lo", "mi", "ber", "tan", "sol", "ver", "din", "pra", "nu", "stel", "gor", "fen", "wal", "ri", "cho")
COUNTED = ("category", "option:Size", "tag", "available", "price")


def measured(folder: Path, scale: Scale) -> Iterator[Row]:
    """Yield what each engine takes, in processor time of this process and on the wall."""
    url = f"sqlite:///{folder / 'search.sqlite3'}"
    migrate(url)
    engines: dict[str, SearchIndex] = {
        "tantivy": TantivySearch(folder / "search", SearchWords, ("price", "newest")),
        "database": DatabaseSearch(Database(url), SearchWords),
    }
    for name, index in engines.items():
        yield from asyncio.run(_of(name, index, scale))


async def _of(name: str, index: SearchIndex, scale: Scale) -> list[Row]:
    dice = random.Random(7)
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(4_000)]
    things = [_thing(place, dice, words) for place in range(THINGS)]

    async def batches() -> AsyncIterator[Sequence[SearchDocument]]:
        for start in range(0, THINGS, 200):
            yield things[start : start + 200]

    began, spent = time.perf_counter(), time.process_time()
    await index.rebuild(batches())
    took, cpu = time.perf_counter() - began, time.process_time() - spent
    rows = [Row(f"{name}: build an index of {THINGS}", f"{took:.1f} s", f"{cpu:.1f} s")]
    asks: dict[str, Callable[[int], SearchRequest]] = {
        "one word": lambda at: _question(at, words[at]),
        "two letters of a word": lambda at: _question(at, words[at][:2]),
        "a word with a slip": lambda at: _question(at, words[at][:1] + words[at][2:]),
        "a listing with 5 facets": lambda at: _question(
            at, "", types=("product",), limit=24, filters={"category": (str(at % 40),)}, facets=COUNTED, sort="-newest"
        ),
    }
    for what, ask in asks.items():
        await index.search(ask(ASKED))
        rows.append(await _asked(index, f"{name}: {what}", ask, scale))
    return rows


def _question(at: int, text: str, **more: Any) -> SearchRequest:
    """Return a question that nobody asked before: each has another lowest price, for answers are kept."""
    return SearchRequest(text, ranges={"price": (at, None)}, **more)


async def _asked(index: SearchIndex, what: str, ask: Callable[[int], SearchRequest], scale: Scale) -> Row:
    times = []
    spent = time.process_time()
    for at in range(ASKED):
        began = time.perf_counter()
        await index.search(ask(at))
        times.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - spent) / ASKED
    quick, middle = min(times), sorted(times)[ASKED // 2]
    return scale.row(what, f"at best {quick:.1f} ms, p50 {middle:.1f} ms", cpu, f"goal {GOAL_MS} ms")


def _thing(place: int, dice: random.Random, words: Sequence[str]) -> SearchDocument:
    return SearchDocument(
        type="product",
        id=new_id(),
        title=" ".join(dice.choices(words, k=4)),
        body=" ".join(dice.choices(words, k=80)),
        url=f"/products/{place}",
        codes=(f"BENCH-{place}",),
        facets={
            "category": (str(place % 40), str(place % 7)),
            "option:Size": ("S", "M"),
            "tag": (str(place % 100),),
            "available": ("true",),
        },
        numbers={"price": dice.randrange(10_000), "newest": place},
    )
