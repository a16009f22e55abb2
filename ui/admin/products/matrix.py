"""The matrix of a product's variants as its form shows it: a row for each choice, what was typed into it kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from itertools import product as combinations

from starlette.datastructures import FormData

from engine.commerce.catalog.drafts import NamedList
from engine.commerce.catalog.models import title_of
from engine.commerce.catalog.rules import MAX_VARIANTS
from engine.commerce.catalog.views import ProductView, VariantView
from engine.core.site import General
from ui.admin.products.cells import SIDES, amount, number, side, text
from ui.fields.rows import places_of

Choice = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A variant in the form. id: "" for one that is not kept yet; stock_was: what stood there when it was shown.

    sides: {name of the input: what stands in it}. image: the key of the product's picture that shows it.
    """

    choice: Choice
    id: str = ""
    price: str = ""
    compare_at: str = ""
    stock: str = ""
    stock_was: str = ""
    sku: str = ""
    barcode: str = ""
    weight: str = ""
    cost: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    is_removed: bool = False
    is_ticked: bool = False

    @property
    def title(self) -> str:
        return title_of(dict(enumerate(self.choice)))  # type: ignore[arg-type]

    @property
    def as_json(self) -> str:
        return json.dumps(self.choice, ensure_ascii=False)


def kept_rows(view: ProductView | None, general: General) -> list[Row]:
    """Return the rows of the variants that a product has."""
    if view is None or not view.options:
        return []
    names = [option.name for option in view.options]
    currency = general.currency
    return [
        Row(
            choice=tuple(variant.option_values.get(name, "") for name in names),
            id=str(variant.id),
            price=amount(variant.price_minor, currency),
            compare_at=amount(variant.compare_at_minor, currency),
            stock=number(variant.stock),
            stock_was=number(variant.stock),
            sku=variant.sku,
            barcode=variant.barcode,
            weight=number(variant.weight_grams),
            cost=amount(variant.cost_minor, currency),
            sides=sides_of(variant, general.units),
            image=str(variant.image_id or ""),
        )
        for variant in view.variants
    ]


def sides_of(variant: VariantView, units: str) -> dict[str, str]:
    """Return a variant's sizes as their fields show them."""
    return {
        "lengthMm": side(variant.length_mm, units),
        "widthMm": side(variant.width_mm, units),
        "heightMm": side(variant.height_mm, units),
    }


def typed_rows(form: FormData, view: ProductView | None, options: Sequence[NamedList], general: General) -> list[Row]:
    """Return a row for each variant that the options allow: those that were sent, and new ones for new values.

    A choice of old values only that is not there was taken away once, and stays away until all are asked for.
    """
    if not options or any(not option.values for option in options):
        return []
    sent = [_row(form, f"variants.{place}.") for place in places_of(form, "variants")]
    base = _base(form, sent)
    known: dict[Choice, Row] = {}
    for row in sent or kept_rows(view, general):
        choice = _fitting(row.choice, options)
        if choice is not None and choice not in known:
            known[choice] = replace(row, choice=choice)
    old = [set(option.values) for option in view.options] if view else []
    wants_all = bool(form.get("all_combinations")) or not known
    found = []
    for choice in islice(combinations(*(option.values for option in options)), MAX_VARIANTS + 1):
        is_new = len(choice) != len(old) or any(value not in values for value, values in zip(choice, old, strict=True))
        if choice in known:
            found.append(known[choice])
        elif wants_all or is_new:
            found.append(replace(base, choice=choice))
    return found


def filled(form: FormData, rows: Sequence[Row]) -> list[Row]:
    """Return the rows with what is to stand in all that are ticked; in every one where none is."""
    into = {"price": "price", "compareAtPrice": "compare_at", "stock": "stock", "weightGrams": "weight"}
    into |= {"cost": "cost", "image": "image"}
    given = {name: said for name in into if (said := text(form, f"fill.{name}"))}
    some = any(row.is_ticked for row in rows)
    changes: Mapping[str, str] = {into[name]: value for name, value in given.items()}
    return [replace(row, **changes) if row.is_ticked or not some else row for row in rows]  # type: ignore[arg-type]


def _row(form: FormData, own: str) -> Row:
    return Row(
        choice=_choice(text(form, f"{own}choice")),
        id=text(form, f"{own}id"),
        price=text(form, f"{own}price"),
        compare_at=text(form, f"{own}compareAtPrice"),
        stock=text(form, f"{own}stock"),
        stock_was=text(form, f"{own}stockWas"),
        sku=text(form, f"{own}sku"),
        barcode=text(form, f"{own}barcode"),
        weight=text(form, f"{own}weightGrams"),
        cost=text(form, f"{own}cost"),
        sides={name: text(form, f"{own}{name}") for name in SIDES},
        image=text(form, f"{own}image"),
        is_removed=bool(form.get(f"{own}remove")),
        is_ticked=bool(form.get(f"{own}ticked")),
    )


def _base(form: FormData, sent: Sequence[Row]) -> Row:
    """Return what stands in a new row: what the product itself was given, else the first variant's price."""
    first = sent[0] if sent else Row(())
    return Row(
        (),
        price=text(form, "price") or first.price,
        compare_at=text(form, "compareAtPrice") or first.compare_at,
        stock=text(form, "stock"),
        weight=text(form, "weightGrams") or first.weight,
        cost=text(form, "cost") or first.cost,
        sides={name: text(form, name) or first.sides.get(name, "") for name in SIDES},
    )


def _choice(sent: str) -> Choice:
    try:
        found = json.loads(sent) if sent else []
    except ValueError:
        return ()
    return tuple(str(value) for value in found) if isinstance(found, list) else ()


def _fitting(choice: Choice, options: Sequence[NamedList]) -> Choice | None:
    """Return the choice as these options know it: cut where one went, with the first value where one came."""
    whole = (*choice, *(option.values[0] for option in options[len(choice) :]))[: len(options)]
    fits = bool(choice) and all(value in option.values for value, option in zip(whole, options, strict=True))
    return whole if fits else None
