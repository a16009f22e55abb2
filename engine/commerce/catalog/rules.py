"""What a product may be: pure decisions, no I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import MAX_NAME, MAX_SEO_DESCRIPTION, MAX_SEO_TITLE, MAX_SKU
from engine.core.errors import Invalid
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.money import MAX_MINOR
from engine.core.plaintext import line_of
from engine.core.slugs import is_slug

MAX_OPTIONS = 10
MAX_VALUES = 200
MAX_VARIANTS = 500
MAX_STOCK = 1_000_000_000
MAX_MM = 100_000_000
MAX_TERM = 100
MAX_TEXT = 200_000


_LONGEST = {
    "description": MAX_TEXT,
    "short_description": MAX_TEXT,
    "seo_title": MAX_SEO_TITLE,
    "seo_description": MAX_SEO_DESCRIPTION,
}


def tidied(draft: ProductDraft) -> ProductDraft:
    """Return the draft with its texts trimmed and its HTML cleaned."""
    return replace(
        draft,
        name=line_of(draft.name),
        slug=draft.slug.strip(),
        sku=line_of(draft.sku),
        short_description=clean_html(draft.short_description),
        description=clean_html(draft.description),
        seo_title=line_of(draft.seo_title),
        seo_description=line_of(draft.seo_description),
        options=tuple(_tidy_list(option) for option in draft.options),
        details=tuple(_tidy_list(detail) for detail in draft.details),
        variants=tuple(
            replace(
                variant,
                sku=line_of(variant.sku),
                barcode=line_of(variant.barcode),
                option_values={line_of(k): line_of(v) for k, v in variant.option_values.items()},
            )
            for variant in draft.variants
        ),
    )


def check(draft: ProductDraft) -> None:
    """Raise Invalid, naming every field that is wrong, unless the draft can become a product."""
    wrong: dict[str, Message | str] = {}
    if not draft.name:
        wrong["name"] = _("Give the product a name.")
    elif len(draft.name) > MAX_NAME:
        wrong["name"] = _("The name is too long: use at most {limit} characters.").having(limit=MAX_NAME)
    if len(draft.sku) > MAX_SKU:
        wrong["sku"] = _too_long(draft.sku)
    if draft.slug and not is_slug(draft.slug):
        wrong["slug"] = _("“{value}” cannot be in an address: use a–z, 0–9 and hyphens.").having(value=draft.slug[:60])
    for name, limit in _LONGEST.items():
        if len(getattr(draft, name)) > limit:
            wrong[name] = _("The text is too long: use at most {limit} characters.").having(limit=limit)
    if draft.low_stock is not None and not 0 <= draft.low_stock <= MAX_STOCK:
        wrong["low_stock"] = _("Stock must be between 0 and {limit}.").having(limit=MAX_STOCK)
    wrong.update(_wrong_options(draft.options))
    wrong.update(_wrong_variants(draft))
    if wrong:
        raise Invalid(_("The product cannot be saved yet. {first}").having(first=next(iter(wrong.values()))), wrong)


def _wrong_options(options: Sequence[NamedList]) -> dict[str, Message | str]:
    wrong: dict[str, Message | str] = {}
    if len(options) > MAX_OPTIONS:
        wrong["options"] = _("A product has at most {limit} options.").having(limit=MAX_OPTIONS)
    names = [option.name.lower() for option in options]
    for place, option in enumerate(options):
        if not option.name or len(option.name) > MAX_TERM:
            wrong[f"options.{place}.name"] = _("Name the option, in at most {limit} characters.").having(limit=MAX_TERM)
        elif names.index(option.name.lower()) != place:
            wrong[f"options.{place}.name"] = _("There is an option “{name}” already.").having(name=option.name)
        if not option.values or len(option.values) > MAX_VALUES or any(len(v) > MAX_TERM for v in option.values):
            wrong[f"options.{place}.values"] = _("Give 1 to {limit} values, each at most {length} characters.").having(
                limit=MAX_VALUES, length=MAX_TERM
            )
        elif len(set(option.values)) != len(option.values):
            wrong[f"options.{place}.values"] = _("Each value may be there once.")
    return wrong


def _wrong_variants(draft: ProductDraft) -> dict[str, Message | str]:
    wrong: dict[str, Message | str] = {}
    if not draft.variants:
        wrong["variants"] = _("A product needs at least one variant.")
    elif len(draft.variants) > MAX_VARIANTS:
        wrong["variants"] = _("A product has at most {limit} variants.").having(limit=MAX_VARIANTS)
    elif not draft.options and len(draft.variants) > 1:
        wrong["variants"] = _("Without options a product has one variant. Add an option to choose by.")
    seen: dict[tuple[str, ...], int] = {}
    skus = [draft.sku.lower()] if draft.sku else []
    for place, variant in enumerate(draft.variants):
        for name, message in _wrong_variant(variant, draft.options):
            wrong[f"variants.{place}.{name}"] = message
        choice = tuple(variant.option_values.get(option.name, "") for option in draft.options)
        if choice in seen:
            message = _("Variant {number} has the same choices already.").having(number=seen[choice] + 1)
            wrong[f"variants.{place}.optionValues"] = message
        seen.setdefault(choice, place)
        if variant.sku:
            if variant.sku.lower() in skus:
                wrong[f"variants.{place}.sku"] = _("“{sku}” is used twice in this product.").having(sku=variant.sku)
            skus.append(variant.sku.lower())
    return wrong


def _wrong_variant(variant: VariantDraft, options: Sequence[NamedList]) -> Iterable[tuple[str, Message]]:
    if not 0 <= variant.price_minor <= MAX_MINOR:
        yield "price", _("The price must be between 0 and {limit}.").having(limit=MAX_MINOR)
    if variant.compare_at_minor is not None and not variant.price_minor < variant.compare_at_minor <= MAX_MINOR:
        yield "compareAtPrice", _("The price to compare with must be above the price. Leave it empty for none.")
    if variant.stock is not None and not 0 <= variant.stock <= MAX_STOCK:
        yield "stock", _("Stock must be between 0 and {limit}.").having(limit=MAX_STOCK)
    yield from _wrong_measures(variant)
    if len(variant.sku) > MAX_SKU:
        yield "sku", _too_long(variant.sku)
    known = {option.name: option.values for option in options}
    if set(variant.option_values) != set(known):
        wanted = ", ".join(known) or "–"
        yield "optionValues", _("A variant names one value for each option: {options}.").having(options=wanted)
    else:
        for name, value in variant.option_values.items():
            if value not in known[name]:
                yield "optionValues", _("“{value}” is no value of “{option}”.").having(value=value[:60], option=name)


def _wrong_measures(variant: VariantDraft) -> Iterable[tuple[str, Message]]:
    """Yield what is wrong with a variant's cost, weight and sizes."""
    if variant.cost_minor is not None and not 0 <= variant.cost_minor <= MAX_MINOR:
        yield "cost", _("The cost must be between 0 and {limit}.").having(limit=MAX_MINOR)
    if variant.weight_grams is not None and not 0 <= variant.weight_grams <= MAX_STOCK:
        yield "weightGrams", _("A weight cannot be below zero.")
    for name, side in (("length", variant.length_mm), ("width", variant.width_mm), ("height", variant.height_mm)):
        if side is not None and not 0 <= side <= MAX_MM:
            yield f"{name}Mm", _("A size cannot be below zero or above {limit} mm.").having(limit=MAX_MM)


def _too_long(sku: str) -> Message:
    return _("“{value}” is too long for a SKU: use at most {limit} characters.").having(value=sku[:60], limit=MAX_SKU)


def _tidy_list(named: NamedList) -> NamedList:
    return NamedList(name=line_of(named.name), values=tuple(v for value in named.values if (v := line_of(value))))
