"""The search index: gone, or full of nonsense. It is built anew by itself."""

import random
import shutil
from contextlib import suppress

from tests.harness.installation import Installation
from tests.harness.strikes import AtOnce

FOLDER = "search"


class IndexDeleted(AtOnce):
    """Its folder is deleted while it is in use."""

    name = "search index deleted"

    def strike(self, server: Installation, roll: random.Random) -> None:
        shutil.rmtree(server.folder / FOLDER, ignore_errors=True)


class IndexCorrupted(AtOnce):
    """Bytes in the middle of its files are others."""

    name = "search index corrupted"

    def strike(self, server: Installation, roll: random.Random) -> None:
        for file in sorted((server.folder / FOLDER).rglob("*")):
            with suppress(OSError):
                if file.is_file() and (size := file.stat().st_size):
                    with file.open("r+b") as opened:
                        opened.seek(roll.randrange(size))
                        opened.write(roll.randbytes(64))
