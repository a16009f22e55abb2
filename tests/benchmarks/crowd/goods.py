"""The goods of a crowd: products on shelves in two levels, with one to six variants, tags, prices and stock."""

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from engine.commerce.catalog.kept import sums_of, words_of
from engine.commerce.catalog.models import (
    Category,
    MovementReason,
    Product,
    ProductCategory,
    ProductOption,
    ProductStatus,
    ProductTag,
    ProductTagLink,
    ProductType,
    ProductWords,
    StockMovement,
    Variant,
    Visibility,
)
from engine.core.tables import table_of
from tests.benchmarks.crowd.plan import Plan, Rows, id_at
from tests.benchmarks.crowd.words import COLOURS, LOOKS, STUFFS, THINGS, sentence

PRODUCT, VARIANT, OPTION, CATEGORY, TAG, FIRST_STOCK = 3, 4, 5, 6, 7, 8
SIZES = ("S", "M", "L")
SHELVES, BELOW = 12, 10
TAGS = 200
_products, _variants, _options = table_of(Product), table_of(Variant), table_of(ProductOption)
_movements, _categories, _tags = table_of(StockMovement), table_of(Category), table_of(ProductTag)
_shelved, _tagged = table_of(ProductCategory), table_of(ProductTagLink)
_words = table_of(ProductWords)


@dataclass(frozen=True, slots=True)
class Version:
    """What of a product is bought. stock: how many pieces there were at first; None where they are not counted."""

    id: UUID
    sku: str
    choices: dict[str, str]
    price_minor: int
    stock: int | None


@dataclass(frozen=True, slots=True)
class Good:
    """A product as orders know it."""

    id: UUID
    name: str
    slug: str
    versions: tuple[Version, ...]


class Goods:
    """Products. What orders need of each follows from its number alone, so that nothing is kept or read again."""

    name, batch = "products", 1_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.good = lru_cache(maxsize=30_000)(self._good)

    def prepare(self, connection: Connection) -> None:
        """Put up the shelves and write the tags, once."""
        at = self._plan.came_at(0, 1)
        times = {"created_at": at, "updated_at": at}
        if not self._plan.products or connection.scalar(select(_tags.c.id).where(_tags.c.id == self._tag(0))):
            return
        shelves = []
        for number in range(SHELVES * (BELOW + 1)):
            top, place = divmod(number, BELOW + 1)
            slug = THINGS[top] + "s"
            shelf = {
                "id": self._shelf(number),
                "parent_id": None,
                "name": slug.capitalize(),
                "slug": slug,
                "path": slug,
            }
            if place:
                below = f"{STUFFS[place]}-{slug}"
                shelf |= {"parent_id": self._shelf(top * (BELOW + 1)), "path": f"{slug}/{below}", "slug": below}
                shelf["name"] = f"{STUFFS[place].capitalize()} {slug}"
            shelves.append(shelf | times | {"position": place or top})
        connection.execute(insert(_categories), shelves)
        words = [f"{LOOKS[number % len(LOOKS)]} {number // len(LOOKS)}" for number in range(TAGS)]
        rows = [{"name": word, "slug": word.replace(" ", "-")} for word in words]
        connection.execute(insert(_tags), [{"id": self._tag(n), **row, **times} for n, row in enumerate(rows)])

    def rows(self, start: int, stop: int) -> Rows:
        made: Rows = {table: [] for table in (_products, _words, _options, _variants, _shelved, _tagged, _movements)}
        for number in range(start, stop):
            self._write(made, number)
        return made

    def finish(self, connection: Connection) -> None:
        """Nothing else changes; the shelves are counted once all is there."""

    def _good(self, number: int) -> Good:
        dice = random.Random(f"{self._plan.seed}:good:{number}")
        at = self._plan.came_at(number, self._plan.products)
        colour, thing = dice.choice(COLOURS), THINGS[number % len(THINGS)]
        name = f"{dice.choice(LOOKS).capitalize()} {colour} {dice.choice(STUFFS)} {thing}"
        price = dice.randrange(300, 12_000, 50) - 1
        is_counted = dice.random() < 0.8
        choices = [{"Size": size} for size in SIZES] if dice.random() < 0.4 else [{}]
        if len(choices) > 1 and dice.random() < 0.3:
            choices = [{**one, "Colour": shade} for one in choices for shade in (colour, "natural")]
        versions = tuple(
            Version(
                id=id_at(at, VARIANT, number * 10 + place),
                sku=f"C{number:06}" + (f"-{place + 1}" if chosen else ""),
                choices=chosen,
                price_minor=price + 100 * place,
                stock=dice.choice((0, 3, 12, 40, 90)) if is_counted else None,
            )
            for place, chosen in enumerate(choices)
        )
        return Good(id_at(at, PRODUCT, number), name, f"{name.lower().replace(' ', '-')}-{number}", versions)

    def _write(self, made: Rows, number: int) -> None:
        good, dice = self._good(number), random.Random(f"{self._plan.seed}:rest:{number}")
        at = self._plan.came_at(number, self._plan.products)
        times = {"created_at": at, "updated_at": at}
        fate = dice.random()
        status = ProductStatus.ACTIVE if fate < 0.92 else ProductStatus.DRAFT if fate < 0.97 else ProductStatus.ARCHIVED
        price = good.versions[0].price_minor
        reduced = price + 500 if dice.random() < 0.1 else None
        has_options = bool(good.versions[0].choices)
        made[_products].append(
            {
                "id": good.id,
                "name": good.name,
                "slug": good.slug,
                "type": ProductType.PHYSICAL,
                "status": status,
                **times,
            }
            | dict(zip(("stock", "fewest"), sums_of([version.stock for version in good.versions]), strict=True))
            | {"sku": f"C{number:06}", "price_minor": price, "compare_at_minor": reduced}
            | {"visibility": Visibility.VISIBLE if dice.random() < 0.97 else Visibility.SEARCH}
            | {"is_featured": number % 1_000 == 0, "published_at": None if status is ProductStatus.DRAFT else at}
            | {"short_description": sentence(dice, 14), "description": f"<p>{sentence(dice, 60)}</p>", "details": []}
        )
        skus = [version.sku for version in good.versions if has_options]
        made[_words].append({"product_id": good.id, "words": words_of(good.name, f"C{number:06}", skus)})
        for place, option in enumerate(good.versions[0].choices):
            values = list(dict.fromkeys(version.choices[option] for version in good.versions))
            named = {"product_id": good.id, "name": option, "values": values, "position": place}
            made[_options].append({"id": id_at(at, OPTION, number * 10 + place), **named})
        for place, version in enumerate(good.versions):
            made[_variants].append(
                {"id": version.id, "product_id": good.id, "position": place, "option_values": version.choices, **times}
                | {"sku": version.sku if has_options else None, "price_minor": version.price_minor}
                | {"compare_at_minor": reduced and reduced + 100 * place, "tracks_stock": version.stock is not None}
                | {"stock": version.stock or 0, "weight_grams": 400}
            )
            if version.stock is not None:
                made[_movements].append(
                    moved(id_at(at, FIRST_STOCK, number * 10 + place), version.id, version.stock, version.stock)
                    | {"reason": MovementReason.INITIAL, "created_at": at}
                )
        top = number % SHELVES * (BELOW + 1)
        for place, shelf in enumerate(dice.sample(range(top, top + BELOW + 1), dice.randint(1, 2))):
            made[_shelved].append({"product_id": good.id, "category_id": self._shelf(shelf), "position": place})
        for place, tag in enumerate(dice.sample(range(TAGS), dice.randint(0, 4))):
            made[_tagged].append({"product_id": good.id, "tag_id": self._tag(tag), "position": place})

    def _shelf(self, number: int) -> UUID:
        return id_at(self._plan.came_at(0, 1), CATEGORY, number)

    def _tag(self, number: int) -> UUID:
        return id_at(self._plan.came_at(0, 1), TAG, number)


def moved(id_: UUID, variant: UUID, change: int, after: int, reference: UUID | None = None) -> dict[str, Any]:
    """Return a line of the stock's history, less its reason and time."""
    return {"id": id_, "variant_id": variant, "change": change, "stock_after": after, "reference_id": reference}
