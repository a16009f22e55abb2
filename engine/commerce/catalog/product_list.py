"""The products as staff keep a list of them: its columns, filters, views, and what is done with many at once.

Their wire and their form are written by hand; the bin, the history and the list itself are every list's.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, or_, select

from engine.commerce.catalog import products
from engine.commerce.catalog.facts import ProductCreated, ProductDeleted, ProductUpdated
from engine.commerce.catalog.models import (
    ImportSource,
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTagLink,
    ProductWords,
    StockMovement,
    Variant,
)
from engine.commerce.catalog.stock import highest_low, low_at
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, Verb, View, Widget
from engine.core.transaction import Tx


def _stock_state() -> ColumnElement[Any]:
    state = case(
        (Product.fewest.is_(None), literal("uncounted")),
        (Product.stock == 0, literal("out")),
        (Product.fewest <= low_at(), literal("low")),
        else_=literal("enough"),
    )
    return state.label("stock_state")


def _in_state(state: str) -> ColumnElement[bool]:
    """Return whether a product is in this state, so that an index says which can be."""
    match state:
        case "uncounted":
            return Product.fewest.is_(None)
        case "out":
            return Product.stock == 0
        case "low":
            is_left = or_(Product.stock.is_(None), Product.stock > 0)
            return and_(Product.fewest <= highest_low(), Product.fewest <= low_at(), is_left)
        case _:
            return Product.fewest > low_at()


def _skus() -> ColumnElement[Any]:
    return _of_variants(func.aggregate_strings(cast(Variant.sku, Text), " "), "variant_skus")


def _of_variants(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    own = select(column).where(Variant.product_id == Product.id)
    return own.correlate(Product).scalar_subquery().label(name)


def _picture() -> ColumnElement[Any]:
    """Return the first picture that is here."""
    own = (ProductImage.product_id == Product.id) & ProductImage.media_id.is_not(None)
    first = select(ProductImage.media_id).where(own).order_by(ProductImage.position).limit(1)
    return first.correlate(Product).scalar_subquery().label("picture")


def _first(link: type[ProductCategory] | type[ProductTagLink], key: Any, name: str) -> ColumnElement[Any]:
    first = select(key).where(link.product_id == Product.id).order_by(link.position).limit(1)
    return first.correlate(Product).scalar_subquery().label(name)


def _in_category(category_id: UUID | None) -> ColumnElement[bool]:
    standing = select(ProductCategory.product_id)
    if category_id is None:
        return Product.id.not_in(standing)
    return Product.id.in_(standing.where(ProductCategory.category_id == category_id))


def _with_tag(tag_id: UUID | None) -> ColumnElement[bool]:
    bearing = select(ProductTagLink.product_id)
    if tag_id is None:
        return Product.id.not_in(bearing)
    return Product.id.in_(bearing.where(ProductTagLink.tag_id == tag_id))


def _becoming(status: ProductStatus) -> Verb:
    async def become(tx: Tx, actor: Actor, product_id: UUID) -> Product:
        return await products.update(tx, actor, product_id, {"status": status})

    return become


PRODUCTS = Resource(
    path="products",
    noun="product",
    model=Product,
    singular=_("Product"),
    plural=_("Products"),
    title=lambda row: row.name,
    icon="package",
    read=Permission.VIEW_PRODUCTS,
    write=Permission.MANAGE_PRODUCTS,
    order=(Product.updated_at.desc(),),
    key=Product.slug,
    words=(ProductWords.words,),
    words_of=ProductWords.product_id,
    own_wire=True,
    is_found=False,
    picture="picture",
    keeps=(
        ProductOption.product_id,
        ProductImage.product_id,
        Variant.product_id,
        ProductCategory.product_id,
        ProductTagLink.product_id,
        StockMovement.variant_id,
        ImportSource.product_id,
    ),
    verbs={
        "create": products.create_from,
        "update": products.update_from,
        "delete": products.delete,
        "restore": products.bring_back,
        "settle": products.settle,
    },
    facts=(ProductCreated, ProductUpdated, ProductDeleted),
    address=lambda values: products.address(values["slug"]),
    actions={
        "publish": Action(
            label=_("Put in the shop"), run=_becoming(ProductStatus.ACTIVE), permission=Permission.MANAGE_PRODUCTS,
            icon="store", bulk=True, done=_("It is in the shop."),
        ),
        "draft": Action(
            label=_("Make a draft"), run=_becoming(ProductStatus.DRAFT), permission=Permission.MANAGE_PRODUCTS,
            icon="pencil", bulk=True, done=_("It is a draft."),
        ),
        "archive": Action(
            label=_("Archive"), run=_becoming(ProductStatus.ARCHIVED), permission=Permission.MANAGE_PRODUCTS,
            icon="archive", bulk=True, done=_("It is archived."),
        ),
    },
    views=(
        View(label=_("Active"), filters={"status": "active"}),
        View(label=_("Drafts"), filters={"status": "draft"}),
        View(label=_("Archived"), filters={"status": "archived"}),
        View(label=_("Nearly gone"), filters={"stockState": "low"}, sort="stock"),
    ),
    fields=(
        Field(Product.name, _("Name"), _("What shoppers read."), column=True, search=True, sort=True),
        Field(_picture(), _("Picture"), _("The first of its pictures."), widget=Widget.IMAGE),
        Field(Product.status, _("Status"), _("Drafts and archived products are not in the shop."), column=True,
              filter=True, tones={"active": "success"}),
        Field(_stock_state(), _("Stock level"), _("Whether some of it is nearly gone."), column=True, filter=True,
              choices=(("enough", _("In stock")), ("low", _("Nearly gone")), ("out", _("Sold out")),
                       ("uncounted", _("Not counted"))), within=_in_state,
              tones={"low": "warning", "out": "danger"}),
        Field(Product.stock, _("Stock"), _("Pieces of all variants; empty where they are not counted."), column=True,
              sort=True, filter=True, write=False),
        Field(Product.price_minor, _("Price"), _("Of the cheapest variant."), column=True, sort=True, filter=True),
        Field(Product.compare_at_minor, _("Price before"), _("Shown crossed out.")),
        Field(Product.low_stock, _("Low stock at"), _("At so few pieces it is nearly gone; empty: as the shop says."),
              minimum=0, required=False),
        Field(Product.seo_title, _("Title in search results"), _("Empty: its name."), required=False),
        Field(Product.seo_description, _("Words in search results"), _("Empty: its first words."),
              widget=Widget.TEXTAREA, required=False),
        Field(Product.sku, _("SKU"), _("Your own number for it."), search=True, sort=True),
        Field(_skus(), _("SKUs of variants"), _("Those of all its variants."), widget=Widget.TEXT, search=True),
        Field(_first(ProductCategory, ProductCategory.category_id, "category"), _("Category"),
              _("The first shelf that it stands on."), to="categories", filter=True, within=_in_category),
        Field(_first(ProductTagLink, ProductTagLink.tag_id, "tag"), _("Tag"), _("The first word that it bears."),
              to="product-tags", filter=True, within=_with_tag),
        Field(Product.type, _("Kind"), _("Physical things are shipped."), filter=True,
              choices=(("physical", _("Physical")), ("virtual", _("Virtual")))),
        Field(Product.visibility, _("Shown"), _("Where shoppers come upon it."), filter=True,
              choices=(("visible", _("Everywhere")), ("catalog", _("In lists only")), ("search", _("In search only")),
                       ("hidden", _("By its address only")))),
        Field(Product.is_featured, _("Featured"), _("It stands on the front page."), filter=True),
        Field(Product.slug, _("Address"), _("How it stands in addresses. The old one keeps leading here."),
              source="name"),
        Field(Product.short_description, _("In a sentence"), _("Stands in lists and above the price."),
              required=False),
        Field(Product.description, _("Description"), _("Stands below the pictures."), widget=Widget.RICHTEXT,
              required=False),
        Field(Product.updated_at, _("Changed"), _("When it was last changed."), column=True, sort=True, filter=True,
              write=False),
        Field(Product.created_at, _("Added"), _("When it came into the catalogue."), sort=True, filter=True,
              write=False),
    ),
    empty=(_("No products yet"),
           _("Everything you sell is listed here. Add the first by hand, or bring your catalogue from another shop.")),
    exports=(
        ("/admin/products/export?format=agora", _("Export as CSV")),
        ("/admin/products/export?format=shopify", _("Export for Shopify")),
        ("/admin/products/export?format=woocommerce", _("Export for WooCommerce")),
    ),
)  # fmt: skip
