"""A table in a text file, as a stream of rows: any usual encoding and delimiter, and damage told rather than fatal."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from engine.commerce.catalog.importing.encoding import encoding_of
from engine.commerce.catalog.importing.imported import HEADER_ROW, Problem, Severity
from engine.core.errors import Invalid
from engine.core.i18n import Message, _

DELIMITERS = (",", ";", "\t", "|")
MAX_ROW_CHARACTERS = 1_000_000
MAX_RECOVERIES = 100
_SAMPLE = 65_536
_SAMPLE_ROWS = 40
_MIN_COLUMNS = 2
_excel_hint = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_invisible = re.compile("[\x00\ufeff\u200b]")
_space = re.compile(r"\s+")
_SIGNATURES = {
    b"PK\x03\x04": _("This is an Excel workbook or an archive. Save the sheet as CSV (UTF-8) and choose that file."),
    b"\xd0\xcf\x11\xe0": _("This is an Excel workbook. Save the sheet as CSV (UTF-8) and choose that file."),
    b"%PDF": _("This is a PDF, not a table. Export the products as CSV and choose that file."),
    b"\x1f\x8b": _("This file is compressed. Unpack it and choose the CSV file inside."),
}

csv.field_size_limit(MAX_ROW_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as wide as the header. number: as a spreadsheet shows it, the header being 1."""

    number: int
    cells: tuple[str, ...]


class Table:
    """A delimited text file on disk. It is read from the start by each `rows()`; nothing but one row is held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as stream:
            start = stream.read(8)
        for signature, message in _SIGNATURES.items():
            if start.startswith(signature):
                raise Invalid(message, {"file": message})
        self.encoding = encoding_of(path)
        with self._text() as text:
            sample = text.read(_SAMPLE)
        hint = _excel_hint.fullmatch(sample.splitlines()[0]) if sample.strip() else None
        self._has_hint = hint is not None
        self.delimiter = hint[1] if hint else _delimiter_of(sample)
        self.header = self._read_header()

    def rows(self) -> Iterator[Row | Problem]:
        """Yield every row that is not blank, each after the problems found in it."""
        numbered = self._records()
        for number, record in numbered:
            if number == HEADER_ROW:
                continue
            if isinstance(record, Message):
                yield Problem.of(number, "", "", record, Severity.ERROR)
            elif any(cell.strip() for cell in record):
                yield from self._damage(number, record)
                yield Row(number, self._fitted(record))

    def _read_header(self) -> tuple[str, ...]:
        first = next(self._records(), None)
        if first is None or isinstance(first[1], Message) or not any(cell.strip() for cell in first[1]):
            message = _("This file has no header row. Its first row must name the columns.")
            raise Invalid(message, {"file": message})
        return tuple(_space.sub(" ", _invisible.sub("", cell)).strip() for cell in first[1])

    def _text(self) -> TextIO:
        return self._path.open(encoding=self.encoding, errors="replace", newline="")

    def _records(self) -> Iterator[tuple[int, list[str] | Message]]:
        """Yield (spreadsheet row, cells), or why there are none. A quote never closed costs its own line only."""
        with self._text() as text:
            lines = _Lines(text)
            if self._has_hint:
                next(lines)
            number = 0
            recoveries = 0
            while True:
                number += 1
                lines.begin_record()
                try:
                    record = next(csv.reader(lines, delimiter=self.delimiter))
                except StopIteration:
                    return
                except csv.Error:
                    record = None
                if record is not None and not lines.record_is_unclosed():
                    yield number, record
                    continue
                recoveries += 1
                if recoveries > MAX_RECOVERIES:
                    yield number, _("Too many rows of this file are damaged. Nothing after this row was read.")
                    return
                yield number, lines.give_up_line()

    def _fitted(self, record: list[str]) -> tuple[str, ...]:
        width = len(self.header)
        cells = [cell.replace("\x00", "") for cell in record[:width]]
        return tuple(cells + [""] * (width - len(cells)))

    def _damage(self, number: int, record: list[str]) -> Iterator[Problem]:
        for name, cell in zip(self.header, record, strict=False):
            if "\x00" in cell:
                message = _("The value contains zero bytes, which were left out.")
                yield Problem.of(number, name, cell, message, Severity.WARNING)
            if "\N{REPLACEMENT CHARACTER}" in cell:
                message = _("Some characters are damaged in the file and could not be read. Check the text.")
                yield Problem.of(number, name, cell, message, Severity.WARNING)
        beyond = [cell for cell in record[len(self.header) :] if cell.strip()]
        if beyond:
            message = _("The row has {cells} cells but the header names {columns}. What is beyond was not taken.")
            filled = message.having(cells=len(record), columns=len(self.header))
            yield Problem.of(number, "", self.delimiter.join(beyond), filled, Severity.WARNING)
        elif len(record) < len(self.header):
            message = _("The row ends early: {cells} cells of {columns}. The others were taken as empty.")
            filled = message.having(cells=len(record), columns=len(self.header))
            yield Problem.of(number, "", "", filled, Severity.WARNING)


class _Lines:
    """Lines of a file for the csv module, remembering those of the record being read so that they can be read again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._returned: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0
        self._at_end = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._text.readline(MAX_ROW_CHARACTERS + 1)
        if not line:
            self._at_end = True
            raise StopIteration
        self._record.append(line)
        self._size += len(line)
        if self._size > MAX_ROW_CHARACTERS:
            raise csv.Error("row too long")
        return line

    def begin_record(self) -> None:
        self._record = []
        self._size = 0

    def record_is_unclosed(self) -> bool:
        """Return whether the file ended inside quotation marks, where the csv module returns what it has."""
        if not self._at_end or len(self._record) < 2:
            return False
        return sum(line.count('"') for line in self._record) % 2 == 1

    def give_up_line(self) -> Message:
        """Drop the record's first line, put back the others to be read as rows, and say why."""
        if len(self._record) == 1:
            while self._size > MAX_ROW_CHARACTERS and not self._record[0].endswith(("\n", "\r")):
                self._record[0] = self._text.readline(MAX_ROW_CHARACTERS)
                if not self._record[0]:
                    break
            return _("The row is longer than a million characters and was not read.")
        self._returned.extendleft(reversed(self._record[1:]))
        self._at_end = False
        return _("A quotation mark in this row is never closed, so the row could not be read. Close or double it.")


def _delimiter_of(sample: str) -> str:
    """Return the delimiter that cuts the first rows into the most columns, all rows alike."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row, _number in zip(_parsed(sample, delimiter), range(_SAMPLE_ROWS), strict=False)]
        except csv.Error:
            continue
        widths = [width for width in widths if width]
        if not widths or widths[0] < _MIN_COLUMNS:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        score = (widths[0] * (0.2 + alike), -DELIMITERS.index(delimiter))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _parsed(sample: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
