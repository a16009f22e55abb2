"""Any other table of products: Magento's, PrestaShop's, a list from a spreadsheet. Columns mean what was mapped.

A row is a product; where a column says what rows share, they are variants of one, chosen by the option columns.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from engine.commerce.catalog.importing.cells import MAX_ALT, MAX_DETAIL, MAX_TERM, Cells, one_line, parts_of
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.fields import FIELDS
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.grouped import GroupedReader, Grouping, variants_of
from engine.commerce.catalog.importing.imported import ImportedProduct, NamedValues
from engine.commerce.catalog.importing.spool import Spool
from engine.core.html import text_of
from engine.core.i18n import _
from engine.core.slugs import is_slug
from engine.core.tabular.problems import Severity

_ACTIVE = frozenset({"", "1", "1.0", "yes", "true", "y", "on", "active", "enabled", "published", "visible", "online"})
_ACTIVE_ELSEWHERE = frozenset({"publish", "aktiv", "ja", "oui", "actif", "sí", "si", "activo", "attivo", "да"})
_INACTIVE = frozenset({"0", "0.0", "2", "-1", "no", "false", "n", "off", "inactive", "disabled", "draft", "hidden"})
_INACTIVE_ELSEWHERE = frozenset({"unpublished", "inaktiv", "nein", "non", "inactif", "inactivo", "нет"})
_YES = frozenset({"1", "yes", "true", "y", "ja", "oui", "sí", "si", "да"})
_PHYSICAL = frozenset({"", "simple", "physical", "product", "variant", "goods"})
_VIRTUAL = frozenset({"virtual", "downloadable", "digital", "service", "download"})
_NOT_KNOWN = frozenset({"grouped", "bundle", "external", "configurable", "gift card", "giftcard", "subscription"})
_VISIBILITIES: Mapping[str, Literal["visible", "catalog", "search", "hidden"]] = {
    "": "visible",
    "visible": "visible",
    "both": "visible",
    "4": "visible",
    "catalog, search": "visible",
    "catalog": "catalog",
    "2": "catalog",
    "search": "search",
    "3": "search",
    "hidden": "hidden",
    "none": "hidden",
    "1": "hidden",
    "not visible individually": "hidden",
}
_DETAIL_PREFIXES = ("feature:", "attribute:", "detail:")
LISTING = Dialect(
    name="table",
    label=_("A table, by its columns"),
    fields=FIELDS,
    own=lambda column: column.lower().startswith(_DETAIL_PREFIXES),
)


def listing_reader(columns: Columns, figures: Figures, spool: Spool) -> GroupedReader:
    """Return what makes products of a table's rows."""
    lower = {column.lower() for column in columns.header}
    level = "/" if {"attribute_set_code", "product_type"} <= lower else ">"  # Magento's paths have strokes

    def made(rows: Sequence[Cells], figures: Figures) -> ImportedProduct | None:
        return _product(rows, figures, level)

    return GroupedReader(columns, figures, spool, Grouping(key=lambda cells: cells.text("group"), made=made))


def _product(rows: Sequence[Cells], figures: Figures, level: str) -> ImportedProduct | None:
    first = rows[0]
    kind = _type(first)
    if kind is None:
        return None
    chosen = [(row, _choice(row), next(iter(row.images()), "")) for row in rows]
    has_options = any(value for _row, choice, _picture in chosen for value in choice.values())
    options, variants = variants_of(chosen, figures) if has_options else ((), ())
    pricing = figures.pricing(first)
    price = min((variant.price_minor for variant in variants), default=None) if has_options else pricing.price_minor
    status = _status(first)
    if not has_options:
        for row in rows[1:]:
            message = _(
                "No column says how this row differs from row {row}; it was not taken. Choose an option column."
            )
            row.report("group", message.having(row=first.row), Severity.ERROR)
    if price is None:
        first.report("price", _("The product has no price; it was kept as a draft until it has one."))
        status = "draft"
    slug = first.text("slug")
    return ImportedProduct(
        row=first.row,
        rows=sum(not row.is_refused for row in rows),
        source_id=first.text("id") or first.text("group"),
        slug=slug if is_slug(slug) else "",
        sku="" if variants else first.line("sku"),
        gtin="" if variants else first.gtin(),
        type=kind,
        name=first.name(),
        status=status,
        visibility=_visibility(first),
        is_featured=first.text("featured").lower() in _YES,
        summary_html=first.html("summary"),
        description_html=first.html("description"),
        price_minor=price or 0,
        compare_at_minor=None if has_options else pricing.compare_at_minor,
        stock=None if has_options else figures.stock(first),
        weight_grams=None if has_options else figures.weight_grams(first),
        measures=() if has_options else figures.measures(first),
        low_stock=figures.low_stock(first),
        **first.found_as(),
        category_paths=first.category_paths(level),
        tags=first.tags(),
        images=tuple(dict.fromkeys(image for row in rows for image in row.images())),
        alts=tuple(alt[:MAX_ALT] for alt in first.parts("alt")),
        options=options,
        details=_details(first),
        variants=variants,
    )


def _choice(row: Cells) -> dict[str, str]:
    columns = row.columns
    return {columns.header[place]: one_line(row.at(place)) for place in columns.many.get("option", ())}


def _details(first: Cells) -> tuple[NamedValues, ...]:
    columns = first.columns
    found: dict[str, tuple[str, ...]] = {}
    for place in sorted([*columns.many.get("detail", ()), *(place for place, _name in columns.own)]):
        values = parts_of(first.at(place), "|" if "|" in first.at(place) else "\n")
        lines = tuple(line for value in values if (line := one_line(text_of(value))))
        if any(len(line) > MAX_DETAIL for line in lines):
            message = _("The detail was cut to {limit} characters.").having(limit=MAX_DETAIL)
            first.report_at(place, message, Severity.WARNING, first.at(place))
        if lines:
            found[_detail_name(columns.header[place])] = tuple(line[:MAX_DETAIL] for line in lines)
    return tuple(NamedValues(name, values) for name, values in found.items())


def _detail_name(column: str) -> str:
    """Return how a column is called on a product's page: “language_code” as “Language code”."""
    for prefix in _DETAIL_PREFIXES:
        if column.lower().startswith(prefix):
            column = column[len(prefix) :].strip()
    words = column.replace("_", " ").strip()[:MAX_TERM]
    return words[:1].upper() + words[1:]


def _type(first: Cells) -> Literal["physical", "virtual"] | None:
    """Return the product's type; None, with the error told, for one that is sold in a way not known here."""
    said = first.text("type").lower()
    if said in _NOT_KNOWN:
        message = _("Products of type “{type}” are not known to Agora yet; the row was not taken.")
        first.report("type", message.having(type=said), Severity.ERROR)
        return None
    if said not in _PHYSICAL | _VIRTUAL:
        message = _("“{value}” is no type that Agora knows; taken as something that is shipped.")
        first.report("type", message.having(value=said[:40]))
    return "virtual" if said in _VIRTUAL else "physical"


def _status(first: Cells) -> Literal["draft", "active", "archived"]:
    said = first.text("status").lower()
    if said == "archived":
        return "archived"
    if said in _ACTIVE | _ACTIVE_ELSEWHERE:
        return "active"
    if said not in _INACTIVE | _INACTIVE_ELSEWHERE:
        first.report("status", _("“{value}” says neither yes nor no; kept as a draft.").having(value=said[:40]))
    return "draft"


def _visibility(first: Cells) -> Literal["visible", "catalog", "search", "hidden"]:
    said = first.text("visibility").lower()
    if said not in _VISIBILITIES:
        message = _("“{value}” is none of visible, catalog, search, hidden; taken as visible.")
        first.report("visibility", message.having(value=said[:40]))
    return _VISIBILITIES.get(said, "visible")
