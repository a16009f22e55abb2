"""Small pieces of markup that templates need as functions: attributes, icons and element ids."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from engine.core.i18n import Message, format_message
from ui.assets import asset_url, icon_names

_NAME = re.compile(r"[a-zA-Z_:@.][\w:.@-]*")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def attributes_in(locale: str) -> Callable[[Mapping[str, Any] | None], Markup]:
    """Return the `attributes` filter of a locale."""

    def attributes(values: Mapping[str, Any] | None) -> Markup:
        """Write each as ` name="value"`: None and False are left out, True is the bare name.

        Styles and event handlers are refused, for the Content-Security-Policy forbids them.
        """
        parts = []
        for name, value in (values or {}).items():
            check_name(name)
            if value is None or value is False:
                continue
            words = format_message(value, locale) if isinstance(value, Message) else value
            parts.append(f" {name}" if value is True else f' {name}="{escape(words)}"')
        return Markup("".join(parts))  # noqa: S704 - names are checked, values escaped; `Markup.format` is slow

    return attributes


@lru_cache(maxsize=500)
def check_name(name: str) -> None:
    """Refuse what is no name of an attribute, and styles and event handlers."""
    if not _NAME.fullmatch(name) or name.lower() == "style" or name.lower().startswith("on"):
        raise ValueError(f"The attribute “{name}” is not allowed. Use a class or a data- attribute.")


@lru_cache(maxsize=500)
def icon(name: str, size: int = 16, label: str | None = None) -> Markup:
    """Return a Lucide icon at 16 or 20 pixels; without a label it is hidden from screen readers."""
    if name not in icon_names():
        raise ValueError(f"“{name}” is not in ui/icons.json. Add it there and run make ui.")
    hidden = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="icon" width="{0}" height="{0}"{1}><use href="{2}#{3}"></use></svg>').format(
        size, hidden, asset_url("sprite.svg"), name
    )


def dom_id(record: object, prefix: str = "") -> str:
    """Return the element id of a record, such as "row-order-0192…" for an order and the prefix "row"."""
    noun = _WORDS.sub("-", type(record).__name__).lower()
    return "-".join(part for part in (prefix, noun, str(escape(record.id))) if part)  # type: ignore[attr-defined]
