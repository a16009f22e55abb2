"""`python -m tests.benchmarks.growth FOLDER`: asks a filled data folder everything, and tells what takes long."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks.machine import Spent, memory_mb
from tests.benchmarks.questions import Question, questions
from tests.server import PASSWORD, Server

GOAL_MS = 200
OWNER = "owner@example.org"


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
            status = stranger.get(question.path, headers=headers).status_code
            spent, times = Spent(server.pid), []
            for _turn in range(turns):
                began = time.perf_counter()
                stranger.get(question.path, headers=headers)
                times.append((time.perf_counter() - began) * 1000)
            yield Answered(question, status, times, (spent.each(turns) or 0) * 1000)


def main() -> None:
    """Start the house on the folder, ask, and print what was slowest first."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    server = Server(chosen.folder)
    began = time.perf_counter()
    with server:
        print(f"start {time.perf_counter() - began:.2f} s, {memory_mb(server.pid):.0f} MB")
        found = sorted(asked(server, chosen.turns, chosen.only), key=lambda one: -median(one.times))
        for one in found:
            over = "OVER" if one.p95 > GOAL_MS else ""
            print(
                f"{one.question.what:50} {one.status} best {min(one.times):6.0f}  p50 {median(one.times):6.0f}"
                f"  p95 {one.p95:6.0f}  CPU {one.cpu:6.0f} ms {over}"
            )
        print(f"{memory_mb(server.pid):.0f} MB")


if __name__ == "__main__":
    main()
