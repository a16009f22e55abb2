"""Single fields of the product form: amounts and whole numbers, from what was typed and back."""

from starlette.datastructures import FormData

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money, parse_minor

Errors = dict[str, Message | str]


def text(form: FormData, name: str) -> str:
    """Return the text of a field; "" where there is none."""
    value = form.get(name, "")
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def price_minor(typed: str, name: str, currency: str, errors: Errors) -> int | None:
    """Return an amount in minor units, None for an empty field; what is none is said in errors."""
    if not typed:
        return None
    try:
        return parse_minor(typed, currency, name)
    except Invalid as refusal:
        errors[name] = refusal.message
        return None


def whole(typed: str, name: str, errors: Errors) -> int | None:
    """Return a whole number, None for an empty field; what is none is said in errors."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 10:
        errors[name] = _("“{value}” is not a whole number. Write it like 12, or leave it empty.").having(
            value=typed[:40]
        )
        return None
    return int(typed)


def amount(minor: int | None, currency: str) -> str:
    """Return an amount as its field shows it."""
    return "" if minor is None else str(Money(minor, currency).decimal)


def number(value: int | None) -> str:
    """Return a number as its field shows it."""
    return "" if value is None else str(value)
