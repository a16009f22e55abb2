"""Choosing a variant on a product's page: pure decisions over the options that the address or form holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.commerce.catalog.shop import Detail
from engine.commerce.catalog.views import VariantView

PREFIX = "option:"


@dataclass(frozen=True)
class Selection:
    """What is chosen so far. variant None: it is not made in this combination."""

    chosen: Mapping[str, str]
    variant: VariantView | None

    @property
    def can_be_bought(self) -> bool:
        return self.variant is not None and self.variant.is_available


def asked_options(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return {option: value} of parameters such as `option:Size=M`."""
    return {name.removeprefix(PREFIX): value for name, value in parameters if name.startswith(PREFIX)}


def select(product: Detail, asked: Mapping[str, str]) -> Selection:
    """Return the choice: what was asked where it exists, and for the rest what can be had, the first of it."""
    values = {option.name: option.values for option in product.options}
    wanted = {name: value for name, value in asked.items() if value in values.get(name, ())}
    fitting = [v for v in product.variants if _fits(v, wanted)]
    first = next((v for v in fitting if v.is_available), next(iter(fitting), None))
    if first is not None:
        chosen = {name: first.option_values.get(name, "") for name in values}
    else:
        chosen = {name: wanted.get(name, next(iter(options), "")) for name, options in values.items()}
    return Selection(chosen, first)


def is_open(product: Detail, selection: Selection, option: str, value: str) -> bool:
    """Return whether this value can be had beside the other choices."""
    others = {name: chosen for name, chosen in selection.chosen.items() if name != option}
    return any(v.is_available and _fits(v, {**others, option: value}) for v in product.variants)


def _fits(variant: VariantView, wanted: Mapping[str, str]) -> bool:
    return all(variant.option_values.get(name) == value for name, value in wanted.items())
