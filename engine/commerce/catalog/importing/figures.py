"""Prices, stock and weight of a row, read by the marks that the file as a whole uses."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from engine.commerce.catalog.importing.amounts import (
    COMMA,
    POINT,
    Evidence,
    UndecidedError,
    UnreadableError,
    parse,
    written,
)
from engine.commerce.catalog.importing.cells import Cells
from engine.commerce.catalog.importing.imported import Measures
from engine.core.i18n import Message, _
from engine.core.money import MAX_MINOR, decimals, minor_of

MAX_STOCK = 1_000_000_000
MAX_GRAMS = 100_000_000
MAX_MM = 100_000_000
SIDES = ("length", "width", "height")
_PRICES = ("price", "sale_price", "compare_at", "cost")
_THREE_DECIMALS = 3
_UNREADABLE = _("“{value}” is not a number and was not taken.")
_UNDECIDED = _("“{value}” could be read in two ways, and the column does not tell which. Write it without thousands.")


@dataclass(frozen=True, slots=True)
class Pricing:
    """price_minor None: the row says none that could be read."""

    price_minor: int | None
    compare_at_minor: int | None


class Marks:
    """The decimal mark of each column of numbers, found by a first pass over the file."""

    FIELDS = ("price", "sale_price", "compare_at", "cost", "weight", "stock", *SIDES)

    def __init__(self) -> None:
        self._evidence = {name: Evidence() for name in self.FIELDS}

    def note(self, cells: Cells) -> None:
        """Count what a row's numbers say."""
        for name, evidence in self._evidence.items():
            if value := cells.text(name):
                evidence.note(value)

    def of_price(self, field: str, currency: str) -> str | None:
        """Return the mark of a price column: its own, else the other's, else as amounts of the currency are written."""
        own = self._evidence[field]
        if own.mark() or own.disagrees():
            return own.mark()
        others = [self._evidence[name].mark() for name in _PRICES if name != field]
        return next(filter(None, others), None) or own.mark_if_parting(thousands=decimals(currency) != _THREE_DECIMALS)

    def of_weight(self, unit: str) -> str | None:
        """Return the mark of the weights; "1,250" kg alone is a kilogram and a quarter, "1,250" g is not."""
        own = self._evidence["weight"]
        if own.mark() or own.disagrees():
            return own.mark()
        return own.mark_if_parting(thousands=unit == "g")

    def of_side(self, side: str) -> str | None:
        """Return the mark of a column of lengths."""
        return self._evidence[side].mark() or self._evidence[side].mark_if_parting(thousands=False)

    def of_stock(self) -> str | None:
        """Return the mark of the stock; "1,200" alone is twelve hundred."""
        return self._evidence["stock"].mark() or self._evidence["stock"].mark_if_parting(thousands=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """Reads a row's numbers. today: decides whether a sale is on."""

    marks: Marks
    currency: str
    today: date

    def pricing(self, cells: Cells) -> Pricing:
        """Return the price to pay, and the regular price beside it during a sale."""
        regular = self._price(cells, "price")
        if "compare_at" in cells.columns.places:
            return Pricing(regular, self._compare_at(cells, regular))
        sale = self._price(cells, "sale_price") if self._sale_is_on(cells) else None
        if sale is None:
            return Pricing(regular, None)
        if regular is None:
            if cells.text("price"):
                return Pricing(None, None)
            cells.report("sale_price", _("There is a sale price but no regular one; it was taken as the price."))
            return Pricing(sale, None)
        if sale >= regular:
            cells.report("sale_price", _("The sale price is not below the regular price and was not taken."))
            return Pricing(regular, None)
        return Pricing(sale, regular)

    def _compare_at(self, cells: Cells, price: int | None) -> int | None:
        """Return the crossed-out price beside the price; one that is 0 or the same says nothing."""
        higher = self._price(cells, "compare_at")
        if not higher or price is None or higher == price:
            return None
        if higher < price:
            cells.report("compare_at", _("The price to compare with is below the price and was not taken."))
            return None
        return higher

    def stock(self, cells: Cells) -> int | None:
        """Return the number in stock; None where it is not counted; 0 where the file's number cannot be used."""
        text = cells.text("stock")
        in_stock = cells.text("in_stock").lower()
        if not text:
            if in_stock == "backorder":
                cells.report("in_stock", _("Agora does not sell on back order yet; the stock was taken as 0."))
            return 0 if in_stock in {"0", "no", "false", "backorder"} else None
        number = self._number(cells, "stock", self.marks.of_stock())
        if number is None:
            return 0
        if number < 0:
            cells.report("stock", _("Stock cannot be below zero; it was taken as 0."))
            return 0
        if number != number.to_integral_value():
            cells.report("stock", _("Stock is counted in whole pieces; the part of one was left out."))
        if number > MAX_STOCK:
            cells.report("stock", _("Stock is counted up to {limit}; that was taken.").having(limit=MAX_STOCK))
        return min(int(number), MAX_STOCK)

    def weight_grams(self, cells: Cells) -> int | None:
        """Return the weight in whole grams, or None."""
        unit = cells.columns.grams_per_unit
        if unit is None or not cells.text("weight"):
            return None
        number = self._number(cells, "weight", self.marks.of_weight(cells.columns.units["weight"]))
        if number is None:
            return None
        grams = (number * Decimal(unit)).to_integral_value(ROUND_HALF_UP)
        if not 0 <= grams <= MAX_GRAMS:
            cells.report(
                "weight", _("A weight is between 0 and {limit} kg; this one was not taken.").having(limit=100_000)
            )
            return None
        return int(grams)

    def measures(self, cells: Cells) -> Measures:
        """Return cost and sizes, those that the row says and that could be read."""
        found = [("cost_minor", self._price(cells, "cost"))]
        found += [(f"{side}_mm", self._side_mm(cells, side)) for side in SIDES]
        return tuple((name, value) for name, value in found if value is not None)

    def low_stock(self, cells: Cells) -> int | None:
        """Return at how few pieces the product is nearly gone, or None."""
        number = self._number(cells, "low_stock", None) if cells.text("low_stock") else None
        if number is None:
            return None
        if not 0 <= number <= MAX_STOCK:
            cells.report(
                "low_stock", _("Stock is counted from 0 to {limit}; this was not taken.").having(limit=MAX_STOCK)
            )
            return None
        return int(number)

    def _side_mm(self, cells: Cells, side: str) -> int | None:
        unit = cells.columns.millimetres_per_unit(side)
        if unit is None or not cells.text(side):
            return None
        number = self._number(cells, side, self.marks.of_side(side))
        if number is None:
            return None
        mm = (number * Decimal(unit)).to_integral_value(ROUND_HALF_UP)
        if not 0 <= mm <= MAX_MM:
            cells.report(side, _("A size is between 0 and {limit} km; this one was not taken.").having(limit=100))
            return None
        return int(mm) or None

    def _sale_is_on(self, cells: Cells) -> bool:
        if not cells.text("sale_price"):
            return False
        starts, ends = cells.date("sale_starts"), cells.date("sale_ends")
        if ends and ends < self.today:
            cells.report("sale_ends", _("The sale is over, so the sale price was not taken."))
            return False
        if starts and starts > self.today:
            cells.report("sale_starts", _("The sale has not begun; Agora cannot plan sales yet, so it was not taken."))
            return False
        if ends:
            cells.report("sale_ends", _("Agora does not end sales by itself yet. End this one by hand."))
        return True

    def _price(self, cells: Cells, field: str) -> int | None:
        text = cells.text(field)
        if not text:
            return None
        currencies = written(text).currencies
        if currencies and self.currency not in currencies:
            message = _("“{value}” is in another currency than the shop's, {currency}, and was not taken.")
            cells.report(field, message.having(value=text, currency=self.currency))
            return None
        number = self._number(cells, field, self.marks.of_price(field, self.currency))
        if number is None:
            return None
        problem: Message | None = None
        if number < 0:
            problem = _("A price cannot be below zero; this one was not taken.")
        elif number.adjusted() > len(str(MAX_MINOR)) or minor_of(number, self.currency) > MAX_MINOR:
            problem = _("The price is more than Agora can count and was not taken.")
        if problem:
            cells.report(field, problem)
            return None
        minor = minor_of(number, self.currency)
        if Decimal(minor).scaleb(-decimals(self.currency)) != number:
            cells.report(
                field, _("The price was rounded to what {currency} has coins for.").having(currency=self.currency)
            )
        return minor

    def _number(self, cells: Cells, field: str, mark: str | None) -> Decimal | None:
        text = cells.text(field)
        try:
            return parse(written(text).text, mark if mark in {POINT, COMMA} else None)
        except UndecidedError:
            cells.report(field, _UNDECIDED.having(value=text[:40]))
        except UnreadableError:
            cells.report(field, _UNREADABLE.having(value=text[:40]))
        return None
