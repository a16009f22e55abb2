"""What an import of a site tells: counts by kind and outcome, and everything that did not come in as it was."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.content.moving.incoming import Problem
from engine.core.i18n import Message, format_message

SHOWN = 2_000
OUTCOMES = ("created", "updated", "unchanged", "kept", "failed")


class MovingReport:
    """How an import went so far. `kept`: what staff changed here since, and so was left as it is."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._counts: dict[str, Counter[str]] = {}
        self._problems: list[dict[str, Any]] = []
        self._more = 0
        #: Who wrote: `{key, name, email}`, for whoever says which account each has here.
        self.authors: Sequence[Mapping[str, str]] = ()

    def count(self, kind: str, outcome: str) -> None:
        self._counts.setdefault(kind, Counter())[outcome] += 1

    def add(self, problem: Problem) -> None:
        self.say(problem.where, problem.message, problem.line)

    def say(self, where: str, message: Message | str, line: int = 0) -> None:
        """Write down something that did not come in as it was."""
        if len(self._problems) >= SHOWN:
            self._more += 1
            return
        self._problems.append({"where": where, "line": line, "message": format_message(message, self._locale)})

    def as_json(self) -> Mapping[str, Any]:
        """Return the report: `{counts: {pages: {created: 3}}, problems: [{where, line, message}], more, authors}`."""
        counts = {kind: {name: found[name] for name in OUTCOMES if found[name]} for kind, found in self._counts.items()}
        found = {"counts": counts, "problems": list(self._problems), "more": self._more}
        return {**found, "authors": list(self.authors)} if self.authors else found
