"""Where lines of the log go: a terminal, plain; while a server runs, the data folder, as JSON."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.core.logging import LEVELS, DailyFile, PlainLines, set_level
from engine.core.logsettings import LogSettings


def configure_logging(level: str) -> None:
    """Write one line an event to standard error, at the chosen level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainLines())
    logging.basicConfig(handlers=[handler], force=True)
    set_level(level)


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Keep lines in this folder, too, while the block runs."""
    handler = DailyFile(folder)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class LogLevel:
    """The level of a running process. started: what it began with, until staff choose another."""

    def __init__(self, started: str) -> None:
        self._started = started
        self._now = LogSettings().level

    def follow(self, chosen: LogSettings) -> None:
        """Keep lines from the chosen level on; nothing happens where it is what it was."""
        if chosen.level == self._now:
            return
        self._now = chosen.level
        level = self._started if chosen.level == "started" else chosen.level
        log = logging.getLogger()
        set_level(min(level, logging.getLevelName(log.level).lower(), key=LEVELS.index))  # it is said at either level
        log.getChild("agora").warning("the log keeps lines from %s on now", level)
        set_level(level)
