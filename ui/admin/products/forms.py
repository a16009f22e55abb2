"""From the fields of the product form to the fields of a draft, and back for showing them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from engine.commerce.catalog.drafts import NamedList, VariantDraft
from engine.commerce.catalog.importing.cells import parts_of
from engine.commerce.catalog.models import ProductStatus, ProductType, Visibility
from engine.commerce.catalog.views import ProductView
from engine.core.i18n import Message
from engine.core.ids import parse_id
from engine.core.site import General
from ui.admin.products import matrix, pictures
from ui.admin.products.cells import SIDES, Errors, amount, number, price_minor, side_mm, text, whole
from ui.admin.products.matrix import Row
from ui.admin.products.pictures import Picture
from ui.fields.paragraphs import as_html, as_typed

OPTION_ROWS = 3


@dataclass(slots=True)
class Read:
    """What a form says: changes to a draft, words for new tags, and what could not be read.

    places: the rows of the matrix that become variants.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    places: list[int] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)


def read(form: FormData, view: ProductView | None, general: General) -> Read:
    """Return what the form says. view: the product as it is, None for a new one."""
    found = Read()
    changes = found.changes
    for name in ("name", "slug", "sku", "seo_title", "seo_description"):
        changes[name] = text(form, name)
    for name in ("description", "short_description"):
        changes[name] = as_html(text(form, name))
    changes["type"] = _one_of(ProductType, text(form, "type"), ProductType.PHYSICAL)
    changes["status"] = _one_of(ProductStatus, text(form, "status"), ProductStatus.DRAFT)
    changes["visibility"] = _one_of(Visibility, text(form, "visibility"), Visibility.VISIBLE)
    changes["is_featured"] = bool(form.get("is_featured"))
    changes["category_ids"] = tuple(id_ for one in form.getlist("categories") if (id_ := parse_id(str(one).strip())))
    changes["low_stock"] = whole(text(form, "low_stock"), "low_stock", found.errors)
    chosen = pictures.typed(form, view)
    changes["images"] = tuple(picture.draft for picture in chosen)
    found.tags = parts_of(text(form, "tags"))
    options = options_in(form)
    changes["options"] = options
    rows = matrix.typed_rows(form, view, options, general)
    if rows:
        found.places = [place for place, row in enumerate(rows) if not row.is_removed]
        changes["variants"] = tuple(
            _variant(rows[place], place, options, view, general, chosen, found.errors) for place in found.places
        )
    else:
        changes["variants"] = (_only_variant(form, view, general, found.errors),)
    return found


def _only_variant(form: FormData, view: ProductView | None, general: General, errors: Errors) -> VariantDraft:
    """Return the one variant of a product without options."""
    first = view.variants[0] if view and view.variants and not view.options else None
    stock = whole(text(form, "stock"), "stock", errors)
    currency = general.currency
    return VariantDraft(
        id=first.id if first else None,
        barcode=text(form, "barcode"),
        price_minor=price_minor(text(form, "price"), "price", currency, errors) or 0,
        compare_at_minor=price_minor(text(form, "compareAtPrice"), "compareAtPrice", currency, errors),
        cost_minor=price_minor(text(form, "cost"), "cost", currency, errors),
        stock=first.stock if first and text(form, "stockWas") == text(form, "stock") and "stockWas" in form else stock,
        weight_grams=whole(text(form, "weightGrams"), "weightGrams", errors),
        **_sides({name: text(form, name) for name in SIDES}, "", general, errors),
    )


def _variant(
    row: Row,
    place: int,
    options: Sequence[NamedList],
    view: ProductView | None,
    general: General,
    images: Sequence[Picture],
    errors: Errors,
) -> VariantDraft:
    """Return a row as a variant. Stock that nobody touched is what it is now: it may have been sold meanwhile."""
    own = f"variants.{place}."
    kept = next((one for one in view.variants if str(one.id) == row.id), None) if view else None
    stock = whole(row.stock, f"{own}stock", errors)
    places = {image.key: number_ for number_, image in enumerate(images)}
    currency = general.currency
    return VariantDraft(
        id=kept.id if kept else None,
        sku=row.sku,
        barcode=row.barcode,
        option_values={option.name: value for option, value in zip(options, row.choice, strict=True)},
        price_minor=price_minor(row.price, f"{own}price", currency, errors) or 0,
        compare_at_minor=price_minor(row.compare_at, f"{own}compareAtPrice", currency, errors),
        cost_minor=price_minor(row.cost, f"{own}cost", currency, errors),
        stock=kept.stock if kept and row.stock == row.stock_was else stock,
        weight_grams=whole(row.weight, f"{own}weightGrams", errors),
        **_sides(row.sides, own, general, errors),
        image=places.get(row.image),
    )


def _sides(typed: Mapping[str, str], own: str, general: General, errors: Errors) -> dict[str, int | None]:
    """Return length, width and height by the names that a draft has for them."""
    named = {"lengthMm": "length_mm", "widthMm": "width_mm", "heightMm": "height_mm"}
    return {
        name: side_mm(typed.get(field, ""), f"{own}{field}", general.units, errors) for field, name in named.items()
    }


def shown(form: FormData | None, view: ProductView | None, general: General) -> dict[str, str]:
    """Return the text of every field: what was typed, else what the product has."""
    if form is not None:
        return {name: str(value) for name, value in form.items() if isinstance(value, str)}
    if view is None:
        return {"status": "draft", "type": "physical", "visibility": "visible"}
    first, currency = view.variants[0], general.currency
    values = {
        "name": view.name,
        "slug": view.slug,
        "sku": view.sku,
        "description": as_typed(view.description),
        "short_description": as_typed(view.short_description),
        "seo_title": view.seo_title,
        "seo_description": view.seo_description,
        "low_stock": number(view.low_stock),
        "type": view.type,
        "status": view.status,
        "visibility": view.visibility,
        "is_featured": "true" if view.is_featured else "",
        "tags": ", ".join(tag.name.replace(",", "\\,") for tag in view.tags),
        "barcode": first.barcode,
        "price": amount(first.price_minor, currency),
        "compareAtPrice": amount(first.compare_at_minor, currency),
        "stock": number(first.stock),
        "stockWas": number(first.stock),
        "weightGrams": number(first.weight_grams),
        "cost": amount(first.cost_minor, currency),
        **matrix.sides_of(first, general.units),
    }
    for place, option in enumerate(view.options):
        values[f"options.{place}.name"] = option.name
        values[f"options.{place}.values"] = ", ".join(value.replace(",", "\\,") for value in option.values)
    return values


def as_form_errors(fields: Mapping[str, Message | str], places: Sequence[int]) -> Errors:
    """Return errors by the names of the form's fields.

    places: the rows of the variants that were written; none: those of the one variant are the product's own.
    """
    found: Errors = {}
    for name, message in fields.items():
        head, dot, rest = name.removeprefix("variants.").partition(".")
        shown_as = name
        if name.startswith("variants.") and dot and head.isdecimal():
            at = int(head)
            shown_as = f"variants.{places[at]}.{rest}" if at < len(places) else rest
        found[{"categoryIds": "categories", "tagIds": "tags"}.get(shown_as, shown_as)] = message
    return found


def options_in(form: FormData) -> tuple[NamedList, ...]:
    """Return the options that were typed, without the empty ones."""
    found = []
    for place in range(OPTION_ROWS + 10):
        name = text(form, f"options.{place}.name")
        values = parts_of(text(form, f"options.{place}.values"))
        if name or values:
            found.append(NamedList(name=name, values=tuple(dict.fromkeys(values))))
    return tuple(found)


def _one_of(kind: Any, sent: str, otherwise: Any) -> Any:
    return kind(sent) if sent in list(kind) else otherwise
