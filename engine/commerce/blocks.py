"""What the shop offers to pages that people build: products in rows, and one on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection, select

from engine.commerce.catalog import shop
from engine.commerce.catalog.models import Category, ProductTag
from engine.commerce.catalog.shop import Card, Choice
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings, Moment
from engine.core.blocks.kinds import Line, Lines, One, Several
from engine.core.i18n import _
from engine.core.ids import parse_id


class ProductsSettings(BlockSettings):
    """Products in rows. source: which ones; chosen: in their order, for `chosen`."""

    title: Line = "From the shop"
    text: Lines = ""
    source: Literal["featured", "newest", "reduced", "category", "tag", "chosen"] = "featured"
    category: One("categories") = ""  # type: ignore[valid-type]
    tag: One("product-tags") = ""  # type: ignore[valid-type]
    chosen: Several("products") = ()  # type: ignore[valid-type]
    most: Annotated[int, Field(ge=1, le=24)] = 8
    label: Line = ""
    shows_all: bool = False


class ProductSettings(BlockSettings):
    """One product, set large."""

    product: One("products") = ""  # type: ignore[valid-type]
    text: Lines = ""
    label: Line = "Look at it"
    layout: Literal["beside", "before"] = "before"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a row of products shows. url: where all of them are."""

    cards: Sequence[Card]
    currency: str
    url: str = "/products"


def load_products(connection: Connection, moment: Moment, settings: ProductsSettings) -> Shelf:
    """Return the products that were asked for, as far as they are for sale."""
    currency = moment.general.currency
    if settings.source == "chosen":
        ids = [UUID(text) for text in settings.chosen]
        return Shelf(shop.cards(connection, ids)[: settings.most], currency)
    if settings.source == "category":
        return _of_category(connection, settings, currency)
    if settings.source == "tag":
        return _of_tag(connection, settings, currency)
    sort = "newest" if settings.source == "newest" else "featured"
    choice = Choice(sort=sort, is_reduced=settings.source == "reduced")
    return Shelf(shop.some(connection, choice, settings.most), currency)


def _of_category(connection: Connection, settings: ProductsSettings, currency: str) -> Shelf:
    category_id = parse_id(settings.category)
    path = connection.scalar(select(Category.path).where(Category.id == category_id)) if category_id else None
    if path is None:
        return Shelf((), currency)
    below = Category.path.startswith(f"{path}/", autoescape=True)
    ids = list(connection.scalars(select(Category.id).where((Category.path == path) | below)))
    return Shelf(shop.some(connection, Choice(category_ids=ids), settings.most), currency, f"/categories/{path}")


def _of_tag(connection: Connection, settings: ProductsSettings, currency: str) -> Shelf:
    tag_id = parse_id(settings.tag)
    slug = connection.scalar(select(ProductTag.slug).where(ProductTag.id == tag_id)) if tag_id else None
    if slug is None:
        return Shelf((), currency)
    return Shelf(shop.some(connection, Choice(tags=(slug,)), settings.most), currency, f"/products?tag={slug}")


def load_product(connection: Connection, moment: Moment, settings: ProductSettings) -> Shelf:
    """Return the product, where it is for sale."""
    ids = [UUID(settings.product)] if settings.product else []
    return Shelf(shop.cards(connection, ids), moment.general.currency)


BLOCKS = (
    Block(
        name="products",
        label=_("Products"),
        icon="shopping-bag",
        group=BlockGroup.SHOP,
        text=_("Products of your shop in rows: featured, new, of a category, or the ones you choose."),
        settings=ProductsSettings,
        labels={
            "title": _("Heading"),
            "text": _("Text"),
            "source": _("Which ones"),
            "category": _("Category"),
            "tag": _("Label"),
            "chosen": _("Products"),
            "most": _("At most"),
            "label": _("Words of the link"),
            "shows_all": _("Link to all of them"),
        },
        choices={
            "source": {
                "featured": _("Featured, then the newest"),
                "newest": _("The newest"),
                "reduced": _("Reduced"),
                "category": _("Of a category"),
                "tag": _("With a label"),
                "chosen": _("Chosen by hand"),
            },
        },
        helps={"label": _("Empty says “All products”.")},
        titled="title",
        words="shop store catalogue grid collection featured sale",
        load=load_products,
    ),
    Block(
        name="product",
        label=_("Product"),
        icon="package",
        group=BlockGroup.SHOP,
        text=_("One product, set large."),
        settings=ProductSettings,
        labels={
            "product": _("Product"),
            "text": _("Text"),
            "label": _("Words on the button"),
            "layout": _("Picture"),
        },
        choices={"layout": {"before": _("Before the words"), "beside": _("Beside the words")}},
        words="shop buy single featured",
        load=load_product,
    ),
)
