"""What a form's fields are: the shape in which `forms.fields` holds them, checked as a whole.

Each is an object with a stable `id`, a `type` and what its type knows; a list of them in order is a form. What an older
entry answered is read by the entry's own copy, so that a field can change or leave at any time.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import SchemaError

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import MAX_MINOR, Money, is_currency, parse_minor
from engine.core.plaintext import is_blank, line_of
from engine.core.validation import fields_of
from engine.media.models import MediaKind

MOST_FIELDS = 200
MOST_OPTIONS = 200
MOST_CONDITIONS = 10
MOST_PRICES = 30
LONGEST_TEXT = 10_000
LONGEST_LINE = 500
MEGABYTE = 1024 * 1024
_id = re.compile(r"^[a-z][a-z0-9_-]{0,39}$")


class FieldType(StrEnum):
    """What is asked."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    CHECKBOX = "checkbox"
    FILE = "file"
    ADDRESS = "address"
    RATING = "rating"
    CONSENT = "consent"
    HIDDEN = "hidden"
    PAYMENT = "payment"
    SECTION = "section"
    STEP = "step"


#: They order a form and ask for nothing.
LAYOUT = frozenset({FieldType.SECTION, FieldType.STEP})
TRUTHS = frozenset({FieldType.CHECKBOX, FieldType.CONSENT})
TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})


class Comparison(StrEnum):
    """How a condition looks at an answer."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    GREATER = "greater"
    LESS = "less"
    FILLED = "filled"
    EMPTY = "empty"


_EXACT = (Comparison.IS, Comparison.IS_NOT)


class Shape(BaseModel):
    """Base of all of them: camelCase, unknown members refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )


class Condition(Shape):
    """One look at the answer of an earlier field. value: as it would be typed; not used by filled and empty."""

    field: Annotated[str, Field(min_length=1, max_length=40)]
    is_: Annotated[Comparison, Field(alias="is")] = Comparison.IS
    value: Annotated[str, Field(max_length=LONGEST_LINE)] = ""


class Rule(Shape):
    """When something is shown: where all, or any, of its conditions hold."""

    match: Literal["all", "any"] = "all"
    conditions: Annotated[list[Condition], Field(max_length=MOST_CONDITIONS)] = []


class Price(Shape):
    """An amount that can be paid, and what for. A visitor names it by both: what changed meanwhile is not charged."""

    label: Annotated[str, Field(max_length=200)] = ""
    amount_minor: Annotated[int, Field(ge=1, le=MAX_MINOR)]

    def named(self, currency: str) -> str:
        """Return by what a visitor chooses it: `25.00 Family`."""
        return f"{Money(self.amount_minor, currency).decimal:f} {line_of(self.label)}".strip()


class FormField(Shape):
    """One field. What its type does not know is left as it is.

    label: the question; of a consent what one agrees to. default: what stands in it at first; of several choices one a
    line. look: of one choice "radio" or "select". minimum, maximum: of numbers; maximum is also how many stars a rating
    has. earliest, latest: of dates. min_length, max_length: of texts, in characters. pattern: a regular expression that
    the whole text fits (without look-around and back-references, so that none takes long). takes: kinds of files; none
    is all of them. show: when it is shown; a section's and a step's hold for all that follows in it.
    pays: one price, one of several, or what a visitor thinks right, between least_minor and most_minor. currency: of
    all of its amounts. taxed: whether the site's tax is inside them.
    """

    id: Annotated[str, Field(max_length=40)]
    type: FieldType
    label: Annotated[str, Field(max_length=LONGEST_LINE)] = ""
    help: Annotated[str, Field(max_length=2_000)] = ""
    required: bool = False
    width: Literal["full", "half"] = "full"
    placeholder: Annotated[str, Field(max_length=200)] = ""
    default: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    options: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=MOST_OPTIONS)] = []
    look: Literal["radio", "select"] = "radio"
    min_length: Annotated[int | None, Field(ge=0, le=LONGEST_TEXT)] = None
    max_length: Annotated[int | None, Field(ge=1, le=LONGEST_TEXT)] = None
    minimum: Annotated[Decimal | None, Field(max_digits=18, decimal_places=6)] = None
    maximum: Annotated[Decimal | None, Field(max_digits=18, decimal_places=6)] = None
    earliest: date | None = None
    latest: date | None = None
    pattern: Annotated[str, Field(max_length=300)] = ""
    pattern_message: Annotated[str, Field(max_length=300)] = ""
    takes: Annotated[list[MediaKind], Field(max_length=10)] = []
    max_megabytes: Annotated[int, Field(ge=1, le=25)] = 10
    max_files: Annotated[int, Field(ge=1, le=10)] = 1
    pays: Literal["fixed", "choice", "own"] = "fixed"
    prices: Annotated[list[Price], Field(max_length=MOST_PRICES)] = []
    least_minor: Annotated[int | None, Field(ge=1, le=MAX_MINOR)] = None
    most_minor: Annotated[int | None, Field(ge=1, le=MAX_MINOR)] = None
    currency: Annotated[str, Field(max_length=3)] = ""
    taxed: bool = False
    show: Rule | None = None

    @property
    def asks(self) -> bool:
        """Whether it can be answered."""
        return self.type not in LAYOUT

    @property
    def decides(self) -> bool:
        """Whether the answer can decide what else is shown."""
        return self.asks and self.type is not FieldType.PAYMENT

    @property
    def stars(self) -> int:
        """How many stars a rating has."""
        return int(self.maximum) if self.maximum is not None else 5


_MANY = TypeAdapter(Annotated[list[FormField], Field(max_length=MOST_FIELDS)])


def read(stored: Sequence[Mapping[str, Any]]) -> list[FormField]:
    """Return the fields of a form, or of an entry's own copy, as they are kept."""
    return [FormField.model_validate(one) for one in stored]


def kept(fields: Sequence[FormField]) -> list[dict[str, Any]]:
    """Return fields as they are kept: without what is as it would be anyway."""
    return [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in fields]


def checked(sent: Any) -> list[dict[str, Any]]:
    """Return fields as they are kept, from what somebody sent.

    Raises Invalid naming what is wrong as `fields.{place}.{name}`.
    """
    try:
        found = _MANY.validate_python(sent)
    except ValidationError as error:
        wrong = {f"fields.{name}" if name != "body" else "fields": text for name, text in fields_of(error).items()}
        raise Invalid(_("The form cannot be saved like this."), wrong) from error
    wrong = dict(_complaints(found))
    if wrong:
        raise Invalid(_("The form cannot be saved like this."), wrong)
    return kept(found)


def _complaints(fields: Sequence[FormField]) -> list[tuple[str, Message]]:
    wrong: list[tuple[str, Message]] = []
    before: dict[str, FormField] = {}
    everyone = {one.id: one for one in fields}
    for place, one in enumerate(fields):
        at = f"fields.{place}."
        if not _id.match(one.id):
            text = _("“{id}” is no id. Use up to 40 small letters, digits, - and _, a letter first.")
            wrong.append((f"{at}id", text.having(id=one.id[:40])))
        elif one.id in before:
            wrong.append((f"{at}id", _("Two fields have the id “{id}”. Give one another.").having(id=one.id)))
        wrong += [(at + name, text) for name, text in _own_complaints(one)]
        wrong += [(f"{at}show", text) for text in _rule_complaints(one, before, everyone)]
        if one.type is FieldType.PAYMENT:
            wrong += [(at + name, text) for name, text in _payment_complaints(one, fields)]
        before[one.id] = one
    return wrong


def _own_complaints(one: FormField) -> list[tuple[str, Message]]:
    wrong: list[tuple[str, Message]] = []
    if is_blank(one.label) and one.type is not FieldType.STEP:
        wrong.append(("label", _("Say what is asked: a field needs a label.")))
    if one.type in (FieldType.CHOICE, FieldType.CHOICES):
        if len(one.options) < 1:
            wrong.append(("options", _("Write at least one choice.")))
        if len(set(one.options)) != len(one.options):
            wrong.append(("options", _("Two choices are the same. Give one other words.")))
        if unknown := [word for word in one.default.split("\n") if word and word not in one.options]:
            wrong.append(("default", _("“{value}” is not one of the choices.").having(value=unknown[0][:60])))
    for low, high, name in (
        (one.min_length, one.max_length, "maxLength"),
        (one.minimum, one.maximum, "maximum"),
        (one.earliest, one.latest, "latest"),
    ):
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            wrong.append((name, _("The most is less than the least. Change one of them.")))
    if one.type is FieldType.RATING and not 2 <= one.stars <= 10:
        wrong.append(("maximum", _("A rating has 2 to 10 stars.")))
    if one.pattern and pattern_of(one.pattern) is None:
        text = _("“{value}” is no pattern that can be used: look-around and back-references are not known.")
        wrong.append(("pattern", text.having(value=one.pattern[:60])))
    return wrong


def _payment_complaints(one: FormField, fields: Sequence[FormField]) -> list[tuple[str, Message]]:
    wrong: list[tuple[str, Message]] = []
    if not is_currency(one.currency):
        wrong.append(("currency", _("Say in which currency it is paid, by a code like EUR.")))
        return wrong
    names = [price.named(one.currency) for price in one.prices]
    if one.pays == "fixed" and len(names) != 1:
        wrong.append(("prices", _("Write the one amount that is paid.")))
    if one.pays == "choice" and len(names) < 2:
        wrong.append(("prices", _("Write at least two amounts to choose from.")))
    if len(set(names)) != len(names):
        wrong.append(("prices", _("Two amounts are the same. Give one other words.")))
    if one.least_minor and one.most_minor and one.least_minor > one.most_minor:
        wrong.append(("mostMinor", _("The most is less than the least. Change one of them.")))
    if one.pays == "own" and one.default:
        try:
            parse_minor(one.default, one.currency, "default")
        except Invalid as error:
            wrong.append(("default", Message("{text}", {"text": error.message})))
    if next(other for other in fields if other.type is FieldType.PAYMENT) is not one:
        wrong.append(("pays", _("A form asks for money once. Take the other payment out, or offer a choice.")))
    if not any(other.type is FieldType.EMAIL and other.required for other in fields):
        wrong.append(("pays", _("Ask for an e-mail address that is needed: the receipt goes there.")))
    return wrong


def _rule_complaints(
    one: FormField, before: Mapping[str, FormField], everyone: Mapping[str, FormField]
) -> list[Message]:
    wrong: list[Message] = []
    for condition in one.show.conditions if one.show else ():
        source = before.get(condition.field)
        if source is not None and not source.decides:
            source = None
        if source is None:
            named = everyone.get(condition.field)
            if named is not None and named.decides and named.id != one.id:
                text = _("It is shown by the answer to “{label}”, which comes later. Move one of them.")
                wrong.append(text.having(label=named.label[:60]))
            else:
                text = _("It is shown by the answer to a field that is not there (“{id}”). Choose another.")
                wrong.append(text.having(id=condition.field[:40]))
        elif source.options and condition.is_ in _EXACT and condition.value not in source.options:
            text = _("“{value}” is not a choice of “{label}”. Choose another.")
            wrong.append(text.having(value=condition.value[:60], label=source.label[:60]))
    return wrong


@lru_cache(maxsize=512)
def pattern_of(pattern: str) -> TypeAdapter[str] | None:
    """Return what holds texts to a pattern in linear time (Rust's regex), or None for what is no such pattern."""
    try:
        return TypeAdapter(Annotated[str, Field(pattern=f"^(?:{pattern})$")])
    except (SchemaError, ValueError):
        return None


def fits(text: str, pattern: str) -> bool:
    """Return whether the whole text fits a pattern; one that is none fits everything."""
    found = pattern_of(pattern)
    if found is None:
        return True
    try:
        found.validate_python(text)
    except ValidationError:
        return False
    return True
