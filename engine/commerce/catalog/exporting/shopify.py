"""Shopify's product CSV: a row for each variant and further picture; details become metafields.

What Shopify has no place for stays behind: categories but the first, the short description, more than three options
(the third then holds the rest).
"""

from collections.abc import Iterator
from itertools import zip_longest
from uuid import UUID

from engine.commerce.catalog.exporting.shop import Shop
from engine.commerce.catalog.models import ProductStatus, ProductType, Visibility
from engine.commerce.catalog.views import ProductView, VariantView
from engine.core.slugs import slugify

MAX_OPTIONS = 3
_PRODUCT = ("Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published")
_OPTIONS = tuple(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value"))
_VARIANT = (
    *("Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty"),
    *("Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price"),
    *("Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Variant Image", "Variant Weight Unit"),
    "Cost per item",
)
_PICTURE = ("Image Src", "Image Position", "Image Alt Text")
_FOUND_AS = ("SEO Title", "SEO Description")
_VENDORS = ("Vendor", "Brand", "Manufacturer")


def columns(shop: Shop) -> list[str]:
    """Return the header; a metafield for each detail that products have."""
    metafields = [f"{name} (product.metafields.custom.{slugify(name).replace('-', '_')})" for name in _named(shop)]
    return ["Handle", *_PRODUCT, *_OPTIONS, *_VARIANT, *_PICTURE, "Gift Card", *_FOUND_AS, "Status", *metafields]


def rows(view: ProductView, shop: Shop) -> Iterator[list[str]]:
    """Yield a row for each variant or picture, whichever there are more of."""
    pictures = shop.pictures(view.images)
    by_id = {image.id: address for address, image in pictures}
    details = {detail.name: ", ".join(detail.values) for detail in view.details}
    vendor = next((details[name] for name in _VENDORS if name in details), "")
    kind = shop.path(view.categories[0])[-1] if view.categories else ""
    is_published = view.status is ProductStatus.ACTIVE and view.visibility is not Visibility.HIDDEN
    product = [view.name, view.description, vendor, kind, ", ".join(tag.name for tag in view.tags)]
    product.append("true" if is_published else "false")
    status = "unlisted" if view.status is ProductStatus.ACTIVE and not is_published else str(view.status)
    names = [option.name for option in view.options]
    for place, (variant, picture) in enumerate(zip_longest(view.variants, pictures)):
        cells = [view.slug, *(product if place == 0 else [""] * len(product))]
        cells += _choices(names, variant, is_first=place == 0)
        cells += _variant(view, variant, shop, by_id) if variant else [""] * len(_VARIANT)
        cells += [picture[0], str(place + 1), picture[1].alt] if picture else ["", "", ""]
        cells += ["false", view.seo_title, view.seo_description, status] if place == 0 else [""] * 4
        yield cells + [details.get(name, "") if place == 0 else "" for name in _named(shop)]


def _named(shop: Shop) -> list[str]:
    return [name for name in shop.details if name not in _VENDORS]


def _choices(names: list[str], variant: VariantView | None, *, is_first: bool) -> list[str]:
    """Return name and value of three options; one that stands for none where there are none."""
    if variant is None:
        return [""] * len(_OPTIONS)
    if not names:
        return ["Title" if is_first else "", "Default Title", "", "", "", ""]
    groups = [*([name] for name in names[: MAX_OPTIONS - 1]), names[MAX_OPTIONS - 1 :]]
    cells: list[str] = []
    for group in (group for group in groups if group):
        cells += [" / ".join(group) if is_first else "", " / ".join(variant.option_values[name] for name in group)]
    return cells + [""] * (len(_OPTIONS) - len(cells))


def _variant(view: ProductView, variant: VariantView, shop: Shop, pictures: dict[UUID, str]) -> list[str]:
    is_counted = variant.stock is not None
    return [
        variant.sku or ("" if view.options else view.sku),
        str(variant.weight_grams or 0),
        "shopify" if is_counted else "",
        str(variant.stock) if is_counted else "",
        "deny",
        "manual",
        shop.price(variant.price_minor),
        shop.price(variant.compare_at_minor),
        "true" if view.type is ProductType.PHYSICAL else "false",
        "true",
        variant.barcode,
        pictures.get(variant.image_id, "") if variant.image_id else "",
        "g",
        shop.price(variant.cost_minor),
    ]
