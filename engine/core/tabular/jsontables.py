"""A table in JSON: an array of objects, or an object a line. It is read as a stream, one object in memory at a time."""

import codecs
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from typing import Any

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.table import MAX_COLUMNS, Opener, Record, Table, named_columns

MAX_OBJECT_CHARACTERS = 5_000_000
_CHUNK = 65_536
_NOT_OBJECTS = _("Record {number} is no object like {example}. The file must be a list of objects.")
_BROKEN = _("The JSON is damaged at record {number}: {reason}. Nothing from there on can be read.")
_TOO_LONG = _("Record {number} is longer than five million characters.")


def read_json(open_file: Opener) -> Table:
    """Return the table of a JSON file; its columns are all keys of all objects, in the order they first come."""
    encoding = _encoding(open_file)
    keys: dict[str, None] = {}
    with closing(_objects(open_file, encoding)) as objects:
        for item in objects:
            if isinstance(item, dict):
                keys.update(dict.fromkeys(item))
            if len(keys) > MAX_COLUMNS:
                break
    if not keys:
        message = _("This file holds no records. It must be a JSON list of objects.")
        raise Invalid(message, {"file": message})
    columns = named_columns(list(keys))
    places = {key: place for place, key in enumerate(keys)}

    def records() -> Iterator[Record]:
        with closing(_objects(open_file, encoding)) as objects:
            for number, item in enumerate(objects, start=2):
                if isinstance(item, Message):
                    yield number, item
                    continue
                cells = [""] * len(columns)
                for key, value in item.items():
                    cells[places[key]] = cell_of(value)
                yield number, cells

    return Table("json", columns, records)


def cell_of(value: Any) -> str:
    """Return a JSON value as the text of a cell; lists and objects stay JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return number_text(value)
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number_text(value: float) -> str:
    """Return a number so that its point cannot be taken for one that parts thousands: 1.299 as 1.2990."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    whole, _point, fraction = text.partition(".")
    return f"{text}0" if len(fraction) == 3 and fraction.isdigit() and len(whole) <= 4 else text


def _encoding(open_file: Opener) -> str:
    with open_file() as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _objects(open_file: Opener, encoding: str) -> Generator[dict[str, Any] | Message, None, None]:
    """Yield each object of the file, or why there is none; after damage nothing follows."""
    decoder = json.JSONDecoder()
    buffer, at, number, ended = "", 0, 1, False
    with TextIOWrapper(open_file(), encoding=encoding, errors="replace") as text:
        while True:
            at = _past_separators(buffer, at)
            if at >= len(buffer):
                buffer, at = text.read(_CHUNK), 0
                if not buffer:
                    return
                continue
            try:
                value, end = decoder.raw_decode(buffer, at)
                if end >= len(buffer) and not ended:
                    raise json.JSONDecodeError("may go on", buffer, at)  # noqa: TRY301 - a number cut in two
            except RecursionError:
                yield _BROKEN.having(number=number, reason=_("too many lists inside lists"))
                return
            except json.JSONDecodeError as error:
                if ended:
                    yield _BROKEN.having(number=number, reason=error.msg)
                    return
                buffer, at = buffer[at:], 0
                if len(buffer) > MAX_OBJECT_CHARACTERS:
                    yield _TOO_LONG.having(number=number)
                    return
                more = text.read(max(_CHUNK, len(buffer)))
                ended = not more
                buffer += more
                continue
            at, number = end, number + 1
            yield (
                value if isinstance(value, dict) else _NOT_OBJECTS.having(number=number - 1, example='{"name": "Mug"}')
            )


def _past_separators(buffer: str, at: int) -> int:
    """Return where the next value begins: brackets of the list around all and commas are passed over."""
    while at < len(buffer) and (buffer[at].isspace() or buffer[at] in ",[]"):
        at += 1
    return at
