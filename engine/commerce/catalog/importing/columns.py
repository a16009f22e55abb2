"""Where each field of a product stands in a file, and which columns hold data that Agora has no place for."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.commerce.catalog.importing.dialects import OWN, Dialect
from engine.core.errors import Invalid
from engine.core.i18n import Message, _, ngettext
from engine.core.tabular.mapping import check_mapping, listed
from engine.core.tabular.problems import HEADER_ROW, Problem, Severity

#: One of these tells that a list of names is a list of products, and not of categories or people.
_TELLING = frozenset({"price", "sku", "gtin", "stock"})
_GRAMS = {"g": "1", "kg": "1000", "lb": "453.59237", "lbs": "453.59237", "oz": "28.349523125"}
_MILLIMETRES = {"mm": "1", "cm": "10", "m": "1000", "in": "25.4", "yd": "914.4"}
_MEASURED = frozenset({"weight", "length", "width", "height"})
_NO_UNIT = _(
    "“{column}” does not say its unit, so weights were not taken. Name it “Weight (kg)”, (g), (lbs) or (oz),"
    " or choose “Weight in kg”."
)
_NO_LENGTH_UNIT = _(
    "“{column}” does not say its unit, so sizes were not taken. Name it “Length (cm)”, (mm), (m) or (in), or choose"
    " “Length in cm”."
)
_unit = re.compile(r"[(\[_ ](kg|g|lbs?|oz|mm|cm|m|in|yd)[)\]]?$", re.IGNORECASE)
_LISTS = ("categories", "tags", "images", "alt")
_SEPARATORS = ("|", "\n", ";", ",")


@dataclass(slots=True)
class Columns:
    """A file's columns by what they hold. mapping: {column: field} as it is used, OWN for what the format reads itself.

    problems: what is wrong with the header itself. units: of the columns that hold weights and lengths, by field.
    """

    header: tuple[str, ...]
    mapping: dict[str, str]
    dialect: Dialect
    places: dict[str, int] = field(default_factory=dict)
    many: dict[str, list[int]] = field(default_factory=dict)
    own: list[tuple[int, str]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unplaced: dict[int, frozenset[str]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    _unplaced_rows: Counter[int] = field(default_factory=Counter)
    _lost: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _parted: dict[int, Counter[str]] = field(default_factory=dict)

    def watch_lists(self) -> None:
        """Have `separator` find out what parts the lists in this file, where the format does not say."""
        for name in _LISTS:
            for place in [*self.many.get(name, ()), *([self.places[name]] if name in self.places else [])]:
                self._parted.setdefault(place, Counter())

    @property
    def grams_per_unit(self) -> str | None:
        return _GRAMS.get(self.units.get("weight", ""))

    def millimetres_per_unit(self, side: str) -> str | None:
        """Return the length of a column's unit; None where there is no such column. side: length, width, height."""
        return _MILLIMETRES.get(self.units.get(side, ""))

    def note(self, cells: Sequence[str]) -> None:
        """Count what a row has in columns without a place, and by what its lists are parted."""
        for place, nothing in self.unplaced.items():
            if (value := cells[place].strip()) and value.lower() not in nothing:
                self._unplaced_rows[place] += 1
        for place, parted in self._parted.items():
            for separator in _SEPARATORS:
                if separator in cells[place].strip():
                    parted[separator] += 1

    def separator(self, place: int) -> str:
        """Return what parts the lists in a column: a bar, a line's end or a semicolon if rows use it, else a comma."""
        parted = self._parted.get(place, Counter())
        return next((each for each in _SEPARATORS[:-1] if parted[each] and parted[each] * 2 >= parted[","]), ",")

    def lose(self, name: str, message: Message) -> None:
        """Count a value of a field that is not taken for a reason which is told once for all rows."""
        if (place := self.places.get(name)) is not None:
            self._lost.setdefault((place, message.text), [0])[0] += 1

    def uses(self) -> dict[str, str]:
        """Return `{column: field}` as the file was read, OWN for those that its format reads itself, "" for none."""
        placed = {place for places in self.many.values() for place in places} | set(self.places.values())
        placed |= {place for place, _name in self.own}
        return {name: self.mapping.get(name, "") if place in placed else "" for place, name in enumerate(self.header)}

    def notes(self) -> Iterator[Problem]:
        """Yield a note for each column whose data is left behind, with how many rows have some."""
        for place, rows in sorted(self._unplaced_rows.items()):
            message = _CHOSEN if place in self.left_out else _NO_PLACE
            filled = ngettext(message[0], message[1], rows).having(column=self.header[place])
            yield Problem.of(HEADER_ROW, self.header[place], "", filled, Severity.NOTE)
        for (place, text), (rows,) in sorted(self._lost.items()):
            filled = _(text).having(column=self.header[place], count=rows)
            yield Problem.of(HEADER_ROW, self.header[place], "", filled, Severity.NOTE)


_NO_PLACE = (
    "Agora has no place for “{column}” yet: {count} row has something there.",
    "Agora has no place for “{column}” yet: {count} rows have something there.",
)
_CHOSEN = (
    "“{column}” was left out, as chosen: {count} row has something there.",
    "“{column}” was left out, as chosen: {count} rows have something there.",
)


def columns_of(
    header: tuple[str, ...], dialect: Dialect, mapping: Mapping[str, str], rows: Sequence[Sequence[str]] = ()
) -> Columns:
    """Return where everything stands. mapping: header -> field (or "" to leave the column out), for other names.

    rows: the first rows' cells, to guess by. Raises Invalid if the mapping names no field, if no column holds the
    products' names, or, where nobody said what is what, if nothing tells that these are products.
    """
    check_mapping(header, dialect.fields, mapping)
    columns = Columns(header, {**dialect.meanings(header, rows), **mapping}, dialect)
    chosen = {target for target in mapping.values() if target}
    for place, name in enumerate(header):
        target = columns.mapping.get(name, "")
        if target in chosen and name not in mapping and target not in dialect.many:
            target = columns.mapping[name] = ""  # somebody chose another column for it
        _place(columns, place, name, target, is_chosen=name in mapping)
    if dialect.is_guessed:
        columns.watch_lists()
    if "name" not in columns.places:
        message = _("No column holds the products' names. The file has: {columns}. Choose which one is “Name”.")
        raise _refused(message.having(columns=listed(header)))
    if not mapping and dialect.is_guessed and not _TELLING & columns.places.keys():
        message = _(
            "Nothing tells that these are products: there is no price, SKU, trade number or stock. The file has:"
            " {columns}. If they are, choose what the columns hold."
        )
        raise _refused(message.having(columns=listed(header)))
    return columns


def _place(columns: Columns, place: int, name: str, target: str, *, is_chosen: bool) -> None:
    """Note what a column holds, or that it has no place."""
    if target == OWN:
        columns.own.append((place, name))
    elif not target:
        columns.unplaced[place] = columns.dialect.says_nothing.get(name.lower(), frozenset())
        if is_chosen:
            columns.left_out.add(place)
    elif target.partition("_")[0] in _MEASURED:
        _place_measured(columns, place, name, target)
    elif target in columns.dialect.many:
        columns.many.setdefault(target, []).append(place)
        columns.places.setdefault(target, place)
    elif target in columns.places:
        first = columns.header[columns.places[target]]
        message = _("The columns “{first}” and “{second}” mean the same; only the first was read.")
        filled = message.having(first=first, second=name)
        columns.problems.append(Problem.of(HEADER_ROW, name, "", filled, Severity.WARNING))
        columns.unplaced[place] = frozenset()
    else:
        columns.places[target] = place


def _place_measured(columns: Columns, place: int, name: str, target: str) -> None:
    """Place a weight or a length, whose unit the column's name says or somebody chose."""
    found = _unit.search(name)
    measured, _underscore, unit = target.partition("_")
    unit = unit or (found[1].lower() if found else "")
    is_weight = measured == "weight"
    if unit not in (_GRAMS if is_weight else _MILLIMETRES):
        message = _NO_UNIT if is_weight else _NO_LENGTH_UNIT
        filled = message.having(column=name)
        columns.problems.append(Problem.of(HEADER_ROW, name, "", filled, Severity.WARNING))
        columns.unplaced[place] = frozenset({"0"})
    elif measured in columns.places:
        columns.unplaced[place] = frozenset()
    else:
        columns.places[measured] = place
        columns.units[measured] = unit


def _refused(message: Message) -> Invalid:
    return Invalid(message, {"file": message})
