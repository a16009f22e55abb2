"""Putting the demo's goods on their shelves: pictures, categories, tags, products with their variants and stock."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product as combined
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select

from engine.commerce.catalog import categories, products, tags
from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus, ProductTag, ProductType
from engine.commerce.demo.drawing.pictures import pictures_of
from engine.commerce.demo.item import Item
from engine.commerce.demo.prints import SHELVES
from engine.core.demo import DEMO, Making, mark, mark_all
from engine.core.money import decimals
from engine.core.transaction import Tx
from engine.media import demo as media

AT_ONCE = 2
PRODUCT, CATEGORY, TAG = "product", "category", "tag"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a product to buy: its choices, its price in the shop's currency, what should be left of it.

    is_sent: it is a thing that goes into a parcel.
    """

    code: str
    choices: Mapping[str, str]
    price_minor: int
    left: int | None
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was taken in: which it is, what it shows in words, and which choice."""

    media_id: UUID
    alt: str
    value: str


def minor(amount: int, currency: str) -> int:
    """Return an amount of a currency with cents in another currency's units: 24.00 is 2400 yen, to keep it likely."""
    return amount * int(10 ** max(0, decimals(currency) - 2))


def versions_of(item: Item, currency: str) -> list[Version]:
    """Return what there is to buy of a product, in the order of its choices."""
    found = []
    for place, chosen in enumerate(combined(*(values for _name, values in item.choices))):
        choices = {name: value for (name, _values), (value, _more) in zip(item.choices, chosen, strict=True)}
        code = item.code if not chosen else f"{item.code}-{place + 1}"
        price = minor(item.price + sum(more for _value, more in chosen), currency)
        left = None if item.left is None else item.left[min(place, len(item.left) - 1)]
        found.append(Version(code, choices, price, left, item.grams is not None))
    return found


async def draw(making: Making, items: Sequence[Item]) -> dict[str, list[Shown]]:
    """Draw the pictures of these products and take them in, a few at once; return them by the product's code."""
    lanes = asyncio.Semaphore(AT_ONCE)

    async def take(item: Item) -> list[Shown]:
        shown = []
        for place, picture in enumerate(pictures_of(item)):
            async with lanes:
                data = await to_thread.run_sync(picture.draw)
                name = f"{item.code.lower()}-{place + 1}.jpg"
                shown.append(Shown(await media.add(making, data, name, picture.alt), picture.alt, picture.value))
        return shown

    taken = await asyncio.gather(*(take(item) for item in items))
    return {item.code: shown for item, shown in zip(items, taken, strict=True)}


async def put_up(
    making: Making, items: Sequence[Item], pictures: Mapping[str, Sequence[Shown]], sold: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[UUID, UUID]]:
    """Add categories, tags and products; return (product, variant) by a version's code.

    sold: of each version, how many pieces the story leaves sold and the most that are out at once: stock begins with
    so many more than shall be left.
    """
    currency = making.settings.site.general.currency
    found: dict[str, tuple[UUID, UUID]] = {}
    async with making.past(making.start - timedelta(days=20)) as tx:
        shelves: dict[str, UUID] = {}
        for path, description in SHELVES.items():
            above, _slash, name = path.rpartition("/")
            parent_id = shelves[above] if above else None
            made = await categories.create(tx, DEMO, name=name, parent_id=parent_id, description=description)
            shelves[path] = made.id
            mark(tx, CATEGORY, made.id)
        words = await _words(tx, {tag for item in items for tag in item.tags})
    for item in items:
        versions = versions_of(item, currency)
        async with making.past(making.start - timedelta(days=making.roll.randint(1, 19))) as tx:
            draft = _draft(item, versions, pictures[item.code], shelves, words, sold, currency)
            (made_product,) = await products.create_all(tx, DEMO, [draft])
            await mark_all(tx, PRODUCT, [made_product.id])
            for version, (variant_id, _stock) in zip(versions, made_product.stock, strict=True):
                found[version.code] = (made_product.id, variant_id)
    return found


async def _words(tx: Tx, names: set[str]) -> dict[str, UUID]:
    """Return the tags by name; those that were there before stay somebody else's."""
    before = set(await tx.scalars(select(ProductTag.id)))
    found = await tags.ensure(tx, DEMO, sorted(names))
    await mark_all(tx, TAG, [one for one in found.values() if one not in before])
    return {name: found[name.lower()] for name in names}


def _draft(
    item: Item,
    versions: Sequence[Version],
    pictures: Sequence[Shown],
    shelves: Mapping[str, UUID],
    words: Mapping[str, UUID],
    sold: Mapping[str, tuple[int, int]],
    currency: str,
) -> ProductDraft:
    by_value = {picture.value: place for place, picture in enumerate(pictures) if picture.value}
    extra = minor(item.before - item.price, currency) if item.before else None

    def stock(version: Version) -> int | None:
        net, most = sold.get(version.code, (0, 0))
        return None if version.left is None else max(version.left + net, most)

    def variant(version: Version) -> VariantDraft:
        return VariantDraft(
            sku=version.code if item.choices else "",
            option_values=version.choices,
            price_minor=version.price_minor,
            compare_at_minor=version.price_minor + extra if extra else None,
            stock=stock(version),
            weight_grams=item.grams,
            image=next((by_value[value] for value in version.choices.values() if value in by_value), None),
        )

    return ProductDraft(
        name=item.name,
        type=ProductType.VIRTUAL if item.grams is None else ProductType.PHYSICAL,
        sku="" if item.choices else item.code,
        status=ProductStatus.ACTIVE,
        is_featured=item.is_featured,
        short_description=f"<p>{item.short}</p>",
        description=f"<p>{item.text}</p>",
        options=tuple(
            NamedList(name=name, values=tuple(value for value, _more in values)) for name, values in item.choices
        ),
        details=tuple(NamedList(name=name, values=(value,)) for name, value in item.details),
        variants=tuple(variant(version) for version in versions),
        images=tuple(ImageDraft(media_id=picture.media_id, alt=picture.alt) for picture in pictures),
        category_ids=(shelves[item.shelf],),
        tag_ids=tuple(words[tag] for tag in item.tags),
    )
