"""The catalogue in a site file: categories, tags, and products with options, pictures and variants."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine.commerce.catalog import kept, shelf_counts, stock
from engine.commerce.catalog.categories import address
from engine.commerce.catalog.facts import CategoryChanged, ProductCreated, ProductUpdated
from engine.commerce.catalog.models import (
    Category,
    MovementReason,
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductTag,
    ProductTagLink,
    Variant,
)
from engine.content import public as content
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.facts import Fact
from engine.core.html import clean_html
from engine.core.i18n import _
from engine.core.plaintext import is_blank
from engine.core.records.facts import RecordCreated, RecordUpdated
from engine.core.sitefile.kinds import Outlook, Part, Row, SiteKind, Thing
from engine.core.slugs import is_slug, numbered
from engine.core.tables import table_of
from engine.core.transaction import Tx


def _named(thing: Thing) -> None:
    row = thing.row
    if is_blank(row["name"]):
        raise Invalid(_("It has no name."))
    if not is_slug(row["slug"]):
        raise Invalid(_("“{value}” cannot be in an address.").having(value=row["slug"][:60]))


def _clean_tag(_book: Book, thing: Thing) -> None:
    _named(thing)


def _clean_category(_book: Book, thing: Thing) -> None:
    _named(thing)
    thing.row["description"] = clean_html(thing.row["description"])
    if thing.row["path"].split("/")[-1] != thing.row["slug"]:
        raise Invalid(_("“{path}” is not where it stands.").having(path=thing.row["path"][:100]))


def _fit_category(outlook: Outlook, thing: Thing) -> None:
    if not outlook.is_new:
        return
    row, table = thing.row, table_of(Category)
    above = row["parent_id"] and outlook.connection.scalar(select(table.c.path).where(table.c.id == row["parent_id"]))
    wished, number = row["slug"], 1
    while True:
        row["path"] = f"{above}/{row['slug']}" if above else row["slug"]
        if outlook.connection.scalar(select(table.c.id).where(table.c.path == row["path"])) is None:
            return
        number += 1
        row["slug"] = numbered(wished, number)


async def _settle_category(tx: Tx, _actor: Actor, thing: Thing, before: Row | None) -> None:
    await shelf_counts.changed(tx)
    if before is None:
        await content.free(tx, address(thing.row["path"]))


def _clean_product(_book: Book, thing: Thing) -> None:
    _named(thing)
    row, variants = thing.row, thing.parts["variants"]
    for name in ("description", "short_description"):
        row[name] = clean_html(row[name])
    row["details"] = [_list_of(one) for one in row["details"]]
    for option in thing.parts["options"]:
        option["values"] = _texts(option["values"])
    if not variants:
        raise Invalid(_("It has nothing that can be bought: a product has one variant at least."))
    for variant in variants:
        if not all(isinstance(one, str) for one in variant["option_values"].values()):
            raise Invalid(_("The choices of a variant are words."))
        amounts = (variant[name] for name in ("price_minor", "compare_at_minor", "cost_minor", "stock"))
        if any(amount is not None and amount < 0 for amount in amounts):
            raise Invalid(_("Prices and stock are not below nothing."))
    cheapest = min(variants, key=lambda one: one["price_minor"])
    row["price_minor"], row["compare_at_minor"] = cheapest["price_minor"], cheapest["compare_at_minor"]


def _list_of(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or set(raw) != {"name", "values"} or not isinstance(raw["name"], str):
        raise Invalid(_("A detail has a name and values."))
    return {"name": raw["name"], "values": _texts(raw["values"])}


def _texts(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise Invalid(_("Values are words."))
    return raw


def _fit_product(outlook: Outlook, thing: Thing) -> None:
    row, table = thing.row, table_of(Product)
    if outlook.is_new:
        wished, number = row["slug"], 1
        while outlook.connection.scalar(select(table.c.id).where(table.c.slug == row["slug"])) is not None:
            number += 1
            row["slug"] = numbered(wished, number)
        if number > 1:
            message = _("The address {wished} is taken here; it stands at {path}.")
            thing.said.append(message.having(wished=f"/products/{wished}", path=f"/products/{row['slug']}"))
    _refuse_taken(outlook.connection, thing)


def _refuse_taken(connection: Connection, thing: Thing) -> None:
    skus = {sku for sku in (thing.row["sku"], *(one["sku"] for one in thing.parts["variants"])) if sku}
    products, variants = table_of(Product), table_of(Variant)
    own = (
        select(products.c.sku, products.c.name).where(products.c.sku.in_(skus), products.c.id != thing.id),
        select(variants.c.sku, products.c.name)
        .join(products, products.c.id == variants.c.product_id)
        .where(variants.c.sku.in_(skus), variants.c.product_id != thing.id),
    )
    for statement in own if skus else ():
        if (found := connection.execute(statement).first()) is not None:
            raise Invalid(_("The SKU “{sku}” belongs to “{product}” here.").having(sku=found.sku, product=found.name))


async def _settle_product(tx: Tx, actor: Actor, thing: Thing, before: Row | None) -> None:
    """Note the first stock of what is new, so that the history of stock begins where it does; keep what lists need."""
    await kept.keep(tx, [thing.id])
    await shelf_counts.changed(tx)
    if before is None:
        counted = [(one["id"], one["stock"] if one["tracks_stock"] else None) for one in thing.parts["variants"]]
        await stock.first(tx, actor, counted, MovementReason.IMPORT)


def _product_facts(row: Row, is_new: bool) -> Sequence[Fact]:
    return [(ProductCreated if is_new else ProductUpdated)(row["id"])]


def _tag_facts(row: Row, is_new: bool) -> Sequence[Fact]:
    return [(RecordCreated if is_new else RecordUpdated)(row["id"], "product-tags")]


TAGS = SiteKind(
    name="product-tags",
    label=_("Product tags"),
    noun="product_tag",
    model=ProductTag,
    title=lambda row: str(row["name"]),
    same=(ProductTag.slug,),
    clean=_clean_tag,
    facts=_tag_facts,
)
CATEGORIES = SiteKind(
    name="categories",
    label=_("Product categories"),
    noun="category",
    model=Category,
    title=lambda row: str(row["name"]),
    above=Category.parent_id,
    same=(Category.path,),
    skip=frozenset({"product_count", "products_changed_at"}),
    kept=frozenset({"parent_id", "slug", "path", "position"}),
    clean=_clean_category,
    fit=_fit_category,
    settle=_settle_category,
    facts=lambda row, _is_new: [CategoryChanged(row["id"])],
)
PRODUCTS = SiteKind(
    name="products",
    label=_("Products"),
    noun="product",
    model=Product,
    title=lambda row: str(row["name"]),
    parts=(
        Part(name="options", owner=ProductOption.product_id),
        Part(name="images", owner=ProductImage.product_id),
        Part(name="variants", owner=Variant.product_id, kept=frozenset({"stock", "tracks_stock"})),
        Part(name="categories", owner=ProductCategory.product_id),
        Part(name="tags", owner=ProductTagLink.product_id),
    ),
    skip=frozenset({"stock", "fewest"}),
    kept=frozenset({"slug"}),
    clean=_clean_product,
    fit=_fit_product,
    settle=_settle_product,
    facts=_product_facts,
)
SITE_KINDS = (TAGS, CATEGORIES, PRODUCTS)
