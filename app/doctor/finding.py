"""One thing that was looked at, as a sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; unless it is fine, the sentence says what to do."""

    level: Level
    sentence: str


def fine(sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.OK, sentence)


def warn(sentence: str) -> Finding:
    """Agora runs with it, and somebody should know."""
    return Finding(Level.WARN, sentence)


def fail(sentence: str) -> Finding:
    """Agora does not run, or not safely, until it is mended."""
    return Finding(Level.FAIL, sentence)
