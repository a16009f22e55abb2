"""What people were told: every acknowledgement, kept outside the server and written down at once."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ORDER, PAYMENT, HAND_PAYMENT = "order", "payment by card", "payment by hand"
STEP, REFUND, COUNT = "step of an order", "refund", "count of stock"
DRAFT, PUBLICATION, WEBHOOK = "draft of a page", "publication", "webhook"
KINDS = (ORDER, PAYMENT, HAND_PAYMENT, STEP, REFUND, COUNT, DRAFT, PUBLICATION, WEBHOOK)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was acknowledged. key: what names it among its kind. said: what was answered."""

    kind: str
    key: str
    said: dict[str, Any]


class Journal:
    """Lines of all people. strange: answers that nobody should get. refused: statuses of those who had to ask again."""

    def __init__(self, file: Path) -> None:
        self.lines: list[Line] = []
        self.strange: list[str] = []
        self.refused: Counter[int] = Counter()
        self._file = file
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)

    def note(self, kind: str, key: str, **said: Any) -> None:
        """Write down what was answered."""
        line = Line(kind, key, said)
        with self._more:
            self.lines.append(line)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps([kind, key, said]) + "\n")
            self._more.notify_all()

    def wonder(self, sentence: str) -> None:
        """Write down what should not have been answered."""
        with self._lock:
            self.strange.append(sentence[:2_000])

    def ask_again(self, status: int) -> None:
        """Count an answer after which somebody has to ask again."""
        with self._lock:
            self.refused[status] += 1

    def of(self, kind: str) -> list[Line]:
        """Return the lines of a kind, the first one first."""
        with self._lock:
            return [line for line in self.lines if line.kind == kind]

    def grows(self, by: int, seconds: float, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Wait until there are so many lines more; return whether they came in time."""
        with self._more:
            wanted = len(self.lines) + by
            return self._more.wait_for(lambda: len(self.lines) >= wanted or is_over(), seconds)
