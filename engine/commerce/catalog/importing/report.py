"""What an import tells: counts, the problems that matter in full, and every problem as lines of a CSV file."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.commerce.catalog.importing.applying import Outcome
from engine.core.i18n import format_message
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.writing import CsvWriter

MAX_REPORTED = 2_000
#: Of problems that are alike so many are shown each by itself; the summary counts them all.
MAX_ALIKE = 20
_CHUNK = 65_536
_COLUMNS = ("Severity", "Row", "Column", "Value", "What happened")


class ImportReport:
    """How an import went so far. Every problem goes to a temporary file; to be closed."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._counts: Counter[Outcome] = Counter()
        self._taken = 0
        self._shown: list[dict[str, Any]] = []
        self._alike: Counter[tuple[str, str, str]] = Counter()
        self._samples: dict[tuple[str, str, str], str] = {}
        self._problems = 0
        self._skipped: set[int] = set()
        self._writer = CsvWriter(_COLUMNS)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._file.write(self._writer.begin())

    def add(self, problem: Problem) -> None:
        """Count a problem. Each row that was not taken is shown, up to two thousand; of those alike the first few."""
        message = format_message(problem.message, self._locale)
        severity = str(problem.severity)
        self._problems += 1
        if problem.severity is Severity.ERROR:
            self._skipped.add(problem.row)
        kind = (severity, problem.column, problem.message.text)
        self._alike[kind] += 1
        self._samples.setdefault(kind, message)
        is_shown = problem.severity is not Severity.WARNING or self._alike[kind] <= MAX_ALIKE
        if is_shown and len(self._shown) < MAX_REPORTED:
            self._shown.append(
                {
                    "row": problem.row,
                    "column": problem.column,
                    "value": problem.value,
                    "message": message,
                    "severity": severity,
                }
            )
        line = (severity, str(problem.row), problem.column, problem.value, message)
        self._file.write(self._writer.rows([line]))

    def count(self, outcomes: Sequence[Outcome], rows: int) -> None:
        """Count what became of products, and how many rows they were made of."""
        self._counts.update(outcomes)
        self._taken += rows

    def skip(self, rows: Iterable[int]) -> None:
        """Count rows whose product was not taken."""
        self._skipped.update(rows)

    def as_json(self, shown: int = MAX_REPORTED) -> dict[str, Any]:
        """Return the report as the wire has it."""
        summary = [
            {"severity": kind[0], "column": kind[1], "message": self._samples[kind], "count": count}
            for kind, count in self._alike.most_common(100)
            if count > 1
        ]
        return {
            **{str(outcome): self._counts[outcome] for outcome in Outcome},
            "rows": self._taken,
            "skipped": len(self._skipped),
            "errors": self._shown[:shown],
            "errorCount": self._problems,
            "summary": summary,
        }

    def csv(self) -> Iterator[bytes]:
        """Yield the whole report as a CSV file."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def close(self) -> None:
        self._file.close()
