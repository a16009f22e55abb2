"""A form of every kind of question, for the style guide: as visitors see it, and as cards of its editor."""

from datetime import UTC, datetime
from uuid import UUID

from engine.content.forms.answers import check
from engine.content.forms.models import AfterSending
from engine.content.forms.queries import FormView
from engine.content.forms.shapes import FieldType, FormField, checked, read
from ui.admin.forms.cards import cards_of
from ui.admin.forms.pages import CardShown, cards_shown
from ui.storefront.forms_shown import FormShown, Reader, form_shown

LONG = "What should we know of how you would like your parcel to be packed, sent and handed over?"

_PAID = {
    "pays": "choice",
    "prices": [{"amountMinor": 2500}, {"amountMinor": 4000, "label": "Family"}],
    "currency": "EUR",
}


def _fields() -> list[FormField]:
    kinds = [one for one in FieldType if one not in (FieldType.STEP, FieldType.HIDDEN)]
    asked = [
        {
            "id": kind.value.replace("_", "-"),
            "type": kind.value,
            "label": LONG if kind is FieldType.LONG_TEXT else kind.value.replace("_", " ").capitalize(),
            "help": "Only if something changes that day.",
            "required": kind in (FieldType.EMAIL, FieldType.CONSENT, FieldType.RATING),
            "width": "half" if kind in (FieldType.NUMBER, FieldType.DATE) else "full",
            "options": ["Small", "Large"] if kind in (FieldType.CHOICE, FieldType.CHOICES) else [],
            **(_PAID if kind is FieldType.PAYMENT else {}),
        }
        for kind in kinds
    ]
    rule = {"conditions": [{"field": "text", "is": "filled"}]}
    last = [{"id": "step", "type": "step", "label": "You"}, {"id": "end", "type": "text", "label": "End", "show": rule}]
    return read(checked([*asked, *last]))


FORM = FormView(
    UUID(int=1),
    "Feedback",
    "sample",
    True,
    "<p>Two minutes of your time.</p>",
    tuple(_fields()),
    "",
    AfterSending.MESSAGE,
    "",
    "",
    "",
    datetime(2026, 11, 22, tzinfo=UTC),
    ways=("card", "manual"),
)


def sample_form() -> FormShown:
    """Return a step of it with everything that can be wrong."""
    values = {"rating": "3", "choices": ["Small"], "email": "nonsense"}
    return form_shown(FORM, Reader(), values, ticket="sample", errors=check(FORM.fields, values).wrong)


def sample_cards() -> list[CardShown]:
    """Return the cards of its editor, one with something wrong."""
    return cards_shown(cards_of(FORM.fields), {"fields.0.label": "Say what is asked: a field needs a label."})
