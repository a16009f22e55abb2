"""From imported products to the catalogue: made, changed, or found as they were; a batch in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.commerce.catalog import categories, products, tags, writing
from engine.commerce.catalog.drafts import ProductDraft
from engine.commerce.catalog.importing.drafting import choice_key, draft_of, kept
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.making import Made
from engine.commerce.catalog.models import (
    ImageState,
    ImportSource,
    MovementReason,
    Product,
)
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.slugs import is_slug, slugify
from engine.core.tabular.problems import Problem, Severity
from engine.core.transaction import Tx
from engine.media import public as media

#: Of a file that Agora wrote, an address says which product is meant; of others it is a wish.
OWN_SOURCE = "agora"


class Outcome(StrEnum):
    """What became of an imported product."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Applied:
    """The outcome of each product of a batch, which products wait for pictures, and what is worth telling."""

    outcomes: Sequence[Outcome]
    waiting: Sequence[UUID]
    problems: Sequence[Problem] = ()


async def apply(tx: Tx, actor: Actor, source: str, job_id: UUID | None, batch: Sequence[ImportedProduct]) -> Applied:
    """Bring a batch into the catalogue; all of it or, raising Invalid for one, none.

    A product is known again by its SKU or id in the file, else by its SKU here, or, of Agora's own files, its address.
    One whose rows say what they said last time is left alone, whatever staff and orders did to it since.
    """
    keys = [external_key(imported) for imported in batch]
    hashes = [row_hash(imported) for imported in batch]
    sources = await _sources(tx, source, keys)
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    work: list[tuple[int, ImportedProduct]] = []
    for place, imported in enumerate(batch):
        known = sources.get(keys[place])
        if known is None or known.row_hash != hashes[place]:
            work.append((place, imported))
            outcomes.append(Outcome.UPDATED)
        else:
            is_rerun = job_id is not None and known.job_id == job_id
            outcomes.append(Outcome(known.outcome) if is_rerun else Outcome.UNCHANGED)
    made = await _write(tx, actor, source, work, [sources.get(key) for key in keys], outcomes, problems)
    waiting, fresh = [], []
    for place, imported in work:
        product = made[place]
        values = {
            "product_id": product.id,
            "row_hash": hashes[place],
            "stock": _stocks(imported),
            "job_id": job_id,
            "outcome": outcomes[place],
        }
        if known := sources.get(keys[place]):
            for name, value in values.items():
                setattr(known, name, value)
        else:
            fresh.append({"id": new_id(), "source": source, "external_key": keys[place], **values})
        if product.is_waiting:
            waiting.append(product.id)
    await tx.flush()
    if fresh:
        await tx.execute(insert(ImportSource), fresh)
    return Applied(outcomes, waiting, problems)


async def _write(
    tx: Tx,
    actor: Actor,
    source: str,
    work: Sequence[tuple[int, ImportedProduct]],
    sources: Sequence[ImportSource | None],
    outcomes: list[Outcome],
    problems: list[Problem],
) -> dict[int, Made]:
    """Make or change what is new or different; note which was which in `outcomes`."""
    if not work:
        return {}
    shelf_of = await categories.ensure_paths(tx, actor, [path for _, one in work for path in one.category_paths])
    tag_of = await tags.ensure(tx, actor, [tag for _, one in work for tag in one.tags])
    ids = await _known_ids(tx, source, work, sources)
    existing = await writing.loaded(tx, [id_ for id_ in ids.values() if id_])
    addresses = await _addresses(tx, existing) if source == OWN_SOURCE else {}
    made: dict[int, Made] = {}
    new: list[tuple[int, ImportedProduct, ProductDraft]] = []
    for place, one in work:
        draft = draft_of(one, [shelf_of[path] for path in one.category_paths], tag_of)
        id_ = ids[place]
        product = existing.get(id_) if id_ else None
        if product is None:
            new.append((place, one, draft))
            outcomes[place] = Outcome.CREATED
        else:
            draft = kept(draft, product, one, sources[place], addresses, problems)
            changes = await products.rewrite(tx, actor, product, draft, MovementReason.IMPORT)
            outcomes[place] = Outcome.UPDATED if changes else Outcome.UNCHANGED
            is_waiting = any(image.state is ImageState.WAITING for image in product.images)
            made[place] = Made(product.id, (), is_waiting)
    free = await _with_free_addresses(tx, new, problems)
    created = await products.create_all(tx, actor, free, MovementReason.IMPORT)
    made.update({place: product for (place, _, _), product in zip(new, created, strict=True)})
    return made


async def _known_ids(
    tx: Tx, source: str, work: Sequence[tuple[int, ImportedProduct]], sources: Sequence[ImportSource | None]
) -> dict[int, UUID | None]:
    """Return by place the product that each is already, or None."""
    by_sku = await _ids_by(tx, Product.sku, [one.sku for _, one in work if one.sku])
    by_slug = await _ids_by(tx, Product.slug, [one.slug for _, one in work if one.slug and source == OWN_SOURCE])
    found: dict[int, UUID | None] = {}
    for place, one in work:
        known = sources[place]
        found[place] = known.product_id if known else by_sku.get(one.sku) or by_slug.get(one.slug)
    return found


async def _with_free_addresses(
    tx: Tx, new: Sequence[tuple[int, ImportedProduct, ProductDraft]], problems: list[Problem]
) -> list[ProductDraft]:
    """Return new products' drafts, those whose wished address is taken or none without it, which is told."""
    wishes = [draft.slug for _, _, draft in new if draft.slug]
    taken = set(await tx.scalars(select(Product.slug).where(Product.slug.in_(wishes)))) if wishes else set()
    drafts = []
    for _place, one, draft in new:
        if draft.slug and (draft.slug in taken or not is_slug(draft.slug)):
            message = _("The address “{slug}” is taken or cannot be one; another was made from the name.")
            told = message.having(slug=draft.slug[:100])
            problems.append(Problem.of(one.row, "", draft.slug, told, Severity.WARNING))
            drafts.append(replace(draft, slug=""))
        else:
            taken.add(draft.slug)
            drafts.append(draft)
    return drafts


async def _addresses(tx: Tx, existing: Mapping[UUID, Product]) -> dict[UUID, str]:
    """Return {media id: address} of pictures that came from nowhere but an upload: our own export names these."""
    ids = [i.media_id for p in existing.values() for i in p.images if i.media_id and not i.source]
    connection = await tx.session.connection()
    urls = await connection.run_sync(media.urls, ids) if ids else {}
    return {id_: found.full for id_, found in urls.items()}


def external_key(imported: ImportedProduct) -> str:
    """Return by what a product is known again: its SKU, else its id, else its name."""
    if imported.sku:
        return f"sku:{imported.sku}"
    return f"id:{imported.source_id}"[:160] if imported.source_id else f"name:{slugify(imported.name)}"


def row_hash(imported: ImportedProduct) -> str:
    """Return what changes when the file says something else of a product; where its rows stand does not count."""
    variants = tuple(replace(variant, row=0) for variant in imported.variants)
    return hashlib.sha256(repr(replace(imported, row=0, variants=variants)).encode()).hexdigest()


async def _sources(tx: Tx, source: str, keys: Sequence[str]) -> dict[str, ImportSource]:
    rows = await tx.scalars(
        select(ImportSource).where(ImportSource.source == source, ImportSource.external_key.in_(keys))
    )
    return {row.external_key: row for row in rows}


async def _ids_by(tx: Tx, column: InstrumentedAttribute[Any], values: Sequence[str]) -> dict[str, UUID]:
    if not values:
        return {}
    found: Any = await tx.execute(select(column, Product.id).where(column.in_(values)))
    return dict(found.all())


def _stocks(one: ImportedProduct) -> dict[str, int | None]:
    if one.variants:
        return {choice_key(dict(variant.options)): variant.stock for variant in one.variants}
    return {choice_key({}): one.stock}
