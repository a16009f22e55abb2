"""Products: create, update, delete. One write path for the API, the admin and imports."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from engine.commerce.catalog import differences, kept, rules, shelf_counts, stock, writing
from engine.commerce.catalog.drafts import ProductDraft, VariantDraft, draft_of
from engine.commerce.catalog.facts import ProductCreated, ProductDeleted, ProductUpdated
from engine.commerce.catalog.making import Made, Rows
from engine.commerce.catalog.models import MovementReason, Product
from engine.content import public as content
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx

#: What a product without options lets itself be told about its one variant.
OF_DEFAULT_VARIANT = frozenset({
    "price_minor", "compare_at_minor", "cost_minor", "stock", "weight_grams", "length_mm", "width_mm", "height_mm",
    "barcode",
})  # fmt: skip
_ON_THE_WIRE = {
    "price_minor": "price", "compare_at_minor": "compareAtPrice", "cost_minor": "cost", "weight_grams": "weightGrams",
    "length_mm": "lengthMm", "width_mm": "widthMm", "height_mm": "heightMm",
}  # fmt: skip
_DRAFT_FIELDS = frozenset(field.name for field in fields(ProductDraft))


async def create(tx: Tx, actor: Actor, draft: ProductDraft) -> Made:
    """Add a product.

    Raises NotAllowed below store manager, Invalid naming what is wrong or taken.
    """
    (made,) = await create_all(tx, actor, [draft])
    tx.record(actor, "product.create", Product(id=made.id), changes={}, name=draft.name)
    return made


async def create_all(
    tx: Tx, actor: Actor, drafts: Sequence[ProductDraft], reason: MovementReason = MovementReason.INITIAL
) -> list[Made]:
    """Add many products at once, for imports, which audit themselves as a whole. All of them or none."""
    access.require(actor, Permission.MANAGE_PRODUCTS)
    tidy = [rules.tidied(draft) for draft in drafts]
    for draft in tidy:
        rules.check(draft)
    await writing.refuse_taken_skus(tx, tidy)
    await writing.refuse_unknown_links(tx, tidy)
    slugs = await writing.free_slugs(tx, tidy)
    await content.free(tx, *(address(slug) for slug in slugs))
    rows = Rows(tx.now)
    made = [rows.add(draft, slug) for draft, slug in zip(tidy, slugs, strict=True)]
    await rows.insert(tx)
    await shelf_counts.changed(tx)
    await stock.first(tx, actor, [line for one in made for line in one.stock], reason)
    tx.publish(*(ProductCreated(one.id) for one in made))
    return made


async def create_from(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Product | None:
    """Add a product from fields by name, as a declared list sends them."""
    made = await create(
        tx, actor, changed(ProductDraft(name=""), {k: v or "" if k == "sku" else v for k, v in values.items()})
    )
    return await tx.get(Product, made.id)


async def update_from(tx: Tx, actor: Actor, product_id: UUID, changes: Mapping[str, Any]) -> Product:
    """Change a product by fields as a declared list sends them, or its history puts them back."""
    return await update(tx, actor, product_id, without_null(changes))


def without_null(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with "" for no SKU, as a draft has it."""
    return {name: "" if name == "sku" and value is None else value for name, value in values.items()}


async def bring_back(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Product:
    """Add a product's own row again, under its old id; the bin brings its variants and pictures after it.

    An address that was taken meanwhile is numbered. Raises NotAllowed, Conflict where its SKU is another's by now.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    draft = ProductDraft(name=values["name"], sku=values["sku"] or "")
    try:
        await writing.refuse_taken_skus(tx, [draft])
    except Invalid as refused:
        raise Conflict(refused.message) from refused
    (slug,) = await writing.free_slugs(tx, [replace(draft, name=values["slug"])])
    await content.free(tx, address(slug))
    product = Product(**{**values, "slug": slug})
    tx.add(product)
    await tx.flush()
    tx.record(actor, "product.restore", product, changes={}, name=product.name)
    tx.publish(ProductCreated(product.id))
    return product


async def settle(tx: Tx, product: Product) -> None:
    """Keep what follows from the rows that came back with a product."""
    await kept.keep(tx, [product.id])
    await shelf_counts.changed(tx)


async def update(tx: Tx, actor: Actor, product_id: UUID, changes: Mapping[str, Any]) -> Product:
    """Change some fields of a product. changes: fields of a ProductDraft, or of its one variant, by name.

    Raises NotAllowed, NotFound, Invalid. A changed address keeps answering by a redirect.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    product = (await writing.loaded(tx, [product_id])).get(product_id)
    if product is None:
        raise _not_found(product_id)
    draft = changed(draft_of(product), changes)
    details = await rewrite(tx, actor, product, draft)
    if details:
        tx.record(actor, "product.update", product, changes=details, name=product.name)
    return product


async def rewrite(
    tx: Tx,
    actor: Actor,
    product: Product,
    draft: ProductDraft,
    reason: MovementReason = MovementReason.CORRECTION,
) -> Mapping[str, Any]:
    """Make a loaded product what the draft says; return `{field: [before, after]}`, empty where nothing changed."""
    access.require(actor, Permission.MANAGE_PRODUCTS)
    draft = rules.tidied(draft)
    rules.check(draft)
    before = draft_of(product)
    await writing.refuse_taken_skus(tx, [draft], own=product.id)
    await writing.refuse_unknown_links(tx, [draft])
    (slug,) = await writing.free_slugs(tx, [draft], own=product.id)
    old_slug = product.slug
    await writing.free_skus(tx, product, draft)
    counted = writing.fill(tx, product, draft, slug)
    await tx.flush()
    await stock.count(tx, actor, counted, reason)
    await kept.keep(tx, [product.id])
    await shelf_counts.changed(tx)
    if slug != old_slug:
        await content.move(tx, address(old_slug), address(slug))
    changes = differences.between(before, draft_of(product))
    if changes:
        tx.publish(ProductUpdated(product.id))
    return changes


async def delete(tx: Tx, actor: Actor, product_id: UUID) -> None:
    """Remove a product for good. Orders keep what they say of it."""
    access.require(actor, Permission.MANAGE_PRODUCTS)
    product = (await writing.loaded(tx, [product_id])).get(product_id)
    if product is None:
        raise _not_found(product_id)
    tx.record(actor, "product.delete", product, changes={}, name=product.name, sku=product.sku or "")
    tx.publish(ProductDeleted(product.id, product.slug))
    await content.forget(tx, address(product.slug))
    await tx.delete(product)
    await shelf_counts.changed(tx)


def address(slug: str) -> str:
    """Return where a product stands on the site."""
    return f"/products/{slug}"


def changed(draft: ProductDraft, changes: Mapping[str, Any]) -> ProductDraft:
    """Return the draft with these fields changed; those of the one variant only where there is one.

    Raises Invalid where a price, stock or the like is given for a product whose variants each have their own.
    """
    unknown = set(changes) - _DRAFT_FIELDS - OF_DEFAULT_VARIANT
    if unknown:
        raise ValueError(f"no fields of a product: {sorted(unknown)}")
    whole = replace(draft, **{name: value for name, value in changes.items() if name in _DRAFT_FIELDS})
    of_variant = {name: value for name, value in changes.items() if name in OF_DEFAULT_VARIANT}
    if not whole.options and not any(variant.option_values == {} for variant in whole.variants):
        # The last option went: the first variant stays as the one to buy.
        first = whole.variants[0] if whole.variants else VariantDraft()
        whole = replace(whole, variants=(replace(first, option_values={}),))
    if not of_variant:
        return whole
    if whole.options:
        message = _("This product has variants, each with its own. Set it on the variants.")
        raise Invalid(message, {_ON_THE_WIRE.get(name, name): message for name in of_variant})
    return replace(whole, variants=(replace(whole.variants[0], **of_variant),))


def _not_found(product_id: UUID) -> NotFound:
    return NotFound(_("There is no product {id}. It may have been deleted."), id=product_id)
