"""Numbers as people write them: which of point and comma is the decimal mark is decided by a column as a whole."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

POINT = "."
COMMA = ","
_THOUSAND = 3
_LOCAL = r"kr\.?|fr\.?|zł|kč|ft|lei|лв\.?|rs\.?|[a-z]{1,2}(?=\$)"
_currency_code = re.compile(r"^([A-Z]{3})(?=[\s\d.,-])|(?<=[\s\d.,-])([A-Z]{3})$")
_local_sign = re.compile(rf"^(?:{_LOCAL})(?=[\s\d$-])|(?<=[\s\d-])(?:{_LOCAL})$", re.IGNORECASE)
_no_cents = re.compile(r"(?<=\d)[.,][-\u2013\u2014]+$")
_grouping = re.compile(r"(?<=\d)[\s'\u2019\u066c](?=\d{3}(?!\d))")
_number = re.compile(r"-?(\d[\d.,]*|[.,]\d+)")
_grouped_whole = re.compile(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")  # India groups 12,34,567
_SIGN_CURRENCIES = {
    "€": {"EUR"},
    "£": {"GBP", "EGP", "LBP", "SYP", "GIP", "FKP", "SHP", "SDG", "SSP"},
    "¥": {"JPY", "CNY"},
    "₹": {"INR"},
    "₩": {"KRW", "KPW"},
    "₽": {"RUB"},
    "₺": {"TRY"},
    "₴": {"UAH"},
    "₪": {"ILS"},
    "₫": {"VND"},
    "₦": {"NGN"},
    "₱": {"PHP"},
    "฿": {"THB"},
}


class UnreadableError(ValueError):
    """The text is no number."""


class UndecidedError(ValueError):
    """The text could be two numbers: 1.299 or 1299."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number's text without its currency, and the currencies that this could name (empty: it names none)."""

    text: str
    currencies: frozenset[str] = frozenset()


def written(text: str) -> Written:
    """Return the bare number of a cell: no currency sign or code, no spaces or apostrophes between digits."""
    kept = (
        "".join(" " if character.isspace() else character for character in text).strip().replace("\N{MINUS SIGN}", "-")
    )
    currencies: frozenset[str] = frozenset()
    if code := _currency_code.search(kept):
        currencies = frozenset({code[1] or code[2]})
        kept = _currency_code.sub("", kept).strip()
    kept = _local_sign.sub("", kept).strip()
    for character in kept:
        if unicodedata.category(character) == "Sc":
            currencies = currencies or frozenset(_SIGN_CURRENCIES.get(character, ()))
            kept = kept.replace(character, "").strip()
    kept = _no_cents.sub("", _grouping.sub("", kept.replace("\N{ARABIC DECIMAL SEPARATOR}", POINT))).replace("- ", "-")
    return Written(kept, currencies)


def decimal_mark(number: str) -> str | None:
    """Return the decimal mark that a bare number gives away, or None if it tells nothing.

    "1,299.00" and "1.5" tell the point, "1.299,00" and "1,299,000" do too, each its own; "12" and "1,299" do not.
    """
    points, commas = number.count(POINT), number.count(COMMA)
    if points and commas:
        return POINT if number.rfind(POINT) > number.rfind(COMMA) else COMMA
    if not points and not commas:
        return None
    mark, other = (POINT, COMMA) if points else (COMMA, POINT)
    if points + commas > 1:
        return other
    return None if is_ambiguous(number) else mark


def is_ambiguous(number: str) -> bool:
    """Return whether the one separator in a bare number could part thousands as well as decimals: "1,299"."""
    if number.count(POINT) + number.count(COMMA) != 1:
        return False
    whole, _mark, rest = number.lstrip("-").replace(COMMA, POINT).partition(POINT)
    return len(rest) == _THOUSAND and 1 <= len(whole) <= _THOUSAND and not whole.startswith("0")


def parse(number: str, mark: str | None) -> Decimal:
    """Return the value of a bare number, the column's decimal mark being known or None.

    Raises UnreadableError for what is no number, UndecidedError for "1,299" without a mark to decide it.
    """
    if not _number.fullmatch(number):
        raise UnreadableError(number)
    if is_ambiguous(number):
        if mark is None:
            raise UndecidedError(number)
        used = mark
    else:
        used = decimal_mark(number) or POINT
    grouping = COMMA if used == POINT else POINT
    whole, found, fraction = number.partition(used)
    digits = whole.lstrip("-")
    if (grouping in digits and not _grouped_whole.fullmatch(digits)) or not (
        fraction.isdigit() or not found or not fraction
    ):
        raise UnreadableError(number)
    try:
        return Decimal(whole.replace(grouping, "") + POINT + (fraction or "0"))
    except InvalidOperation as error:
        raise UnreadableError(number) from error


class Evidence:
    """What the cells of one column, or of several that one program wrote, say about its decimal mark."""

    def __init__(self) -> None:
        self._telling = {POINT: 0, COMMA: 0}
        self._ambiguous = {POINT: 0, COMMA: 0}

    def note(self, text: str) -> None:
        """Count one cell."""
        number = written(text).text
        if not _number.fullmatch(number):
            return
        mark = decimal_mark(number)
        if mark is not None:
            self._telling[mark] += 1
        elif is_ambiguous(number):
            self._ambiguous[POINT if POINT in number else COMMA] += 1

    def mark(self) -> str | None:
        """Return the mark that every telling cell uses; None if there is no such cell or they disagree."""
        told = [mark for mark, count in self._telling.items() if count]
        return told[0] if len(told) == 1 else None

    def disagrees(self) -> bool:
        """Return whether some cells are written one way and some the other."""
        return all(self._telling.values())

    def mark_if_parting(self, *, thousands: bool) -> str | None:
        """Return the mark of a column in which only cells like "1,299" speak, if these part thousands (or decimals)."""
        seen = [mark for mark, count in self._ambiguous.items() if count]
        if len(seen) != 1:
            return None
        if thousands:
            return COMMA if seen[0] == POINT else POINT
        return seen[0]
