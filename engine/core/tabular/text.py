"""A table in a text file: any usual delimiter, and damage told rather than fatal."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from typing import TextIO

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.encoding import encoding_of
from engine.core.tabular.table import Opener, Record, Table, named_columns, no_header

DELIMITERS = (",", ";", "\t", "|")
MAX_ROW_CHARACTERS = 1_000_000
MAX_RECOVERIES = 100
_SAMPLE = 65_536
_SAMPLE_ROWS = 40
_MIN_COLUMNS = 2
_excel_hint = re.compile(r"sep=(.)\s*", re.IGNORECASE)

csv.field_size_limit(MAX_ROW_CHARACTERS)


def read_text(open_file: Opener) -> Table:
    """Return the table in a delimited text file. Nothing but one row of it is held."""
    encoding = encoding_of(open_file)
    with _text(open_file, encoding) as text:
        sample = text.read(_SAMPLE)
    lines = sample.splitlines()
    hint = _excel_hint.fullmatch(lines[0]) if sample.strip() else None
    file = _DelimitedFile(open_file, encoding, hint[1] if hint else _delimiter_of(sample), hint is not None)
    first = next(file.records(), None)
    if first is None:
        raise no_header()
    if isinstance(first[1], Message):
        raise Invalid(first[1], {"file": first[1]})
    return Table("csv", named_columns(first[1]), file.below_header, file.delimiter)


def _text(open_file: Opener, encoding: str) -> TextIO:
    return TextIOWrapper(open_file(), encoding=encoding, errors="replace", newline="")


@dataclass(frozen=True, slots=True)
class _DelimitedFile:
    """How a file is read, once that is known."""

    open_file: Opener
    encoding: str
    delimiter: str
    has_hint: bool

    def below_header(self) -> Iterator[Record]:
        records = self.records()
        next(records, None)
        return records

    def records(self) -> Iterator[Record]:
        """Yield (spreadsheet row, cells), or why there are none. A quote never closed costs its own line only."""
        with _text(self.open_file, self.encoding) as text:
            lines = _Lines(text)
            if self.has_hint:
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
