"""Small files, and a reading of one into products and problems."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.known import format_named
from engine.commerce.catalog.importing.productfile import ProductFile
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.reading import read_table

TODAY = date(2026, 3, 1)


class Reading:
    """Everything that came out of a file."""

    def __init__(self, items: Sequence[ImportedProduct | Problem], file: ProductFile) -> None:
        self.file = file
        self.table = file.table
        self.products = [item for item in items if isinstance(item, ImportedProduct)]
        self.problems = [item for item in items if isinstance(item, Problem)]

    @property
    def product(self) -> ImportedProduct:
        (only,) = self.products
        return only

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    def said(self) -> str:
        return " | ".join(f"{p.row} {p.column}: {p.message}" for p in self.problems)


def opened(path: Path, format_: str = "auto", currency: str = "USD", **options: dict[str, str]) -> ProductFile:
    table = read_table(path)
    return ProductFile(table, format_named(format_, table.columns), currency=currency, today=TODAY, **options)


def read(path: Path, format_: str = "auto", currency: str = "USD", **options: dict[str, str]) -> Reading:
    with opened(path, format_, currency, **options) as file:
        return Reading(list(file), file)


def as_csv(rows: Sequence[dict[str, str]], delimiter: str = ",") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
