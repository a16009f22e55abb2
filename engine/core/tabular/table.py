"""A table that was opened: its columns, and its rows as often as they are wanted."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.problems import HEADER_ROW, Problem, Severity

MAX_COLUMNS = 2_000
MAX_COLUMN_NAME = 300
_binary = re.compile("[\x01-\x08\x0e-\x1f]")
_invisible = re.compile("[\x00\ufeff\u200b]")
_space = re.compile(r"\s+")
_guarded = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠'])")

Opener = Callable[[], BinaryIO]
#: A record as it was read with its number, or why there is none.
Record = tuple[int, Sequence[str] | Message]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as wide as the columns. number: as a spreadsheet shows it, the header being 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. kind: "csv", "xlsx" or "json". records: the rows below the header, read from the start."""

    kind: str
    columns: tuple[str, ...]
    records: Callable[[], Iterable[Record]]
    delimiter: str = ","

    def rows(self) -> Iterator[Row | Problem]:
        """Yield every row that is not blank, each after the problems found in it."""
        width = len(self.columns)
        for number, record in self.records():
            if isinstance(record, Message):
                yield Problem.of(number, "", "", record, Severity.ERROR)
            elif any(cell and not cell.isspace() for cell in record):
                yield from self._damage(number, record)
                cells = [plain(cell) for cell in record[:width]] if self.kind != "json" else list(record)
                yield Row(number, tuple(cells + [""] * (width - len(cells))))

    def _damage(self, number: int, record: Sequence[str]) -> Iterator[Problem]:
        for place, cell in enumerate(record[: len(self.columns)]):
            if "\x00" in cell:
                message = _("The value contains zero bytes, which were left out.")
                yield Problem.of(number, self.columns[place], cell, message, Severity.WARNING)
            if "\N{REPLACEMENT CHARACTER}" in cell:
                message = _("Some characters are damaged in the file and could not be read. Check the text.")
                yield Problem.of(number, self.columns[place], cell, message, Severity.WARNING)
        beyond = [cell for cell in record[len(self.columns) :] if cell.strip()]
        if beyond:
            message = _("The row has {cells} cells but the header names {columns}. What is beyond was not taken.")
            filled = message.having(cells=len(record), columns=len(self.columns))
            yield Problem.of(number, "", self.delimiter.join(beyond), filled, Severity.WARNING)
        elif len(record) < len(self.columns):
            message = _("The row ends early: {cells} cells of {columns}. The others were taken as empty.")
            filled = message.having(cells=len(record), columns=len(self.columns))
            yield Problem.of(number, "", "", filled, Severity.WARNING)


def plain(cell: str) -> str:
    """Return a cell's text without zero bytes, and without the apostrophe that guards a formula."""
    text = cell.replace("\x00", "") if "\x00" in cell else cell
    return text[1:] if text[:1] == "'" and _guarded.match(text) else text


def named_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header's names on one line each, none empty and none twice.

    Raises Invalid where there is no header, or far too wide a one.
    """
    if len(header) > MAX_COLUMNS:
        message = _("The first row has {count} columns; a table has at most {limit}. Is it the right file?")
        filled = message.having(count=len(header), limit=MAX_COLUMNS)
        raise Invalid(filled, {"file": filled})
    if any(_binary.search(name) for name in header):
        message = _("This file is not text, so it is no table. Choose a CSV, Excel or JSON file.")
        raise Invalid(message, {"file": message})
    cleaned = [_space.sub(" ", _invisible.sub("", name)).strip()[:MAX_COLUMN_NAME] for name in header]
    if not any(cleaned):
        raise no_header()
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    found: dict[str, None] = {}
    for place, name in enumerate(cleaned):
        base = name or f"Column {spreadsheet_letter(place)}"
        unique, number = base, 1
        while unique in found:
            number += 1
            unique = f"{base} ({number})"
        found[unique] = None
    return tuple(found)


def no_header() -> Invalid:
    """Return the refusal of a file without a header."""
    message = _("This file has no header row. Its first row must name the columns.")
    return Invalid(message, {"file": message})


def spreadsheet_letter(place: int) -> str:
    """Return a column's letters in a spreadsheet: A for 0, AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


__all__ = ["HEADER_ROW", "Opener", "Record", "Row", "Table", "named_columns", "no_header", "plain"]
