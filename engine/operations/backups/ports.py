"""What backups ask of the world: copies of the database and of the site's files, and a second place to keep them in."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

from engine.core.backupsettings import BackupSettings
from engine.core.ports import BlobStore


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds. revision: of its schema. rows: by table. site: the organisation's name, where told."""

    revision: str
    rows: Mapping[str, int] = field(default_factory=dict)
    site: str = ""


class DatabaseCopies(Protocol):
    """Copies of one database. Called in threads: each may take minutes.

    engine: `sqlite` or `postgresql`. is_packed: whether the copy is compressed already. place: the file that the
    database is, or None where a server holds it. A file can be followed (`file`); databases of a server change places
    by their names (`names`). Each has the one or the other.
    """

    engine: Literal["sqlite", "postgresql"]
    is_packed: bool
    place: Path | None
    file: "DatabaseFile | None"
    names: "DatabaseNames | None"

    def size(self) -> int:
        """Return about how many bytes a copy takes; 0 where nothing is there yet."""
        ...

    def check_tools(self) -> None:
        """Raise Unavailable where a program is missing that copies are made with."""
        ...

    def settings(self, key: str) -> Mapping[str, Any]:
        """Return what is stored under a settings key, secrets as they are kept; of a schema of any age."""
        ...

    def copy(self, target: Path) -> Contents:
        """Write one moment of the database to a file, while others write to it. Raises Unavailable."""
        ...

    def try_out(self, copy: Path, scratch: Path) -> Contents:
        """Restore a copy into a scratch place, look through all of it, and return what it holds. Raises Invalid."""
        ...


class DatabaseFile(Protocol):
    """A database that is a file, followed minute by minute."""

    def snapshot(self, target: Path) -> None:
        """Write one moment of it to another file, nothing more. Raises Unavailable."""
        ...

    def at(self, path: Path) -> DatabaseCopies:
        """Return the copies of another database file."""
        ...


class DatabaseNames(Protocol):
    """Databases of a server that change places by their names, all at once or not at all."""

    def stage(self, copy: Path, name: str) -> None:
        """Restore a copy into a new database beside the one in use. Raises Unavailable, Invalid."""
        ...

    def contents(self, name: str) -> Contents:
        """Return what a database beside the one in use holds."""
        ...

    def beside(self, what: str) -> str:
        """Return a free name for a database beside the one in use."""
        ...

    def others(self) -> Sequence[str]:
        """Return which other machines are connected to the one in use, by address."""
        ...

    def exchange(self, incoming: str, outgoing: str) -> None:
        """Call the one in use `outgoing`, and `incoming` as it was called. A second call does nothing."""
        ...

    def drop(self, name: str) -> None:
        """Delete a database that is not in use, where it is there."""
        ...


class Files(Protocol):
    """The site's files, wherever they lie. Called in threads; each raises Unavailable while that place is away.

    folder: where they are a folder, which a restore exchanges as a whole; None for a store elsewhere.
    """

    folder: Path | None

    def sizes(self) -> Mapping[str, int]:
        """Return every file by its key, in bytes."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Open one for reading, block by block. Raises FileNotFoundError for one that was deleted meanwhile."""
        ...

    def put(self, key: str, source: Path) -> None:
        """Keep a file: whole or not there."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the second place. size: in bytes."""

    name: str
    size: int


class Place(Protocol):
    """A second place for backups. Called in threads; each raises Unavailable while it is away.

    shown: how people call it. folder: where it is a folder of this machine.
    """

    shown: str
    folder: Path | None

    def kept(self, below: str = "") -> Sequence[Kept]:
        """Return what lies right in a folder of it, by whole names."""
        ...

    def put(self, name: str, source: Path) -> None:
        """Copy a file there, block by block: whole or not there."""
        ...

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file from there to a new one. Raises NotFound."""
        ...

    def remove(self, name: str) -> None:
        """Delete a file, where it is there, or a folder with all in it."""
        ...


class Places(Protocol):
    """Opens second places by their addresses: a folder, s3://bucket/prefix, or azure://container/prefix."""

    def open(self, address: str, settings: BackupSettings) -> Place:
        """Return a place. Raises Invalid for an address that is none, or a library that is missing."""
        ...

    def files(self, address: str, settings: BackupSettings) -> BlobStore:
        """Return the store in it that the site's files are mirrored to. Raises as `open`."""
        ...
