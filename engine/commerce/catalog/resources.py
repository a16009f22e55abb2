"""What the catalogue keeps lists of: the shelves of the shop, and the words that products share."""

from sqlalchemy import ColumnElement, case, func, literal, select

from engine.commerce.catalog import categories
from engine.commerce.catalog.facts import CategoryChanged
from engine.commerce.catalog.models import Category, ProductCategory, ProductTag, ProductTagLink
from engine.commerce.catalog.search import TAGS
from engine.commerce.catalog.shelf_counts import ARE_FEW, STANDING
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Widget


def _tagged() -> ColumnElement[int]:
    bearing = select(func.count()).where(ProductTagLink.tag_id == ProductTag.id)
    return bearing.correlate(ProductTag).scalar_subquery().label("product_count")


def _standing() -> ColumnElement[int]:
    """Return how many products that shoppers see stand in a category or below it, each counted once."""
    return case((ARE_FEW, STANDING), else_=Category.product_count).label("product_count")


PRODUCT_TAGS = Resource(
    path=TAGS,
    noun="product_tag",
    model=ProductTag,
    singular=_("Tag"),
    plural=_("Tags"),
    title=lambda row: row.name,
    text=_("Words that products share across categories."),
    icon="tag",
    read=None,
    write=Permission.MANAGE_TAGS,
    order=(func.lower(ProductTag.name),),
    key=ProductTag.slug,
    keeps=(ProductTagLink.tag_id,),
    fields=(
        Field(ProductTag.name, _("Name"), _("What shoppers read: New, Gift, Sale."), column=True, search=True,
              sort=True, unique=True),
        Field(ProductTag.slug, _("Address"), _("How it stands in addresses. Made from the name."), search=True,
              source="name"),
        Field(_tagged(), _("Products"), _("How many products bear it."), widget=Widget.NUMBER, column=True, sort=True),
    ),
    empty=(_("No tags yet"), _("Tags gather products across categories. An import brings its own.")),
)  # fmt: skip

CATEGORIES = Resource(
    path="categories",
    noun="category",
    model=Category,
    singular=_("Category"),
    plural=_("Categories"),
    title=lambda row: row.name,
    text=_("The shelves of the shop. A product can stand on several."),
    icon="folder",
    read=None,
    write=Permission.MANAGE_CATEGORIES,
    order=(Category.path,),
    key=Category.path,
    picture="image_id",
    keeps=(ProductCategory.category_id,),
    verbs={
        "create": categories.create_from,
        "update": categories.update,
        "delete": categories.delete,
        "restore": categories.bring_back,
        "settle": categories.settle,
    },
    facts=(CategoryChanged,),
    address=lambda values: categories.address(values["path"]),
    fields=(
        Field(Category.name, _("Name"), _("What shoppers read."), column=True, search=True, sort=True),
        Field(Category.parent_id, _("Inside"), _("The category above it; none puts it at the top."), to="categories",
              filter=True, column=True),
        Field(Category.description, _("Description"), _("Stands above the products."), widget=Widget.RICHTEXT),
        Field(Category.image_id, _("Picture"), _("Stands for it on the front page, and above its products."),
              widget=Widget.IMAGE, required=False),
        Field(Category.position, _("Place"), _("Its place among its neighbours, from 0; empty puts it last."),
              sort=True, minimum=0, required=False),
        Field(Category.slug, _("Address"), _("The last part of its address. The old one keeps leading here."),
              source="name"),
        Field(Category.path, _("Path"), _("Its address below /categories."), search=True, write=False),
        Field((literal("/categories/") + Category.path).label("url"), _("Page"), _("Where shoppers find it."),
              widget=Widget.TEXT, column=True),
        Field(_standing(), _("Products"), _("Products that shoppers see in it and below."), widget=Widget.NUMBER,
              column=True),
    ),
    empty=(_("No categories yet"), _("Categories help shoppers find their way. An import brings its own.")),
)  # fmt: skip
