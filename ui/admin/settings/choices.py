"""Long lists to choose from, in the reader's language: languages, time zones, currencies, countries."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

Option = tuple[str, str]
LANGUAGES = (
    "ar", "bg", "ca", "cs", "cy", "da", "de", "de-AT", "de-CH", "el", "en", "en-AU", "en-CA", "en-GB", "en-IE", "en-US",
    "es", "es-MX", "et", "eu", "fa", "fi", "fr", "fr-CA", "fr-CH", "ga", "gl", "he", "hi", "hr", "hu", "id", "is", "it",
    "ja", "ko", "lb", "lt", "lv", "mk", "ms", "mt", "nb", "nl", "nl-BE", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl",
    "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip
_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_NO_COUNTRY = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@lru_cache(maxsize=8)
def languages() -> list[Option]:
    """Return languages, each in its own words, sorted by them."""
    found = [(code, str(Locale.parse(code, sep="-").get_display_name()).capitalize()) for code in LANGUAGES]
    return sorted(found, key=lambda option: option[1].casefold())


@lru_cache(maxsize=1)
def timezones() -> list[Option | dict[str, object]]:
    """Return time zones, grouped by their part of the world."""
    names = sorted(available_timezones())
    groups: list[Option | dict[str, object]] = [("UTC", "UTC")]
    for region in _REGIONS:
        own = [name for name in names if name.startswith(f"{region}/")]
        groups.append({"label": region, "options": [(n, n.removeprefix(f"{region}/").replace("_", " ")) for n in own]})
    return groups


@lru_cache(maxsize=8)
def currencies(locale: str) -> list[Option]:
    """Return the currencies that are in use somewhere: “EUR – Euro”."""
    used = {
        currency
        for entries in get_global("territory_currencies").values()
        for currency, _since, until, is_tender in entries
        if until is None and is_tender
    }
    return [(code, f"{code} – {get_currency_name(code, locale=locale.replace('-', '_'))}") for code in sorted(used)]


@lru_cache(maxsize=8)
def countries(locale: str) -> list[Option]:
    """Return the world's countries, sorted by name."""
    names = Locale.parse(locale, sep="-").territories if "-" in locale else Locale.parse(locale).territories
    found = [(c, str(n)) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRY]
    return sorted(found, key=lambda option: option[1].casefold())
