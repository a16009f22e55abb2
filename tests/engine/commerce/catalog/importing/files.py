"""Small files in WooCommerce's format, and a reading of one into products and problems."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.woocommerce import WooCommerceFile
from engine.core.tabular.problems import Problem, Severity

TODAY = date(2026, 3, 1)


class Reading:
    """Everything that came out of a file."""

    def __init__(self, items: Sequence[ImportedProduct | Problem]) -> None:
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


def read(path: Path, currency: str = "USD", **options: dict[str, str]) -> Reading:
    with WooCommerceFile(path, currency=currency, today=TODAY, **options) as file:
        return Reading(list(file))


def as_csv(rows: Sequence[dict[str, str]], delimiter: str = ",") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
