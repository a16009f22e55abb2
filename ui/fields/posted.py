"""A posted form as widgets read it, and how they refuse what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from engine.core.errors import Invalid
from engine.core.i18n import Message, _

SHOWN = 40
REQUIRED = _("This is required.")


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent. locale: of who typed it. stored: ids of the files that came along, by the name of their input."""

    form: FormData
    locale: str = "en"
    stored: Mapping[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """Return the text of a field as it was typed, without what no database keeps; "" where there is none."""
        found = self.form.get(path, "")
        return _keepable(found) if isinstance(found, str) else ""

    def texts(self, path: str) -> list[str]:
        """Return every text that came under a name, the empty ones left out."""
        return [_keepable(one) for one in self.form.getlist(path) if isinstance(one, str) and one.strip()]

    def has(self, path: str) -> bool:
        """Return whether a box was ticked."""
        return self.text(path) not in ("", "false")


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def refusal(path: str, message: Message, **values: Any) -> Invalid:
    """Return the refusal of one field; a quoted value is cut to what a sentence bears."""
    kept = {name: short(value) if isinstance(value, str) else value for name, value in values.items()}
    said = message.having(**kept)
    return Invalid(said, {path: said})


def short(text: str) -> str:
    """Return the text as a sentence can quote it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
