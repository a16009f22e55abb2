"""A form as its macro draws it: one step of it, with what was typed, what is wrong, and what earlier steps hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.content.forms.answers import check, plain_number
from engine.content.forms.logic import Step, holds_rule, shown, steps_of
from engine.content.forms.queries import FormView
from engine.content.forms.shapes import FieldType, FormField, Rule
from engine.content.forms.suspicion import TRAP
from engine.core.addresses import AddressForm, countries, form_of
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.plaintext import line_of
from ui.storefront.postal import PARTS
from ui.storefront.ways import WAYS

Text = Message | str
#: What browsers offer for each kind of file; what comes is told by its content.
ACCEPTS: Mapping[str, str] = {
    "image": "image/*",
    "drawing": ".svg",
    "document": ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.epub",
    "video": "video/*",
    "audio": "audio/*",
    "archive": ".zip",
}
_AUTOCOMPLETE: Mapping[FieldType, str] = {FieldType.EMAIL: "email", FieldType.PHONE: "tel"}
LONGEST_LABEL = 60
#: Nobody is made to agree by an address, and files and addresses are no single text.
_NOT_FILLED_IN = (FieldType.FILE, FieldType.ADDRESS, FieldType.CONSENT)
_NAMES = ("name", "your name", "full name")


@dataclass(frozen=True)
class Reader:
    """Who fills a form in: their language, and the country that they probably are in."""

    locale: str = "en"
    country: str = "US"


@dataclass(frozen=True)
class FileKept:
    """A file that was chosen before: its token, and its name and size."""

    token: str
    name: str
    size: int


@dataclass(frozen=True)
class PayingShown:
    """What a payment field asks for. prices: (name, words, text); ways: (way, words, text), where there is a choice.

    bounds: what one's own amount lies between, in words. can_pay: whether any way is open now.
    """

    amount: str
    way: str
    prices: Sequence[tuple[str, str, str]]
    ways: Sequence[tuple[str, Text, Text]]
    bounds: Text
    can_pay: bool


@dataclass(frozen=True)
class FieldShown:
    """One field as it is drawn. rules: JSON of what shows it, for the script; is_shown: whether it applies now.

    value: a text; chosen: of several choices; parts: of an address, by wire name with `name.` before; files: kept ones.
    paying: of a payment.
    """

    field: FormField
    name: str
    value: str
    rules: str
    is_shown: bool
    chosen: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    address: AddressForm | None = None
    files: Sequence[FileKept] = ()
    accept: str = ""
    autocomplete: str | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
    paying: PayingShown | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The choices as components take them."""
        return [(line_of(option), line_of(option)) for option in self.field.options]


@dataclass(frozen=True)
class StepShown:
    """One step. place: its number among all of the form's."""

    place: int
    title: str
    text: str
    fields: Sequence[FieldShown]


@dataclass(frozen=True)
class FormShown:
    """What the macro needs. hidden: (name, value) of what other steps hold; steps: the words of those that apply.

    ticket: none where the page is kept for everybody: it is fetched then. is_preview: nothing can be sent.
    for_file: the slug of the file that sending it opens.
    """

    id: str
    action: str
    name: str
    intro: str
    parts: Sequence[StepShown]
    steps: Sequence[str]
    current: int
    is_last: bool
    hidden: Sequence[tuple[str, str]]
    countries: Sequence[tuple[str, str]]
    submit_label: Text
    has_files: bool
    ticket: str = ""
    trap: str = TRAP
    errors: Mapping[str, Text] = field(default_factory=dict)
    notice: Text = ""
    is_preview: bool = False
    is_open: bool = True
    closed_text: str = ""
    for_file: str = ""

    @property
    def told(self) -> dict[str, Text]:
        """What is wrong, each after the question that it is about: for the summary over the form."""
        labels = {one.name: one.field.label for part in self.parts for one in part.fields}
        found: dict[str, Text] = {}
        for name, text in self.errors.items():
            asked = next(
                (label for field, label in labels.items() if name == field or name.startswith(f"{field}.")), ""
            )
            short = asked if len(asked) <= LONGEST_LABEL else asked[: LONGEST_LABEL - 1] + "…"
            found[name] = _("{label}: {problem}").having(label=short, problem=text) if short else text
        return found


def prefix_of(form: FormView) -> str:
    """Return what the names of a form's inputs begin with: two forms on a page do not mix."""
    return f"{form.slug}."


def first_values(form: FormView, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands in a form at first: its defaults, and what its address names by a field's id."""
    found: dict[str, Any] = {}
    for one in form.fields:
        text = asked.get(one.id, "") or one.default
        if not one.asks or not text or one.type in _NOT_FILLED_IN:
            continue
        found[one.id] = text.split("\n") if one.type is FieldType.CHOICES else text
    return found


def places_shown(form: FormView, values: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the steps that apply with these values."""
    answers = check(form.fields, values).answers
    steps = steps_of(form.fields)
    found = [place for place, step in enumerate(steps) if step.rule is None or holds_rule(step.rule, answers)]
    return found or [0]


def form_shown(
    form: FormView,
    reader: Reader,
    values: Mapping[str, Any],
    *,
    place: int = 0,
    ticket: str = "",
    errors: Mapping[str, Text] | None = None,
    **said: Any,
) -> FormShown:
    """Return one step of a form; of a preview all of them. errors: by field id, `address.city` within one."""
    steps, places = steps_of(form.fields), places_shown(form, values)
    is_preview = bool(said.get("is_preview"))
    place = place if place in places else places[0]
    drawn = [*range(len(steps))] if is_preview else [place]
    applies = {one.id for one in shown(form.fields, check(form.fields, values).answers)}
    prefix = prefix_of(form)
    parts = [
        StepShown(
            place=at,
            title=steps[at].title,
            text=steps[at].text,
            fields=[_field(one, prefix, values, reader, applies, form) for one in _own(steps[at])],
        )
        for at in drawn
    ]
    inside = {one.id for at in drawn for one in steps[at].fields}
    return FormShown(
        id=f"form-{form.slug}",
        action=f"/forms/{form.slug}",
        name=form.name,
        intro=form.intro if place == places[0] else "",
        parts=parts,
        steps=[steps[at].title for at in places] if len(places) > 1 else [],
        current=places.index(place) + 1,
        is_last=place == places[-1],
        hidden=[] if is_preview else _held(form, values, prefix, inside),
        countries=countries(reader.locale),
        submit_label=form.submit_label or _("Send"),
        has_files=any(one.type is FieldType.FILE for one in form.fields),
        ticket=ticket,
        errors={prefix + name: text for name, text in (errors or {}).items() if name.partition(".")[0] in inside},
        is_open=form.is_open or is_preview,
        closed_text=form.closed_text,
        **said,
    )


def _own(step: Step) -> list[FormField]:
    return [one for one in step.fields if one.type is not FieldType.HIDDEN]


def _held(form: FormView, values: Mapping[str, Any], prefix: str, inside: set[str]) -> list[tuple[str, str]]:
    """Return what the drawn step does not show, as hidden inputs: other steps' answers, and hidden fields."""
    found: list[tuple[str, str]] = []
    for one in form.fields:
        value = values.get(one.id)
        if not one.asks or value in (None, "", [], {}) or (one.id in inside and one.type is not FieldType.HIDDEN):
            continue
        found += held(prefix + one.id, value)
    return found


def held(name: str, value: Any) -> list[tuple[str, str]]:
    """Return what was typed in a field as (name, text) of inputs that say the same again."""
    match value:
        case FileKept():
            return [(f"{name}.kept", f"{value.token}:{value.size}:{value.name}")]
        case list():
            return [pair for one in value for pair in held(name, one)]
        case Mapping():
            return [(f"{name}.{part}", str(text)) for part, text in value.items() if text]
        case _:
            return [(name, str(value))]


def _field(
    one: FormField, prefix: str, values: Mapping[str, Any], reader: Reader, applies: set[str], form: FormView
) -> FieldShown:
    value = values.get(one.id)
    name = prefix + one.id
    is_address = one.type is FieldType.ADDRESS
    parts = value if is_address and isinstance(value, Mapping) else {}
    several = value if isinstance(value, list) else []
    rules = _rules(one, form, prefix)
    is_name = one.type is FieldType.TEXT and one.label.strip().casefold() in _NAMES
    return FieldShown(
        field=one,
        name=name,
        value=str(value) if isinstance(value, str | int | bool) else "",
        rules=json.dumps(rules) if rules else "",
        is_shown=one.id in applies,
        chosen=[text for text in several if isinstance(text, str)],
        parts={f"{name}.{part}": str(parts.get(part, "")) for part in PARTS} if is_address else {},
        address=_written_in(str(parts.get("country", "")), reader) if is_address else None,
        files=[file for file in several if isinstance(file, FileKept)],
        accept=",".join(ACCEPTS[kind] for kind in one.takes),
        autocomplete="name" if is_name else _AUTOCOMPLETE.get(one.type),
        limits=_limits(one),
        paying=_paying(one, value, reader.locale, form) if one.type is FieldType.PAYMENT else None,
    )


def _paying(one: FormField, value: Any, locale: str, form: FormView) -> PayingShown:
    said = value if isinstance(value, Mapping) else {"amount": value or ""}
    ways = [(way, *WAYS[way]) for way in form.ways]

    def written(minor: int) -> str:
        return Money(minor, one.currency).format(locale)

    least, most = one.least_minor, one.most_minor
    bounds: Text = ""
    if least is not None and most is not None:
        bounds = _("From {least} to {most}.").having(least=written(least), most=written(most))
    elif least is not None:
        bounds = _("From {least}.").having(least=written(least))
    elif most is not None:
        bounds = _("Up to {most}.").having(most=written(most))
    prices = [(price.named(one.currency), price.label, written(price.amount_minor)) for price in one.prices]
    return PayingShown(
        amount=str(said.get("amount", "")),
        way=str(said.get("way", "")),
        prices=[(name, words or text, text if words else "") for name, words, text in prices],
        ways=ways if len(ways) > 1 else [],
        bounds=bounds,
        can_pay=bool(ways),
    )


def _written_in(country: str, reader: Reader) -> AddressForm:
    for one in (country.upper(), reader.country):
        try:
            return form_of(one)
        except Invalid:
            continue
    return form_of("US")


def embedded(form: FormView, locale: str) -> FormShown:
    """Return a form at its beginning for a page that is the same for everybody: what proves the moment is fetched."""
    territory = locale.replace("_", "-").rpartition("-")[2].upper()
    return form_shown(form, Reader(locale, territory), first_values(form, {}))


def _limits(one: FormField) -> dict[str, str]:
    """Return what the browser is told of a field's limits, beside what the server holds it to."""
    found: dict[str, str] = {}
    match one.type:
        case FieldType.NUMBER:
            found = {"min": plain_number(one.minimum) if one.minimum is not None else "", "step": "any"}
            found["max"] = plain_number(one.maximum) if one.maximum is not None else ""
        case FieldType.DATE:
            found = {
                "min": one.earliest.isoformat() if one.earliest else "",
                "max": one.latest.isoformat() if one.latest else "",
            }
        case FieldType.TEXT | FieldType.LONG_TEXT:
            found = {"maxlength": str(one.max_length or "")}
    return {name: text for name, text in found.items() if text}


def _rules(one: FormField, form: FormView, prefix: str) -> list[dict[str, Any]]:
    """Return what must hold for a field, its section's rule before its own; a step's is the server's matter."""
    section: Rule | None = None
    for other in form.fields:
        if other.type in (FieldType.STEP, FieldType.SECTION):
            section = other.show if other.type is FieldType.SECTION else None
        if other.id == one.id:
            break
    found = [rule for rule in (section if one.type is not FieldType.SECTION else None, one.show) if rule]
    return [
        {
            "match": rule.match,
            "conditions": [
                {"name": prefix + each.field, "is": each.is_.value, "value": each.value} for each in rule.conditions
            ],
        }
        for rule in found
    ]
