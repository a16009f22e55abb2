"""Disks: full, and not to be written to."""

import random
import sqlite3
from pathlib import Path

from tests.harness.installation import Installation
from tests.harness.place import fill, lock
from tests.harness.strikes import AtOnce

BALLAST = "ballast"


class DiskFull:
    """Not a byte is left. Where we have no disk of our own, no file of the server can grow any more."""

    name = "disk full"
    lasts = True

    def strike(self, server: Installation, roll: random.Random) -> None:
        if server.place.is_small:
            fill(server.place.folder / BALLAST)
        else:
            sizes = [file.stat().st_size for file in server.folder.glob("agora.sqlite3*")]
            server.limit_files(max(sizes, default=2**20))

    def mend(self, server: Installation) -> None:
        if server.place.is_small:
            (server.place.folder / BALLAST).unlink()
        else:
            server.limit_files(-1)


class ReadOnly:
    """The database's files cannot be written to. Where no lock holds whoever has them open, no file can."""

    name = "database read-only"
    lasts = True

    def strike(self, server: Installation, roll: random.Random) -> None:
        if server.place.takes_locks:
            lock(*self._files(server), is_locked=True)
        else:
            server.limit_files(0)

    def mend(self, server: Installation) -> None:
        if server.place.takes_locks:
            lock(*self._files(server), is_locked=False)
        else:
            server.limit_files(-1)

    @staticmethod
    def _files(server: Installation) -> list[Path]:
        return [server.folder / f"agora.sqlite3{end}" for end in ("", "-wal")]


class Checkpoint(AtOnce):
    """Somebody looks into the database with another program, and has it write back its log."""

    name = "checkpoint by another program"

    def strike(self, server: Installation, roll: random.Random) -> None:
        connection = sqlite3.connect(server.folder / "agora.sqlite3", timeout=30)
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.close()
