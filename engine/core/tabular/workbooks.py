"""A table in an Excel workbook (.xlsx): its first visible sheet that holds anything.

The reader lays a sheet out whole, as wide and as high as its furthest cell, so a small file could ask for any amount
of memory. How far its cells reach is therefore read from the file before the sheet is.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.jsontables import number_text
from engine.core.tabular.table import MAX_COLUMNS, Opener, Record, Table, named_columns, no_header

MAX_CELLS = 5_000_000
MAX_PART_BYTES = 200_000_000
_CHUNK = 1 << 20
_reference = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,10})["']""")
_TOO_LARGE = _(
    "A sheet of this workbook is larger than {limit} cells or {columns} columns. Delete what stands far below or beside"
    " the table, or save it as CSV."
)
_UNREADABLE = _("The workbook is damaged or protected. Open it, save it again as .xlsx or CSV, and choose that file.")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Return whether the archive is an Excel workbook."""
    return "xl/workbook.xml" in archive.namelist()


def read_workbook(open_file: Opener) -> Table:
    """Return the table of a workbook. Raises Invalid where it is damaged, protected, empty or far too large."""
    _check_reach(open_file)
    sheet, workbook = _sheet(open_file)
    with closing(workbook):
        header = next(iter(sheet.iter_rows()), None)
    if header is None:
        raise no_header()
    first_row = sheet.start[0] if sheet.start else 0
    columns = named_columns([cell_text(value) for value in header])

    def records() -> Iterator[Record]:
        again, opened = _sheet(open_file)
        with closing(opened):
            rows = iter(again.iter_rows())
            next(rows, None)
            for number, row in enumerate(rows, start=first_row + 2):
                yield number, [cell_text(value) for value in row]

    return Table("xlsx", columns, records)


def cell_text(value: Any) -> str:
    """Return what a cell holds as text: numbers with a point, days and times as ISO 8601 writes them."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(float(value))
        case dt.datetime():
            return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _sheet(open_file: Opener) -> tuple[CalamineSheet, CalamineWorkbook]:
    """Return the first visible sheet that holds anything, and its workbook, to be closed."""
    try:
        with open_file() as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
        names = [meta.name for meta in workbook.sheets_metadata if meta.visible is SheetVisibleEnum.Visible]
        for name in names or workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                return sheet, workbook
    except (CalamineError, PasswordError, XmlError, ZipError, OSError, ValueError) as error:
        raise _refusal(_UNREADABLE) from error
    workbook.close()
    raise no_header()


def _check_reach(open_file: Opener) -> None:
    """Raise Invalid where a sheet would be too large to lay out, or a part of the workbook to unpack."""
    try:
        with open_file() as stream, zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                if not info.filename.startswith("xl/media/"):
                    # Its own word for its size may be a lie: it is unpacked as far as the limit, and no further.
                    info.file_size = MAX_PART_BYTES + 2 * _CHUNK
                    with archive.open(info) as part:
                        _check_part(part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise _refusal(_UNREADABLE) from error


def _check_part(part: IO[bytes]) -> None:
    rows = columns = cells = size = 0
    kept = b""
    while chunk := part.read(_CHUNK):
        window = kept + chunk
        cut = max(0, len(window) - 40)
        size += len(chunk)
        cells += window.count(b"<c ", 0, cut) + window.count(b"<c>", 0, cut)
        for letters, digits in _reference.findall(window):
            rows = max(rows, int(digits))
            columns = max(columns, _column_number(letters))
        kept = window[cut:]
        reach = rows * max(columns, 1)
        if size > MAX_PART_BYTES or columns > MAX_COLUMNS or max(reach, cells) > MAX_CELLS:
            raise _refusal(_TOO_LARGE.having(limit=f"{MAX_CELLS:,}", columns=f"{MAX_COLUMNS:,}"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refusal(message: Message) -> Invalid:
    return Invalid(message, {"file": message})
