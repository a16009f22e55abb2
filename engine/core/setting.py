"""What a setting can be: the base of every settings model, and the kinds of value in them.

`Secret` fields are encrypted at rest and masked on the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from engine.core.actor import Actor
from engine.core.i18n import Message
from engine.core.money import is_currency


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text stands for, beyond being text: forms ask for it accordingly."""

    name: str


class SecretMark:
    """Marks a field whose value is kept encrypted and shown masked."""


Secret = Annotated[str, SecretMark(), Field(max_length=8_000)]


def _locale(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"“{value}” is not a language; use a code such as en, en-GB or de") from None
    return value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"“{value}” is not a time zone; use a name such as Europe/London or America/New_York")
    return value


def _currency(value: str) -> str:
    if not is_currency(value.upper()):
        raise ValueError(f"“{value}” is not a currency; use an ISO 4217 code such as USD or EUR")
    return value.upper()


def _email(value: str) -> str:
    if not value:
        return value
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(f"“{value}” is not an e-mail address; write it like name@example.org") from None


def _address(value: str) -> str:
    if value and not (value.startswith(("https://", "http://", "/")) and _can_be_split(value)):
        raise ValueError(f"“{value}” is not an address; start it with https:// or /")
    return value


def _elsewhere(value: str) -> str:
    if value and not (value.startswith(("https://", "http://")) and _can_be_split(value) and urlsplit(value).hostname):
        raise ValueError(f"“{value}” is not an address of another system; write it like https://example.org/hook")
    return value


def _can_be_split(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.port != 0 and address.isprintable()
    except ValueError:  # half an IPv6 address, or a port that is no number
        return False


def _colour(value: str) -> str:
    digits = value.removeprefix("#")
    if len(digits) != 6 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        raise ValueError(f"“{value}” is not a colour; write it like #0f766e")
    return "#" + digits.lower()


Language = Annotated[str, Meaning("language"), AfterValidator(_locale)]
TimeZone = Annotated[str, Meaning("timezone"), AfterValidator(_timezone)]
Currency = Annotated[str, Meaning("currency"), AfterValidator(_currency)]
Email = Annotated[str, Meaning("email"), AfterValidator(_email), Field(max_length=320)]
Link = Annotated[str, Meaning("link"), AfterValidator(_address), Field(max_length=2_000)]
Elsewhere = Annotated[str, Meaning("link"), AfterValidator(_elsewhere), Field(max_length=2_000)]
Picture = Annotated[str, Meaning("picture"), AfterValidator(_address), Field(max_length=2_000)]
Colour = Annotated[str, Meaning("colour"), AfterValidator(_colour)]
Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Meaning("paragraph"), Field(max_length=5_000)]


class Settings(BaseModel):
    """Base of all settings models: camelCase on the wire, unknown fields refused, frozen.

    shown: names in a dictionary of secrets that hold none. bare: secrets of which not even the end is shown.
    """

    key: ClassVar[str]
    shown: ClassVar[frozenset[str]] = frozenset()
    bare: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    def refused(self, before: "Settings", actor: Actor) -> Mapping[str, Message]:
        """Return why this actor may not save these settings in the place of those before, by wire path.

        What is stored already is read as it is: a rule that came later keeps no site from starting.
        """
        return {}


def is_secret(annotation: Any, metadata: Any = ()) -> bool:
    """Return whether a field's type is marked `Secret`."""
    marks = [*metadata, *getattr(annotation, "__metadata__", ())]
    return any(isinstance(mark, SecretMark) for mark in marks)
