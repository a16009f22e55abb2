"""Rows that share a key made into one product: the first row describes it, each row with a price is a variant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.commerce.catalog.importing.cells import MAX_SKU, MAX_TERM, Cells
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.imported import ImportedProduct, ImportedVariant, NamedValues
from engine.commerce.catalog.importing.spool import Spool
from engine.core.i18n import Message, _
from engine.core.tabular.problems import Problem, Severity

MAX_VARIANTS = 500


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a format says of its groups.

    key: what rows of one product share, "" for a row by itself. made: the product of a group's rows, all of which may
    be used; None where it cannot be taken, and then the first row has the error. note: counts, in the first reading,
    what is told once for the whole file.
    """

    key: Callable[[Cells], str]
    made: Callable[[Sequence[Cells], Figures], ImportedProduct | None]
    note: Callable[[Cells], None] = lambda _cells: None


class GroupedReader:
    """Puts the later rows of each group aside, and hands the group over when its first row comes."""

    def __init__(self, columns: Columns, figures: Figures, spool: Spool, grouping: Grouping) -> None:
        self._columns = columns
        self._figures = figures
        self._spool = spool
        self._grouping = grouping
        self._first_of_group: dict[str, int] = {}
        self._first_of_number: dict[str, int] = {}

    def note(self, cells: Cells) -> None:
        """Learn which rows share a key, and which repeat a number."""
        self._grouping.note(cells)
        key = self._grouping.key(cells)
        if key and self._first_of_group.setdefault(key, cells.row) != cells.row:
            self._spool.keep(key, cells.as_row())
        for number in self._numbers(cells, key):
            self._first_of_number.setdefault(number, cells.row)

    def taken(self, cells: Cells) -> Iterator[ImportedProduct | Problem]:
        """Yield a group's product after its problems when its first row comes."""
        key = self._grouping.key(cells)
        if key and self._first_of_group[key] != cells.row:
            return
        rows = [cells, *(Cells(row, self._columns) for row in (self._spool.waiting(key) if key else ()))]
        for row in rows:
            if refusal := self._refusal(row, key):
                row.report(*refusal, Severity.ERROR)
        if not cells.is_refused and not cells.line("name"):
            cells.report("name", _("The product has no name; the row was not taken."), Severity.ERROR)
        good = [row for row in rows if not row.is_refused]
        product = None if cells.is_refused else self._grouping.made(good, self._figures)
        if product is None:
            _leave_with(cells, rows[1:])
        for row in rows:
            yield from row.problems
        if product is not None:
            yield product

    def _numbers(self, cells: Cells, key: str) -> list[str]:
        """Return the numbers of a row that no other may bear; where rows are grouped, an id may be the product's."""
        found = [(name, cells.line(name).casefold()) for name in ("sku", "variant_sku")]
        found += [] if key else [("id", cells.text("id"))]
        return [f"{name}:{number}" for name, number in found if number]

    def _refusal(self, cells: Cells, key: str) -> tuple[str, Message] | None:
        if len(cells.line("sku")) > MAX_SKU:
            message = _("The SKU is longer than {limit} characters; the row was not taken.").having(limit=MAX_SKU)
            return "sku", message
        for number in self._numbers(cells, key):
            first = self._first_of_number[number]
            if first != cells.row:
                name = number.partition(":")[0]
                column = self._columns.header[self._columns.places[name]]
                message = _("Row {row} has the same {column} already; this row was not taken.")
                return name, message.having(row=first, column=column)
        return None


def _leave_with(first: Cells, rows: Sequence[Cells]) -> None:
    """Tell of the rows of a product that was not taken."""
    for row in rows:
        if not row.is_refused:
            message = _("Its product in row {row} was not taken, so neither was this row.")
            row.report("name", message.having(row=first.row), Severity.ERROR, "")


def variants_of(
    rows: Sequence[tuple[Cells, dict[str, str], str]], figures: Figures, sku: str = "sku"
) -> tuple[tuple[NamedValues, ...], tuple[ImportedVariant, ...]]:
    """Return options and variants of (row, {option: value}, picture); rows that cannot be one are told.

    Options are those of the first row, in its order; each variant needs a value for each, and no two the same. sku: the
    field that has a variant's.
    """
    names = list(rows[0][1]) if rows else []
    taken: dict[tuple[str, ...], int] = {}
    variants: list[ImportedVariant] = []
    for cells, chosen, picture in rows:
        choice = tuple(chosen.get(name, "") for name in names)
        same = tuple(value.casefold() for value in choice)
        pricing = figures.pricing(cells)
        if refusal := _refusal(
            names, choice, taken.get(same), len(variants), has_price=pricing.price_minor is not None
        ):
            cells.report("option", refusal, Severity.ERROR, " / ".join(choice))
            continue
        taken[same] = cells.row
        variants.append(
            ImportedVariant(
                row=cells.row,
                source_id="",
                sku=cells.line(sku),
                gtin=cells.gtin(),
                options=tuple(zip(names, choice, strict=True)),
                price_minor=pricing.price_minor or 0,
                compare_at_minor=pricing.compare_at_minor,
                stock=figures.stock(cells),
                weight_grams=figures.weight_grams(cells),
                measures=figures.measures(cells),
                image=picture,
            )
        )
    options = tuple(
        NamedValues(name, tuple(dict.fromkeys(variant.options[place][1] for variant in variants)))
        for place, name in enumerate(names)
    )
    return (options if variants else ()), tuple(variants)


def _refusal(
    names: Sequence[str], choice: Sequence[str], same_row: int | None, count: int, *, has_price: bool
) -> Message | None:
    missing = [name for name, value in zip(names, choice, strict=True) if not value]
    if missing:
        return _("The variant has no {option}; the row was not taken.").having(option=", ".join(missing))
    if any(len(value) > MAX_TERM for value in choice):
        return _("A choice is longer than {limit} characters; the row was not taken.").having(limit=MAX_TERM)
    if same_row is not None:
        return _("Row {row} is the same choice already; this one was not taken.").having(row=same_row)
    if not has_price:
        return _("The variant has no price that could be read, so it was not taken.")
    if count == MAX_VARIANTS:
        return _("Agora takes up to {limit} variants of a product.").having(limit=MAX_VARIANTS)
    return None
