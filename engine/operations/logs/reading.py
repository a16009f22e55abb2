"""Reading the log from its end: the newest lines that fit, a few blocks at a time, never a whole file in memory."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.logging import LEVELS, files_in

BLOCK = 64 * 1024
#: How far back one question looks; the next page goes on from there.
MOST_READ = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. place: where it stands, as the next page asks on from."""

    at: datetime
    level: str
    logger: str
    message: str
    request: str
    error: str
    process: int
    place: str


@dataclass(frozen=True, slots=True)
class LogFilter:
    """level: this one and graver ones; text: anywhere in it, whatever its case; request: of one request or job."""

    level: str = ""
    text: str = ""
    request: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, line: LogLine) -> bool:
        """Return whether it is asked for."""
        if self.level in LEVELS and LEVELS.index(line.level) < LEVELS.index(self.level):
            return False
        if (self.request and line.request != self.request) or (self.until and line.at > self.until):
            return False
        if self.since and line.at < self.since:
            return False
        wanted = self.text.casefold()
        return not wanted or any(wanted in part.casefold() for part in (line.message, line.logger, line.error))


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines, the newest first. older: where to go on, empty at the beginning of the log."""

    lines: list[LogLine]
    older: str = ""


class LogBook:
    """The log's folder, as staff read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, actor: Actor, asked: LogFilter, limit: int = 200, before: str = "") -> LogPage:
        """Return the newest lines that fit, older than `before`. Raises NotAllowed below admin. Call it in a thread."""
        access.require(actor, Permission.VIEW_LOGS)
        found: list[LogLine] = []
        read = 0
        for line, size in self._backwards(before):
            read += size
            if line is not None:
                if asked.since and line.at < asked.since:
                    return LogPage(found)
                if asked.fits(line):
                    found.append(line)
            if line is not None and (len(found) >= limit or read > MOST_READ):
                return LogPage(found, line.place)
        return LogPage(found)

    def end(self) -> str:
        """Return where the log ends now: it is another when something was written since."""
        files = files_in(self.folder)
        return f"{files[0].name}:{files[0].stat().st_size}" if files else ""

    def size(self) -> int:
        """Return how many bytes the log takes."""
        return sum(path.stat().st_size for path in files_in(self.folder))

    def _backwards(self, before: str) -> Iterator[tuple[LogLine | None, int]]:
        name, _colon, offset = before.partition(":")
        is_past = not name
        for path in files_in(self.folder):
            end: int | None = None
            if path.name == name:
                is_past, end = True, int(offset) if offset.isdecimal() else 0
            if is_past:
                yield from _lines_of(path, end)


def _lines_of(path: Path, end: int | None) -> Iterator[tuple[LogLine | None, int]]:
    """Yield a file's lines from the last to the first, with how many bytes each is; None for one that is none."""
    try:
        file = path.open("rb")
    except OSError:  # it was forgotten meanwhile
        return
    with file:
        position = min(file.seek(0, os.SEEK_END), end if end is not None else 1 << 62)
        rest = b""
        while position > 0:
            size = min(BLOCK, position)
            position -= size
            file.seek(position)
            rest = file.read(size) + rest
            first, *whole = rest.split(b"\n")
            start = position + len(rest)
            for raw in reversed(whole):
                start -= len(raw)
                if raw:
                    yield _line(raw, f"{path.name}:{start}"), len(raw)
                start -= 1
            rest = first
        if rest:
            yield _line(rest, f"{path.name}:0"), len(rest)


def _line(raw: bytes, place: str) -> LogLine | None:
    try:
        found: dict[str, Any] = json.loads(raw)
        return LogLine(
            at=datetime.fromisoformat(found["at"]),
            level=found["level"] if found["level"] in LEVELS else "info",
            logger=str(found["logger"]),
            message=str(found["message"]),
            request=str(found.get("request", "")),
            error=str(found.get("error", "")),
            process=int(found.get("process", 0)),
            place=place,
        )
    except (ValueError, KeyError, TypeError):
        return None
