"""`python -m tests.benchmarks.growth FOLDER`: asks a filled data folder everything, and tells what takes long."""

import argparse
import time
from collections.abc import Iterator, Sequence
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
WAITING = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Answered:
    """How long a question took, in milliseconds: of each turn, and of the processor in the mean."""

    question: Question
    status: int
    times: list[float]
    cpu: float

    @property
    def p95(self) -> float:
        return sorted(self.times)[len(self.times) * 95 // 100]


def asked(server: Server, turns: int, only: str = "") -> Iterator[Answered]:
    """Yield what each question took. only: what its name must hold."""
    with httpx.Client(base_url=server.url, timeout=120, headers={"X-Agora-Bypass-Cache": "1"}) as stranger:
        token = stranger.post("/api/v1/auth/login", json={"email": OWNER, "password": PASSWORD}).json()["accessToken"]
        staff = {"authorization": f"Bearer {token}"}
        for question in questions(server):
            if only not in question.what:
                continue
            headers = staff if question.is_staff else {}
            status = _ask(stranger, question, headers)
            spent, times = Spent(server.pid), []
            for _turn in range(turns):
                began = time.perf_counter()
                _ask(stranger, question, headers)
                times.append((time.perf_counter() - began) * 1000)
            yield Answered(question, status, times, (spent.each(turns) or 0) * 1000)


def _ask(client: httpx.Client, question: Question, headers: dict[str, str]) -> int:
    """Return what it was answered with, once all of it is here; of a file, its first bytes."""
    with client.stream("GET", question.path, headers=headers) as answer:
        if question.is_file:
            next(answer.iter_bytes(), b"")
        else:
            answer.read()
    return answer.status_code


def measured(folder: Path, sizes: Sequence[int], turns: int) -> Iterator[Row]:
    """Fill a house for each size, ask it everything, and yield what grew, the slowest first.

    sizes: how many products; there are as many people, ten times as many orders and a tenth as many pages.
    """
    found = {size: _of(folder / f"crowd-{size}", size, turns) for size in sizes}
    yield Row("products", " | ".join(f"{size}" for size in sizes), beside="as many people, ten times the orders")
    for name in ("filled", "start", "memory", "memory after all"):
        yield Row(name, " | ".join(one.figures[name] for one in found.values()))
    most = found[sizes[-1]].answers
    for what, answer in sorted(most.items(), key=lambda pair: -median(pair[1].times)):
        known = [one.answers[what] for one in found.values() if what in one.answers]
        p50 = " | ".join(f"{median(one.times):.0f}" for one in known)
        p95 = " | ".join(f"{one.p95:.0f}" for one in known)
        cpu = " | ".join(f"{one.cpu:.0f}" for one in known)
        beside = f"goal {GOAL_MS} ms" if answer.p95 > GOAL_MS else ""
        yield Row(what, f"p50 {p50} ms, p95 {p95} ms", f"{cpu} ms", beside=beside)


@dataclass(frozen=True, slots=True)
class House:
    """What was measured of one size."""

    figures: dict[str, str]
    answers: dict[str, Answered]


def _of(folder: Path, size: int, turns: int) -> House:
    folder.mkdir(parents=True)
    url, began = f"sqlite:///{folder / 'agora.sqlite3'}", time.perf_counter()
    migrate(url)
    fill(url, Plan(people=size, products=size, orders=10 * size, pages=size // 10))
    figures = {"filled": f"{time.perf_counter() - began:.0f} s"}
    with Server(folder) as server:
        server.claim()
        _wait_for_search(server)
    began = time.perf_counter()
    with Server(folder) as server:
        figures |= {"start": f"{time.perf_counter() - began:.2f} s", "memory": f"{memory_mb(server.pid):.0f} MB"}
        answers = {one.question.what: one for one in asked(server, turns)}
        return House(figures | {"memory after all": f"{memory_mb(server.pid):.0f} MB"}, answers)


def _wait_for_search(server: Server) -> None:
    with server.client(OWNER) as owner:
        while any(job["status"] in WAITING for job in owner.get("/jobs", params={"limit": 20}).json()["items"]):
            time.sleep(1)


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
                f"  p95 {one.p95:6.0f}  CPU {one.cpu:6.0f} ms {'OVER' if one.p95 > GOAL_MS else ''}"
            )
        print(f"{memory_mb(server.pid):.0f} MB")


if __name__ == "__main__":
    main()
