"""Widgets whose value is a number: whole, decimal, an amount of money. Typed as the reader's language writes them."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_decimal_symbol

from engine.core.i18n import _
from engine.core.money import MAX_FIGURES, Money, decimals, is_currency, parse_minor
from ui.fields import FieldView
from ui.fields.posted import REQUIRED, Posted, refusal

#: What every program that reads JSON can count to.
MAX_WHOLE = 2**53 - 1
_NO_WHOLE = _("“{value}” is not a whole number. Write it like 12.")
_NO_NUMBER = _("“{value}” is not a number. Write it like {example}.")
_TOO_SMALL = _("“{value}” is too small: it must be at least {least}.")
_TOO_LARGE = _("“{value}” is too large: it must be at most {most}.")
_NO_STEP = _("“{value}” is too exact: use steps of {step}.")
_NO_CURRENCY = _("“{value}” is not a currency. Use its three letters, such as EUR.")
_MARKS = str.maketrans({"٫": ".", "٬": None, "−": "-", "﹣": "-", "－": "-", "'": None, "’": None})


def parse_number(view: FieldView, posted: Posted, path: str) -> int | None:
    """Return a whole number."""
    text = posted.text(path).strip()
    found = number_in(text, posted.locale)
    if text and (found is None or found != found.to_integral_value()):
        raise refusal(path, _NO_WHOLE, value=text)
    checked = _within(view, path, text, found, MAX_WHOLE)
    return None if checked is None else int(checked)


def parse_decimal(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return an exact number as text with a point, which is how the API takes it."""
    text = posted.text(path).strip().removesuffix(view.suffix or "%").strip()
    found = number_in(text, posted.locale)
    if text and found is None:
        raise refusal(path, _NO_NUMBER, value=text, example=f"12{decimal_mark(posted.locale)}5")
    if found is not None and view.step and found % view.step:
        raise refusal(path, _NO_STEP, value=text, step=str(view.step))
    checked = _within(view, path, text, found, None)
    return None if checked is None else f"{checked:f}"


def parse_money(view: FieldView, posted: Posted, path: str) -> dict[str, Any] | None:
    """Return `{"amount": minor units, "currency"}`."""
    text = posted.text(path).strip()
    if not text:
        if view.required:
            raise refusal(path, REQUIRED)
        return None
    currency = (view.currency or posted.text(f"{path}.currency").strip()).upper()
    if not is_currency(currency):
        raise refusal(path, _NO_CURRENCY, value=currency)
    minor = parse_minor(text.translate(_MARKS), currency, path)
    for limit, is_wrong, message in (
        (view.minimum, lambda least: minor < least, _TOO_SMALL),
        (view.maximum, lambda most: minor > most, _TOO_LARGE),
    ):
        if limit is not None and is_wrong(limit):
            bound = Money(int(limit), currency).format(posted.locale)
            raise refusal(path, message, value=text, least=bound, most=bound)
    return {"amount": minor, "currency": currency}


def _within(view: FieldView, path: str, text: str, found: Decimal | None, most: int | None) -> Decimal | None:
    if found is None:
        if view.required:
            raise refusal(path, REQUIRED)
        return None
    if view.minimum is not None and found < view.minimum:
        raise refusal(path, _TOO_SMALL, value=text, least=view.minimum)
    limits = [limit for limit in (view.maximum, most) if limit is not None]
    if limits and found > min(limits):
        raise refusal(path, _TOO_LARGE, value=text, most=min(limits))
    if view.minimum is None and most is not None and found < -most:
        raise refusal(path, _TOO_SMALL, value=text, least=-most)
    return found


def number_in(text: str, locale: str) -> Decimal | None:
    """Return the number that somebody typed: "1,299.5", "1.299,5", "1 299,5" or "1’299.5" by their language.

    A single mark that could be either is the language's own decimal mark, or groups thousands before three figures.
    """
    kept = "".join(c for c in text.translate(_MARKS) if not c.isspace() and unicodedata.category(c) != "Cf")
    sign = kept[:1] if kept[:1] in ("+", "-") else ""
    whole, mark, rest = _divided(kept.removeprefix(sign), decimal_mark(locale))
    parts = re.split("[.,]", whole)
    is_grouped = len(parts) == 1 or (len(parts[-1]) == 3 and all(1 <= len(part) <= 3 for part in parts))
    figures = "".join(parts)
    if not is_grouped or len(set(whole) & {".", ","}) > 1 or not (figures + rest).isdecimal():
        return None
    return None if len(figures + rest) > MAX_FIGURES else Decimal(f"{sign}{figures or 0}{mark and '.'}{rest}")


def _divided(text: str, own_mark: str) -> tuple[str, str, str]:
    """Return what stands before the decimal mark, the mark, and what stands after it."""
    last = max(text.rfind("."), text.rfind(","))
    whole, mark, rest = text[:last], text[last : last + 1], text[last + 1 :]
    is_group = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0") and mark != own_mark
    if last < 0 or mark in whole or is_group:
        return text, "", ""
    return whole, mark, rest


def decimal_mark(locale: str) -> str:
    """Return the sign between whole and fraction in a language: "." or ","."""
    mark: str = get_decimal_symbol(locale.replace("-", "_"))
    return mark if mark in (".", ",") else "."


def typed_money(view: FieldView, posted: Posted, path: str) -> dict[str, str]:
    return {"amount": posted.text(path), "currency": view.currency or posted.text(f"{path}.currency")}


def shown_number(view: FieldView, value: Any, locale: str) -> str:
    return "" if value is None else str(value)


def shown_decimal(view: FieldView, value: Any, locale: str) -> str:
    """Return the number without grouping, with the language's own decimal mark."""
    try:
        return "" if value is None or value == "" else _written(Decimal(str(value)), locale)
    except InvalidOperation:
        return str(value)


def shown_money(view: FieldView, value: Any, locale: str) -> dict[str, str]:
    """Return `{"amount": text, "currency"}`. value: the wire's mapping, a Money, or minor units."""
    money = money_of(value, view.currency)
    if money is None:
        return {"amount": "", "currency": view.currency}
    return {"amount": _written(money.decimal, locale), "currency": money.currency}


def money_of(value: Any, currency: str = "") -> Money | None:
    """Return an amount as Money, from the wire's mapping, a Money, or minor units."""
    if isinstance(value, Money) or value is None or value == "":
        return value or None
    if isinstance(value, Mapping):
        return Money(int(value["amount"]), str(value["currency"]))
    return Money(int(value), currency)


def money_example(currency: str, locale: str) -> str:
    """Return how an amount is typed: "12.50", "12,50", "1250" for yen."""
    return _written(Decimal(1250).scaleb(-decimals(currency)) if decimals(currency) else Decimal(1250), locale)


def _written(number: Decimal, locale: str) -> str:
    return f"{number:f}".replace(".", decimal_mark(locale))
