"""What a thing costs, asked by the code that stands on it: at a screen in the shop, with a scanner or by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from engine.commerce.catalog.models import Product, ProductStatus, Variant, title_of
from engine.commerce.catalog.priced import Priced
from engine.commerce.catalog.public import offers

LONGEST_CODE = 60
#: A GTIN has 8, 12, 13 or 14 digits; one with zeros before it is the same. Source: GS1 General Specifications, 3.2.
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class PriceTag(Priced):
    """What a screen answers. highest_price_minor: above price_minor where the code is a product's of several prices.

    stock: pieces left, None where they are not counted.
    """

    name: str
    variant_title: str
    price_minor: int
    highest_price_minor: int
    compare_at_minor: int | None
    is_available: bool
    stock: int | None
    image_url: str | None


def price_tag(connection: Connection, code: str) -> PriceTag | None:
    """Return what the active product with this barcode (GTIN) or SKU costs; None where there is none."""
    codes = [*_ways_to_write(code)]
    if not codes:
        return None
    for condition in (Variant.barcode.in_(codes), Variant.sku.in_(codes), Product.sku.in_(codes)):
        rows = connection.execute(_found(condition)).all()
        if rows:
            same_product = [row for row in rows if row.product_id == rows[0].product_id]
            return _tag(connection, same_product)
    return None


def _ways_to_write(code: str) -> Iterator[str]:
    """Yield a code as somebody may have stored it: in either case, and with or without the zeros before a GTIN."""
    code = "".join(code.split())[:LONGEST_CODE]
    if not code:
        return
    yield from dict.fromkeys((code, code.upper(), code.lower()))
    if code.isascii() and code.isdigit():
        bare = code.lstrip("0")
        yield from (bare.zfill(length) for length in GTIN_LENGTHS if len(bare) <= length and bare)


def _found(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            Variant.id,
            Variant.product_id,
            Variant.option_values,
            Variant.price_minor,
            Variant.compare_at_minor,
        )
        .join(Product, Product.id == Variant.product_id)
        .where(Product.status == ProductStatus.ACTIVE, condition)
        .order_by(Product.name, Product.id, Variant.price_minor, Variant.position)
        .limit(200)
    )


def _tag(connection: Connection, rows: list[Any]) -> PriceTag:
    """Return the tag of variants of one product, the cheapest first."""
    known = offers(connection, [row.id for row in rows])
    found = [known[row.id] for row in rows]
    first = rows[0]
    stocks = [offer.stock for offer in found if offer.stock is not None]
    return PriceTag(
        found[0].product_name,
        title_of(first.option_values) if len(rows) == 1 else "",
        first.price_minor,
        max(row.price_minor for row in rows),
        first.compare_at_minor,
        is_available=any(offer.is_available for offer in found),
        stock=sum(stocks) if len(stocks) == len(found) else None,
        image_url=next((offer.image_url for offer in found if offer.image_url), None),
    )
