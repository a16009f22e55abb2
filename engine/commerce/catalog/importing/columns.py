"""What WooCommerce's column headers mean, and which of them hold data that Agora has no place for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.errors import Invalid
from engine.core.i18n import _, ngettext
from engine.core.tabular.problems import HEADER_ROW, Problem, Severity

_FIELDS = {
    "id": "id",
    "type": "type",
    "sku": "sku",
    "gtin, upc, ean, or isbn": "gtin",
    "name": "name",
    "title": "name",
    "product title": "name",
    "published": "published",
    "is featured?": "featured",
    "visibility in catalog": "visibility",
    "short description": "summary",
    "description": "description",
    "date sale price starts": "sale_starts",
    "date sale price ends": "sale_ends",
    "in stock?": "in_stock",
    "stock": "stock",
    "quantity": "stock",
    "regular price": "price",
    "price": "price",
    "sale price": "sale_price",
    "categories": "categories",
    "tags": "tags",
    "tags (comma separated)": "tags",
    "tags (space separated)": "tags_by_space",
    "images": "images",
    "image": "images",
    "parent": "parent",
    "parent sku": "parent",
    "position": "position",
    "menu order": "position",
}
FIELDS = frozenset(_FIELDS.values()) | {"weight"}
#: Values that say nothing, of columns that have no place here otherwise.
_SAYS_NOTHING: Mapping[str, frozenset[str]] = {
    "tax status": frozenset({"taxable"}),
    "tax class": frozenset({"parent", "standard"}),
    "backorders allowed?": frozenset({"0", "no"}),
    "sold individually?": frozenset({"0"}),
    "allow customer reviews?": frozenset({"0", "1"}),
    "download limit": frozenset({"0", "-1"}),
    "download expiry days": frozenset({"0", "-1"}),
}
_GRAMS = {
    "g": "1",
    "kg": "1000",
    "lb": "453.59237",
    "lbs": "453.59237",
    "oz": "28.349523125",
}
_weight = re.compile(r"weight(?: \((\w+)\))?")
_attribute = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global)")


@dataclass(frozen=True, slots=True)
class AttributeColumns:
    """Where the parts of one numbered attribute stand; None where the file has no such column."""

    number: int
    name: int
    values: int | None
    visible: int | None


@dataclass(slots=True)
class Columns:
    """Where each field stands in a row. problems: what is wrong with the header itself."""

    header: tuple[str, ...]
    places: dict[str, int] = field(default_factory=dict)
    attributes: tuple[AttributeColumns, ...] = ()
    grams_per_unit: str | None = None
    weight_unit: str = ""
    problems: list[Problem] = field(default_factory=list)
    unplaced: dict[int, frozenset[str]] = field(default_factory=dict)
    unplaced_rows: dict[int, int] = field(default_factory=dict)

    def count_unplaced(self, cells: tuple[str, ...]) -> None:
        """Count the cells of a row that say something Agora has no place for."""
        for place, nothing in self.unplaced.items():
            if (value := cells[place].strip()) and value.lower() not in nothing:
                self.unplaced_rows[place] = self.unplaced_rows.get(place, 0) + 1

    def unplaced_notes(self) -> Iterator[Problem]:
        """Yield a note for each column whose data was left behind."""
        for place, rows in sorted(self.unplaced_rows.items()):
            message = ngettext(
                "Agora has no place for “{column}” yet: {count} row has something there.",
                "Agora has no place for “{column}” yet: {count} rows have something there.",
                rows,
            ).having(column=self.header[place])
            yield Problem.of(HEADER_ROW, self.header[place], "", message, Severity.NOTE)


def columns_of(header: tuple[str, ...], mapping: Mapping[str, str]) -> Columns:
    """Return where everything stands. mapping: header -> field (or "" to leave the column out), for other names.

    Raises Invalid if the mapping names no field, or if no column holds the products' names.
    """
    _check_mapping(header, mapping)
    columns = Columns(header)
    numbered: dict[int, dict[str, int]] = {}
    for place, name in enumerate(header):
        lower = name.lower()
        target = mapping[name] if name in mapping else _FIELDS.get(lower)
        if target == "":
            continue
        if attribute := _attribute.fullmatch(lower):
            numbered.setdefault(int(attribute[1]), {}).setdefault(attribute[2], place)
        elif target == "weight" or (target is None and _weight.fullmatch(lower)):
            _place_weight(columns, place, lower)
        elif target is None:
            columns.unplaced[place] = _SAYS_NOTHING.get(lower, frozenset())
        elif target in columns.places:
            first = header[columns.places[target]]
            message = _("The columns “{first}” and “{second}” mean the same; only the first was read.")
            columns.problems.append(
                Problem.of(HEADER_ROW, name, "", message.having(first=first, second=name), Severity.WARNING)
            )
        else:
            columns.places[target] = place
    columns.attributes = tuple(
        AttributeColumns(number, parts["name"], parts.get("value(s)"), parts.get("visible"))
        for number, parts in sorted(numbered.items())
        if "name" in parts
    )
    if "name" not in columns.places:
        message = _("No column holds the products' names. The file has: {columns}. Choose which one is “Name”.")
        raise Invalid(message.having(columns=_listed(header)), {"file": message.having(columns=_listed(header))})
    return columns


def _place_weight(columns: Columns, place: int, lower: str) -> None:
    shaped = _weight.fullmatch(lower)
    unit = (shaped[1] or "") if shaped else lower.rpartition("(")[2].strip(" )")
    if unit in _GRAMS:
        columns.places.setdefault("weight", place)
        columns.grams_per_unit = columns.grams_per_unit or _GRAMS[unit]
        columns.weight_unit = columns.weight_unit or unit
        return
    message = _(
        "“{column}” does not say its unit, so weights were not taken. Name it “Weight (kg)”, (g), (lbs) or (oz)."
    )
    name = columns.header[place]
    columns.problems.append(Problem.of(HEADER_ROW, name, "", message.having(column=name), Severity.WARNING))


def _check_mapping(header: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    for name, target in mapping.items():
        if name not in header:
            message = _("The file has no column “{column}”. It has: {columns}.")
            raise Invalid(message.having(column=name, columns=_listed(header)), {"mapping": message})
        if target and target not in FIELDS:
            message = _("“{field}” is no field of a product. Choose one of: {fields}.")
            filled = message.having(field=target, fields=", ".join(sorted(FIELDS)))
            raise Invalid(filled, {"mapping": filled})


def _listed(names: Iterable[str]) -> str:
    listed = ", ".join(name for name in names if name)
    return listed if len(listed) <= 300 else listed[:300] + "…"
