"""Forms to begin with: their names and fields, in the words of the site's language when they are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.i18n import Message, _, format_message


@dataclass(frozen=True, slots=True)
class Starter:
    """A form as it comes. A text in `fields` that is a Message is translated once, when a form is made of it."""

    key: str
    name: Message
    text: Message
    icon: str
    fields: Sequence[Mapping[str, Any]]
    confirmation: Message

    def made(self, locale: str) -> dict[str, Any]:
        """Return the values of a form in a language."""
        return {
            "name": format_message(self.name, locale),
            "fields": [_translated(one, locale) for one in self.fields],
            "confirmation": f"<p>{format_message(self.confirmation, locale)}</p>",
        }


def _translated(value: Any, locale: str) -> Any:
    match value:
        case Message():
            return format_message(value, locale)
        case Mapping():
            return {name: _translated(one, locale) for name, one in value.items()}
        case list() | tuple():
            return [_translated(one, locale) for one in value]
        case _:
            return value


_NAME = {"id": "name", "type": "text", "label": _("Name"), "required": True, "width": "half"}
_EMAIL = {"id": "email", "type": "email", "label": _("E-mail"), "required": True, "width": "half"}
_CONSENT = {
    "id": "consent",
    "type": "consent",
    "label": _("You may use this to answer me."),
    "help": _("It is kept for this and nothing else."),
    "required": True,
}
EMPTY = Starter("empty", _("New form"), _("Begin with nothing."), "plus", (), _("Thank you. We have received it."))
STARTERS: tuple[Starter, ...] = (
    Starter(
        "contact",
        _("Contact"),
        _("A name, an address and a message."),
        "mail",
        (
            _NAME,
            _EMAIL,
            {
                "id": "topic",
                "type": "choice",
                "look": "select",
                "label": _("What is it about?"),
                "options": [_("A question"), _("An order"), _("Something else")],
            },
            {"id": "message", "type": "long_text", "label": _("Message"), "required": True, "minLength": 10},
            _CONSENT,
        ),
        _("Thank you. We read every message and answer soon."),
    ),
    Starter(
        "registration",
        _("Registration"),
        _("Two steps: who comes, and what they need."),
        "users",
        (
            {"id": "you", "type": "step", "label": _("You")},
            _NAME,
            _EMAIL,
            {"id": "phone", "type": "phone", "label": _("Phone"), "help": _("Only if something changes that day.")},
            {"id": "visit", "type": "step", "label": _("Your visit")},
            {
                "id": "guests",
                "type": "number",
                "label": _("How many come?"),
                "required": True,
                "minimum": 1,
                "maximum": 20,
                "default": "1",
                "width": "half",
            },
            {
                "id": "day",
                "type": "date",
                "label": _("Which day?"),
                "width": "half",
            },
            {
                "id": "food",
                "type": "choices",
                "label": _("What do you eat?"),
                "options": [_("Everything"), _("Vegetarian"), _("Vegan"), _("Something else")],
            },
            {
                "id": "food-note",
                "type": "text",
                "label": _("What should we know?"),
                "show": {"conditions": [{"field": "food", "is": "is", "value": _("Something else")}]},
            },
            _CONSENT,
        ),
        _("You are on the list. We look forward to you."),
    ),
    Starter(
        "feedback",
        _("Feedback"),
        _("Stars, and a question that follows from them."),
        "star",
        (
            {"id": "stars", "type": "rating", "label": _("How was it?"), "required": True},
            {
                "id": "better",
                "type": "long_text",
                "label": _("What should be better?"),
                "required": True,
                "show": {"conditions": [{"field": "stars", "is": "less", "value": "4"}]},
            },
            {"id": "liked", "type": "long_text", "label": _("What did you like?")},
            {"id": "answer", "type": "checkbox", "label": _("I would like an answer")},
            {
                "id": "email",
                "type": "email",
                "label": _("E-mail"),
                "required": True,
                "show": {"conditions": [{"field": "answer", "is": "filled"}]},
            },
        ),
        _("Thank you for taking the time."),
    ),
)
BY_KEY: Mapping[str, Starter] = {one.key: one for one in (EMPTY, *STARTERS)}
