"""Single fields of the product form: amounts, sizes and whole numbers, from what was typed and back."""

import re
from decimal import ROUND_HALF_UP, Decimal

from starlette.datastructures import FormData

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money, parse_minor

Errors = dict[str, Message | str]
SIDES = {"lengthMm": _("Length"), "widthMm": _("Width"), "heightMm": _("Height")}
UNITS = {"metric": "cm", "imperial": "in"}
_MM = {"metric": Decimal(10), "imperial": Decimal("25.4")}
_length = re.compile(r"\d{1,6}([.,]\d)?", re.ASCII)


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


def side_mm(typed: str, name: str, units: str, errors: Errors) -> int | None:
    """Return a length in whole millimetres, typed in centimetres or inches with at most one digit after the point.

    None for an empty field; what is no length is said in errors.
    """
    if not typed:
        return None
    found = _length.fullmatch(typed)
    if found is None:
        message = _("“{value}” is not a size. Write it like 12.5, to a tenth, or leave it empty.")
        errors[name] = message.having(value=typed[:40])
        return None
    mm = Decimal(typed.replace(",", ".")) * _MM[units]
    return int(mm.to_integral_value(ROUND_HALF_UP))


def side(mm: int | None, units: str) -> str:
    """Return a length as its field shows it, in the unit that the site's settings name."""
    if mm is None:
        return ""
    shown = (mm / _MM[units]).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{shown:f}".removesuffix(".0")


def amount(minor: int | None, currency: str) -> str:
    """Return an amount as its field shows it."""
    return "" if minor is None else str(Money(minor, currency).decimal)


def number(value: int | None) -> str:
    """Return a number as its field shows it."""
    return "" if value is None else str(value)
