"""From a file, whatever it is, to a table: by its bytes first, by its name where they do not tell."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO, cast

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.jsontables import read_json
from engine.core.tabular.table import Opener, Table
from engine.core.tabular.text import read_text
from engine.core.tabular.workbooks import is_workbook, read_workbook

MAX_BYTES = 500_000_000
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm")
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_REFUSED = {
    _ZIP: _("There is an archive or a workbook inside this archive. Unpack it and choose the table itself."),
    _GZIP: _("There is an archive inside this archive. Unpack it and choose the table itself."),
    b"\xd0\xcf\x11\xe0": _("This is an old Excel workbook (.xls). Save it as .xlsx or as CSV and choose that file."),
    b"%PDF": _("This is a PDF, not a table. Export it as CSV and choose that file."),
    b"\x89PNG": _("This is a picture, not a table. Choose a CSV, Excel or JSON file."),
    b"PK\x05\x06": _("This archive is empty. Put a CSV, Excel or JSON file into it."),
    b"\xff\xd8\xff": _("This is a picture, not a table. Choose a CSV, Excel or JSON file."),
    b"SQLite format 3": _("This is a database, not a table. Export it as CSV and choose that file."),
}


def read_table(source: Path | bytes, name: str = "") -> Table:
    """Return the table in a file or in bytes. name: what it is called, for what its bytes do not tell.

    Raises Invalid, with what to do, for what is no table, is damaged, or is larger than 500 MB unpacked.
    """
    if isinstance(source, bytes):
        return _opened(lambda: io.BytesIO(source), name)
    return _opened(lambda: source.open("rb"), name or source.name)


def _opened(open_file: Opener, name: str, *, is_inside: bool = False) -> Table:
    with _damage_told(open_file) as stream:
        start = stream.read(512)
    if start.startswith(_GZIP) and not is_inside:
        return _opened(lambda: _gunzipped(open_file), name.removesuffix(".gz"), is_inside=True)
    if start.startswith(_ZIP) and not is_inside:
        return _in_archive(open_file)
    for signature, message in _REFUSED.items():
        if start.startswith(signature):
            raise Invalid(message, {"file": message})
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first in {b"[", b"{"} and (name.lower().endswith((".json", ".jsonl", ".ndjson")) or _is_json(start)):
        return read_json(open_file)
    if first == b"<":
        message = _("This is a web page or XML, not a table. Export the list as CSV and choose that file.")
        raise Invalid(message, {"file": message})
    return read_text(open_file)


def _is_json(start: bytes) -> bool:
    """Return whether bytes that begin with a bracket go on as JSON does: an object, or an array of them."""
    squeezed = b"".join(start.removeprefix(b"\xef\xbb\xbf").split())
    return squeezed.startswith((b'{"', b'[{"', b"[]"))


def _in_archive(open_file: Opener) -> Table:
    """Return the workbook that the archive is, or the largest table inside it."""
    try:
        with open_file() as stream, zipfile.ZipFile(stream) as archive:
            if is_workbook(archive):
                return read_workbook(open_file)
            tables = [
                info
                for info in archive.infolist()
                if info.filename.lower().endswith(SUFFIXES) and "__MACOSX" not in info.filename
            ]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise damaged() from error
    if not tables:
        message = _("There is no table in this archive. Put a CSV, Excel or JSON file into it.")
        raise Invalid(message, {"file": message})
    largest = max(tables, key=lambda info: info.file_size)
    if largest.file_size > MAX_BYTES:
        raise too_large()
    return _opened(lambda: _member(open_file, largest), largest.filename, is_inside=True)


def _gunzipped(open_file: Opener) -> BinaryIO:
    packed = open_file()
    return cast("BinaryIO", _Bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), packed))


def _member(open_file: Opener, info: zipfile.ZipInfo) -> BinaryIO:
    packed = open_file()
    try:
        archive = zipfile.ZipFile(packed)
        return cast("BinaryIO", _Bounded(archive.open(info), archive, packed))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        packed.close()
        raise damaged() from error


class _Bounded(io.BufferedIOBase):
    """A compressed stream read forwards, up to so many bytes; damage in it is told as Invalid."""

    def __init__(self, stream: IO[bytes], *owners: IO[bytes] | zipfile.ZipFile) -> None:
        self._stream = stream
        self._owners = owners
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            data = self._stream.read(self._left + 1 if size is None or size < 0 else size)
        except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, zlib.error) as error:
            raise damaged() from error
        self._left -= len(data)
        if self._left < 0:
            raise too_large()
        return data

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(65_536 if size < 0 else size)

    def close(self) -> None:
        for opened in (self._stream, *self._owners):
            opened.close()
        super().close()


def _damage_told(open_file: Opener) -> BinaryIO:
    try:
        return open_file()
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise damaged() from error


def damaged() -> Invalid:
    """Return the refusal of an archive that cannot be unpacked."""
    return _refusal(_("The archive is damaged or protected. Pack it again, or send the table by itself."))


def too_large() -> Invalid:
    """Return the refusal of a file that unpacks to more than can be meant."""
    return _refusal(_("Unpacked, this file is larger than 500 MB. Send the table in parts."))


def _refusal(message: Message) -> Invalid:
    return Invalid(message, {"file": message})
