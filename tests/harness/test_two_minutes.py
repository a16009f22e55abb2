"""Two minutes of the harness: everything breaks at least once, and nothing that was told is lost or there twice."""

import secrets
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.harness.engines import on_postgres, on_sqlite
from tests.harness.installation import Installation
from tests.harness.journal import HAND_PAYMENT, ORDER, PUBLICATION
from tests.harness.run import deck_of, run

Open = Callable[[Path], AbstractContextManager[Installation]]


@pytest.mark.parametrize(
    ("open_one", "seconds"), [(on_sqlite, 40), (on_postgres, 30)], ids=["sqlite", "postgres-and-redis"]
)
async def test_nothing_that_was_told_is_lost_or_there_twice(open_one: Open, seconds: float, tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)  # the report says which: `python -m tests.harness --seed` strikes as this did
    with open_one(tmp_path) as server:
        report = await run(server, seconds, seed, tmp_path)
        every = {one.name for one in deck_of(server)}
    sys.stdout.write(f"\n{report}\n")
    assert report.wrong == [], str(report)
    assert every <= set(report.strikes)
    for kind in (ORDER, HAND_PAYMENT, PUBLICATION):
        assert report.journal.of(kind), str(report)
