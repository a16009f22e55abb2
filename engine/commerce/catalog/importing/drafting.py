"""From an imported product to a draft, and what of a product that is here already stays as it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.importing.imported import ImportedProduct, ImportedVariant, NamedValues
from engine.commerce.catalog.models import (
    ImportSource,
    Product,
    ProductImage,
    ProductStatus,
    ProductType,
    Variant,
    Visibility,
)
from engine.core.i18n import _
from engine.core.tabular.problems import Problem, Severity

MEASURES = ("cost_minor", "length_mm", "width_mm", "height_mm")


def draft_of(one: ImportedProduct, category_ids: Sequence[UUID], tag_of: dict[str, UUID]) -> ProductDraft:
    """Return what a product should be by the file. category_ids: of its paths, in their order."""
    addresses = dict.fromkeys([*one.images, *(variant.image for variant in one.variants if variant.image)])
    alts = dict(zip(one.images, one.alts, strict=False))
    places = {address: place for place, address in enumerate(addresses)}
    if one.variants:
        variants = tuple(
            VariantDraft(
                sku=variant.sku,
                barcode=variant.gtin,
                option_values=dict(variant.options),
                price_minor=variant.price_minor,
                compare_at_minor=variant.compare_at_minor,
                stock=variant.stock,
                weight_grams=variant.weight_grams,
                **_measures(variant),
                image=places.get(variant.image),
            )
            for variant in one.variants
        )
    else:
        variants = (
            VariantDraft(
                barcode=one.gtin,
                price_minor=one.price_minor,
                compare_at_minor=one.compare_at_minor,
                stock=one.stock,
                weight_grams=one.weight_grams,
                **_measures(one),
            ),
        )
    return ProductDraft(
        name=one.name,
        slug=one.slug,
        type=ProductType(one.type),
        sku=one.sku,
        status=ProductStatus(one.status),
        visibility=Visibility(one.visibility),
        is_featured=one.is_featured,
        short_description=one.summary_html,
        description=one.description_html,
        seo_title=one.seo_title,
        seo_description=one.seo_description,
        low_stock=one.low_stock,
        options=tuple(_named(option) for option in one.options),
        details=tuple(_named(detail) for detail in one.details),
        variants=variants,
        images=tuple(ImageDraft(source=address, alt=alts.get(address, "")) for address in addresses),
        category_ids=tuple(dict.fromkeys(category_ids)),
        tag_ids=tuple(tag_of[tag.lower()] for tag in one.tags),
    )


def kept(
    draft: ProductDraft,
    product: Product,
    one: ImportedProduct,
    source: ImportSource | None,
    addresses: Mapping[UUID, str],
    problems: list[Problem],
) -> ProductDraft:
    """Return the draft with what a product keeps: its address, pictures that are here, stock the file did not recount.

    Cost, sizes, low stock and words for search results stay too where the file does not say them.

    addresses: of uploaded pictures, by their media. problems: gets a line for each thing that staff should look at.
    """
    if draft.slug and draft.slug != product.slug and source is None:
        message = _("The product keeps its address “{slug}”. Change it on its page.").having(slug=product.slug)
        problems.append(Problem.of(one.row, "", draft.slug, message, Severity.WARNING))
    by_choice = {choice_key(variant.option_values): variant for variant in product.variants}
    rows = [variant.row for variant in one.variants] or [one.row]
    variants = []
    for row, variant in zip(rows, draft.variants, strict=True):
        key = choice_key(variant.option_values)
        here = by_choice.get(key)
        measured = _measured(variant, here) if here else variant
        variants.append(_counted(row, measured, here, source.stock if source else {}, key, problems))
    images = tuple(_known_picture(image, product.images, addresses) for image in draft.images)
    return replace(
        draft,
        slug=product.slug,
        variants=tuple(variants),
        images=images,
        seo_title=draft.seo_title or product.seo_title,
        seo_description=draft.seo_description or product.seo_description,
        low_stock=product.low_stock if draft.low_stock is None else draft.low_stock,
    )


def _measures(one: ImportedProduct | ImportedVariant) -> dict[str, Any]:
    return dict(one.measures)


def _measured(draft: VariantDraft, here: Variant) -> VariantDraft:
    """Return a variant with the cost and sizes that it has, where the file does not say them."""
    kept = {name: getattr(here, name) for name in MEASURES if getattr(draft, name) is None}
    return replace(draft, **kept)


def _counted(
    row: int,
    variant: VariantDraft,
    here: Variant | None,
    last: Mapping[str, int | None],
    key: str,
    problems: list[Problem],
) -> VariantDraft:
    """Return a variant with the stock that it should have.

    The file's number counts only where it is another than last time: orders and staff have moved what is here since.
    Where both have changed, the file's is taken, because somebody counted; and it is told, because it may be old.
    """
    if here is None or here.available == variant.stock:
        return variant
    if key in last and last[key] == variant.stock:
        return replace(variant, stock=here.available)
    if key not in last or here.available != last[key]:
        message = _("There were {here} here, which the file did not know; its {count} were taken. Count them again.")
        told = message.having(here=_pieces(here.available), count=_pieces(variant.stock))
        problems.append(Problem.of(row, "stock", _pieces(variant.stock), told, Severity.WARNING))
    return variant


def _pieces(stock: int | None) -> str:
    return "∞" if stock is None else str(stock)


def _known_picture(draft: ImageDraft, images: Sequence[ProductImage], addresses: Mapping[UUID, str]) -> ImageDraft:
    """Return the picture as the one that is here already, if it is."""
    path = urlsplit(draft.source).path
    for image in images:
        own = addresses.get(image.media_id) if image.media_id else None
        if image.source == draft.source or (own and path and own == path):
            alt = draft.alt or image.alt
            return ImageDraft(id=image.id, media_id=image.media_id, source=image.source, alt=alt)
    return draft


def choice_key(options: Any) -> str:
    """Return choices as the text by which a variant's stock is remembered."""
    return json.dumps(dict(sorted(options.items())), ensure_ascii=False)


def _named(values: NamedValues) -> NamedList:
    return NamedList(name=values.name, values=values.values)
