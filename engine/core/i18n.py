"""Text a person reads: a frozen message in the engine, words in the reader's language at the face."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

_directory: list[Path] = []


@dataclass(frozen=True, slots=True)
class Message:
    """An untranslated sentence with named values; `str()` gives it in English."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1

    def __str__(self) -> str:
        return format_message(self, "en")

    def having(self, **values: Any) -> "Message":
        """Return the same message with these values filled in."""
        return Message(self.text, {**self.values, **values}, self.plural, self.count)


def _(text: str) -> Message:
    """Mark a sentence for translation. Values go in by name: `_("Only {left} are left.").having(left=2)`."""
    return Message(text)


def ngettext(singular: str, plural: str, count: int) -> Message:
    """Mark a sentence that depends on a number; `{count}` is filled in."""
    return Message(singular, {"count": count}, plural, count)


def use_translations(directory: Path) -> None:
    """Read translations from `directory/<locale>/LC_MESSAGES/messages.mo` from now on."""
    _directory[:] = [directory]
    translations.cache_clear()
    words.cache_clear()


@cache
def translations(locale: str) -> NullTranslations:
    """Return the catalogue for a locale; the source language (English) where there is none."""
    found: NullTranslations = Translations.load(_directory[0], [locale]) if _directory else NullTranslations()
    return found


@lru_cache(maxsize=4_000)
def words(text: str, locale: str) -> str:
    """Return a sentence of the program's own, without values, in a language."""
    found: str = translations(locale).gettext(text)
    return found


def format_message(message: Message | str, locale: str) -> str:
    """Return the message in the reader's language with its values filled in."""
    if isinstance(message, str):
        return message
    if message.plural is None:
        text = words(message.text, locale)
    else:
        text = translations(locale).ngettext(message.text, message.plural, message.count)
    if not message.values:
        return text
    values = {k: format_message(v, locale) if isinstance(v, Message) else v for k, v in message.values.items()}
    return text.format(**values)
