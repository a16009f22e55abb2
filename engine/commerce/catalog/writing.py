"""From a draft to rows: the one place where a product's rows are made and changed."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import (
    Category,
    ImageState,
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTag,
    ProductTagLink,
    Variant,
)
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.slugs import numbered, slugify
from engine.core.transaction import Tx

LinkT = TypeVar("LinkT", ProductCategory, ProductTagLink)
_parts = (Product.variants, Product.options, Product.images, Product.category_links, Product.tag_links)


async def loaded(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Return products with all their rows, locked, so that what is decided on them still holds at the commit."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    await tx.execute(select(Variant.id).where(Variant.product_id.in_(wanted)).order_by(Variant.id).with_for_update())
    statement = (
        select(Product)
        .where(Product.id.in_(wanted))
        .options(*(selectinload(part) for part in _parts))
        .order_by(Product.id)
        .with_for_update(of=Product)
        .execution_options(populate_existing=True)
    )
    return {product.id: product for product in await tx.scalars(statement)}


async def free_skus(tx: Tx, product: Product, draft: ProductDraft) -> None:
    """Take the SKUs off a product's variants where they move between them: no two rows may bear one meanwhile."""
    now = [(_choice(variant.option_values), variant.sku) for variant in product.variants]
    if now != [(_choice(variant.option_values), variant.sku or None) for variant in draft.variants]:
        for variant in product.variants:
            variant.sku = None
        await tx.flush()


def fill(tx: Tx, product: Product, draft: ProductDraft, slug: str) -> list[tuple[Variant, int | None]]:
    """Make a product's rows what the draft says; return each variant with the stock it should have."""
    product.name, product.type, product.slug = draft.name, draft.type, slug
    product.sku = draft.sku or None
    product.visibility, product.is_featured = draft.visibility, draft.is_featured
    product.short_description, product.description = draft.short_description, draft.description
    product.seo_title, product.seo_description = draft.seo_title, draft.seo_description
    product.low_stock = draft.low_stock
    product.details = _stored(draft.details)
    product.status = draft.status
    if draft.status is ProductStatus.ACTIVE and product.published_at is None:
        product.published_at = tx.now
    _fill_options(product, draft.options)
    images = _fill_images(product, draft)
    counted = _fill_variants(product, draft.variants, images)
    _link(product.category_links, draft.category_ids, "category_id", ProductCategory)
    _link(product.tag_links, draft.tag_ids, "tag_id", ProductTagLink)
    cheapest = min(product.variants, key=lambda variant: variant.price_minor)
    product.price_minor, product.compare_at_minor = cheapest.price_minor, cheapest.compare_at_minor
    return counted


def _fill_options(product: Product, drafts: Sequence[NamedList]) -> None:
    known = {option.name: option for option in product.options}
    wanted = []
    for position, draft in enumerate(drafts):
        option = known.get(draft.name) or ProductOption(name=draft.name, values=[])
        option.position = position
        if list(option.values) != list(draft.values):
            option.values = list(draft.values)
        wanted.append(option)
    if wanted or product.options:
        product.options = wanted


def _fill_images(product: Product, draft: ProductDraft) -> list[ProductImage]:
    known = {image.id: image for image in product.images}
    wanted = []
    for position, image_draft in enumerate(draft.images):
        image = known.get(image_draft.id) if image_draft.id else None
        if image is None:
            state = ImageState.READY if image_draft.media_id else ImageState.WAITING
            image = ProductImage(media_id=image_draft.media_id, source=image_draft.source, state=state)
        image.position, image.alt = position, image_draft.alt
        wanted.append(image)
    if wanted or product.images:
        product.images = wanted
    return wanted


def _fill_variants(
    product: Product, drafts: Sequence[VariantDraft], images: Sequence[ProductImage]
) -> list[tuple[Variant, int | None]]:
    known = {variant.id: variant for variant in product.variants}
    by_choice = {_choice(variant.option_values): variant for variant in product.variants}
    claimed = {draft.id for draft in drafts}
    wanted: list[Variant] = []
    counted: list[tuple[Variant, int | None]] = []
    for position, draft in enumerate(drafts):
        variant = known.get(draft.id) if draft.id else by_choice.get(_choice(draft.option_values))
        if variant is None or variant in wanted or (draft.id is None and variant.id in claimed):
            variant = Variant(product_id=product.id, option_values={}, tracks_stock=False, stock=0)
        variant.position, variant.sku, variant.barcode = position, draft.sku or None, draft.barcode
        if variant.option_values != dict(draft.option_values):
            variant.option_values = dict(draft.option_values)
        variant.price_minor, variant.compare_at_minor = draft.price_minor, draft.compare_at_minor
        variant.cost_minor, variant.weight_grams = draft.cost_minor, draft.weight_grams
        variant.length_mm, variant.width_mm, variant.height_mm = draft.length_mm, draft.width_mm, draft.height_mm
        image = images[draft.image] if draft.image is not None and draft.image < len(images) else None
        if (image.id if image else None) != variant.image_id:
            variant.image = image
        wanted.append(variant)
        counted.append((variant, draft.stock))
    product.variants = wanted
    return counted


def _choice(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(values.items()))


def _link(links: list[LinkT], ids: Sequence[UUID], attribute: str, kind: type[LinkT]) -> None:
    known = {getattr(link, attribute): link for link in links}
    wanted = []
    for position, id_ in enumerate(dict.fromkeys(ids)):
        link = known.get(id_) or kind(**{attribute: id_})
        link.position = position
        wanted.append(link)
    if wanted or links:
        links[:] = wanted


def _stored(named: Sequence[NamedList]) -> list[dict[str, Any]]:
    return [{"name": item.name, "values": list(item.values)} for item in named]


async def free_slugs(tx: Tx, drafts: Sequence[ProductDraft], own: UUID | None = None) -> list[str]:
    """Return an address for each draft: the one it asks for, or one made from its name and numbered where taken.

    Raises Invalid when an address that is asked for belongs to another product.
    """
    bases = [draft.slug or slugify(draft.name, "product") for draft in drafts]
    taken = await _taken(tx, set(bases), own)
    found: list[str] = []
    for draft, base in zip(drafts, bases, strict=True):
        slug, number = base, 1
        while slug in taken:
            if draft.slug:
                message = _("The address “{slug}” belongs to another product. Choose another.").having(slug=slug)
                raise Invalid(message, {"slug": message})
            candidates = {numbered(base, number + more) for more in range(1, 21)}
            taken |= await _taken(tx, candidates, own) if number % 20 == 1 else set()
            number += 1
            slug = numbered(base, number)
        taken.add(slug)
        found.append(slug)
    return found


async def _taken(tx: Tx, slugs: set[str], own: UUID | None) -> set[str]:
    statement = select(Product.slug).where(Product.slug.in_(slugs))
    return set(await tx.scalars(statement if own is None else statement.where(Product.id != own)))


async def refuse_taken_skus(tx: Tx, drafts: Sequence[ProductDraft], own: UUID | None = None) -> None:
    """Raise Invalid naming each SKU that another product or variant bears."""
    places: dict[str, str] = {}
    for draft in drafts:
        if draft.sku:
            places[draft.sku] = "sku"
        for place, variant in enumerate(draft.variants):
            if variant.sku:
                places[variant.sku] = f"variants.{place}.sku"
    if not places:
        return
    in_products = select(Product.sku, Product.name).where(Product.sku.in_(places))
    in_variants = select(Variant.sku, Product.name).join(Product).where(Variant.sku.in_(places))
    if own is not None:
        in_products = in_products.where(Product.id != own)
        in_variants = in_variants.where(Variant.product_id != own)
    wrong: dict[str, Message | str] = {}
    for statement in (in_products, in_variants):
        for row in await tx.execute(statement):
            message = _("The SKU “{sku}” belongs to “{product}”. Choose another.").having(sku=row.sku, product=row.name)
            wrong[places[row.sku]] = message
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)


async def refuse_unknown_links(tx: Tx, drafts: Sequence[ProductDraft]) -> None:
    """Raise Invalid where a category or tag is named that is not there."""
    for attribute, kind, name in (("category_ids", Category, "categoryIds"), ("tag_ids", ProductTag, "tagIds")):
        wanted = {id_ for draft in drafts for id_ in getattr(draft, attribute)}
        if wanted:
            missing = wanted - set(await tx.scalars(select(kind.id).where(kind.id.in_(wanted))))
            if missing:
                message = _("There is no “{id}”. Reload the page and choose again.").having(id=min(missing))
                raise Invalid(message, {name: message})
