"""When backups are made, where they lie, and how long they are kept: the settings key `backups`."""

from datetime import time
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from engine.core.setting import Line, Secret, Settings

SHORTEST_PASSPHRASE = 8


def _folder(value: str) -> str:
    value = value.strip()
    if value and not (PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute()):
        raise ValueError(f"“{value}” is not a whole path; write it from the top, such as /mnt/backups")
    if "\x00" in value:
        raise ValueError("a path has no null character")
    return value


def _passphrase(value: str) -> str:
    if value and len(value) < SHORTEST_PASSPHRASE:
        raise ValueError(f"use {SHORTEST_PASSPHRASE} characters or more; four words are better")
    return value


def _hour(value: str) -> str:
    try:
        return time.fromisoformat(value).strftime("%H:%M")
    except ValueError:
        raise ValueError(f"“{value}” is not a time of day; write it like 02:00") from None


class BackupSettings(Settings):
    """The schedule. at: the site's local time. folder: empty for the data folder's own. passphrase: seals each one.

    continuous: whether each minute's changes are written down, too (SQLite).
    """

    key = "backups"
    bare: ClassVar[frozenset[str]] = frozenset({"passphrase"})
    enabled: bool = True
    at: Annotated[str, Field(max_length=8), AfterValidator(_hour)] = "02:00"
    keep_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    continuous: bool = True
    folder: Annotated[Line, AfterValidator(_folder)] = ""
    passphrase: Annotated[Secret, AfterValidator(_passphrase)] = ""

    @property
    def time(self) -> time:
        """When it is due, as a time of day."""
        return time.fromisoformat(self.at)
