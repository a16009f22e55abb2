"""Agora's own JSON: a record for each product, with its variants, pictures and details inside."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from engine.commerce.catalog.importing.agora import STATUSES, TYPES, VISIBILITIES, is_in_currency, one_of
from engine.commerce.catalog.importing.cells import Cells
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.fields import fields_named
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.imported import ImportedProduct, ImportedVariant, Measures, NamedValues
from engine.commerce.catalog.importing.spool import Spool
from engine.core.i18n import _
from engine.core.tabular.mapping import Field
from engine.core.tabular.problems import Problem, Severity

T = TypeVar("T")
_NAMES = {
    "address": "slug",
    "name": "name",
    "sku": "sku",
    "type": "type",
    "status": "status",
    "visibility": "visibility",
    "featured": "featured",
    "shortdescription": "summary",
    "description": "description",
    "currency": "currency",
    "categories": "categories",
    "tags": "tags",
    "images": "images",
    "details": "details",
    "options": "options",
    "variants": "variants",
    "seotitle": "seo_title",
    "seodescription": "seo_description",
    "lowstock": "low_stock",
}
AGORA_JSON = Dialect(
    name="agora-json",
    label=_("Agora (JSON)"),
    fields=(
        *fields_named("name", "sku", "slug", "type", "status", "visibility", "featured", "summary", "description"),
        *fields_named("categories", "tags", "images", "low_stock", "seo_title", "seo_description"),
        Field("details", _("Details shown to shoppers")),
        Field("currency", _("Currency")),
        Field("options", _("Options to choose by")),
        Field("variants", _("Variants")),
    ),
    names=_NAMES,
    signs=frozenset({"address", "name", "variants"}),
)


class _Record(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )


class NamedRecord(_Record):
    name: str
    values: tuple[str, ...]


class ImageRecord(_Record):
    source: str
    alt: str = ""


class VariantRecord(_Record):
    """price, compare_at_price, cost: in minor units. image: its place among the product's pictures."""

    sku: str = ""
    barcode: str = ""
    options: dict[str, str] = {}
    price: int
    compare_at_price: int | None = None
    cost: int | None = None
    stock: int | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    image: int | None = None

    @property
    def measures(self) -> Measures:
        said = (("cost_minor", self.cost), *((n, getattr(self, n)) for n in ("length_mm", "width_mm", "height_mm")))
        return tuple((name, value) for name, value in said if value is not None)


_PATHS = TypeAdapter(tuple[tuple[str, ...], ...])
_WORDS = TypeAdapter(tuple[str, ...])
_IMAGES = TypeAdapter(tuple[ImageRecord, ...])
_NAMED = TypeAdapter(tuple[NamedRecord, ...])
_VARIANTS = TypeAdapter(tuple[VariantRecord, ...])


class AgoraJsonReader:
    """Makes a product of each record."""

    def __init__(self, columns: Columns, figures: Figures, spool: Spool) -> None:
        self._currency = figures.currency
        self._columns = columns
        self._first_of: dict[str, int] = {}

    def note(self, cells: Cells) -> None:
        """Learn which records repeat an address or a SKU."""
        for number in _numbers(cells):
            self._first_of.setdefault(number, cells.row)

    def taken(self, cells: Cells) -> Iterator[ImportedProduct | Problem]:
        """Yield a record's product after its problems, or only the problems."""
        for number in _numbers(cells):
            if (first := self._first_of[number]) != cells.row:
                name = number.partition(":")[0]
                message = _("Row {row} has the same {column} already; this row was not taken.")
                column = self._columns.header[self._columns.places[name]]
                cells.report(name, message.having(row=first, column=column), Severity.ERROR)
        product = None if cells.is_refused else _product(cells, self._currency)
        yield from cells.problems
        if product is not None:
            yield product


def _numbers(cells: Cells) -> list[str]:
    found = (("slug", cells.text("slug")), ("sku", cells.line("sku").casefold()))
    return [f"{name}:{number}" for name, number in found if number]


def _product(cells: Cells, currency: str) -> ImportedProduct | None:
    if not is_in_currency(cells, currency):
        return None
    variants = _read(cells, "variants", _VARIANTS)
    images = _read(cells, "images", _IMAGES)
    paths, tags = _read(cells, "categories", _PATHS), _read(cells, "tags", _WORDS)
    options, details = _read(cells, "options", _NAMED), _read(cells, "details", _NAMED)
    if not cells.text("name"):
        cells.report("name", _("The product has no name; the row was not taken."), Severity.ERROR)
    if not variants and not cells.is_refused:
        cells.report("variants", _("The product has no variant, so no price; it was not taken."), Severity.ERROR)
    if cells.is_refused or None in (variants, images, paths, tags, options, details):
        return None
    sources = cells.pictures(image.source for image in images or ())
    own = variants[0] if variants and not options else None
    type_: Any = one_of(cells, "type", TYPES)
    status: Any = one_of(cells, "status", STATUSES)
    visibility: Any = one_of(cells, "visibility", VISIBILITIES)
    return ImportedProduct(
        row=cells.row,
        source_id=cells.text("slug"),
        slug=cells.text("slug"),
        sku=cells.text("sku"),
        gtin=own.barcode if own else "",
        type=type_,
        name=cells.text("name"),
        status=status,
        visibility=visibility,
        is_featured=cells.text("featured") == "true",
        summary_html=cells.ready_html("summary"),
        description_html=cells.ready_html("description"),
        price_minor=min(variant.price for variant in variants or ()),
        compare_at_minor=own.compare_at_price if own else None,
        stock=own.stock if own else None,
        weight_grams=own.weight_grams if own else None,
        measures=own.measures if own else (),
        low_stock=int(cells.text("low_stock")) if cells.text("low_stock").isdecimal() else None,
        **cells.found_as(),
        category_paths=paths or (),
        tags=tags or (),
        images=sources,
        alts=tuple(image.alt for image in images or () if image.source in sources),
        options=tuple(NamedValues(option.name, option.values) for option in options or ()),
        details=tuple(NamedValues(detail.name, detail.values) for detail in details or ()),
        variants=() if own else tuple(_variant(cells, variant, sources) for variant in variants or ()),
    )


def _variant(cells: Cells, record: VariantRecord, sources: tuple[str, ...]) -> ImportedVariant:
    return ImportedVariant(
        row=cells.row,
        source_id="",
        sku=record.sku,
        gtin=record.barcode,
        options=tuple(record.options.items()),
        price_minor=record.price,
        compare_at_minor=record.compare_at_price,
        stock=record.stock,
        weight_grams=record.weight_grams,
        measures=record.measures,
        image=sources[record.image] if record.image is not None and 0 <= record.image < len(sources) else "",
    )


def _read(cells: Cells, field: str, kind: TypeAdapter[tuple[T, ...]]) -> tuple[T, ...] | None:
    """Return what a field's JSON holds; None, with the error told, where it is not what it should be."""
    text = cells.text(field)
    if not text:
        return ()
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "–"
        message = _("The record is not as Agora writes it at {place}: {reason}. The product was not taken.")
        cells.report(field, message.having(place=where, reason=wrong["msg"]), Severity.ERROR)
        return None
