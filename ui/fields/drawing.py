"""Widgets as templates reach them: `widget.form(view, value, errors)`, `widget.show(value, view)`, `widget.cell`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from jinja2 import Environment
from markupsafe import Markup

from engine.core import addresses
from engine.core.html import clean_html, text_of
from engine.core.i18n import Message
from ui.colour import contrast, from_hex
from ui.fields import FieldView, moments, numbers, picks, structures
from ui.fields.paragraphs import as_html
from ui.fields.parsing import errors_of, shown
from ui.formats import Formats

BLANK = "#ffffff"
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Change:
    """One field's value before and after, as text."""

    field: str
    before: str
    after: str


def _said(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


class Widgets:
    """The trios of one language: draws a field by its widget, and what their templates need to know about values."""

    day_of = staticmethod(moments.day_of)
    moment_of = staticmethod(moments.moment_of)
    offsets_at = staticmethod(moments.offsets_at)
    local_of = staticmethod(moments.local_of)
    offset_of = staticmethod(moments.offset_of)
    money_of = staticmethod(numbers.money_of)
    money_example = staticmethod(numbers.money_example)

    def __init__(self, environment: Environment, locale: str) -> None:
        self._environment = environment
        self._locale = locale

    def cell(self, value: Any, view: FieldView) -> Markup:
        """Return the value as a list shows it."""
        return self._macro(view, "cell")(value, view)

    def show(self, value: Any, view: FieldView) -> Markup:
        """Return the value as a page shows it."""
        return self._macro(view, "show")(value, view)

    def form(
        self, view: FieldView, value: Any, errors: Mapping[str, Message | str] | None = None, *, prefix: str = "",
        disabled: bool = False, label_hidden: bool = False,
    ) -> Markup:  # fmt: skip
        """Return the field of a form. value: what `shown` or `typed` gave; errors: of the whole form, by wire name."""
        name = prefix + view.name
        wrong = errors_of(errors or {}, name)
        own = wrong if view.widget in ("rows", "address") else wrong.get("") or next(iter(wrong.values()), None)
        return self._macro(view, "form")(
            name, view.label, value, view, error=own or None, help=view.help or None, required=view.required,
            disabled=disabled, label_hidden=label_hidden,
        )  # fmt: skip

    def _macro(self, view: FieldView, part: str) -> Any:
        return getattr(self._environment.get_template(f"fields/{view.widget}/{part}.html").module, part)

    def shown(self, view: FieldView, value: Any) -> Any:
        return shown(view, value, self._locale)

    def inside(self, errors: Mapping[str, Message | str], path: str) -> dict[str, Message | str]:
        """Return what is wrong with the parts of a field, by their whole wire names."""
        return {f"{path}.{name}": words for name, words in errors.items() if name}

    def blank(self, view: FieldView) -> dict[str, Any]:
        """Return the texts of an empty row."""
        return {"id": "", **{one.name: self.shown(one, None) for one in view.rows}}

    def row_cells(self, value: Sequence[Mapping[str, Any]], view: FieldView) -> list[list[Markup]]:
        return [[self.show(row.get(column.name), column) for column in view.rows] for row in value]

    def changes_in(self, details: Mapping[str, Any] | None) -> list[Change]:
        """Return what an audit line says was different before, in words."""
        changes = (details or {}).get("changes") or {}
        return [Change(name.replace("_", " "), _said(pair[0]), _said(pair[-1])) for name, pair in changes.items()]

    def told_in(self, details: Mapping[str, Any] | None) -> list[tuple[str, str]]:
        """Return what an audit line tells besides the differences."""
        return [(name.replace("_", " "), _said(value)) for name, value in (details or {}).items() if name != "changes"]

    def decimal_of(self, value: Any) -> Decimal:
        return Decimal(str(value))

    def in_zone(self, moment: Any, timezone: str) -> str:
        """Return a moment in words, with the name of the zone."""
        formats = Formats.of(self._locale, timezone)
        return f"{formats.moment(moment)} ({timezone.replace('_', ' ')})"

    def currencies(self) -> list[tuple[str, str]]:
        return [(code, code) for code in sorted(list_currencies(self._locale.replace("-", "_"))) if len(code) == 3]

    def is_grouped(self, options: Sequence[Any]) -> bool:
        return any(isinstance(option, Mapping) for option in options)

    def choices(self, options: Sequence[Any], value: Any) -> Sequence[Any]:
        """Return the options, and the value that stands there now although none of them is it."""
        known = {str(one) for one, *_rest in picks.flat(options)}
        kept = "" if value is None else str(value)
        return options if kept in known or not kept else [*options, (kept, kept)]

    def needs_blank(self, options: Sequence[Any], value: Any, required: bool) -> bool:
        return "" not in {str(one) for one, *_rest in picks.flat(options)} and not (
            required and value not in (None, "")
        )

    def labels(self, value: Any, view: FieldView) -> list[Any]:
        """Return the words of the chosen options."""
        words = {str(one): label for one, label, *_rest in picks.flat(view.options)}
        return [words.get(str(one), str(one)) for one in picks.listed(value)]

    def titles(self, value: Any, view: FieldView | None = None) -> list[str]:
        """Return the titles of records, or tags."""
        view = view or FieldView("", "", "relation")
        return [one["title"] for one in picks.shown_relation(view, value, self._locale)]

    def colour_of(self, value: Any) -> str:
        """Return a colour as browsers take it; white for what is none."""
        try:
            from_hex(str(value))
        except ValueError:
            return BLANK
        return str(value)

    def contrast_with(self, value: Any, other: str) -> float:
        return contrast(from_hex(self.colour_of(value)), from_hex(other))

    def excerpt(self, value: str, limit: int) -> str:
        return text_of(value, limit)

    def safe_html(self, value: str) -> Markup:
        return Markup(clean_html(value))  # noqa: S704 - made safe in the same breath

    def typed_html(self, value: str) -> Markup:
        """Return what stands in a field of rich text as the editor will show it."""
        return self.safe_html(as_html(value))

    def countries(self) -> tuple[tuple[str, str], ...]:
        return addresses.countries(self._locale)

    def address_form(self, country: str) -> Any:
        """Return how a country's addresses are written; None for what is no country."""
        known = {code for code, _name in addresses.countries("en")}
        return addresses.form_of(country) if country in known else None

    def address_lines(self, value: Any, locale: str) -> list[str]:
        found = structures.address_of(value)
        known = found is not None and self.address_form(found.country) is not None
        if found is None or not known:
            return [str(part) for part in (value or {}).values() if part] if isinstance(value, Mapping) else []
        return addresses.lines_of(found, locale)
