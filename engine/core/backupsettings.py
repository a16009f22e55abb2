"""When backups are made, where they lie, and how long they are kept: the settings key `backups`."""

import re
from base64 import b64decode
from datetime import time
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from engine.core.setting import Line, Secret, Settings

SHORTEST_PASSPHRASE = 8
#: A bucket's or container's name. Source: Amazon S3 User Guide, "General purpose bucket naming rules".
BUCKET = re.compile(r"(?P<kind>s3|azure)://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<prefix>/[A-Za-z0-9._/-]*)?")


def _folder(value: str) -> str:
    value = value.strip()
    if value and not (PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute()):
        raise ValueError(f"“{value}” is not a whole path; write it from the top, such as /mnt/backups")
    if "\x00" in value:
        raise ValueError("a path has no null character")
    return value


def _place(value: str) -> str:
    value = value.strip()
    kind, is_store, rest = value.partition("://")
    if not is_store or kind not in ("s3", "azure"):
        return _folder(value)
    if not BUCKET.fullmatch(value) or "//" in rest or "/../" in f"{value}/":
        what = "bucket" if kind == "s3" else "container"
        raise ValueError(f"“{value}” names no {what}; write it like {kind}://my-backups or {kind}://my-backups/shop")
    return value.rstrip("/")


def _endpoint(value: str) -> str:
    value = value.strip().rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/?#@]+", value):
        raise ValueError(f"“{value}” is no address of a server; write it like https://s3.example.org")
    return value


def _azure_endpoint(value: str) -> str:
    value = value.strip().rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[a-z0-9]{3,24})?", value):
        raise ValueError(f"“{value}” is no address of a server; write it like https://myaccount.blob.core.windows.net")
    return value


def _azure_key(value: str) -> str:
    value = value.strip()
    try:
        b64decode(value, validate=True)
    except ValueError:
        raise ValueError("this is no key of a storage account; copy it from “Access keys” of the account") from None
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

    continuous: whether each minute's changes are written down, too (SQLite). stored_files: whether files that lie in an
    object store are in each backup. second_place: a folder, s3://bucket/prefix or azure://container/prefix that
    everything is copied to as well; s3_… and azure_…: its keys. carried: whether somebody takes copies elsewhere, so
    that nobody is warned where there is none.
    """

    key = "backups"
    bare: ClassVar[frozenset[str]] = frozenset({"passphrase", "s3_secret_key", "azure_key"})
    enabled: bool = True
    at: Annotated[str, Field(max_length=8), AfterValidator(_hour)] = "02:00"
    keep_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    continuous: bool = True
    folder: Annotated[Line, AfterValidator(_folder)] = ""
    passphrase: Annotated[Secret, AfterValidator(_passphrase)] = ""
    stored_files: bool = True
    second_place: Annotated[Line, AfterValidator(_place)] = ""
    s3_endpoint: Annotated[Line, AfterValidator(_endpoint)] = ""
    s3_region: Line = ""
    s3_access_key: Line = ""
    s3_secret_key: Secret = ""
    azure_account: Line = ""
    azure_key: Annotated[Secret, AfterValidator(_azure_key)] = ""
    azure_endpoint: Annotated[Line, AfterValidator(_azure_endpoint)] = ""
    carried: bool = False

    @field_validator("second_place")
    @classmethod
    def _is_another(cls, value: str, info: ValidationInfo) -> str:
        if value and value.rstrip("/") == str(info.data.get("folder", "")).rstrip("/"):
            raise ValueError(f"“{value}” is the first place already; the second one must be another")
        return value

    @property
    def time(self) -> time:
        """When it is due, as a time of day."""
        return time.fromisoformat(self.at)
