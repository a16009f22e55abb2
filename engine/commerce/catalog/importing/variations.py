"""A variable product's variations, made into options to choose from and variants to buy."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.commerce.catalog.importing.attributes import AttributeColumns, attributes_of
from engine.commerce.catalog.importing.cells import Cells, one_line
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.imported import ImportedVariant, NamedValues
from engine.core.i18n import Message, _
from engine.core.tabular.problems import Severity

MAX_VARIANTS = 500
SHARED_STOCK = "parent"
Attributes = tuple[AttributeColumns, ...]


@dataclass(slots=True)
class Family:
    """What a variable product's rows come to."""

    options: tuple[NamedValues, ...] = ()
    details: tuple[NamedValues, ...] = ()
    variants: tuple[ImportedVariant, ...] = ()


@dataclass(slots=True)
class _Child:
    cells: Cells
    chosen: dict[str, str]  # the option's name in lower case -> value
    left_open: set[str]
    names: dict[str, str] = field(default_factory=dict)


def family_of(parent: Cells, rows: Sequence[Cells], figures: Figures, attributes: Attributes) -> Family:
    """Return options, details and variants; problems are left on the rows they belong to.

    rows: the variations in the order in which shoppers see them, without those whose number (SKU) is taken.
    """
    offered = {named.name.lower(): (place, named, shown) for place, named, shown in attributes_of(parent, attributes)}
    children = [
        _child(cells, attributes, {key: named for key, (_place, named, _shown) in offered.items()}) for cells in rows
    ]
    used = _used_names(children, offered)
    variants = tuple(_variants(parent, children, used, figures))
    options = tuple(
        NamedValues(name, _in_order(offered[key][1].values if key in offered else (), variants, name))
        for key, name in used.items()
    )
    unfixed = {key for child in children for key in child.left_open if key not in used}
    for key in sorted(unfixed & offered.keys()):
        place, named, _shown = offered[key]
        message = _("No variation says which {name} it is, so shoppers are not asked; it is shown as a detail.")
        parent.report_at(place, message.having(name=named.name), Severity.WARNING, ", ".join(named.values))
    return Family(
        options=options if variants else (),
        details=details_of(parent, attributes, frozenset(used) if variants else frozenset(), always=frozenset(unfixed)),
        variants=variants,
    )


def details_of(
    cells: Cells,
    attributes: Attributes,
    without: frozenset[str] = frozenset(),
    always: frozenset[str] = frozenset(),
) -> tuple[NamedValues, ...]:
    """Return the attributes shown to shoppers, without those to choose by. always: shown even if marked hidden."""
    found: dict[str, NamedValues] = {}
    for place, named, shown in attributes_of(cells, attributes):
        key = named.name.lower()
        if key in without or not named.values:
            continue
        if not shown and key not in always:
            message = _("“{name}” is hidden in the other shop and was not taken.").having(name=named.name)
            cells.report_at(place, message, Severity.WARNING, ", ".join(named.values))
        else:
            found.setdefault(key, named)
    return tuple(found.values())


def _child(cells: Cells, attributes: Attributes, offered: dict[str, NamedValues]) -> _Child:
    child = _Child(cells, {}, set())
    for place, named, _shown in attributes_of(cells, attributes):
        key = named.name.lower()
        whole = one_line(cells.at(place))
        among = offered[key].values if key in offered else ()
        same = next((value for value in among if value.lower() == whole.lower()), None)
        value = same or (named.values[0] if named.values else "")
        known = next((candidate for candidate in among if candidate.lower() == value.lower()), value)
        if known:
            child.chosen.setdefault(key, known)
            child.names.setdefault(key, named.name)
        else:
            child.left_open.add(key)
    return child


def _used_names(children: Sequence[_Child], offered: dict[str, tuple[int, NamedValues, bool]]) -> dict[str, str]:
    """Return the options that some variation fixes, in the parent's order and by the parent's names."""
    fixed = {key: name for child in children for key, name in child.names.items()}
    ordered = [key for key in offered if key in fixed] + [key for key in fixed if key not in offered]
    return {key: offered[key][1].name if key in offered else fixed[key] for key in ordered}


def _variants(
    parent: Cells, children: Sequence[_Child], used: dict[str, str], figures: Figures
) -> list[ImportedVariant]:
    variants: list[ImportedVariant] = []
    taken: dict[tuple[str, ...], int] = {}
    shared = figures.stock(parent) if any(_shares_stock(child.cells) for child in children) else None
    for child in children:
        cells = child.cells
        choice = tuple(child.chosen.get(key, "").lower() for key in used)
        refusal = _refusal(child, used, choice, taken)
        price = None if refusal else figures.pricing(cells)
        if price and price.price_minor is None:
            refusal = _("The variation has no price that could be read, so it was not taken.")
        if not refusal and len(variants) == MAX_VARIANTS:
            refusal = _("Agora takes up to {limit} variants of a product.").having(limit=MAX_VARIANTS)
        if refusal or price is None or price.price_minor is None:
            cells.report("type", refusal or Message(""), Severity.ERROR)
            continue
        taken[choice] = cells.row
        images = cells.images()
        _report_what_has_no_place(cells, images)
        own_weight = figures.weight_grams(cells)
        variants.append(
            ImportedVariant(
                row=cells.row,
                source_id=cells.text("id"),
                sku=cells.line("sku"),
                gtin=cells.gtin(),
                options=tuple((name, child.chosen[key]) for key, name in used.items()),
                price_minor=price.price_minor,
                compare_at_minor=price.compare_at_minor,
                stock=_stock(cells, shared, len(children), figures),
                weight_grams=figures.weight_grams(parent) if own_weight is None else own_weight,
                measures=tuple({**dict(figures.measures(parent)), **dict(figures.measures(cells))}.items()),
                image=images[0] if images else "",
            )
        )
    return variants


def _refusal(
    child: _Child, used: dict[str, str], choice: tuple[str, ...], taken: dict[tuple[str, ...], int]
) -> Message | None:
    if child.cells.text("status") == "0":
        return _("The variation is switched off in the other shop and was not taken.")
    missing = [name for key, name in used.items() if key not in child.chosen]
    if missing:
        message = _("The variation leaves {option} open while others fix it. Give it one value, or a row for each.")
        return message.having(option=", ".join(missing))
    if choice in taken:
        return _("Row {row} is the same choice already; this one was not taken.").having(row=taken[choice])
    return None


def _shares_stock(cells: Cells) -> bool:
    return cells.text("stock").lower() == SHARED_STOCK


def _stock(cells: Cells, shared: int | None, siblings: int, figures: Figures) -> int | None:
    if not _shares_stock(cells):
        return figures.stock(cells)
    if shared is None or siblings == 1:
        return shared
    message = _("The variations share a stock of {stock}; Agora counts each by itself. This one was taken as 0.")
    cells.report("stock", message.having(stock=shared))
    return 0


def _report_what_has_no_place(cells: Cells, images: Sequence[str]) -> None:
    for name in ("description", "summary"):
        if cells.text(name):
            cells.report(name, _("Variants have no text of their own here; this was not taken."))
    if len(images) > 1:
        cells.report("images", _("A variant has one picture; the first was taken."))


def _in_order(offered: Sequence[str], variants: Sequence[ImportedVariant], name: str) -> tuple[str, ...]:
    """Return the values that can be bought: in the parent's order, then as they came."""
    bought = dict.fromkeys(value for variant in variants for option, value in variant.options if option == name)
    return tuple([value for value in offered if value in bought] + [value for value in bought if value not in offered])
