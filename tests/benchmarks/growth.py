"""`python -m tests.benchmarks.growth FOLDER`: asks a filled data folder everything, and tells what takes long."""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from engine.migrations import migrate
from tests.benchmarks.crowd.filling import fill
from tests.benchmarks.crowd.plan import Plan
from tests.benchmarks.machine import Spent, memory_mb
from tests.benchmarks.questions import OWNER, Question, questions
from tests.benchmarks.table import Row
from tests.server import PASSWORD, Server

GOAL_MS = 200
TURNS = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """How long a question took, in milliseconds: of each turn, and of the processor in the mean.

    kept: of each turn in which a page that is kept finished might be sent.
    """

    question: Question
    status: int
    times: list[float]
    cpu: float
    kept: list[float]

    @property
    def p95(self) -> float:
        return _p95(self.times)

    @property
    def p95_kept(self) -> float:
        return _p95(self.kept)


def asked(server: Server, turns: int, only: str = "") -> Iterator[Answered]:
    """Yield what each question took. only: what its name must hold."""
    with httpx.Client(base_url=server.url, timeout=120) as stranger:
        token = stranger.post("/api/v1/auth/login", json={"email": OWNER, "password": PASSWORD}).json()["accessToken"]
        staff = {"authorization": f"Bearer {token}"}
        for question in questions(server):
            if only not in question.what:
                continue
            headers = staff if question.is_staff else {}
            afresh = {**headers, "X-Agora-Bypass-Cache": "1"}
            status, _took = _asked(stranger, question, afresh)
            spent = Spent(server.pid)
            times = [_asked(stranger, question, afresh)[1] for _turn in range(turns)]
            cpu = (spent.each(turns) or 0) * 1000
            kept = [] if question.is_staff else [_asked(stranger, question, headers)[1] for _turn in range(turns)]
            yield Answered(question, status, times, cpu, kept)


def _asked(client: httpx.Client, question: Question, headers: Mapping[str, str]) -> tuple[int, float]:
    """Return the status of an answer, and how many milliseconds it took."""
    began = time.perf_counter()
    with client.stream("GET", question.path, headers=headers) as answer:
        pieces = answer.iter_raw()
        next(pieces, b"")
        if not question.is_file:
            for _piece in pieces:
                pass
        return answer.status_code, (time.perf_counter() - began) * 1000


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * 95 // 100] if times else 0


def measured(folder: Path, sizes: Sequence[int], turns: int, only: str = "") -> Iterator[Row]:
    """Fill a house for each size, ask it everything, and yield what grew, the slowest first.

    folder: what was filled there before, as `crowd-1000`, is used again. sizes: how many products; there are as many
    people, ten times as many orders and a tenth as many pages. only: as in `asked`.
    """
    found = {size: _of(folder / f"crowd-{size}", size, turns, only) for size in sizes}
    yield Row("products", " | ".join(f"{size}" for size in sizes), beside="as many people, ten times the orders")
    for name in ("filled", "index", "start", "memory", "memory after all"):
        yield Row(name, " | ".join(one.figures[name] for one in found.values()))
    most = found[sizes[-1]].answers
    for what, answer in sorted(most.items(), key=lambda pair: -median(pair[1].times)):
        known = [one.answers[what] for one in found.values() if what in one.answers]
        p50 = " | ".join(f"{median(one.times):.0f}" for one in known)
        p95 = " | ".join(f"{one.p95:.0f}" for one in known)
        cpu = " | ".join(f"{one.cpu:.0f}" for one in known)
        kept = " | ".join(f"{one.p95_kept:.0f}" for one in known)
        said = [f"kept p95 {kept} ms"] if answer.kept else []
        said += [f"goal {GOAL_MS} ms"] if answer.p95 > GOAL_MS else []
        yield Row(what, f"p50 {p50} ms, p95 {p95} ms", f"{cpu} ms", beside="; ".join(said))


@dataclass(frozen=True, slots=True)
class House:
    """What was measured of one size."""

    figures: dict[str, str]
    answers: dict[str, Answered]


def _of(folder: Path, size: int, turns: int, only: str) -> House:
    figures = _made(folder, size)
    with Server(folder) as server:
        if httpx.get(f"{server.url}/robots.txt").status_code == httpx.codes.SERVICE_UNAVAILABLE:
            server.claim()
    began = time.perf_counter()
    with Server(folder) as server:
        assert httpx.get(server.url, timeout=60).status_code == 200
        figures |= {"start": f"{time.perf_counter() - began:.2f} s", "memory": f"{memory_mb(server.pid):.0f} MB"}
        answers = {one.question.what: one for one in asked(server, turns, only)}
        return House(figures | {"memory after all": f"{memory_mb(server.pid):.0f} MB"}, answers)


def _made(folder: Path, size: int) -> dict[str, str]:
    """Fill a folder, as far as it is not, and its search index; return how long both took."""
    folder.mkdir(parents=True, exist_ok=True)
    url, began = f"sqlite:///{folder / 'agora.sqlite3'}", time.perf_counter()
    migrate(url)
    fill(url, Plan(people=size, products=size, orders=10 * size, pages=size // 10, gathered=size))
    figures = {"filled": f"{time.perf_counter() - began:.0f} s", "index": "there"}
    if not (folder / "search" / "current").exists():
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "app", "reindex", "--data", str(folder)], check=True, stdout=sys.stderr)
        figures["index"] = f"{time.perf_counter() - began:.0f} s"
    return figures


def main() -> None:
    """Start the house on the folder, ask, and print what was slowest first."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--only", default="", help="what the name of a question must hold")
    chosen = parser.parse_args()
    server = Server(chosen.folder)
    began = time.perf_counter()
    with server:
        print(f"start {time.perf_counter() - began:.2f} s, {memory_mb(server.pid):.0f} MB")
        for one in sorted(asked(server, chosen.turns, chosen.only), key=lambda one: -median(one.times)):
            print(
                f"{one.question.what:50} {one.status} best {min(one.times):6.0f}  p50 {median(one.times):6.0f}"
                f"  p95 {one.p95:6.0f}  kept {one.p95_kept:4.0f}  CPU {one.cpu:6.1f} ms"
                f" {'OVER' if one.p95 > GOAL_MS else ''}"
            )
        print(f"{memory_mb(server.pid):.0f} MB")


if __name__ == "__main__":
    main()
