"""`python -m tests.harness --minutes 30 --seed 7 [--database URL]`: strike, audit, print the figures."""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness.engines import on_database, on_postgres, on_sqlite
from tests.harness.installation import Installation
from tests.harness.report import Report
from tests.harness.run import run

Open = Callable[[Path], AbstractContextManager[Installation]]


def struck(open_one: Open, seconds: float, seed: int) -> Report:
    """Return the report of one installation."""
    with TemporaryDirectory(prefix="agora-harness-") as folder:
        Path(folder).chmod(0o755)
        with open_one(Path(folder)) as server:
            return asyncio.run(run(server, seconds, seed, Path(folder)))


def main() -> int:
    """Strike SQLite for a half of the time and PostgreSQL with Redis for the other, or the database that is named."""
    asked = argparse.ArgumentParser(prog="python -m tests.harness", description=__doc__)
    asked.add_argument("--minutes", type=float, default=2)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked.add_argument("--database", default="", help="an empty database; SQLite and PostgreSQL of our own if left out")
    given = asked.parse_args()
    for name in [name for name in os.environ if name.startswith(("AGORA_", "DATABASE_", "REDIS_"))]:
        del os.environ[name]
    ones: list[Open] = [partial(on_database, url=given.database)] if given.database else [on_sqlite, on_postgres]
    is_wrong = False
    for one in ones:
        report = struck(one, given.minutes * 60 / len(ones), given.seed)
        sys.stdout.write(f"\n{report}\n")
        sys.stdout.flush()
        is_wrong = is_wrong or bool(report.wrong)
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
