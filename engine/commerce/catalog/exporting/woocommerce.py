"""WooCommerce's product CSV: a row for a simple product, or for a variable one and each of its variations."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256

from engine.commerce.catalog.exporting.shop import Shop
from engine.commerce.catalog.models import ProductStatus, ProductType
from engine.commerce.catalog.views import ProductView, VariantView

_COLUMNS = (
    *("ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Is featured?", "Visibility in catalog"),
    *("Short description", "Description", "In stock?", "Stock", "Low stock amount", "Weight (kg)", "Length (cm)"),
    *("Width (cm)", "Height (cm)", "Cost of goods", "Sale price", "Regular price"),
    *("Categories", "Tags", "Images", "Parent", "Position"),
)
_PARTS = ("name", "value(s)", "visible", "global")


def columns(shop: Shop) -> list[str]:
    """Return the header: as many attributes as some product has options and details."""
    return [*_COLUMNS, *(f"Attribute {n} {part}" for n in range(1, shop.attributes + 1) for part in _PARTS)]


def rows(view: ProductView, shop: Shop) -> Iterator[list[str]]:
    """Yield a product's row, and one for each of its variations."""
    pictures = [address for address, _image in shop.pictures(view.images)]
    by_id = {image.id: address for address, image in shop.pictures(view.images)}
    is_variable = bool(view.options)
    own = None if is_variable else view.variants[0]
    flag = "" if view.type is ProductType.PHYSICAL else ", virtual"
    number = str(int(sha256(view.slug.encode()).hexdigest()[:12], 16)) if is_variable and not view.sku else ""
    attributes = [(option.name, option.values) for option in view.options]
    attributes += [(detail.name, detail.values) for detail in view.details]
    yield [
        *(number, ("variable" if is_variable else "simple") + flag, view.sku or (own.sku if own else "")),
        *(own.barcode if own else "", view.name),
        "1" if view.status is ProductStatus.ACTIVE else "-1",
        *("1" if view.is_featured else "0", str(view.visibility), view.short_description, view.description),
        *_figures(own, shop, view.low_stock),
        _listed(" > ".join(_escaped(name) for name in shop.path(category)) for category in view.categories),
        _listed(_escaped(tag.name) for tag in view.tags),
        _listed(_escaped(address) for address in pictures),
        *("", "0"),
        *_attributes([(name, _listed(map(_escaped, values)), "1") for name, values in attributes], shop),
    ]
    for place, variant in enumerate(view.variants if is_variable else (), start=1):
        chosen = [
            (name, _escaped(variant.option_values[name]), "") for name, _values in attributes[: len(view.options)]
        ]
        yield [
            *("", f"variation{flag}", variant.sku, variant.barcode, view.name, "1", "0", "visible", "", ""),
            *_figures(variant, shop),
            *("", "", _escaped(by_id.get(variant.image_id, "")) if variant.image_id else ""),
            *(view.sku or f"id:{number}", str(place)),
            *_attributes(chosen, shop),
        ]


def _figures(variant: VariantView | None, shop: Shop, low_stock: int | None = None) -> list[str]:
    """Return in stock, stock, low stock, weight, sizes, cost, sale price and regular price."""
    low = "" if low_stock is None else str(low_stock)
    if variant is None:
        return ["1", "", low, *[""] * 7]
    sides = (variant.length_mm, variant.width_mm, variant.height_mm)
    price, before = shop.price(variant.price_minor), shop.price(variant.compare_at_minor)
    return [
        "1" if variant.is_available else "0",
        "" if variant.stock is None else str(variant.stock),
        low,
        "" if variant.weight_grams is None else str(Decimal(variant.weight_grams) / 1000),
        *("" if side is None else str(Decimal(side) / 10) for side in sides),
        shop.price(variant.cost_minor),
        *((price, before) if before else ("", price)),
    ]


def _attributes(found: Sequence[tuple[str, str, str]], shop: Shop) -> list[str]:
    cells = [cell for name, values, visible in found for cell in (name, values, visible, "0")]
    return cells + [""] * (len(_PARTS) * shop.attributes - len(cells))


def _escaped(text: str) -> str:
    return text.replace(",", "\\,")


def _listed(parts: Iterator[str]) -> str:
    return ", ".join(parts)
