"""Tables of the catalogue: products with their variants and pictures, categories, tags, stock and its history."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.core.audit import UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes, Json

MAX_NAME = 200
MAX_SKU = 100
MAX_SEO_TITLE = 200
MAX_SEO_DESCRIPTION = 500


class ProductType(StrEnum):
    """What kind of thing is sold. The other kinds of the guide register with their domains."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"


class ProductStatus(StrEnum):
    """A draft is being made, an active one is sold, an archived one is kept for its history."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    """Where an active product is shown: everywhere, in lists only, in search only, or by its address only."""

    VISIBLE = "visible"
    CATALOG = "catalog"
    SEARCH = "search"
    HIDDEN = "hidden"


class MovementReason(StrEnum):
    """Why stock changed."""

    INITIAL = "initial"
    CORRECTION = "correction"
    IMPORT = "import"
    SOLD = "sold"
    RETURNED = "returned"


class ImageState(StrEnum):
    """Whether a picture is here, or still to be fetched from its source, or cannot be."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Product(HasId, HasTimes, Base):
    """Something for sale. What is bought is a variant: every product has at least one, the default one.

    price_minor and compare_at_minor repeat the cheapest variant's, for lists. details: [{name, values}] to read.
    stock: pieces of all variants, None where some are not counted; fewest: of the one that has the fewest, None where
    none is counted. Both are kept for lists (`kept.py`).
    published_at: when it first became active. low_stock: at so few pieces a variant is nearly gone; None: as the shop
    says. seo_title, seo_description: what search engines show; "" for its name and its first words.
    """

    __tablename__ = "products"

    type: Mapped[ProductType] = mapped_column(EnumText(ProductType))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    sku: Mapped[str | None] = mapped_column(String(MAX_SKU), unique=True)
    status: Mapped[ProductStatus] = mapped_column(EnumText(ProductStatus))
    visibility: Mapped[Visibility] = mapped_column(EnumText(Visibility), default=Visibility.VISIBLE)
    is_featured: Mapped[bool] = mapped_column(default=False)
    short_description: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[list[Any]] = mapped_column(Json, default=list)
    price_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    compare_at_minor: Mapped[int | None] = mapped_column(BigInteger)
    published_at: Mapped[datetime | None]
    low_stock: Mapped[int | None]
    seo_title: Mapped[str] = mapped_column(String(MAX_SEO_TITLE), default="")
    seo_description: Mapped[str] = mapped_column(String(MAX_SEO_DESCRIPTION), default="")
    stock: Mapped[int | None] = mapped_column(BigInteger, info=dict(UNAUDITED))
    fewest: Mapped[int | None] = mapped_column(info=dict(UNAUDITED))

    variants: Mapped[list["Variant"]] = relationship(
        order_by="Variant.position", cascade="all, delete-orphan", passive_deletes=True
    )
    options: Mapped[list["ProductOption"]] = relationship(
        order_by="ProductOption.position", cascade="all, delete-orphan", passive_deletes=True
    )
    images: Mapped[list["ProductImage"]] = relationship(
        order_by="ProductImage.position", cascade="all, delete-orphan", passive_deletes=True
    )
    category_links: Mapped[list["ProductCategory"]] = relationship(
        order_by="ProductCategory.position", cascade="all, delete-orphan", passive_deletes=True
    )
    tag_links: Mapped[list["ProductTagLink"]] = relationship(
        order_by="ProductTagLink.position", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index(None, "low_stock"),
        Index(None, "price_minor", "id"),
        Index(None, "stock", "id"),
        Index(None, "fewest", "stock", "low_stock", "id"),
        Index(None, "status", "created_at"),
        Index("ix_products_status_price", "status", "price_minor", "id", "visibility"),
        Index("ix_products_status_featured", "status", "is_featured", "published_at", "id", "visibility"),
        Index("ix_products_status_newest", "status", "published_at", "id", "visibility"),
        Index("ix_products_status_shown", "status", "visibility", "id", "updated_at"),
        Index(None, "updated_at", "id"),
    )


class ProductWords(Base):
    """What a product is looked for by in lists, folded (`kept.py`): beside it, for all are looked through."""

    __tablename__ = "product_words"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class ProductOption(HasId, Base):
    """What a shopper chooses by: a name and its values, in order."""

    __tablename__ = "product_options"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    values: Mapped[list[Any]] = mapped_column(Json, default=list)


class Variant(HasId, HasTimes, Base):
    """What is put into a cart. option_values: {option: value}, empty for a default variant.

    stock: pieces available, meaningful where `tracks_stock`; otherwise it never runs out. sku: the default variant of
    a product without options bears none, its product does. cost_minor: what it costs the shop; staff alone see it.
    """

    __tablename__ = "product_variants"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    sku: Mapped[str | None] = mapped_column(String(MAX_SKU), unique=True)
    barcode: Mapped[str] = mapped_column(String(30), default="", index=True)
    option_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    compare_at_minor: Mapped[int | None] = mapped_column(BigInteger)
    tracks_stock: Mapped[bool] = mapped_column(default=False)
    stock: Mapped[int] = mapped_column(default=0, info=dict(UNAUDITED))
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    weight_grams: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_images.id", ondelete="SET NULL"), index=True)

    image: Mapped["ProductImage | None"] = relationship()

    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        Index(None, "tracks_stock", "stock"),
        Index(None, "product_id", "tracks_stock", "stock"),
    )

    @property
    def title(self) -> str:
        """The choices in one line: “Red / M”; empty where there are none."""
        return title_of(self.option_values)

    @property
    def available(self) -> int | None:
        """Pieces left, or None where they are not counted."""
        return self.stock if self.tracks_stock else None


def title_of(option_values: dict[str, Any]) -> str:
    """Return choices in one line: “Red / M”."""
    return " / ".join(str(value) for value in option_values.values())


class ProductImage(HasId, Base):
    """A picture of a product. source: the address or file name it was imported by; `media_id` once it is here."""

    __tablename__ = "product_images"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    media_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("media.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ImageState] = mapped_column(EnumText(ImageState), default=ImageState.READY)
    problem: Mapped[str] = mapped_column(String(500), default="")


class Category(HasId, HasTimes, Base):
    """A shelf of the shop; categories form a tree. path: the slugs from the root down. image_id: of the library.

    product_count: how many products shoppers see in it and below; products_changed_at: when one that stands on it was
    changed last. Both are kept where products are many (`shelf_counts.py`).
    """

    __tablename__ = "categories"

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    slug: Mapped[str] = mapped_column(String(100))
    path: Mapped[str] = mapped_column(String(700), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    image_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("media.id", ondelete="SET NULL"), index=True)
    product_count: Mapped[int] = mapped_column(default=0, server_default="0", info=dict(UNAUDITED))
    products_changed_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))


class ProductCategory(Base):
    """That a product stands in a category."""

    __tablename__ = "product_categories"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "category_id", "product_id"),)


class ProductTag(HasId, HasTimes, Base):
    """A word that products share across categories."""

    __tablename__ = "product_tags"

    name: Mapped[str] = mapped_column(String(100))
    slug: Mapped[str] = mapped_column(String(100), unique=True)


class ProductTagLink(Base):
    """That a product bears a tag."""

    __tablename__ = "product_tag_links"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(
        ForeignKey("product_tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)


class StockMovement(HasId, Base):
    """One change of a variant's stock. change and stock_after are None where it is not counted."""

    __tablename__ = "stock_movements"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"), index=True)
    change: Mapped[int | None]
    stock_after: Mapped[int | None]
    reason: Mapped[MovementReason] = mapped_column(EnumText(MovementReason))
    reference_id: Mapped[UUID | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(320), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


class ImportSource(HasId, Base):
    """Where an imported product comes from, and what its rows last said: the same rows again change nothing.

    external_key: its SKU or id there. stock: {variant's key: pieces} as the file last counted them. job_id and outcome:
    the import that last touched it and how, so that one that was interrupted counts right when it runs again.
    """

    __tablename__ = "import_source"

    source: Mapped[str] = mapped_column(String(40))
    external_key: Mapped[str] = mapped_column(String(160))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    row_hash: Mapped[str] = mapped_column(String(64))
    stock: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    job_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("source", "external_key"),)
