"""Agora's own CSV: a row for each variant, the product's fields in the first; everything comes back as it was."""

import re
from collections.abc import Sequence
from typing import Literal, cast

from engine.commerce.catalog.importing.cells import MAX_DEPTH, Cells
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.fields import fields_named
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.grouped import GroupedReader, Grouping, variants_of
from engine.commerce.catalog.importing.imported import ImportedProduct, ImportedVariant, NamedValues
from engine.commerce.catalog.importing.spool import Spool
from engine.commerce.catalog.listed import parted, unescaped
from engine.core.i18n import _
from engine.core.tabular.mapping import Field
from engine.core.tabular.problems import Severity

STATUSES = ("draft", "active", "archived")
TYPES = ("physical", "virtual")
VISIBILITIES = ("visible", "catalog", "search", "hidden")
_option = re.compile(r"option (\d+) (name|values|value)", re.IGNORECASE)
AGORA = Dialect(
    name="agora",
    label=_("Agora"),
    fields=(
        *fields_named("name", "sku", "gtin", "slug", "type", "status", "visibility", "featured", "summary"),
        *fields_named("description", "price", "compare_at", "stock", "weight_g", "categories", "tags", "images", "alt"),
        *fields_named("cost", "low_stock", "seo_title", "seo_description", "length_mm", "width_mm", "height_mm"),
        Field("details", _("Details shown to shoppers")),
        Field("currency", _("Currency")),
        Field("variant_sku", _("SKU of the variant")),
        Field("variant_image", _("Picture of the variant")),
    ),
    names={
        "address": "slug",
        "name": "name",
        "sku": "sku",
        "type": "type",
        "status": "status",
        "visibility": "visibility",
        "featured": "featured",
        "short description": "summary",
        "description": "description",
        "categories": "categories",
        "tags": "tags",
        "images": "images",
        "image texts": "alt",
        "details": "details",
        "currency": "currency",
        "variant sku": "variant_sku",
        "barcode": "gtin",
        "price": "price",
        "compare at price": "compare_at",
        "stock": "stock",
        "weight (g)": "weight_g",
        "variant image": "variant_image",
        "cost": "cost",
        "length (mm)": "length_mm",
        "width (mm)": "width_mm",
        "height (mm)": "height_mm",
        "low stock": "low_stock",
        "seo title": "seo_title",
        "seo description": "seo_description",
    },
    signs=frozenset({"address", "name", "variant sku", "price"}),
    own=lambda column: _option.fullmatch(column) is not None,
)


def agora_reader(columns: Columns, figures: Figures, spool: Spool) -> GroupedReader:
    """Return what makes products of Agora's rows."""
    options: dict[tuple[int, str], int] = {}
    for place, name in columns.own:
        if found := _option.fullmatch(name):
            options[int(found[1]), found[2].lower()] = place

    def made(rows: Sequence[Cells], figures: Figures) -> ImportedProduct | None:
        return _product(rows, figures, options)

    return GroupedReader(columns, figures, spool, Grouping(key=lambda cells: cells.text("slug"), made=made))


def _product(rows: Sequence[Cells], figures: Figures, options: dict[tuple[int, str], int]) -> ImportedProduct | None:
    first = rows[0]
    if not is_in_currency(first, figures.currency):
        return None
    numbers = sorted({number for number, part in options if part == "name"})
    names = {n: name for n in numbers if (name := first.text_at(options[n, "name"]))}
    pricing = figures.pricing(first)
    choices: tuple[NamedValues, ...] = ()
    variants: tuple[ImportedVariant, ...] = ()
    if names:
        chosen = [
            (
                row,
                {name: row.text_at(options.get((n, "value"))) for n, name in names.items()},
                row.text("variant_image"),
            )
            for row in rows
        ]
        choices, variants = variants_of(chosen, figures, sku="variant_sku")
        offered = {name: _names(first.text_at(options.get((n, "values")))) for n, name in names.items()}
        choices = tuple(
            NamedValues(each.name, tuple(dict.fromkeys((*offered[each.name], *each.values)))) for each in choices
        )
    else:
        for row in rows[1:]:
            message = _("Row {row} has the same address already; this row was not taken.").having(row=first.row)
            row.report("slug", message, Severity.ERROR)
    if pricing.price_minor is None and not names:
        first.report("price", _("The product has no price that could be read, so it was not taken."), Severity.ERROR)
        return None
    return ImportedProduct(
        row=first.row,
        rows=sum(not row.is_refused for row in rows),
        source_id=first.text("slug"),
        slug=first.text("slug"),
        sku=first.line("sku"),
        gtin="" if variants else first.text("gtin"),
        type=cast("Literal['physical', 'virtual']", one_of(first, "type", TYPES)),
        name=first.text("name"),
        status=cast("Literal['draft', 'active', 'archived']", one_of(first, "status", STATUSES)),
        visibility=cast("Literal['visible', 'catalog', 'search', 'hidden']", one_of(first, "visibility", VISIBILITIES)),
        is_featured=first.text("featured").lower() in {"1", "yes", "true"},
        summary_html=first.ready_html("summary"),
        description_html=first.ready_html("description"),
        price_minor=min((v.price_minor for v in variants), default=pricing.price_minor or 0),
        compare_at_minor=None if names else pricing.compare_at_minor,
        stock=None if names else figures.stock(first),
        weight_grams=None if names else figures.weight_grams(first),
        measures=() if names else figures.measures(first),
        low_stock=figures.low_stock(first),
        **first.found_as(),
        category_paths=_paths(first),
        tags=_names(first.text("tags")),
        images=first.pictures(unescaped(each) for each in parted(first.text("images"), "\n")),
        alts=tuple(unescaped(alt) for alt in parted(first.text("alt"), "\n")),
        options=choices,
        details=_details(first.text("details")),
        variants=variants,
    )


def is_in_currency(first: Cells, currency: str) -> bool:
    """Return whether the product's prices are in the shop's currency; where they are not, the row has the error."""
    said = first.text("currency").upper()
    if said in {"", currency}:
        return True
    message = _("The prices are in {said}, the shop's are in {currency}; the product was not taken.")
    first.report("currency", message.having(said=said[:10], currency=currency), Severity.ERROR)
    return False


def one_of(first: Cells, field: str, known: Sequence[str]) -> str:
    """Return a field's word if it is one of those known, else the first of them, which is told."""
    said = first.text(field).lower()
    if said in known:
        return said
    if said:
        message = _("“{value}” is none of {known}; taken as {taken}.")
        first.report(field, message.having(value=said[:40], known=", ".join(known), taken=known[0]))
    return known[0]


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unescaped(part) for part in parted(text, ",")))


def _paths(first: Cells) -> tuple[tuple[str, ...], ...]:
    paths = (tuple(unescaped(name) for name in parted(path, ">")) for path in parted(first.text("categories"), ","))
    return tuple(dict.fromkeys(path[:MAX_DEPTH] for path in paths if path))


def _details(text: str) -> tuple[NamedValues, ...]:
    found = []
    for line in parted(text, "\n"):
        name, *rest = parted(line, ":")
        found.append(NamedValues(unescaped(name), _names(rest[0]) if rest else ()))
    return tuple(found)
