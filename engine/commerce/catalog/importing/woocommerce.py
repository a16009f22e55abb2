"""WooCommerce's product CSV, as its own exporter writes it and people edit it, read as a stream of products.

The file is read twice: once for what only the whole tells (number formats, which rows belong together, repeated
SKUs), once to hand on products. Variations wait in a temporary file until their product comes, wherever they stand.
Source: WooCommerce's "Product CSV Import Schema" and the behaviour of its importer.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from engine.commerce.catalog.importing.cells import MAX_SKU, Cells
from engine.commerce.catalog.importing.columns import columns_of
from engine.commerce.catalog.importing.figures import Figures, Marks
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.variations import Family, details_of, family_of
from engine.core.i18n import Message, _
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.reading import read_table
from engine.core.tabular.table import Row

_FLAGS = frozenset({"virtual", "downloadable"})
_SIMPLE, _VARIABLE, _VARIATION = "simple", "variable", "variation"
_VISIBILITIES: tuple[Literal["visible", "catalog", "search", "hidden"], ...] = (
    "visible",
    "catalog",
    "search",
    "hidden",
)


class WooCommerceFile:
    """An open product file: `total` rows, and an iteration of its products and of the problems before each.

    Raises Invalid when opened if the file is no table, or does not say which column holds the names.
    """

    def __init__(self, path: Path, *, currency: str, today: date, mapping: Mapping[str, str] | None = None) -> None:
        self._table = read_table(path)
        self._columns = columns_of(self._table.columns, mapping or {})
        self._marks = Marks()
        self._figures = Figures(self._marks, currency, today)
        self._first_row_of: dict[str, int] = {}  # "sku:..." or "id:..." -> row
        self._variable_keys: set[str] = set()
        self._waiting: dict[str, list[int]] = {}  # the parent as written -> places in the temporary file
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self.total = 0
        self.rows_read = 0

    def surveyed(self) -> Self:
        """Return the file after its first reading, which takes a while; to be closed."""
        try:
            self._survey()
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
        yield from self._columns.problems
        yield from self._columns.unplaced_notes()
        self.rows_read = 0
        for item in self._table.rows():
            if isinstance(item, Problem):
                yield item
                continue
            self.rows_read += 1
            yield from self._taken(Cells(item, self._columns))

    def _survey(self) -> None:
        for item in self._table.rows():
            if isinstance(item, Problem):
                continue
            self.total += 1
            cells = Cells(item, self._columns)
            self._marks.note(cells)
            self._columns.count_unplaced(item.cells)
            kind, _flags = _kind_of(cells)
            for key in _keys_of(cells):
                if self._first_row_of.setdefault(key, cells.row) == cells.row and kind == _VARIABLE:
                    self._variable_keys.add(key)
            if kind == _VARIATION:
                self._waiting.setdefault(_parent_key(cells), []).append(self._spool.tell())
                self._spool.write(json.dumps([item.number, item.cells]).encode() + b"\n")

    def _taken(self, cells: Cells) -> Iterator[ImportedProduct | Problem]:
        """Yield a row's product after its problems, or only the problems."""
        kind, flags = _kind_of(cells)
        refusal = self._refusal(cells, kind)
        if kind == _VARIATION and refusal is None:
            return  # it came, or comes, with its product
        if refusal is not None:
            yield from cells.problems
            yield Problem.of(cells.row, *refusal, Severity.ERROR)
            yield from self._left_without_parent(cells)
            return
        rows = self._variations_of(cells) if kind == _VARIABLE else []
        product = self._product(cells, kind, flags, rows)
        yield from cells.problems
        for row in rows:
            yield from row.problems
        yield product

    def _refusal(self, cells: Cells, kind: str) -> tuple[str, str, Message] | None:
        """Return (column, value, why) if the row cannot be taken at all."""
        header, places = self._columns.header, self._columns.places
        sku = cells.line("sku")
        if kind not in {_SIMPLE, _VARIABLE, _VARIATION}:
            message = _("Products of type “{type}” are not known to Agora yet; the row was not taken.")
            return header[places["type"]], cells.text("type"), message.having(type=kind)
        if kind == _VARIATION and _parent_key(cells) not in self._variable_keys:
            return header[places.get("parent", places["type"])], cells.text("parent"), self._orphan_message(cells)
        if kind != _VARIATION and not cells.line("name"):
            return header[places["name"]], "", _("The product has no name; the row was not taken.")
        if len(sku) > MAX_SKU:
            message = _("The SKU is longer than {limit} characters; the row was not taken.").having(limit=MAX_SKU)
            return header[places["sku"]], sku, message
        for key in _keys_of(cells):
            first = self._first_row_of[key]
            if first != cells.row:
                name = "sku" if key.startswith("sku:") else "id"
                message = _("Row {row} has the same {column} already; this row was not taken.")
                return header[places[name]], cells.text(name), message.having(row=first, column=header[places[name]])
        return None

    def _orphan_message(self, cells: Cells) -> Message:
        parent = cells.text("parent")
        if not parent:
            return _("The variation names no parent; give the SKU of its product, or id: and its number.")
        if _parent_key(cells) in self._first_row_of:
            return _("“{parent}” is not a variable product, so its variation was not taken.").having(parent=parent)
        if parent.isdigit():
            message = _("No row has the SKU “{parent}”. If that is an ID, write id:{parent}.")
            return message.having(parent=parent)
        return _("No variable product in this file is “{parent}”, so its variation was not taken.").having(
            parent=parent
        )

    def _variations_of(self, parent: Cells) -> list[Cells]:
        """Return the product's variations that can be taken, in the order in which the other shop shows them."""
        found = [cells for cells in self._waiting_for(parent) if self._refusal(cells, _VARIATION) is None]
        return sorted(found, key=lambda cells: (_position(cells), cells.row))

    def _left_without_parent(self, parent: Cells) -> Iterator[Problem]:
        """Yield a problem for each variation of a product that was refused."""
        for cells in self._waiting_for(parent):
            message = _("Its product in row {row} was not taken, so neither was this variation.")
            parent_cell = cells.text("parent")
            column = self._columns.header[self._columns.places["parent"]]
            yield Problem.of(cells.row, column, parent_cell, message.having(row=parent.row), Severity.ERROR)

    def _waiting_for(self, parent: Cells) -> Iterator[Cells]:
        own = [key for key in _keys_of(parent) if self._first_row_of[key] == parent.row]
        for place in sorted(place for key in own for place in self._waiting.get(key, [])):
            self._spool.seek(place)
            number, values = json.loads(self._spool.readline())
            yield Cells(Row(number, tuple(values)), self._columns)

    def _product(self, cells: Cells, kind: str, flags: frozenset[str], rows: list[Cells]) -> ImportedProduct:
        figures = self._figures
        is_variable = kind == _VARIABLE
        family = family_of(cells, rows, figures) if is_variable else Family(details=details_of(cells))
        status = _status(cells)
        price, compare_at, stock = None, None, None
        if is_variable:
            price = min((variant.price_minor for variant in family.variants), default=0)
            if not family.variants:
                cells.report(
                    "type", _("No variation of it could be taken, so there is nothing to buy: kept as a draft.")
                )
                status = "draft"
        else:
            pricing = figures.pricing(cells)
            price, compare_at, stock = pricing.price_minor, pricing.compare_at_minor, figures.stock(cells)
            if price is None:
                cells.report("price", _("The product has no price; it was kept as a draft until it has one."))
                price, status = 0, "draft"
        return ImportedProduct(
            row=cells.row,
            source_id=cells.text("id"),
            sku=cells.line("sku"),
            gtin=cells.gtin(),
            type=_type(cells, flags, rows),
            name=cells.name(),
            status=status,
            visibility=_visibility(cells),
            is_featured=cells.text("featured").lower() in {"1", "yes", "true"},
            summary_html=cells.html("summary"),
            description_html=cells.html("description"),
            price_minor=price,
            compare_at_minor=compare_at,
            stock=stock,
            weight_grams=None if is_variable else figures.weight_grams(cells),
            category_paths=cells.category_paths(),
            tags=cells.tags(),
            images=cells.images(),
            options=family.options,
            details=family.details,
            variants=family.variants,
        )


def _kind_of(cells: Cells) -> tuple[str, frozenset[str]]:
    """Return the type without its flags ("simple" if only flags are given), and the flags."""
    words = [word.lower() for word in cells.parts("type")]
    kinds = [word for word in words if word not in _FLAGS]
    return ", ".join(kinds) or _SIMPLE, frozenset(words) & _FLAGS


def _keys_of(cells: Cells) -> list[str]:
    """Return by what other rows may mean this one."""
    sku, number = cells.line("sku"), cells.text("id")
    return ([f"sku:{sku.casefold()}"] if sku else []) + ([f"id:{number}"] if number else [])


def _parent_key(cells: Cells) -> str:
    parent = cells.line("parent")
    prefix, found, number = parent.partition(":")
    if found and prefix.lower() == "id" and number.strip().isdigit():
        return f"id:{number.strip()}"
    return f"sku:{parent.casefold()}"


def _position(cells: Cells) -> int:
    text = cells.text("position")
    return int(text) if text.lstrip("-").isdecimal() else 0


def _status(cells: Cells) -> Literal["draft", "active"]:
    text = cells.text("published").lower()
    if text in {"", "1", "1.0", "true", "yes"}:
        return "active"
    if text not in {"0", "-1", "0.0", "-1.0", "false", "no"}:
        cells.report("published", _("“{value}” is none of 1, 0, -1; kept as a draft.").having(value=text[:40]))
    return "draft"


def _visibility(cells: Cells) -> Literal["visible", "catalog", "search", "hidden"]:
    text = cells.text("visibility").lower()
    for known in _VISIBILITIES:
        if text == known:
            return known
    if text:
        message = _("“{value}” is none of visible, catalog, search, hidden; taken as visible.")
        cells.report("visibility", message.having(value=text[:40]))
    return "visible"


def _type(cells: Cells, flags: frozenset[str], rows: list[Cells]) -> Literal["physical", "virtual"]:
    """Return the product's type. Downloads are not known yet, which is told."""
    for row in (cells, *rows):
        if "downloadable" in _kind_of(row)[1]:
            row.report("type", _("Downloads are not known to Agora yet: the product was taken without its files."))
    if "virtual" in flags:
        return "virtual"
    virtual_rows = sum("virtual" in _kind_of(row)[1] for row in rows)
    if virtual_rows and virtual_rows < len(rows):
        cells.report("type", _("Some variations are virtual and some are not; the product was taken as physical."))
    return "virtual" if rows and virtual_rows == len(rows) else "physical"
