"""Guesses that spare a reader a choice: which country they probably are in."""

from engine.core.addresses import form_of
from engine.core.errors import Invalid
from engine.core.settings import Site

_BY_CURRENCY = {"USD": "US", "GBP": "GB", "CAD": "CA", "AUD": "AU", "NZD": "NZ", "CHF": "CH", "SEK": "SE", "JPY": "JP"}
_BY_LANGUAGE = {"de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pl": "PL", "sv": "SE", "da": "DK"}


def country_of_reader(accept_language: str, site: Site) -> str:
    """Return a country's code: by the reader's languages (`en-GB`), else by the site's language and currency."""
    languages = [part.split(";")[0].strip() for part in accept_language[:200].split(",")]
    own = _BY_LANGUAGE.get(site.general.language[:2]) or _BY_CURRENCY.get(site.general.currency, "US")
    for language in [*languages, site.general.language]:
        if language == "en-US" and own != "US":
            continue  # what browsers say when nobody told them anything
        territory = language.replace("_", "-").rpartition("-")[2].upper()
        if "-" in language.replace("_", "-") and _is_country(territory):
            return territory
    return own


def _is_country(code: str) -> bool:
    try:
        form_of(code)
    except Invalid:
        return False
    return len(code) == 2
