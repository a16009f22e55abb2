"""Lines of the log as JSON: what happened, in which request or job, without secrets and personal data.

A file a day in the data folder's `logs`. Lines are appended whole, in one write, so that several processes may share a
file; a file that is full is followed by `2026-05-01.2.jsonl`.
"""

import json
import logging
import os
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.core.redaction import redacted

#: The request or job in which a line is written.
inside: ContextVar[str] = ContextVar("inside", default="")
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_LINE = 32 * 1024
LARGEST_FOLDER = 500 * 1024 * 1024
SUFFIX = ".jsonl"
LEVELS = ("debug", "info", "warning", "error", "critical")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request, error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage())[: LARGEST_LINE // 2],
        }
        if request := inside.get():
            line["request"] = request
        if fields := getattr(record, "fields", None):
            line["fields"] = fields
        if record.exc_info:
            line["error"] = redacted(self.formatException(record.exc_info))[-LARGEST_LINE // 2 :]
        line["process"] = record.process
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """For a terminal: the time, the level, who says it, and what; secrets are left out here, too."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or the lines of an error."""
        request = inside.get()
        return redacted(super().format(record)) + (f"  [{request}]" if request else "")


class DailyFile(logging.Handler):
    """Appends to the day's file in a folder; what cannot be written is not worth an error of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self._folder = folder
        self._day = ""
        self._number = 1
        self._file: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line."""
        try:
            line = self.format(record).encode(errors="replace") + b"\n"
            file = self._opened(datetime.fromtimestamp(record.created, UTC).date().isoformat())
            os.write(file, line)
            if os.fstat(file).st_size > LARGEST_FILE:
                self._turn(self._day, self._number + 1)
        except Exception:  # noqa: BLE001 - a full disk must not stop what is being logged
            self.handleError(record)

    def close(self) -> None:
        """Give the file back."""
        self._shut()
        super().close()

    def _opened(self, day: str) -> int:
        if day != self._day or self._file is None:
            self._turn(day, 1)
        assert self._file is not None  # noqa: S101 - just opened
        return self._file

    def _turn(self, day: str, number: int) -> None:
        self._shut()
        path = self._folder / _name(day, number)
        while path.exists() and path.stat().st_size > LARGEST_FILE:
            number += 1
            path = self._folder / _name(day, number)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._day, self._number = day, number

    def _shut(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _name(day: str, number: int) -> str:
    return f"{day}{SUFFIX}" if number == 1 else f"{day}.{number}{SUFFIX}"


def files_in(folder: Path) -> list[Path]:
    """Return the log's files, the newest first."""

    def age(path: Path) -> tuple[str, int]:
        day, _dot, number = path.name.removesuffix(SUFFIX).partition(".")
        return day, int(number) if number.isdecimal() else 1

    return sorted(folder.glob(f"*{SUFFIX}"), key=age, reverse=True)


def forget_files(folder: Path, keep_days: int, now: datetime) -> int:
    """Remove files older than so many days, and the oldest beyond 500 MB; return how many went."""
    oldest = (now - timedelta(days=keep_days)).date().isoformat()
    removed, kept_bytes = 0, 0
    for number, path in enumerate(files_in(folder)):
        kept_bytes += path.stat().st_size
        if number and (path.name[:10] < oldest or kept_bytes > LARGEST_FOLDER):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def set_level(level: str) -> None:
    """Keep lines from this level on; libraries say less, whatever it is."""
    logging.getLogger().setLevel(level.upper())
    for noisy in ("alembic", "httpx", "httpcore", "uvicorn", "aiosqlite", "multipart", "python_multipart", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
