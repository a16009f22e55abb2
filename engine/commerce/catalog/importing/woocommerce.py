"""WooCommerce's product CSV, as its own exporter writes it and people edit it.

Variations wait in a temporary file until their product comes, wherever they stand.
Source: WooCommerce's "Product CSV Import Schema" and the behaviour of its importer.
"""

from collections.abc import Iterator
from typing import Literal

from engine.commerce.catalog.importing.attributes import attribute_columns, is_attribute
from engine.commerce.catalog.importing.cells import MAX_SKU, Cells
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.fields import fields_named
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.spool import Spool
from engine.commerce.catalog.importing.variations import Family, details_of, family_of
from engine.core.i18n import Message, _
from engine.core.tabular.mapping import Field
from engine.core.tabular.problems import Problem, Severity

_FLAGS = frozenset({"virtual", "downloadable"})
_SIMPLE, _VARIABLE, _VARIATION = "simple", "variable", "variation"
_VISIBILITIES: tuple[Literal["visible", "catalog", "search", "hidden"], ...] = (
    "visible",
    "catalog",
    "search",
    "hidden",
)
_NAMES = {
    "id": "id",
    "type": "type",
    "sku": "sku",
    "gtin, upc, ean, or isbn": "gtin",
    "name": "name",
    "title": "name",
    "product title": "name",
    "published": "status",
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
    "low stock amount": "low_stock",
    "cost of goods": "cost",
    "meta: rank_math_title": "seo_title",
    "meta: _yoast_wpseo_title": "seo_title",
    "meta: _yoast_wpseo_metadesc": "seo_description",
    "meta: rank_math_description": "seo_description",
    **{
        f"{side}{unit}": side
        for side in ("length", "width", "height")
        for unit in ("", " (cm)", " (mm)", " (m)", " (in)", " (yd)")
    },
    **{f"weight{unit}": "weight" for unit in ("", " (kg)", " (g)", " (lb)", " (lbs)", " (oz)")},
}
WOOCOMMERCE = Dialect(
    name="woocommerce",
    label=_("WooCommerce"),
    fields=(
        *fields_named(
            "name", "sku", "gtin", "id", "type", "status", "visibility", "featured", "summary", "description"
        ),
        *fields_named("price", "sale_price", "sale_starts", "sale_ends", "stock", "in_stock", "categories", "tags"),
        *fields_named("images", "weight", "weight_kg", "weight_g", "weight_lb", "weight_oz"),
        *fields_named("cost", "low_stock", "seo_title", "seo_description"),
        *fields_named(
            *(f"{side}{unit}" for side in ("length", "width", "height") for unit in ("", "_cm", "_mm", "_in"))
        ),
        Field("tags_by_space", _("Tags parted by spaces")),
        Field("parent", _("Product of the variation")),
        Field("position", _("Place among the others")),
    ),
    names=_NAMES,
    signs=frozenset({"type", "name", "regular price"}),
    own=is_attribute,
    says_nothing={
        "tax status": frozenset({"taxable"}),
        "tax class": frozenset({"parent", "standard"}),
        "backorders allowed?": frozenset({"0", "no"}),
        "sold individually?": frozenset({"0"}),
        "allow customer reviews?": frozenset({"0", "1"}),
        "download limit": frozenset({"0", "-1"}),
        "download expiry days": frozenset({"0", "-1"}),
    },
)


class WooCommerceReader:
    """Makes products of WooCommerce's rows: simple ones by themselves, variable ones with their variations."""

    def __init__(self, columns: Columns, figures: Figures, spool: Spool) -> None:
        self._columns = columns
        self._figures = figures
        self._attributes = attribute_columns(columns)
        self._first_row_of: dict[str, int] = {}  # "sku:..." or "id:..." -> row
        self._variable_keys: set[str] = set()
        self._spool = spool

    def note(self, cells: Cells) -> None:
        """Learn which rows belong together, and put variations aside."""
        kind, _flags = _kind_of(cells)
        for key in _keys_of(cells):
            if self._first_row_of.setdefault(key, cells.row) == cells.row and kind == _VARIABLE:
                self._variable_keys.add(key)
        if kind == _VARIATION:
            self._spool.keep(_parent_key(cells), cells.as_row())

    def taken(self, cells: Cells) -> Iterator[ImportedProduct | Problem]:
        """Yield a row's product after its problems, or only the problems."""
        kind, flags = _kind_of(cells)
        refusal = self._refusal(cells, kind)
        if kind == _VARIATION and refusal is None:
            return  # it came, or comes, with its product
        if refusal is not None:
            yield from cells.problems
            yield Problem.of(cells.row, *refusal, Severity.ERROR)
            yield from self._left_without_parent(cells)
            return
        rows = self._variations_of(cells) if kind == _VARIABLE else []
        product = self._product(cells, kind, flags, rows)
        yield from cells.problems
        for row in rows:
            yield from row.problems
        yield product

    def _refusal(self, cells: Cells, kind: str) -> tuple[str, str, Message] | None:
        """Return (column, value, why) if the row cannot be taken at all."""
        header, places = self._columns.header, self._columns.places
        sku = cells.line("sku")
        if kind not in {_SIMPLE, _VARIABLE, _VARIATION}:
            message = _("Products of type “{type}” are not known to Agora yet; the row was not taken.")
            return header[places["type"]], cells.text("type"), message.having(type=kind)
        if kind == _VARIATION and _parent_key(cells) not in self._variable_keys:
            return header[places.get("parent", places["type"])], cells.text("parent"), self._orphan_message(cells)
        if kind != _VARIATION and not cells.line("name"):
            return header[places["name"]], "", _("The product has no name; the row was not taken.")
        if len(sku) > MAX_SKU:
            message = _("The SKU is longer than {limit} characters; the row was not taken.").having(limit=MAX_SKU)
            return header[places["sku"]], sku, message
        for key in _keys_of(cells):
            first = self._first_row_of[key]
            if first != cells.row:
                name = "sku" if key.startswith("sku:") else "id"
                message = _("Row {row} has the same {column} already; this row was not taken.")
                return header[places[name]], cells.text(name), message.having(row=first, column=header[places[name]])
        return None

    def _orphan_message(self, cells: Cells) -> Message:
        parent = cells.text("parent")
        if not parent:
            return _("The variation names no parent; give the SKU of its product, or id: and its number.")
        if _parent_key(cells) in self._first_row_of:
            return _("“{parent}” is not a variable product, so its variation was not taken.").having(parent=parent)
        if parent.isdigit():
            message = _("No row has the SKU “{parent}”. If that is an ID, write id:{parent}.")
            return message.having(parent=parent)
        return _("No variable product in this file is “{parent}”, so its variation was not taken.").having(
            parent=parent
        )

    def _variations_of(self, parent: Cells) -> list[Cells]:
        """Return the product's variations that can be taken, in the order in which the other shop shows them."""
        found = [cells for cells in self._waiting_for(parent) if self._refusal(cells, _VARIATION) is None]
        return sorted(found, key=lambda cells: (_position(cells), cells.row))

    def _left_without_parent(self, parent: Cells) -> Iterator[Problem]:
        """Yield a problem for each variation of a product that was refused."""
        for cells in self._waiting_for(parent):
            message = _("Its product in row {row} was not taken, so neither was this variation.")
            parent_cell = cells.text("parent")
            column = self._columns.header[self._columns.places["parent"]]
            yield Problem.of(cells.row, column, parent_cell, message.having(row=parent.row), Severity.ERROR)

    def _waiting_for(self, parent: Cells) -> Iterator[Cells]:
        own = [key for key in _keys_of(parent) if self._first_row_of[key] == parent.row]
        for row in self._spool.waiting(*own):
            yield Cells(row, self._columns)

    def _product(self, cells: Cells, kind: str, flags: frozenset[str], rows: list[Cells]) -> ImportedProduct:
        figures = self._figures
        is_variable = kind == _VARIABLE
        family = (
            family_of(cells, rows, figures, self._attributes)
            if is_variable
            else Family(details=details_of(cells, self._attributes))
        )
        status = _status(cells)
        price, compare_at, stock = None, None, None
        if is_variable:
            price = min((variant.price_minor for variant in family.variants), default=0)
            if not family.variants:
                cells.report(
                    "type", _("No variation of it could be taken, so there is nothing to buy: kept as a draft.")
                )
                status = "draft"
        else:
            pricing = figures.pricing(cells)
            price, compare_at, stock = pricing.price_minor, pricing.compare_at_minor, figures.stock(cells)
            if price is None:
                cells.report("price", _("The product has no price; it was kept as a draft until it has one."))
                price, status = 0, "draft"
        return ImportedProduct(
            row=cells.row,
            rows=1 + len(family.variants),
            source_id=cells.text("id"),
            sku=cells.line("sku"),
            gtin=cells.gtin(),
            type=_type(cells, flags, rows),
            name=cells.name(),
            status=status,
            visibility=_visibility(cells),
            is_featured=cells.text("featured").lower() in {"1", "yes", "true"},
            summary_html=cells.html("summary"),
            description_html=cells.html("description"),
            price_minor=price,
            compare_at_minor=compare_at,
            stock=stock,
            weight_grams=None if is_variable else figures.weight_grams(cells),
            measures=() if is_variable else figures.measures(cells),
            low_stock=figures.low_stock(cells),
            **cells.found_as(),
            category_paths=cells.category_paths(),
            tags=cells.tags(),
            images=cells.images(),
            options=family.options,
            details=family.details,
            variants=family.variants,
        )


def _kind_of(cells: Cells) -> tuple[str, frozenset[str]]:
    """Return the type without its flags ("simple" if only flags are given), and the flags."""
    words = [word.lower() for word in cells.parts("type")]
    kinds = [word for word in words if word not in _FLAGS]
    return ", ".join(kinds) or _SIMPLE, frozenset(words) & _FLAGS


def _keys_of(cells: Cells) -> list[str]:
    """Return by what other rows may mean this one."""
    sku, number = cells.line("sku"), cells.text("id")
    return ([f"sku:{sku.casefold()}"] if sku else []) + ([f"id:{number}"] if number else [])


def _parent_key(cells: Cells) -> str:
    parent = cells.line("parent")
    prefix, found, number = parent.partition(":")
    if found and prefix.lower() == "id" and number.strip().isdigit():
        return f"id:{number.strip()}"
    return f"sku:{parent.casefold()}"


def _position(cells: Cells) -> int:
    text = cells.text("position")
    return int(text) if text.lstrip("-").isdecimal() else 0


def _status(cells: Cells) -> Literal["draft", "active"]:
    text = cells.text("status").lower()
    if text in {"", "1", "1.0", "true", "yes"}:
        return "active"
    if text not in {"0", "-1", "0.0", "-1.0", "false", "no"}:
        cells.report("status", _("“{value}” is none of 1, 0, -1; kept as a draft.").having(value=text[:40]))
    return "draft"


def _visibility(cells: Cells) -> Literal["visible", "catalog", "search", "hidden"]:
    text = cells.text("visibility").lower()
    for known in _VISIBILITIES:
        if text == known:
            return known
    if text:
        message = _("“{value}” is none of visible, catalog, search, hidden; taken as visible.")
        cells.report("visibility", message.having(value=text[:40]))
    return "visible"


def _type(cells: Cells, flags: frozenset[str], rows: list[Cells]) -> Literal["physical", "virtual"]:
    """Return the product's type. Downloads are not known yet, which is told."""
    for row in (cells, *rows):
        if "downloadable" in _kind_of(row)[1]:
            row.report("type", _("Downloads are not known to Agora yet: the product was taken without its files."))
    if "virtual" in flags:
        return "virtual"
    virtual_rows = sum("virtual" in _kind_of(row)[1] for row in rows)
    if virtual_rows and virtual_rows < len(rows):
        cells.report("type", _("Some variations are virtual and some are not; the product was taken as physical."))
    return "virtual" if rows and virtual_rows == len(rows) else "physical"
