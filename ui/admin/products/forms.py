"""From the fields of the product form to the fields of a draft, and back for showing them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product as combinations
from typing import Any

from starlette.datastructures import FormData

from engine.commerce.catalog.drafts import ImageDraft, NamedList, VariantDraft
from engine.commerce.catalog.importing.cells import parts_of
from engine.commerce.catalog.models import ProductStatus, ProductType, Visibility
from engine.commerce.catalog.rules import MAX_VARIANTS
from engine.commerce.catalog.views import ProductView
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.money import Money, parse_minor
from ui.fields.paragraphs import as_html, as_typed

OPTION_ROWS = 3
Errors = dict[str, Message | str]


@dataclass(slots=True)
class Read:
    """What a form says: changes to a draft, words for new tags, and what could not be read."""

    changes: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class VariantRow:
    """A variant in the form, as its fields show it."""

    place: int
    id: str
    title: str
    price: str
    compare_at: str
    sku: str
    stock: str
    weight: str


def read(form: FormData, view: ProductView | None, currency: str) -> Read:
    """Return what the form says. view: the product as it is, None for a new one."""
    found = Read()
    changes = found.changes
    for name in ("name", "slug", "sku"):
        changes[name] = _text(form, name)
    for name in ("description", "short_description"):
        changes[name] = as_html(_text(form, name))
    changes["type"] = _one_of(ProductType, _text(form, "type"), ProductType.PHYSICAL)
    changes["status"] = _one_of(ProductStatus, _text(form, "status"), ProductStatus.DRAFT)
    changes["visibility"] = _one_of(Visibility, _text(form, "visibility"), Visibility.VISIBLE)
    changes["is_featured"] = bool(form.get("is_featured"))
    changes["category_ids"] = tuple(id_ for text in form.getlist("categories") if (id_ := parse_id(str(text))))
    changes["images"] = _images(form, view)
    found.tags = parts_of(_text(form, "tags"))
    options = _options(form)
    changes["options"] = options
    first = view.variants[0] if view and view.variants else None
    base = VariantDraft(
        id=first.id if first and not view.options else None,  # type: ignore[union-attr]
        barcode=_text(form, "barcode"),
        price_minor=_price(form, "price", currency, found.errors) or 0,
        compare_at_minor=_price(form, "compareAtPrice", currency, found.errors),
        stock=_whole(form, "stock", found.errors),
        weight_grams=_whole(form, "weightGrams", found.errors),
    )
    if options:
        kept = _variant_rows(form, view, options, currency, found.errors)
        changes["variants"] = _with_missing(kept, options, base) if form.get("all_combinations") or not kept else kept
    else:
        changes["variants"] = (base,)
    return found


def shown(form: FormData | None, view: ProductView | None, currency: str) -> dict[str, str]:
    """Return the text of every field: what was typed, else what the product has."""
    if form is not None:
        return {name: str(value) for name, value in form.items() if isinstance(value, str)}
    if view is None:
        return {"status": "draft", "type": "physical", "visibility": "visible"}
    first = view.variants[0]
    values = {
        "name": view.name,
        "slug": view.slug,
        "sku": view.sku,
        "description": as_typed(view.description),
        "short_description": as_typed(view.short_description),
        "type": view.type,
        "status": view.status,
        "visibility": view.visibility,
        "is_featured": "true" if view.is_featured else "",
        "tags": ", ".join(tag.name.replace(",", "\\,") for tag in view.tags),
        "barcode": first.barcode,
        "price": _amount(first.price_minor, currency),
        "compareAtPrice": _amount(first.compare_at_minor, currency),
        "stock": _number(first.stock),
        "weightGrams": _number(first.weight_grams),
    }
    for place, option in enumerate(view.options):
        values[f"options.{place}.name"] = option.name
        values[f"options.{place}.values"] = ", ".join(value.replace(",", "\\,") for value in option.values)
    return values


def variant_rows(view: ProductView | None, values: Mapping[str, str], currency: str) -> list[VariantRow]:
    """Return the rows of the variants that a product has, with what was typed into them."""
    if view is None or not view.options:
        return []
    rows = []
    for place, variant in enumerate(view.variants):
        own = {
            "price": _amount(variant.price_minor, currency),
            "compareAtPrice": _amount(variant.compare_at_minor, currency),
            "sku": variant.sku,
            "stock": _number(variant.stock),
            "weightGrams": _number(variant.weight_grams),
        }
        typed = {name: values.get(f"variants.{place}.{name}", text) for name, text in own.items()}
        rows.append(
            VariantRow(
                place,
                str(variant.id),
                variant.title,
                typed["price"],
                typed["compareAtPrice"],
                typed["sku"],
                typed["stock"],
                typed["weightGrams"],
            )
        )
    return rows


def as_form_errors(fields: Mapping[str, Message | str], *, has_options: bool) -> Errors:
    """Return errors by the names of the form's fields: those of the one variant are the product's own there."""
    found: Errors = {}
    for name, message in fields.items():
        shown_as = name if has_options else name.removeprefix("variants.0.")
        found[{"categoryIds": "categories", "tagIds": "tags"}.get(shown_as, shown_as)] = message
    return found


def _variant_rows(
    form: FormData, view: ProductView | None, options: Sequence[NamedList], currency: str, errors: Errors
) -> tuple[VariantDraft, ...]:
    """Return the variants that stay: not ticked for removal, and still possible with these options."""
    if view is None:
        return ()
    names = {option.name: option.values for option in options}
    places = {
        image.id: place for place, image in enumerate(i for i in view.images if not form.get(f"images.{i.id}.remove"))
    }
    kept = []
    for place, variant in enumerate(view.variants):
        prefix = f"variants.{place}."
        fits = set(variant.option_values) == set(names) and all(v in names[n] for n, v in variant.option_values.items())
        if not fits or form.get(f"{prefix}remove") or form.get(f"{prefix}id") != str(variant.id):
            continue
        kept.append(
            VariantDraft(
                id=variant.id,
                sku=_text(form, f"{prefix}sku"),
                barcode=variant.barcode,
                option_values=variant.option_values,
                price_minor=_price(form, f"{prefix}price", currency, errors) or 0,
                compare_at_minor=_price(form, f"{prefix}compareAtPrice", currency, errors),
                stock=_whole(form, f"{prefix}stock", errors),
                weight_grams=_whole(form, f"{prefix}weightGrams", errors),
                image=places.get(variant.image_id) if variant.image_id else None,
            )
        )
    return tuple(kept)


def _with_missing(
    kept: Sequence[VariantDraft], options: Sequence[NamedList], base: VariantDraft
) -> tuple[VariantDraft, ...]:
    """Return the variants with one more for each combination that is not there, priced as the product."""
    known = {tuple(variant.option_values.get(option.name, "") for option in options) for variant in kept}
    found = list(kept)
    for choice in combinations(*(option.values for option in options)):
        if choice not in known and len(found) <= MAX_VARIANTS:
            found.append(
                VariantDraft(
                    option_values={option.name: value for option, value in zip(options, choice, strict=True)},
                    price_minor=base.price_minor,
                    compare_at_minor=base.compare_at_minor,
                    stock=base.stock,
                    weight_grams=base.weight_grams,
                )
            )
    return tuple(found)


def _options(form: FormData) -> tuple[NamedList, ...]:
    found = []
    for place in range(OPTION_ROWS + 10):
        name = _text(form, f"options.{place}.name")
        values = parts_of(_text(form, f"options.{place}.values"))
        if name or values:
            found.append(NamedList(name=name, values=values))
    return tuple(found)


def _images(form: FormData, view: ProductView | None) -> tuple[ImageDraft, ...]:
    """Return the product's pictures that stay, in the order of their numbers."""
    kept = []
    for place, image in enumerate(view.images if view else ()):
        if not form.get(f"images.{image.id}.remove"):
            typed = _text(form, f"images.{image.id}.position")
            order = int(typed) if typed.isdecimal() and len(typed) < 6 else place + 1
            alt = _text(form, f"images.{image.id}.alt") or image.alt
            kept.append(
                (order, place, ImageDraft(id=image.id, media_id=image.media_id, source=image.source, alt=alt[:300]))
            )
    return tuple(draft for _order, _place, draft in sorted(kept, key=lambda one: one[:2]))


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _price(form: FormData, name: str, currency: str, errors: Errors) -> int | None:
    text = _text(form, name)
    if not text:
        return None
    try:
        return parse_minor(text, currency, name)
    except Invalid as refusal:
        errors[name] = refusal.message
        return None


def _whole(form: FormData, name: str, errors: Errors) -> int | None:
    text = _text(form, name)
    if not text:
        return None
    if not text.isdecimal() or len(text) > 10:
        errors[name] = _("“{value}” is not a whole number. Write it like 12, or leave it empty.").having(
            value=text[:40]
        )
        return None
    return int(text)


def _one_of(kind: Any, text: str, otherwise: Any) -> Any:
    return kind(text) if text in list(kind) else otherwise


def _amount(minor: int | None, currency: str) -> str:
    amount: Decimal | str = "" if minor is None else Money(minor, currency).decimal
    return str(amount)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
