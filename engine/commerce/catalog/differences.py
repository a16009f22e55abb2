"""What changed about a product, in words that the audit log keeps and its history shows."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import title_of


def between(before: ProductDraft, after: ProductDraft) -> Mapping[str, list[Any]]:
    """Return `{field: [before, after]}` of what differs; a variant's fields follow its choices: `Red / M stock`."""
    found: dict[str, list[Any]] = {}
    for field in fields(ProductDraft):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name != "variants" and old != new:
            found[field.name] = [_said(old), _said(new)]
    return found | _of_variants(before.variants, after.variants)


def _of_variants(before: Sequence[VariantDraft], after: Sequence[VariantDraft]) -> dict[str, list[Any]]:
    known = {variant.id: variant for variant in before}
    found: dict[str, list[Any]] = {}
    if [variant.id for variant in before] != [variant.id for variant in after]:
        found["variants"] = ["; ".join(title_of(dict(one.option_values)) for one in some) for some in (before, after)]
    for variant in after:
        old = known.get(variant.id)
        for field in fields(VariantDraft) if old is not None else ():
            pair = [_said(getattr(one, field.name)) for one in (old, variant)]
            if pair[0] != pair[1]:
                found[f"{title_of(dict(variant.option_values))} {field.name}".strip()] = pair
    return found


def _said(value: Any) -> Any:
    match value:
        case Mapping():
            return title_of(dict(value))
        case NamedList():
            return f"{value.name}: {', '.join(value.values)}"
        case ImageDraft():
            return value.alt or value.source or "·"
        case list() | tuple():
            return "; ".join(str(_said(one)) for one in value)
        case _:
            return value
