"""What stands beside the editor: the names that a letter knows, and how its pieces are written."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.core.domain import EmailTemplate
from engine.core.i18n import Message, _
from engine.core.resource import Text
from engine.messaging.ports import HOUSE_NAMES
from engine.messaging.templates import Letters

#: (what is put in, words, what is shown or none).
Piece = tuple[str, Text, str | None]
PIECES: Sequence[Piece] = (
    ("\n# ", _("A heading"), "# Thank you"),
    ("\n\n[]()", _("A button: a link alone in its paragraph"), "[See it](/products)"),
    ("\n> \n> ", _("A box; its first line is the title"), "> How to pay\n> By transfer"),
    ("\n- ", _("A list"), "- One thing"),
    ("\n~ ", _("Small print"), "~ You can ignore this"),
    ("****", _("Bold"), "**bold**"),
    ("[]()", _("A link within a line"), "[our shop](/)"),
)
_ROW = ("items.name", "items.details", "items.quantity", "items.unit_price", "items.total")


def title_of(values: Mapping[str, Any], offered: EmailTemplate) -> Text:
    """Return a template's name; of those that come with Agora in the reader's language, unless it was renamed."""
    return offered.title if not values["is_own"] and values["name"] == str(offered.title) else str(values["name"])


def names_of(offered: EmailTemplate) -> list[Piece]:
    """Return the names that a letter knows, its own first, with what each is."""
    own: list[Piece] = [(f"{{{{ {name} }}}}", said, None) for name, said in offered.names.items() if "." not in name]
    house: list[Piece] = [(f"{{{{ {name} }}}}", said, None) for name, said in HOUSE_NAMES.items()]
    return own + house


def conditions_of(offered: EmailTemplate) -> list[Piece]:
    """Return conditions and loops as they could stand in this letter."""
    name = next((one for one in ("note", "verify_url", "minutes") if one in offered.example), "name")
    found: list[Piece] = [
        (
            f"\n{{% if {name} %}}\n\n{{% endif %}}\n",
            _("Only where it is not empty"),
            f"{{% if {name} %}} … {{% endif %}}",
        ),
        (
            f"{{% if {name} %}}{{% else %}}{{% endif %}}",
            _("One or the other"),
            f"{{% if {name} %}} … {{% else %}} … {{% endif %}}",
        ),
    ]
    if "items" in offered.example:
        line = "- {{ item.quantity }} × {{ item.name }}: {{ item.total }}"
        found.append((f"\n{{% for item in items %}}\n{line}\n{{% endfor %}}\n", _("Each thing that was ordered"), line))
    return found


def state_of(values: Mapping[str, Any]) -> tuple[Message, str]:
    """Return a template's state in a word, with its meaning for a badge."""
    if values["trouble"]:
        return _("Has a fault"), "danger"
    if values["is_active"]:
        return _("Active"), "success"
    return (_("In reserve"), "neutral") if values["is_own"] else (_("Not in use"), "warning")


def is_reworded(values: Mapping[str, Any]) -> bool:
    """Return whether it says something else than what comes with Agora."""
    return bool(values["subject"] or values["preheader"] or values["body"])


def kept_words(letters: Letters, values: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what stands in the editor: the saved words, and what comes with Agora in their gaps."""
    own = letters.renderer.wording(values["purpose"], letters.settings.site.general.language)
    return {one: values[one] or getattr(own, one) for one in ("subject", "preheader", "body")}
