"""`python -m tests.benchmarks.crowd FOLDER`: fills a data folder, or PostgreSQL, with a crowd."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from engine.migrations import migrate
from tests.benchmarks.crowd.filling import fill
from tests.benchmarks.crowd.plan import Plan


def main() -> None:
    """Fill what was named, and say how long each part took."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crowd", description=__doc__)
    parser.add_argument(
        "where", help="a data folder of Agora, or the address of a PostgreSQL database; Agora is stopped"
    )
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--products", type=int, default=100_000, help="each with one to six variants")
    parser.add_argument("--orders", type=int, default=1_000_000, help="with lines, payments, story and stock movements")
    parser.add_argument("--pages", type=int, default=10_000, help="in one tree; with 0 of a part, it is left for later")
    parser.add_argument("--gathered", type=int, default=100_000, help="reviews, comments, files, jobs …, of each")
    parser.add_argument("--days", type=int, default=1_095, help="over so many days the orders are spread")
    parser.add_argument("--told-days", type=int, default=90, help="the letters of so many days are still in the outbox")
    parser.add_argument("--currency", default="GBP")
    parser.add_argument("--seed", type=int, default=7)
    chosen = vars(parser.parse_args())
    where = chosen.pop("where")
    url = where if "://" in where else f"sqlite:///{Path(where) / 'agora.sqlite3'}"
    if "://" not in where:
        Path(where).mkdir(parents=True, exist_ok=True)
    migrate(url)
    began = time.perf_counter()

    def tell(name: str, done: int, count: int) -> None:
        nonlocal began
        took, began = time.perf_counter() - began, time.perf_counter()
        print(f"{name}: {done} of {count}, {took:.1f} s", file=sys.stderr, flush=True)

    fill(url, replace(Plan(), **chosen), tell)


main()
