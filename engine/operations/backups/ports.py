"""What backups ask of the database: a copy that is one moment of it, a trial of a copy, and taking its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds. revision: of its schema. rows: by table. site: the organisation's name, where told."""

    revision: str
    rows: Mapping[str, int] = field(default_factory=dict)
    site: str = ""


class DatabaseCopies(Protocol):
    """Copies of one database. Called in threads: each may take minutes.

    engine: `sqlite` or `postgresql`. is_packed: whether the copy is compressed already. place: the file that the
    database is, or None where a server holds it: then `names` lets databases change places.
    """

    engine: Literal["sqlite", "postgresql"]
    is_packed: bool
    place: Path | None
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

    def snapshot(self, target: Path) -> None:
        """Write one moment of a database that is a file to another one, nothing more. Raises Unavailable."""
        ...

    def at(self, path: Path) -> "DatabaseCopies":
        """Return the copies of another database file."""
        ...

    def try_out(self, copy: Path, scratch: Path) -> Contents:
        """Restore a copy into a scratch place, look through all of it, and return what it holds. Raises Invalid."""
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

    def exchange(self, incoming: str, outgoing: str) -> None:
        """Call the one in use `outgoing`, and `incoming` as it was called. A second call does nothing."""
        ...

    def drop(self, name: str) -> None:
        """Delete a database that is not in use, where it is there."""
        ...
