"""An open product file: rows are read, columns mapped, and products and problems handed on.

The file is read twice: once for what only the whole tells (number formats, which rows belong together, repeated
SKUs), once to hand on products.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Self

from engine.commerce.catalog.importing.cells import Cells
from engine.commerce.catalog.importing.columns import columns_of
from engine.commerce.catalog.importing.figures import Figures, Marks
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.known import Format
from engine.commerce.catalog.importing.spool import Spool
from engine.core.tabular.mapping import samples
from engine.core.tabular.problems import Problem
from engine.core.tabular.table import Table


class ProductFile:
    """`total` rows, and an iteration of the products in them and of the problems before each.

    Raises Invalid when opened if it does not say which column holds the names.
    """

    def __init__(
        self, table: Table, format_: Format, *, currency: str, today: date, mapping: Mapping[str, str] | None = None
    ) -> None:
        self.table = table
        self.format = format_.dialect.name
        self.columns = columns_of(table.columns, format_.dialect, mapping or {}, samples(table))
        self._marks = Marks()
        self._spool = Spool()
        self._reader = format_.reader(self.columns, Figures(self._marks, currency, today), self._spool)
        self.total = 0
        self.rows_read = 0

    @property
    def source(self) -> str:
        """Whose products these are: what a product is known again by is looked up among theirs."""
        return self.format.partition("-")[0]

    def surveyed(self) -> Self:
        """Return the file after its first reading, which takes a while; to be closed."""
        try:
            for item in self.table.rows():
                self.total += 1
                if not isinstance(item, Problem):
                    cells = Cells(item, self.columns)
                    self._marks.note(cells)
                    self.columns.note(item.cells)
                    self._reader.note(cells)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        self._spool.close()

    def __enter__(self) -> Self:
        return self.surveyed()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[ImportedProduct | Problem]:
        yield from self.columns.problems
        yield from self.columns.notes()
        self.rows_read = 0
        for item in self.table.rows():
            if isinstance(item, Problem):
                yield item
                continue
            self.rows_read += 1
            yield from self._reader.taken(Cells(item, self.columns))
