"""Rows put aside on disk until the product that they belong to comes."""

import json
import tempfile
from collections.abc import Iterator

from engine.core.tabular.table import Row


class Spool:
    """Rows by the key under which they wait; only where each begins is held in memory. To be closed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._places: dict[str, list[int]] = {}

    def keep(self, key: str, row: Row) -> None:
        """Put a row aside."""
        self._places.setdefault(key, []).append(self._file.tell())
        self._file.write(json.dumps([row.number, row.cells]).encode() + b"\n")

    def waiting(self, *keys: str) -> Iterator[Row]:
        """Yield the rows that wait under these keys, in the order in which they came."""
        for place in sorted(place for key in keys for place in self._places.get(key, ())):
            self._file.seek(place)
            number, cells = json.loads(self._file.readline())
            yield Row(number, tuple(cells))

    def close(self) -> None:
        self._file.close()
