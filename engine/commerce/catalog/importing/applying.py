"""From imported products to the catalogue: made, changed, or found as they were; a batch in one transaction."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.commerce.catalog import categories, products, tags, writing
from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.importing.imported import ImportedProduct, NamedValues
from engine.commerce.catalog.making import Made
from engine.commerce.catalog.models import (
    ImageState,
    ImportSource,
    MovementReason,
    Product,
    ProductStatus,
    ProductType,
    Visibility,
)
from engine.core.actor import Actor
from engine.core.slugs import slugify
from engine.core.transaction import Tx


class Outcome(StrEnum):
    """What became of an imported product."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Applied:
    """The outcome of each product of a batch, and which products wait for pictures."""

    outcomes: Sequence[Outcome]
    waiting: Sequence[UUID]


async def apply(tx: Tx, actor: Actor, source: str, job_id: UUID | None, batch: Sequence[ImportedProduct]) -> Applied:
    """Bring a batch into the catalogue; all of it or, raising Invalid for one, none.

    A product is known again by its SKU or id in the file, else by its SKU here. One whose rows say what they said
    last time is left alone, whatever staff and orders did to it since.
    """
    keys = [external_key(imported) for imported in batch]
    hashes = [row_hash(imported) for imported in batch]
    sources = await _sources(tx, source, keys)
    outcomes: list[Outcome] = []
    work: list[tuple[int, ImportedProduct]] = []
    for place, imported in enumerate(batch):
        known = sources.get(keys[place])
        if known is None or known.row_hash != hashes[place]:
            work.append((place, imported))
            outcomes.append(Outcome.UPDATED)
        else:
            is_rerun = job_id is not None and known.job_id == job_id
            outcomes.append(Outcome(known.outcome) if is_rerun else Outcome.UNCHANGED)
    made = await _write(tx, actor, work, [sources.get(key) for key in keys], outcomes)
    waiting = []
    for place, imported in work:
        product = made[place]
        known = sources.get(keys[place]) or ImportSource(source=source, external_key=keys[place])
        known.product_id, known.row_hash, known.stock = product.id, hashes[place], _stocks(imported)
        known.job_id, known.outcome = job_id, outcomes[place]
        tx.add(known)
        if product.is_waiting:
            waiting.append(product.id)
    await tx.flush()
    return Applied(outcomes, waiting)


async def _write(
    tx: Tx,
    actor: Actor,
    work: Sequence[tuple[int, ImportedProduct]],
    sources: Sequence[ImportSource | None],
    outcomes: list[Outcome],
) -> dict[int, Made]:
    """Make or change what is new or different; note which was which in `outcomes`."""
    if not work:
        return {}
    shelf_of = await categories.ensure_paths(tx, actor, [path for _, one in work for path in one.category_paths])
    tag_of = await tags.ensure(tx, actor, [tag for _, one in work for tag in one.tags])
    by_sku = await _ids_by_sku(tx, [one.sku for _, one in work if one.sku])
    ids = {place: _known_id(sources[place], by_sku.get(one.sku)) for place, one in work}
    existing = await writing.loaded(tx, [id_ for id_ in ids.values() if id_])
    made: dict[int, Made] = {}
    new: list[tuple[int, ProductDraft]] = []
    for place, one in work:
        draft = _draft(one, [shelf_of[path[: categories.MAX_DEPTH]] for path in one.category_paths], tag_of)
        id_ = ids[place]
        product = existing.get(id_) if id_ else None
        if product is None:
            new.append((place, draft))
            outcomes[place] = Outcome.CREATED
        else:
            draft = _kept(draft, product, one, sources[place])
            changes = await products.rewrite(tx, actor, product, draft, MovementReason.IMPORT)
            outcomes[place] = Outcome.UPDATED if changes else Outcome.UNCHANGED
            is_waiting = any(image.state is ImageState.WAITING for image in product.images)
            made[place] = Made(product.id, (), is_waiting)
    created = await products.create_all(tx, actor, [draft for _, draft in new], MovementReason.IMPORT)
    made.update({place: product for (place, _), product in zip(new, created, strict=True)})
    return made


def external_key(imported: ImportedProduct) -> str:
    """Return by what a product is known again: its SKU, else its id, else its name."""
    if imported.sku:
        return f"sku:{imported.sku}"
    return f"id:{imported.source_id}"[:160] if imported.source_id else f"name:{slugify(imported.name)}"


def row_hash(imported: ImportedProduct) -> str:
    """Return what changes when the file says something else of a product; where its rows stand does not count."""
    variants = tuple(replace(variant, row=0) for variant in imported.variants)
    return hashlib.sha256(repr(replace(imported, row=0, variants=variants)).encode()).hexdigest()


def _draft(one: ImportedProduct, category_ids: Sequence[UUID], tag_of: dict[str, UUID]) -> ProductDraft:
    addresses = dict.fromkeys([*one.images, *(variant.image for variant in one.variants if variant.image)])
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
            ),
        )
    return ProductDraft(
        name=one.name,
        type=ProductType(one.type),
        sku=one.sku,
        status=ProductStatus(one.status),
        visibility=Visibility(one.visibility),
        is_featured=one.is_featured,
        short_description=one.summary_html,
        description=one.description_html,
        options=tuple(_named(option) for option in one.options),
        details=tuple(_named(detail) for detail in one.details),
        variants=variants,
        images=tuple(ImageDraft(source=address) for address in addresses),
        category_ids=tuple(dict.fromkeys(category_ids)),
        tag_ids=tuple(tag_of[tag.lower()] for tag in one.tags),
    )


def _kept(draft: ProductDraft, product: Product, one: ImportedProduct, source: ImportSource | None) -> ProductDraft:
    """Return the draft with what a product keeps: its address, pictures that are here, stock the file did not recount.

    The file's stock counts only where it is another than last time: orders have moved it since.
    """
    before = source.stock if source else {}
    counts = _stocks(one)
    by_choice = {tuple(sorted(v.option_values.items())): v.available for v in product.variants}
    variants = []
    for variant in draft.variants:
        choice = tuple(sorted(variant.option_values.items()))
        key = _choice_key(variant.option_values)
        is_same_count = key in before and before[key] == counts.get(key)
        stock = by_choice[choice] if is_same_count and choice in by_choice else variant.stock
        variants.append(replace(variant, stock=stock))
    here = {image.source: image for image in product.images if image.source}
    images = tuple(
        ImageDraft(id=here[i.source].id, media_id=here[i.source].media_id, source=i.source, alt=here[i.source].alt)
        if i.source in here
        else i
        for i in draft.images
    )
    return replace(draft, slug=product.slug, variants=tuple(variants), images=images)


def _stocks(one: ImportedProduct) -> dict[str, int | None]:
    if one.variants:
        return {_choice_key(dict(variant.options)): variant.stock for variant in one.variants}
    return {_choice_key({}): one.stock}


def _choice_key(options: Any) -> str:
    return json.dumps(dict(sorted(options.items())), ensure_ascii=False)


def _named(values: NamedValues) -> NamedList:
    return NamedList(name=values.name, values=values.values)


def _known_id(source: ImportSource | None, by_sku: UUID | None) -> UUID | None:
    return source.product_id if source else by_sku


async def _sources(tx: Tx, source: str, keys: Sequence[str]) -> dict[str, ImportSource]:
    rows = await tx.scalars(
        select(ImportSource).where(ImportSource.source == source, ImportSource.external_key.in_(keys))
    )
    return {row.external_key: row for row in rows}


async def _ids_by_sku(tx: Tx, skus: Sequence[str]) -> dict[str, UUID]:
    if not skus:
        return {}
    rows = await tx.execute(select(Product.sku, Product.id).where(Product.sku.in_(skus)))
    return {row.sku: row.id for row in rows}
