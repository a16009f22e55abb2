"""The catalogue on the wire: what is answered, and what is taken for new and changed products."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasChoices, Field

from engine.api.wire import MoneyWire, PageWire, Wire
from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus, ProductType, Visibility
from engine.commerce.catalog.views import ImageView, ProductView, VariantView
from engine.core.errors import Invalid
from engine.core.i18n import _

Text = Annotated[str, Field(max_length=200_000)]
Line = Annotated[str, Field(max_length=1_000)]
MAX_ITEMS = 500
_SIZES = ("length_mm", "width_mm", "height_mm")


class NamedListWire(Wire):
    """An option with its values to choose from, or a detail to read."""

    name: Line
    values: Annotated[list[Line], Field(max_length=MAX_ITEMS)]

    def named_list(self) -> NamedList:
        return NamedList(name=self.name, values=tuple(self.values))


class ImageWire(Wire):
    """A picture. url is null while it is still being fetched."""

    id: UUID
    media_id: UUID | None
    url: str | None
    thumbnail: str | None
    medium: str | None
    large: str | None
    width: int | None
    height: int | None
    alt: str

    @classmethod
    def of(cls, view: ImageView) -> "ImageWire":
        names = ("thumbnail", "medium", "large", "width", "height")
        sizes = {name: getattr(view.urls, name) if view.urls else None for name in names}
        url = view.urls.full if view.urls else None
        return cls(id=view.id, media_id=view.media_id, url=url, alt=view.alt, **sizes)


class VariantWire(Wire):
    """A thing to buy. options: {option: value}. stock is what is available; null where it is not counted.

    cost: what the shop pays for it; null for everybody but staff.
    """

    id: UUID
    sku: str
    barcode: str
    title: str
    options: dict[str, str]
    price: MoneyWire
    compare_at_price: MoneyWire | None
    cost: MoneyWire | None
    stock: int | None
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    image_id: UUID | None

    @classmethod
    def of(cls, view: VariantView, currency: str, *, is_for_staff: bool) -> "VariantWire":
        return cls(
            id=view.id,
            sku=view.sku,
            barcode=view.barcode,
            title=view.title,
            options=view.option_values,
            price=MoneyWire.of(view.price_minor, currency),
            compare_at_price=_money(view.compare_at_minor, currency),
            cost=_money(view.cost_minor, currency) if is_for_staff else None,
            stock=view.stock,
            weight_grams=view.weight_grams,
            length_mm=view.length_mm,
            width_mm=view.width_mm,
            height_mm=view.height_mm,
            image_id=view.image_id,
        )


class LinkWire(Wire):
    """A category or a tag of a product."""

    id: UUID
    name: str
    slug: str
    path: str


class ProductWire(Wire):
    """A product. price is its cheapest variant's; stock is what is available of all variants, null if not counted.

    low_stock: at so few pieces it is nearly gone; null where the shop's own level holds, and for all but staff.
    """

    id: UUID
    type: ProductType
    name: str
    slug: str
    url: str
    sku: str
    status: ProductStatus
    visibility: Visibility
    is_featured: bool
    short_description: str
    description: str
    seo_title: str
    seo_description: str
    price: MoneyWire
    compare_at_price: MoneyWire | None
    stock: int | None
    low_stock: int | None
    images: list[ImageWire]
    options: list[NamedListWire]
    details: list[NamedListWire]
    variants: list[VariantWire]
    categories: list[LinkWire]
    tags: list[LinkWire]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, view: ProductView, currency: str, *, is_for_staff: bool) -> "ProductWire":
        same = ("id", "type", "name", "slug", "url", "status", "visibility", "is_featured", "short_description",
                "seo_title", "seo_description")  # fmt: skip
        return cls(
            **{name: getattr(view, name) for name in same},
            sku=view.sku or (view.variants[0].sku if len(view.variants) == 1 else ""),
            description=view.description,
            price=MoneyWire.of(view.price_minor, currency),
            compare_at_price=_money(view.compare_at_minor, currency),
            stock=view.stock,
            low_stock=view.low_stock if is_for_staff else None,
            images=[ImageWire.of(image) for image in view.images],
            options=[NamedListWire.model_validate(option) for option in view.options],
            details=[NamedListWire.model_validate(detail) for detail in view.details],
            variants=[VariantWire.of(one, currency, is_for_staff=is_for_staff) for one in view.variants],
            categories=[LinkWire.model_validate(link) for link in view.categories],
            tags=[LinkWire.model_validate(link) for link in view.tags],
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class ProductPage(PageWire[ProductWire]):
    """One page of products."""


class ImageCreate(Wire):
    """A picture of the media library (`mediaId`), or one that the product has already (`id`)."""

    id: UUID | None = None
    media_id: UUID | None = None
    alt: Annotated[str, Field(max_length=300)] = ""


class VariantCreate(Wire):
    """A variant. id: one that the product has already. image: its place among the product's images, from 0."""

    id: UUID | None = None
    sku: Line = ""
    barcode: Line = ""
    options: dict[Line, Line] = Field(default_factory=dict)
    price: MoneyWire | None = None
    compare_at_price: MoneyWire | None = None
    cost: MoneyWire | None = None
    stock: int | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    image: int | None = None


class ProductUpdate(Wire):
    """The fields to change; what is left out stays. price, stock and their like are those of its one variant."""

    name: Line = ""
    type: ProductType = ProductType.PHYSICAL
    slug: Line = ""
    sku: Line = ""
    status: ProductStatus = ProductStatus.DRAFT
    visibility: Visibility = Visibility.VISIBLE
    is_featured: bool = False
    short_description: Text = ""
    description: Text = ""
    seo_title: Line = ""
    seo_description: Line = ""
    low_stock: int | None = None
    price: MoneyWire = MoneyWire(amount=0, currency="")
    compare_at_price: MoneyWire | None = None
    cost: MoneyWire | None = None
    stock: int | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    barcode: Line = ""
    options: list[NamedListWire] = Field(default_factory=list, max_length=MAX_ITEMS)
    details: list[NamedListWire] = Field(default_factory=list, max_length=MAX_ITEMS)
    variants: list[VariantCreate] = Field(default_factory=list, max_length=MAX_ITEMS)
    images: list[ImageCreate] = Field(default_factory=list, max_length=MAX_ITEMS)
    categories: list[UUID] = Field(
        default_factory=list, max_length=MAX_ITEMS, validation_alias=AliasChoices("categories", "categoryIds")
    )
    tags: list[UUID] = Field(
        default_factory=list, max_length=MAX_ITEMS, validation_alias=AliasChoices("tags", "tagIds")
    )

    def changes(self, currency: str) -> dict[str, Any]:
        """Return what was sent, as a draft names it. Raises Invalid for money of another currency."""
        sent = self.model_fields_set
        same = {"name", "type", "slug", "sku", "status", "visibility", "is_featured", "short_description"}
        same |= {"description", "seo_title", "seo_description", "low_stock", "stock", "weight_grams", "barcode"}
        same |= set(_SIZES)
        changes: dict[str, Any] = {name: getattr(self, name) for name in same & sent}
        if "price" in sent:
            changes["price_minor"] = _minor(self.price, currency, "price")
        if "compare_at_price" in sent:
            changes["compare_at_minor"] = _minor(self.compare_at_price, currency, "compareAtPrice")
        if "cost" in sent:
            changes["cost_minor"] = _minor(self.cost, currency, "cost")
        for name in {"options", "details"} & sent:
            changes[name] = tuple(item.named_list() for item in getattr(self, name))
        if "images" in sent:
            changes["images"] = tuple(ImageDraft(id=i.id, media_id=i.media_id, alt=i.alt) for i in self.images)
        if "categories" in sent:
            changes["category_ids"] = tuple(self.categories)
        if "tags" in sent:
            changes["tag_ids"] = tuple(self.tags)
        if self.variants:
            price = changes.pop("price_minor", 0)
            changes["variants"] = tuple(
                _variant(variant, place, price, currency) for place, variant in enumerate(self.variants)
            )
            if "options" not in sent and any(variant.options for variant in self.variants):
                changes["options"] = _options_of(self.variants)
        return changes


class ProductCreate(ProductUpdate):
    """A new product. Without options it has one variant, described by price, stock and their like."""

    name: Line

    def draft(self, currency: str) -> tuple[ProductDraft, dict[str, Any]]:
        """Return an empty draft of this name, and the changes that make it what was sent."""
        return ProductDraft(name=self.name), self.changes(currency)


def _money(minor: int | None, currency: str) -> MoneyWire | None:
    return None if minor is None else MoneyWire.of(minor, currency)


def _minor(money: MoneyWire | None, currency: str, name: str) -> int | None:
    if money is None:
        return None
    if money.currency != currency:
        message = _("The shop sells in {currency}, not in “{value}”.").having(currency=currency, value=money.currency)
        raise Invalid(message, {f"{name}.currency": message})
    return money.amount


def _variant(variant: VariantCreate, place: int, price: int, currency: str) -> VariantDraft:
    own = _minor(variant.price, currency, f"variants.{place}.price")
    return VariantDraft(
        id=variant.id,
        sku=variant.sku,
        barcode=variant.barcode,
        option_values=variant.options,
        price_minor=price if own is None else own,
        compare_at_minor=_minor(variant.compare_at_price, currency, f"variants.{place}.compareAtPrice"),
        cost_minor=_minor(variant.cost, currency, f"variants.{place}.cost"),
        stock=variant.stock,
        weight_grams=variant.weight_grams,
        **{name: getattr(variant, name) for name in _SIZES},
        image=variant.image,
    )


def _options_of(variants: list[VariantCreate]) -> tuple[NamedList, ...]:
    """Return the options that the variants' choices come to, in the order in which they are named."""
    values: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            values.setdefault(name, {})[value] = None
    return tuple(NamedList(name=name, values=tuple(found)) for name, found in values.items())
