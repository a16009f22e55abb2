"""What the claim wizard offers, and what it guesses: languages, time zones, currencies."""

import os
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies

from engine.core.i18n import Message, _
from engine.core.money import is_currency

Option = tuple[str, str]
Group = dict[str, Message | str | list[Option]]
LANGUAGES = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "de-AT", "de-CH", "el", "en", "en-AU", "en-CA", "en-GB", "en-IE",
    "en-IN", "en-NZ", "en-ZA", "es", "es-MX", "et", "eu", "fa", "fi", "fr", "fr-BE", "fr-CA", "fr-CH", "ga", "gl",
    "he", "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "nl-BE", "pl", "pt", "pt-BR",
    "ro", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip
COMMON = (
    "USD",
    "EUR",
    "GBP",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "JPY",
    "INR",
    "BRL",
    "ZAR",
)
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def languages() -> list[Option]:
    """Return languages, each under its own name."""
    return sorted(((code, _own_name(code)) for code in LANGUAGES), key=lambda option: option[1].casefold())


def _own_name(code: str) -> str:
    name = Locale.parse(code, sep="-").get_display_name() or code
    return name[:1].upper() + name[1:]


@cache
def timezones() -> list[Group]:
    """Return time zones by area, then by city."""
    groups: list[Group] = []
    for area in AREAS:
        names = sorted(name for name in available_timezones() if name.startswith(area + "/"))
        groups.append({"label": area, "options": [(n, n.split("/", 1)[1].replace("_", " ")) for n in names]})
    return [{"label": _("Everywhere"), "options": [("UTC", "UTC")]}, *groups]


@cache
def currencies() -> list[Group]:
    """Return currencies: the usual ones first, then all."""
    names = Locale("en").currencies
    listed = [(code, f"{names.get(code, code)} ({code})") for code in list_currencies() if is_currency(code)]
    by_code = dict(listed)
    return [
        {"label": _("Often used"), "options": [(code, by_code[code]) for code in COMMON if code in by_code]},
        {"label": _("All"), "options": sorted(listed, key=lambda option: option[1])},
    ]


def guessed_language(accepted: str) -> str:
    """Return the offered language that fits what a browser asks for best."""
    for part in accepted.split(","):
        wanted = part.split(";")[0].strip()
        for candidate in (wanted, wanted.split("-")[0]):
            found = next((code for code in LANGUAGES if code.lower() == candidate.lower()), None)
            if found:
                return found
    return "en"


def guessed_timezone() -> str:
    """Return this machine's time zone: the shop is most likely where its machine is."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return next((name for name in (named, linked) if name in _offered()), "UTC")


def guessed_currency(language: str, timezone: str, today: datetime) -> str:
    """Return the money of where the time zone is, else of where the language is spoken."""
    places = [get_global("zone_territories").get(timezone), _territory(language)]
    for place in places:
        found = get_territory_currencies(place, today.date(), today.date()) if place else []
        usable = [code for code in found if is_currency(code)]
        if usable:
            return usable[0]
    return "USD"


def _territory(language: str) -> str | None:
    try:
        return Locale.parse(language, sep="-").territory
    except (ValueError, UnknownLocaleError):
        return None


@cache
def _offered() -> frozenset[str]:
    return frozenset(available_timezones())
