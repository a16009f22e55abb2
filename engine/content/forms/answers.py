"""From what was typed to answers: each by what its field asks. Pure; property tests live on it.

What is typed is, by field id: a text; of several choices a list of texts; of an address an object by wire names; of
files a list of objects (`uploads.described`); of a yes or no "true" or a truth. Numbers may come as JSON numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.content.forms.logic import shown
from engine.content.forms.shapes import LONGEST_LINE, LONGEST_TEXT, FieldType, FormField, fits
from engine.core.addresses import checked as checked_address
from engine.core.addresses import checked_phone
from engine.core.errors import Invalid
from engine.core.i18n import Message, _, ngettext
from engine.core.mailbox import normal_email
from engine.core.money import Money, parse_minor
from engine.core.plaintext import line_of, paragraphs_of

LONGEST_NUMBER = 40
NEEDED = _("This needs an answer.")
_NO_TEXT = _("This is not an answer that this field takes.")
_TRUE = frozenset({"true", "on", "yes", "1"})


@dataclass(slots=True)
class Checked:
    """Answers by field id, of what is shown and filled in; wrong: sentences by field id (`address.city` within)."""

    fields: Sequence[FormField]
    answers: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Message | str] = field(default_factory=dict)


class _WrongError(Exception):
    def __init__(self, text: Message | str) -> None:
        self.text = text


def check(fields: Sequence[FormField], typed: Mapping[str, Any]) -> Checked:
    """Return the answers to what is shown, and what is wrong with them. What is not shown is left out."""
    read = {one.id: _tolerant(one, typed.get(one.id)) for one in fields if one.asks}
    found = Checked([one for one in shown(fields, read) if one.asks])
    for one in found.fields:
        try:
            value = _value(one, typed.get(one.id))
        except _WrongError as error:
            found.wrong[one.id] = error.text
            continue
        except Invalid as error:
            found.wrong |= {f"{one.id}.{name}" if name else one.id: text for name, text in error.fields.items()}
            continue
        if is_empty(value):
            if one.required:
                found.wrong[one.id] = _missing(one)
        else:
            found.answers[one.id] = value
    return found


def is_empty(value: Any) -> bool:
    """Return whether nothing was answered."""
    return value is None or value is False or value == "" or (isinstance(value, list | dict) and not value)


def _tolerant(one: FormField, typed: Any) -> Any:
    """Return a value for conditions to look at: the answer where it is one, else what was typed."""
    try:
        return _value(one, typed)
    except (_WrongError, Invalid):
        return typed if isinstance(typed, str | list) else None


def _value(one: FormField, typed: Any) -> Any:
    if typed is None and one.type is FieldType.PAYMENT and one.pays == "fixed":
        return _payment(one, "")
    if typed is None:
        return None
    return _READERS[one.type](one, typed)


def _missing(one: FormField) -> Message:
    match one.type:
        case FieldType.CONSENT:
            return _("Tick this to go on.")
        case FieldType.CHOICE | FieldType.RATING:
            return _("Choose one.")
        case FieldType.PAYMENT:
            return _("Choose what you pay.") if one.pays == "choice" else _("Enter what you pay.")
        case FieldType.CHOICES:
            return _("Choose at least one.")
        case FieldType.FILE:
            return _("Choose a file.")
        case _:
            return NEEDED


def _line(typed: Any, most: int = LONGEST_LINE) -> str:
    if isinstance(typed, bool) or not isinstance(typed, str | int | float | Decimal):
        raise _WrongError(_NO_TEXT)
    if isinstance(typed, str):
        _require_short(typed, most)
    elif isinstance(typed, int) and typed.bit_length() > 256:  # writing it out would take long
        raise _WrongError(_("This number is too large."))
    return line_of(str(typed))


def _require_short(text: str, most: int) -> None:
    if len(text) > most:
        raise _WrongError(_("This is too long: use at most {most} characters.").having(most=most))


def _text(one: FormField, typed: Any) -> str:
    is_long = one.type is FieldType.LONG_TEXT
    if is_long and not isinstance(typed, str):
        raise _WrongError(_NO_TEXT)
    most = one.max_length or (LONGEST_TEXT if is_long else LONGEST_LINE)
    # Browsers send a line's end as two characters; a person counts one.
    text = paragraphs_of(_whole(typed)) if is_long else _line(typed, LONGEST_TEXT)
    _require_short(text, most)
    if text and one.min_length and len(text) < one.min_length:
        said = _("This is {length} characters long: write at least {least}.")
        raise _WrongError(said.having(length=len(text), least=one.min_length))
    if text and one.pattern and not fits(text, one.pattern):
        raise _WrongError(
            one.pattern_message or _("“{value}” does not have the form that is asked for.").having(value=text[:60])
        )
    return text


def _whole(typed: str) -> str:
    _require_short(typed, LONGEST_TEXT * 4)
    return typed


def _email(_one: FormField, typed: Any) -> str:
    text = _line(typed)
    if not text:
        return ""
    try:
        return normal_email(text)
    except Invalid as error:
        raise _WrongError(error.message) from error


def _phone(_one: FormField, typed: Any) -> str:
    text = _line(typed, 60)
    if not text:
        return ""
    number, problem = checked_phone(text, "")
    if problem is not None:
        raise _WrongError(problem)
    return number


def _number(one: FormField, typed: Any) -> str:
    text = _line(typed, LONGEST_NUMBER).replace(" ", "")
    if not text:
        return ""
    try:
        found = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > 18 or len(found.as_tuple().digits) > 30:
        raise _WrongError(_("“{value}” is not a number. Write it like 12.5.").having(value=text[:40]))
    if one.minimum is not None and found < one.minimum:
        raise _WrongError(
            _("{value} is too small: it must be at least {least}.").having(value=text, least=plain_number(one.minimum))
        )
    if one.maximum is not None and found > one.maximum:
        raise _WrongError(
            _("{value} is too large: it must be at most {most}.").having(value=text, most=plain_number(one.maximum))
        )
    return plain_number(found)


def plain_number(value: Decimal) -> str:
    """Return a number as people write it: no exponent, no zeros at its end."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _date(one: FormField, typed: Any) -> str:
    text = _line(typed, LONGEST_NUMBER)
    if not text:
        return ""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _WrongError(_("“{value}” is not a date. Write it like 2026-05-01.").having(value=text[:40])) from None
    if one.earliest and found < one.earliest:
        raise _WrongError(_("This is too early: {least} or later, please.").having(least=one.earliest.isoformat()))
    if one.latest and found > one.latest:
        raise _WrongError(_("This is too late: {most} or earlier, please.").having(most=one.latest.isoformat()))
    return found.isoformat()


def _choice(one: FormField, typed: Any) -> str:
    text = _line(typed)
    if text and text not in {line_of(option) for option in one.options}:
        raise _WrongError(_("“{value}” is not one of the choices.").having(value=text[:60]))
    return text


def _choices(one: FormField, typed: Any) -> list[str]:
    several = typed if isinstance(typed, list) else [typed]
    if len(several) > len(one.options) + 1:
        raise _WrongError(_("Too many: choose among the {count} that there are.").having(count=len(one.options)))
    chosen = {_choice(one, value) for value in several} - {""}
    least, most = one.min_length, one.max_length
    if chosen and least and len(chosen) < least:
        raise _WrongError(ngettext("Choose at least {count}.", "Choose at least {count}.", least))
    if most and len(chosen) > most:
        raise _WrongError(ngettext("Choose at most {count}.", "Choose at most {count}.", most))
    return [option for option in map(line_of, one.options) if option in chosen]


def _truth(_one: FormField, typed: Any) -> bool:
    if isinstance(typed, bool):
        return typed
    text = _line(typed, 20).casefold()
    if text not in _TRUE | {"", "false", "off", "no", "0"}:
        raise _WrongError(_NO_TEXT)
    return text in _TRUE


def _rating(one: FormField, typed: Any) -> int | None:
    text = _line(typed, 20)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= one.stars):
        raise _WrongError(_("Choose 1 to {most} stars.").having(most=one.stars))
    return int(text)


def _address(_one: FormField, typed: Any) -> dict[str, str] | None:
    if not isinstance(typed, Mapping) or not all(isinstance(text, str) for text in typed.values()):
        raise _WrongError(_NO_TEXT)
    named = {("postal_code" if name == "postalCode" else name): str(text) for name, text in typed.items()}
    if not any(text.strip() for name, text in named.items() if name != "country"):
        return None
    return asdict(checked_address(named, default_name="–"))


def _payment(one: FormField, typed: Any) -> dict[str, Any] | None:
    """Return what is to be paid, and how where that was said: `25.00 Family`, or an object of amount and way."""
    said = typed if isinstance(typed, Mapping) else {"amount": typed}
    amount, way = _line(said.get("amount") or ""), _line(said.get("way") or "", 40)
    by_name = {price.named(one.currency): price for price in one.prices}
    label = ""
    if one.pays == "own":
        if not amount:
            return None
        minor = _own_amount(one, amount)
    else:
        if not amount and one.pays == "fixed":
            amount = next(iter(by_name), "")
        if not amount:
            return None
        if amount not in by_name:
            raise _WrongError(_("“{value}” is not to be paid here any more. Look again.").having(value=amount[:60]))
        minor, label = by_name[amount].amount_minor, line_of(by_name[amount].label)
    return {"amountMinor": minor, "currency": one.currency, "label": label, "way": way}


def _own_amount(one: FormField, typed: str) -> int:
    minor = parse_minor(typed, one.currency)
    least, most = one.least_minor or 1, one.most_minor
    if minor < least:
        raise _WrongError(
            _("{value} is too little: pay at least {least}.").having(value=typed[:40], least=_sum(one, least))
        )
    if most is not None and minor > most:
        raise _WrongError(_("{value} is too much: pay at most {most}.").having(value=typed[:40], most=_sum(one, most)))
    return minor


def _sum(one: FormField, minor: int) -> str:
    return f"{Money(minor, one.currency).decimal:f} {one.currency}"


def _files(one: FormField, typed: Any) -> list[dict[str, Any]]:
    if not isinstance(typed, list):
        raise _WrongError(_NO_TEXT)
    if len(typed) > one.max_files:
        raise _WrongError(ngettext("Send one file.", "Send at most {count} files.", one.max_files))
    return list(typed)


_READERS: Mapping[FieldType, Callable[[FormField, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.CHECKBOX: _truth,
    FieldType.CONSENT: _truth,
    FieldType.FILE: _files,
    FieldType.ADDRESS: _address,
    FieldType.RATING: _rating,
    FieldType.HIDDEN: _text,
    FieldType.PAYMENT: _payment,
}
