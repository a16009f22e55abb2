"""Agora's own CSV and JSON: into an empty shop and out again they are the same, byte for byte."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from engine.commerce.catalog.exporting.shop import Shop
from engine.commerce.catalog.listed import escaped, joined
from engine.commerce.catalog.views import ProductView, VariantView

_PRODUCT = ("Address", "Name", "SKU", "Type", "Status", "Visibility", "Featured", "Short description", "Description")
_STAFF = ("Low stock", "SEO title", "SEO description")
_LISTS = ("Categories", "Tags", "Images", "Image texts", "Details", "Currency")
_VARIANT = ("Variant SKU", "Barcode", "Price", "Compare at price", "Stock", "Weight (g)", "Variant image")
_MEASURES = ("Cost", "Length (mm)", "Width (mm)", "Height (mm)")


def columns(shop: Shop) -> list[str]:
    """Return the header: as many options as some product has."""
    options = [f"Option {n} {part}" for n in range(1, shop.options + 1) for part in ("name", "values", "value")]
    return [*_PRODUCT, *_LISTS, *_STAFF, *options, *_VARIANT, *_MEASURES]


def rows(view: ProductView, shop: Shop) -> Iterator[list[str]]:
    """Yield a row for each variant; what belongs to the product stands in the first."""
    pictures = shop.pictures(view.images)
    by_id = {image.id: address for address, image in pictures}
    first = [
        *(view.slug, view.name, view.sku, str(view.type), str(view.status), str(view.visibility)),
        "yes" if view.is_featured else "no",
        *(view.short_description, view.description),
        joined((_path(shop.path(category)) for category in view.categories), ","),
        joined((escaped(tag.name, ",") for tag in view.tags), ","),
        joined((escaped(address, "") for address, _image in pictures), "\n"),
        joined((escaped(image.alt, "") for _address, image in pictures), "\n").rstrip("\n"),
        joined((_detail(detail.name, detail.values) for detail in view.details), "\n"),
        shop.currency,
        "" if view.low_stock is None else str(view.low_stock),
        *(view.seo_title, view.seo_description),
    ]
    later = [view.slug, *[""] * (len(first) - 1)]
    for place, variant in enumerate(view.variants):
        yield [*(later if place else first), *_options(view, variant, shop, place), *_variant(variant, shop, by_id)]


def record(view: ProductView, shop: Shop) -> dict[str, Any]:
    """Return a product as a record. Amounts are in minor units; a variant's image is a place among the images."""
    pictures = shop.pictures(view.images)
    places = {image.id: place for place, (_address, image) in enumerate(pictures)}
    return {
        "address": view.slug,
        "name": view.name,
        "sku": view.sku,
        "type": str(view.type),
        "status": str(view.status),
        "visibility": str(view.visibility),
        "featured": view.is_featured,
        "shortDescription": view.short_description,
        "description": view.description,
        "seoTitle": view.seo_title,
        "seoDescription": view.seo_description,
        "lowStock": view.low_stock,
        "currency": shop.currency,
        "categories": [shop.path(category) for category in view.categories],
        "tags": [tag.name for tag in view.tags],
        "images": [{"source": address, "alt": image.alt} for address, image in pictures],
        "details": [{"name": detail.name, "values": list(detail.values)} for detail in view.details],
        "options": [{"name": option.name, "values": list(option.values)} for option in view.options],
        "variants": [
            {
                "sku": variant.sku,
                "barcode": variant.barcode,
                "options": variant.option_values,
                "price": variant.price_minor,
                "compareAtPrice": variant.compare_at_minor,
                "cost": variant.cost_minor,
                "stock": variant.stock,
                "weightGrams": variant.weight_grams,
                "lengthMm": variant.length_mm,
                "widthMm": variant.width_mm,
                "heightMm": variant.height_mm,
                "image": places.get(variant.image_id) if variant.image_id else None,
            }
            for variant in view.variants
        ],
    }


def _options(view: ProductView, variant: VariantView, shop: Shop, place: int) -> Iterator[str]:
    for option in view.options:
        yield "" if place else option.name
        yield "" if place else joined((escaped(value, ",") for value in option.values), ",")
        yield variant.option_values.get(option.name, "")
    yield from [""] * 3 * (shop.options - len(view.options))


def _variant(variant: VariantView, shop: Shop, pictures: dict[UUID, str]) -> list[str]:
    return [
        variant.sku,
        variant.barcode,
        shop.price(variant.price_minor),
        shop.price(variant.compare_at_minor),
        "" if variant.stock is None else str(variant.stock),
        "" if variant.weight_grams is None else str(variant.weight_grams),
        pictures.get(variant.image_id, "") if variant.image_id else "",
        shop.price(variant.cost_minor),
        *("" if side is None else str(side) for side in (variant.length_mm, variant.width_mm, variant.height_mm)),
    ]


def _path(names: Sequence[str]) -> str:
    return joined((escaped(name, ">,") for name in names), " >")


def _detail(name: str, values: Sequence[str]) -> str:
    return f"{escaped(name, ':,')}: {joined((escaped(value, ',:') for value in values), ',')}".rstrip(" ")
