"""Shopify's product CSV: rows that share a handle are one product, its variants and its further pictures.

Source: Shopify's help, "Using CSV files to import and export products", and files as its admin writes them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from engine.commerce.catalog.importing.cells import (
    MAX_ALT,
    MAX_DEPTH,
    MAX_DETAIL,
    MAX_IMAGES,
    MAX_TERM,
    Cells,
    one_line,
)
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.fields import fields_named
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.grouped import GroupedReader, Grouping, variants_of
from engine.commerce.catalog.importing.imported import ImportedProduct, ImportedVariant, NamedValues
from engine.commerce.catalog.importing.spool import Spool
from engine.core.html import text_of
from engine.core.i18n import _
from engine.core.tabular.mapping import Field
from engine.core.tabular.problems import Severity

_NUMBERS = ("1", "2", "3")
_metafield = re.compile(r"(.+) \((?:product\.)?metafields\.([\w.-]+)\)", re.IGNORECASE)
_option = re.compile(r"option([123]) (name|value)", re.IGNORECASE)
UNTRACKED = _("“{column}” has a number in {count} rows whose stock Shopify does not count; Agora does not count them.")
OVERSOLD = _("“{column}” lets {count} rows be sold when there are none; Agora stops at 0.")
_NO_CHOICE = ("title", "default title")
SHOPIFY = Dialect(
    name="shopify",
    label=_("Shopify"),
    fields=(
        *fields_named("name", "sku", "gtin", "slug", "status", "description", "price", "compare_at", "stock"),
        *fields_named("weight_g", "weight_kg", "weight_lb", "weight_oz", "categories", "tags", "images", "alt"),
        *fields_named("detail", "cost", "seo_title", "seo_description"),
        Field("handle", _("What rows of one product share")),
        Field("published", _("On sale or not")),
        Field("product_category", _("Product category")),
        Field("tracker", _("Whether stock is counted")),
        Field("policy", _("Whether it sells when out of stock")),
        Field("shipped", _("Whether it is shipped")),
        Field("gift_card", _("Gift card")),
        Field("image_position", _("Place of the picture")),
        Field("variant_image", _("Picture of the variant")),
    ),
    names={
        "handle": "handle",
        "title": "name",
        "body (html)": "description",
        "vendor": "detail",
        "product category": "product_category",
        "type": "categories",
        "custom product type": "categories",
        "tags": "tags",
        "published": "published",
        "variant sku": "sku",
        "variant grams": "weight_g",
        "variant inventory tracker": "tracker",
        "variant inventory qty": "stock",
        "variant inventory policy": "policy",
        "variant price": "price",
        "variant compare at price": "compare_at",
        "variant requires shipping": "shipped",
        "variant barcode": "gtin",
        "image src": "images",
        "image position": "image_position",
        "image alt text": "alt",
        "gift card": "gift_card",
        "variant image": "variant_image",
        "status": "status",
        "cost per item": "cost",
        "seo title": "seo_title",
        "seo description": "seo_description",
    },
    signs=frozenset({"handle", "title", "variant price"}),
    own=lambda column: bool(_option.fullmatch(column) or _metafield.fullmatch(column)),
    says_nothing={
        "variant fulfillment service": frozenset({"manual"}),
        "variant taxable": frozenset({"true"}),
        "variant weight unit": frozenset({"g", "kg", "lb", "oz"}),
        "google shopping / custom product": frozenset({"false"}),
        "included / international": frozenset({"true"}),
        "included / united states": frozenset({"true"}),
    },
)


def shopify_reader(columns: Columns, figures: Figures, spool: Spool) -> GroupedReader:
    """Return what makes products of Shopify's rows."""
    options: dict[tuple[str, str], int] = {}
    for place, name in columns.own:
        if found := _option.fullmatch(name):
            options[found[1], found[2].lower()] = place

    def made(rows: Sequence[Cells], figures: Figures) -> ImportedProduct | None:
        return _product(rows, figures, options)

    def note(cells: Cells) -> None:
        if cells.text("stock") not in {"", "0"} and not cells.text("tracker") and "tracker" in columns.places:
            columns.lose("stock", UNTRACKED)
        elif cells.text("policy").lower() == "continue" and cells.text("tracker"):
            columns.lose("policy", OVERSOLD)

    grouping = Grouping(key=lambda cells: cells.text("handle"), made=made, note=note)
    return GroupedReader(columns, figures, spool, grouping)


def _product(rows: Sequence[Cells], figures: Figures, options: Mapping[tuple[str, str], int]) -> ImportedProduct | None:
    first = rows[0]
    if first.text("gift_card").lower() == "true":
        first.report("gift_card", _("Gift cards are not known to Agora yet; the row was not taken."), Severity.ERROR)
        return None
    pictures = _pictures(rows)
    offered = [row for row in rows if _is_variant(row, options)]
    for row in rows[1:]:
        if row not in offered and not row.text("images"):
            row.report("handle", _("The row has neither a variant nor a picture."), Severity.ERROR)
    names = {n: name for n in _NUMBERS if (name := one_line(first.at(options.get((n, "name")))))}
    if _is_without_options(offered, names, options):
        names = {}
    status = _status(first)
    choices: tuple[NamedValues, ...] = ()
    variants: tuple[ImportedVariant, ...] = ()
    price, compare_at, stock, weight = None, None, None, None
    if names:
        choices, variants = variants_of([_choice(row, names, options) for row in offered], figures)
        price = min((variant.price_minor for variant in variants), default=None)
    elif offered:
        pricing = figures.pricing(offered[0])
        price, compare_at = pricing.price_minor, pricing.compare_at_minor
        stock, weight = _stock(offered[0], figures), figures.weight_grams(offered[0]) or None
        for row in offered[1:]:
            message = _("The product has no option by which this variant could be chosen; it was not taken.")
            row.report("price", message, Severity.ERROR)
    if price is None:
        first.report("price", _("The product has no price; it was kept as a draft until it has one."))
        status = "draft"
    return ImportedProduct(
        row=first.row,
        rows=sum(not row.is_refused for row in rows),
        source_id=first.text("handle"),
        slug=first.text("handle"),
        sku="" if variants else first.line("sku"),
        gtin="" if variants else first.gtin(),
        type="virtual" if offered and all(row.text("shipped").lower() == "false" for row in offered) else "physical",
        name=first.name(),
        status=status,
        visibility="hidden" if first.text("status").lower() == "unlisted" else "visible",
        is_featured=False,
        summary_html="",
        description_html=first.html("description"),
        price_minor=price or 0,
        compare_at_minor=compare_at,
        stock=stock,
        weight_grams=weight,
        measures=figures.measures(offered[0]) if offered and not names else (),
        **first.found_as(),
        category_paths=_categories(first),
        tags=first.tags(),
        images=tuple(pictures),
        alts=tuple(pictures.values()),
        options=choices,
        details=_details(first),
        variants=tuple(_tracked(variant, rows) for variant in variants),
    )


def _is_variant(row: Cells, options: Mapping[tuple[str, str], int]) -> bool:
    return bool(row.text("price") or any(row.at(options.get((n, "value"))) for n in _NUMBERS))


def _is_without_options(
    offered: Sequence[Cells], names: Mapping[str, str], options: Mapping[tuple[str, str], int]
) -> bool:
    """Return whether the one option is that by which Shopify says that there is none: “Title: Default Title”."""
    values = [row.at(options.get(("1", "value"))) for row in offered]
    named = (next(iter(names.values()), "").lower(), *(value.lower() for value in values))
    return len(names) <= 1 and (not names or named == _NO_CHOICE)


def _choice(
    row: Cells, names: Mapping[str, str], options: Mapping[tuple[str, str], int]
) -> tuple[Cells, dict[str, str], str]:
    chosen = {name: one_line(row.at(options.get((n, "value")))) for n, name in names.items()}
    picture = row.pictures([row.text("variant_image")] if row.text("variant_image") else [])
    return row, chosen, picture[0] if picture else ""


def _tracked(variant: ImportedVariant, rows: Sequence[Cells]) -> ImportedVariant:
    """Return a variant without stock where Shopify does not count it, and without a weight of nothing."""
    row = next(row for row in rows if row.row == variant.row)
    stock = variant.stock if "tracker" not in row.columns.places or row.text("tracker") else None
    return replace(variant, stock=stock, weight_grams=variant.weight_grams or None)


def _stock(row: Cells, figures: Figures) -> int | None:
    return figures.stock(row) if "tracker" not in row.columns.places or row.text("tracker") else None


def _pictures(rows: Sequence[Cells]) -> dict[str, str]:
    """Return {address: what it shows} of all rows, by the places that they name."""
    found: list[tuple[float, int, str, str]] = []
    for row in rows:
        place = row.text("image_position")
        for address in row.pictures([row.text("images")] if row.text("images") else []):
            number = float(place) if place.replace(".", "", 1).isdecimal() else float("inf")
            found.append((number, row.row, address, row.line("alt")[:MAX_ALT]))
    pictures: dict[str, str] = {}
    for _place, _row, address, alt in sorted(found)[:MAX_IMAGES]:
        pictures.setdefault(address, alt)
    return pictures


def _status(first: Cells) -> Literal["draft", "active", "archived"]:
    said, is_published = first.text("status").lower(), first.text("published").lower() not in {"false", "no", "0"}
    if said == "archived":
        return "archived"
    if said not in {"", "active", "draft", "unlisted"}:
        first.report("status", _("“{value}” is none of active, draft, archived; kept as a draft.").having(value=said))
        return "draft"
    if said == "active" and not is_published:
        first.report("published", _("The product is not published in Shopify's shop, so it was kept as a draft."))
    return "active" if is_published and said != "draft" else "draft"


def _categories(first: Cells) -> tuple[tuple[str, ...], ...]:
    kind = first.line("categories")[:MAX_TERM]
    levels = tuple(one_line(level)[:MAX_TERM] for level in first.text("product_category").split(">"))
    taxonomy = tuple(level for level in levels if level)[:MAX_DEPTH]
    return tuple(dict.fromkeys(path for path in ((kind,) if kind else (), taxonomy) if path))


def _details(first: Cells) -> tuple[NamedValues, ...]:
    """Return the vendor and the metafields, which shoppers see in Shopify's themes."""
    found: dict[str, tuple[str, ...]] = {}
    columns = first.columns
    named = [(place, columns.header[place]) for place in columns.many.get("detail", ())]
    named += [(place, name) for place, name in columns.own if _metafield.fullmatch(name)]
    for place, name in named:
        if value := first.at(place):
            metafield = _metafield.fullmatch(name)
            label = metafield[1] if metafield and metafield[1] not in found else name
            found[label[:MAX_TERM]] = _listed(value)
    return tuple(NamedValues(name, values) for name, values in found.items())


def _listed(value: str) -> tuple[str, ...]:
    """Return the values of a metafield: a JSON list's, or the text itself."""
    if value.startswith("["):
        with suppress(ValueError):
            items = json.loads(value)
            return tuple(one_line(str(item))[:MAX_DETAIL] for item in items)
    return (one_line(text_of(value))[:MAX_DETAIL],)
