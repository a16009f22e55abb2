"""What the columns of a table mean: guessed from their names and what is in them, or told by somebody."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.table import Row, Table

SAMPLE_ROWS = 50
#: By how much of a column's cells a field must recognise them before their look alone decides.
SURE = 0.9
_bracketed = re.compile(r"[(\[].*?[)\]]")
_not_word = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column can hold.

    synonyms: what other programs and languages call it. looks: whether a cell could be one, for columns whose name
    says nothing. is_many: several columns may hold it, such as further pictures.
    """

    name: str
    label: Message
    synonyms: tuple[str, ...] = ()
    looks: Callable[[str], bool] | None = None
    is_many: bool = False
    help: Message | str = ""


def guess(columns: Sequence[str], fields: Sequence[Field], rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """Return `{column: field}` for every column whose meaning is likely; a field that is not `is_many` comes once.

    rows: a few rows' cells; a column whose name says nothing is then known by what is in it.
    """
    meanings = {_key(word): field.name for field in reversed(fields) for word in (field.name, *field.synonyms)}
    many = {field.name for field in fields if field.is_many}
    found: dict[str, str] = {}
    for key_of in (_key, _bare_key):  # a whole name wins over one without what it has in brackets
        for column in columns:
            name = meanings.get(key_of(column))
            if column not in found and name and (name in many or name not in found.values()):
                found[column] = name
    for place, column in enumerate(columns):
        if column not in found:
            cells = [row[place] for row in rows if row[place].strip()]
            for field in fields:
                if field.looks and field.name not in found.values() and _mostly(field.looks, cells):
                    found[column] = field.name
                    break
    return {column: found[column] for column in columns if column in found}


def samples(table: Table, count: int = SAMPLE_ROWS) -> list[tuple[str, ...]]:
    """Return the cells of the first rows."""
    return [row.cells for row in islice((item for item in table.rows() if isinstance(item, Row)), count)]


def signature(columns: Sequence[str]) -> str:
    """Return what is the same for every file with this header, whatever the case and spaces: 64 hex digits."""
    return hashlib.sha256("\x1f".join(_key(column) for column in columns).encode()).hexdigest()


def check_mapping(columns: Sequence[str], fields: Sequence[Field], mapping: Mapping[str, str]) -> None:
    """Raise Invalid, with the choices, for a column or a field that is not there, or a field that is given twice."""
    known = {field.name: field for field in fields}
    given: dict[str, str] = {}
    for column, field in mapping.items():
        if column not in columns:
            raise _invalid(_("The file has no column “{column}”. It has: {columns}."), column, listed(columns))
        if not field:
            continue
        if field not in known:
            raise _invalid(_("“{column}” is no field. Choose one of: {columns}."), field, listed(sorted(known)))
        if field in given and not known[field].is_many:
            message = _("The columns “{first}” and “{second}” cannot both be “{field}”. Choose one.")
            filled = message.having(first=given[field], second=column, field=known[field].label)
            raise Invalid(filled, {"mapping": filled})
        given.setdefault(field, column)


def placed(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, list[int]]:
    """Return where each field stands in a row, in the columns' order."""
    places: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if field := mapping.get(column):
            places.setdefault(field, []).append(place)
    return places


def listed(names: Iterable[str]) -> str:
    """Return names in one line that a message can bear."""
    text = ", ".join(names)
    return text if len(text) <= 300 else text[:300] + "…"


def _mostly(looks: Callable[[str], bool], cells: Sequence[str]) -> bool:
    return len(cells) > 1 and sum(looks(cell.strip()) for cell in cells) >= SURE * len(cells)


def _key(name: str) -> str:
    """Return a name as it is compared: no case, no accents, no signs. “Größe (cm)” and “grosse_cm” are alike."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return _not_word.sub("", bare.replace("_", " "))


def _bare_key(name: str) -> str:
    return _key(_bracketed.sub("", name))


def _invalid(message: Message, name: str, choices: str) -> Invalid:
    filled = message.having(column=name[:80], columns=choices)
    return Invalid(filled, {"mapping": filled})
