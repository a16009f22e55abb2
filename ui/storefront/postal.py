"""Postal addresses in forms: their parts by wire name, with and without a prefix."""

from collections.abc import Mapping

from engine.core.addresses import Address, AddressForm, form_of
from engine.core.errors import Invalid
from engine.core.settings import Site
from ui.storefront.guessing import country_of_reader

PARTS = ("name", "line1", "line2", "city", "region", "postalCode", "country", "phone")


def blank(prefix: str = "") -> dict[str, str]:
    """Return every part, empty."""
    return dict.fromkeys((prefix + part for part in PARTS), "")


def values_of(address: Address, prefix: str = "") -> dict[str, str]:
    """Return an address as a form holds it."""
    return {prefix + part: str(getattr(address, _own(part))) for part in PARTS}


def parts_of(values: Mapping[str, str], prefix: str = "") -> dict[str, str | None]:
    """Return what a form holds as the verbs take it."""
    return {_own(part): values.get(prefix + part, "") for part in PARTS}


def form_for(country: str, site: Site) -> AddressForm:
    """Return how a country writes addresses; for no country, the one where the site's readers probably are."""
    try:
        return form_of(country.upper())
    except Invalid:
        return form_of(country_of_reader("", site))


def _own(part: str) -> str:
    return "postal_code" if part == "postalCode" else part
