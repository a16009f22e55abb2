"""Rows as the bytes of a CSV or JSON file, a batch at a time, safe to open in a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

#: What a spreadsheet would run, and our own guard, which would otherwise be taken for one when it is read again.
#: The wide signs are for programs that read them as the narrow ones. Source: OWASP, "CSV Injection".
_STARTS = r"=+\-@\t\r\n＝＋－＠"
_runs = re.compile(rf"[{_STARTS}]|'[{_STARTS}']")
_number = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
BOM = "\N{BYTE ORDER MARK}".encode()


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs: with an apostrophe before = + - @, wide or not; plain numbers stay."""
    return f"'{text}" if _runs.match(text) and not _number.fullmatch(text) else text


class CsvWriter:
    """Makes CSV: UTF-8 with the mark by which spreadsheets know it, commas, CRLF; see RFC 4180."""

    media_type = "text/csv; charset=utf-8"

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def begin(self) -> bytes:
        return BOM + self._lines([self._columns])

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Return the lines of a batch of rows, each as wide as the columns."""
        return self._lines(rows)

    def end(self) -> bytes:
        return b""

    def _lines(self, rows: Iterable[Sequence[str]]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
        return out.getvalue().encode("utf-8", "replace")


class JsonWriter:
    """Makes a JSON array, a record a line."""

    media_type = "application/json"

    def __init__(self) -> None:
        self._is_first = True

    def begin(self) -> bytes:
        return b"["

    def records(self, records: Iterable[Mapping[str, Any]]) -> bytes:
        """Return the lines of a batch of records."""
        return b"".join(self._line(record) for record in records)

    def end(self) -> bytes:
        return b"\n]\n"

    def _line(self, record: Mapping[str, Any]) -> bytes:
        comma = b"\n" if self._is_first else b",\n"
        self._is_first = False
        return comma + json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def csv_batches(columns: Sequence[str], batches: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """Yield a CSV file: header, then the lines of each batch."""
    writer = CsvWriter(columns)
    yield writer.begin()
    for batch in batches:
        yield writer.rows(batch)


def json_batches(batches: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
    """Yield a JSON file: an array, the records of each batch in it."""
    writer = JsonWriter()
    yield writer.begin()
    for batch in batches:
        yield writer.records(batch)
    yield writer.end()
