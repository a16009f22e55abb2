"""What the editor says of fields: their kinds, what each can be set to, and how conditions look at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.content.forms.models import EntryPayment, EntryStatus
from engine.content.forms.shapes import Comparison, FieldType
from engine.content.forms.uploads import KIND_WORDS
from engine.core.i18n import Message, _, format_message


@dataclass(frozen=True, slots=True)
class TypeWords:
    """A kind of field. first: what a new one is set to, by wire name; a Message is translated then."""

    label: Message
    icon: str
    first: Mapping[str, str] = field(default_factory=dict)


TYPES: Mapping[FieldType, TypeWords] = {
    FieldType.TEXT: TypeWords(_("Text"), "type"),
    FieldType.LONG_TEXT: TypeWords(_("Long text"), "align-left"),
    FieldType.EMAIL: TypeWords(_("E-mail"), "at-sign"),
    FieldType.PHONE: TypeWords(_("Phone"), "phone"),
    FieldType.NUMBER: TypeWords(_("Number"), "hash"),
    FieldType.DATE: TypeWords(_("Date"), "calendar"),
    FieldType.CHOICE: TypeWords(_("One choice"), "circle-dot"),
    FieldType.CHOICES: TypeWords(_("Several choices"), "list-checks"),
    FieldType.CHECKBOX: TypeWords(_("Yes or no"), "square-check"),
    FieldType.RATING: TypeWords(_("Stars"), "star"),
    FieldType.FILE: TypeWords(_("File"), "paperclip"),
    FieldType.ADDRESS: TypeWords(_("Address"), "map-pin"),
    FieldType.CONSENT: TypeWords(_("Consent"), "shield", {"required": "true"}),
    FieldType.HIDDEN: TypeWords(_("Hidden"), "eye-off"),
    FieldType.PAYMENT: TypeWords(_("Payment"), "credit-card", {"required": "true", "prices": "10"}),
    FieldType.SECTION: TypeWords(_("Heading"), "heading"),
    FieldType.STEP: TypeWords(_("New step"), "milestone"),
}
#: A new field's first words, so that it can be saved at once.
FIRST_LABELS: Mapping[FieldType, Message] = {
    FieldType.EMAIL: _("E-mail"),
    FieldType.PHONE: _("Phone"),
    FieldType.DATE: _("Which day?"),
    FieldType.NUMBER: _("How many?"),
    FieldType.CHOICE: _("Which one?"),
    FieldType.CHOICES: _("Which ones?"),
    FieldType.RATING: _("How was it?"),
    FieldType.FILE: _("File"),
    FieldType.ADDRESS: _("Address"),
    FieldType.CONSENT: _("I agree that what I write is kept to answer me."),
    FieldType.CHECKBOX: _("Yes, please"),
    FieldType.SECTION: _("Heading"),
    FieldType.STEP: _("Step"),
    FieldType.HIDDEN: _("Where from"),
    FieldType.PAYMENT: _("What you pay"),
}
_ANY = _("Question")
FIRST_OPTIONS = (_("First choice"), _("Second choice"))

_BASE = ("label", "help", "required", "width")
SETTINGS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: (*_BASE, "placeholder", "default", "minLength", "maxLength", "pattern", "patternMessage"),
    FieldType.LONG_TEXT: (*_BASE, "placeholder", "default", "minLength", "maxLength"),
    FieldType.EMAIL: (*_BASE, "placeholder", "default"),
    FieldType.PHONE: (*_BASE, "placeholder", "default"),
    FieldType.NUMBER: (*_BASE, "placeholder", "default", "minimum", "maximum"),
    FieldType.DATE: (*_BASE, "default", "earliest", "latest"),
    FieldType.CHOICE: (*_BASE, "options", "look", "default"),
    FieldType.CHOICES: (*_BASE, "options", "default", "minLength", "maxLength"),
    FieldType.CHECKBOX: _BASE,
    FieldType.RATING: (*_BASE, "maximum"),
    FieldType.FILE: (*_BASE, "takes", "maxMegabytes", "maxFiles"),
    FieldType.ADDRESS: ("label", "help", "required"),
    FieldType.CONSENT: ("label", "help", "required"),
    FieldType.HIDDEN: ("label", "default"),
    FieldType.PAYMENT: ("label", "help", "required", "pays", "prices", "leastMinor", "mostMinor", "default", "taxed"),
    FieldType.SECTION: ("label", "help"),
    FieldType.STEP: ("label", "help"),
}
COMPARISONS: tuple[tuple[str, Message], ...] = (
    (Comparison.IS.value, _("is")),
    (Comparison.IS_NOT.value, _("is not")),
    (Comparison.CONTAINS.value, _("contains")),
    (Comparison.CONTAINS_NOT.value, _("does not contain")),
    (Comparison.GREATER.value, _("is more than")),
    (Comparison.LESS.value, _("is less than")),
    (Comparison.FILLED.value, _("is filled in")),
    (Comparison.EMPTY.value, _("is empty")),
)
KINDS: tuple[tuple[str, Message], ...] = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
STATUS: Mapping[EntryStatus, tuple[Message, str]] = {
    EntryStatus.NEW: (_("New"), "info"),
    EntryStatus.READ: (_("Read"), "neutral"),
    EntryStatus.DONE: (_("Done"), "success"),
    EntryStatus.SPAM: (_("Spam"), "warning"),
}


PAYS: tuple[tuple[str, Message], ...] = (
    ("fixed", _("One amount")),
    ("choice", _("One of several amounts")),
    ("own", _("What the visitor thinks right")),
)
PAYMENT: Mapping[EntryPayment, tuple[Message, str]] = {
    EntryPayment.AWAITED: (_("Awaiting payment"), "warning"),
    EntryPayment.PAID: (_("Paid"), "success"),
    EntryPayment.CANCELLED: (_("Not paid"), "neutral"),
    EntryPayment.REFUND_DUE: (_("Refund due"), "warning"),
    EntryPayment.REFUNDED: (_("Refunded"), "neutral"),
}


def first_label(kind: FieldType, locale: str) -> str:
    """Return what a new field is called."""
    return format_message(FIRST_LABELS.get(kind, _ANY), locale)


def first_options(locale: str) -> str:
    """Return what a new field of choices offers, a line each."""
    return "\n".join(format_message(one, locale) for one in FIRST_OPTIONS)
