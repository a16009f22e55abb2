"""Money: whole minor units and an ISO 4217 currency. No float ever touches it."""

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

from engine.core.errors import Invalid
from engine.core.i18n import _

MAX_FIGURES = 24
MAX_MINOR = 99_999_999_999
#: How some currencies are written in letters, in capitals.
_OTHER_SIGNS = {
    "CHF": ("FR.", "SFR"), "DKK": ("KR.", "KR"), "NOK": ("KR.", "KR"), "SEK": ("KR.", "KR"), "ISK": ("KR.", "KR"),
    "PLN": ("ZŁ",), "CZK": ("KČ",), "HUF": ("FT",), "RON": ("LEI",), "ZAR": ("R",), "BRL": ("R$",),
    "BGN": ("ЛВ.", "ЛВ"), "USD": ("US$",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, pence, yen) of a currency."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot join {self.currency} and {other.currency}")

    def format(self, locale: str) -> str:
        """Return the amount as the locale writes it: `$1,299.00`, `1.299,00 €`."""
        return _written(self, locale)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.amount).scaleb(-decimals(self.currency))


@lru_cache(maxsize=4096)
def _written(money: Money, locale: str) -> str:
    return format_currency(money.decimal, money.currency, locale=locale.replace("-", "_"))


def decimals(currency: str) -> int:
    """Return how many decimal places a currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def is_currency(code: str) -> bool:
    """Return whether the code is an ISO 4217 currency."""
    return code in get_global("all_currencies")


def minor_of(amount: Decimal, currency: str) -> int:
    """Return a major-unit amount as minor units, halves rounded away from zero."""
    return int(amount.scaleb(decimals(currency)).to_integral_value(ROUND_HALF_UP))


def parse_minor(text: str, currency: str, field: str = "price") -> int:
    """Return minor units from what a person typed: "12", "12.50", "12,50", "1,299.00", "$ 5".

    Raises Invalid naming the field when it is no amount, is negative, or has more decimals than the currency.
    """
    kept = _figures(text, currency)
    last = max(kept.rfind("."), kept.rfind(","))
    places = len(kept) - last - 1 if last >= 0 else 0
    is_decimal_mark = last >= 0 and (places != 3 or decimals(currency) == 3) and kept.count(kept[last]) == 1
    if is_decimal_mark:
        kept = kept[:last].replace(",", "").replace(".", "") + "." + kept[last + 1 :]
    else:
        kept = kept.replace(",", "").replace(".", "")
    amount = _decimal(kept)
    if amount is None or amount < 0 or amount != amount.quantize(Decimal(1).scaleb(-decimals(currency))):
        message = _("“{value}” is not an amount in {currency}. Write it like 12.50.").having(
            value=text[:40], currency=currency
        )
        raise Invalid(message, {field: message})
    minor = minor_of(amount, currency)
    if minor > MAX_MINOR:
        message = _("“{value}” is more than Agora can count. Enter a smaller amount.").having(value=text[:40])
        raise Invalid(message, {field: message})
    return minor


def _decimal(figures: str) -> Decimal | None:
    """Return a plain number; None for what is none, such as `NaN`, `1E9` or a hundred digits."""
    if len(figures) > MAX_FIGURES or not all(c.isdecimal() or c in ".-" for c in figures):
        return None
    try:
        return Decimal(figures)
    except InvalidOperation:
        return None


def _figures(text: str, currency: str) -> str:
    """Return what a person typed without spaces, apostrophes, and the currency's own sign or code."""
    bare = unicodedata.normalize("NFKC", text).upper()
    for word in (currency, get_currency_symbol(currency, locale="en").upper(), *_OTHER_SIGNS.get(currency, ())):
        bare = bare.replace(word, "")
    return "".join(c for c in bare if not c.isspace() and c not in "'’" and unicodedata.category(c) != "Sc")


def share(amount: int, rate: Decimal) -> int:
    """Return `rate` (0.19 for 19 %) of an amount in minor units, halves rounded up."""
    return int((Decimal(amount) * rate).to_integral_value(ROUND_HALF_UP))
