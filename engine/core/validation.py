"""From Pydantic's findings to sentences that name the field, the value and the remedy."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from engine.core.i18n import Message, _

_SENTENCES: Mapping[str, Message] = {
    "missing": _("This is required."),
    "extra_forbidden": _("Agora does not know this field. Leave it out, or check its spelling."),
    "string_too_long": _("“{value}” is too long: use at most {max_length} characters."),
    "string_too_short": _("“{value}” is too short: use at least {min_length} characters."),
    "too_long": _("Too many: send at most {max_length}."),
    "too_short": _("Too few: send at least {min_length}."),
    "string_type": _("“{value}” is not text."),
    "int_parsing": _("“{value}” is not a whole number."),
    "int_type": _("“{value}” is not a whole number."),
    "int_from_float": _("“{value}” is not a whole number."),
    "decimal_parsing": _("“{value}” is not a number. Write it like 12.5."),
    "decimal_type": _("“{value}” is not a number. Write it like 12.5."),
    "bool_parsing": _("“{value}” is neither true nor false."),
    "bool_type": _("“{value}” is neither true nor false."),
    "uuid_parsing": _("“{value}” is not an id."),
    "uuid_type": _("“{value}” is not an id."),
    "enum": _("“{value}” is not one of {expected}."),
    "literal_error": _("“{value}” is not one of {expected}."),
    "greater_than": _("“{value}” is too small: it must be more than {gt}."),
    "greater_than_equal": _("“{value}” is too small: it must be at least {ge}."),
    "less_than": _("“{value}” is too large: it must be less than {lt}."),
    "less_than_equal": _("“{value}” is too large: it must be at most {le}."),
    "datetime_parsing": _("“{value}” is not a time. Write it like 2026-05-01T18:00:00Z."),
    "date_parsing": _("“{value}” is not a date. Write it like 2026-05-01."),
    "json_invalid": _("This is not valid JSON: {error}."),
    "string_pattern_mismatch": _("“{value}” does not have the right form ({pattern})."),
}
SHOWN = 60


def sentence(found: Mapping[str, Any]) -> Message:
    """Return one of Pydantic's error dicts as a sentence."""
    shown = _shown(found.get("input", ""))
    values = {**found.get("ctx", {}), "value": shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"}
    kind = found["type"]
    if kind in ("too_long", "too_short") and isinstance(found.get("input"), str):  # as Pydantic says of text, too
        kind = f"string_{kind}"
    if kind == "string_too_short" and not shown.strip():
        kind = "missing"
    known = _SENTENCES.get(kind)
    if known is not None:
        return known.having(**values)
    text = str(found["msg"]).removeprefix("Value error, ")
    return Message("{text}", {"text": text})


def _shown(value: Any) -> str:
    """Return a value as a sentence can quote it: no number is written out that takes long, no half character."""
    try:
        text = str(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists without end
        return "…"
    return text[: SHOWN + 1].encode("utf-8", "replace").decode()


def fields_of(error: ValidationError, skip: int = 0) -> dict[str, Message | str]:
    """Return `{dotted wire name: sentence}`; skip: how many leading parts of each place to leave out."""
    return {path_of(found["loc"][skip:]): sentence(found) for found in error.errors()}


def path_of(parts: tuple[int | str, ...]) -> str:
    """Return a place in JSON as a dotted path: `lines.0.quantity`."""
    return ".".join(str(part) for part in parts) or "body"
