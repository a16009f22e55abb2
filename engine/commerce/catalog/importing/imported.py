"""What a reader hands on: products in Agora's terms, and a problem for each thing that it did not take."""

from dataclasses import dataclass
from typing import Literal

#: ("cost_minor", 900), ("length_mm", 120), ...: those that a file says.
Measures = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class NamedValues:
    """A name with its values: an option to choose from (Size: S, M, L), or a detail to read (Material: Wool)."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVariant:
    """One thing that can be bought. stock None: not counted. options: a (name, value) for each of the product's.

    measures: cost and sizes as far as the file says, by the names that a draft has for them.
    """

    row: int
    source_id: str
    sku: str
    gtin: str
    options: tuple[tuple[str, str], ...]
    price_minor: int
    compare_at_minor: int | None
    stock: int | None
    weight_grams: int | None
    measures: Measures = ()
    image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedProduct:
    """A product as the file describes it.

    row, rows: its first row, and how many went into it. source_id: its id in the other shop, "" if none. slug: the
    address it would like, "" for one made from its name. category_paths: each from the root down. images: addresses or
    file names, the main one first; alts: what each shows, as far as the file says. Price, stock, weight and measures
    are the product's own where there are no variants. low_stock None, seo_title "": the file does not say.
    """

    row: int
    rows: int = 1
    source_id: str
    slug: str = ""
    sku: str
    gtin: str
    type: Literal["physical", "virtual"]
    name: str
    status: Literal["draft", "active", "archived"]
    visibility: Literal["visible", "catalog", "search", "hidden"]
    is_featured: bool
    summary_html: str
    description_html: str
    price_minor: int
    compare_at_minor: int | None
    stock: int | None
    weight_grams: int | None
    measures: Measures = ()
    low_stock: int | None = None
    seo_title: str = ""
    seo_description: str = ""
    category_paths: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    options: tuple[NamedValues, ...] = ()
    details: tuple[NamedValues, ...] = ()
    variants: tuple[ImportedVariant, ...] = ()
