"""Values as they stand in a letter: each takes a slot, so that nothing in a value is ever read as markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from engine.core.errors import AgoraError
from engine.core.i18n import _, format_message
from engine.core.money import Money
from ui.formats import Formats

OPEN, CLOSE = "\ue000", "\ue001"
ITEMS, TOTALS = "items", "totals"
SCHEMES = ("http", "https", "mailto", "tel")
_unmarked = str.maketrans("", "", OPEN + CLOSE + "\x00")


@dataclass(frozen=True, slots=True)
class Slot:
    """One value in words. href: the address that it is, whole; drawn: "items" or "totals" of an order, from `rows`."""

    text: str
    href: str = ""
    drawn: str = ""
    rows: Any = None


@dataclass(frozen=True, slots=True)
class Slots:
    """The values of one letter in the order in which they stand."""

    formats: Formats
    base: str
    locale: str
    taken: list[Slot]

    def put(self, name: str, value: Any) -> str:
        """Return what stands for a value in the text until it is drawn."""
        self.taken.append(self._slot(name, value))
        return f"{OPEN}{len(self.taken) - 1}{CLOSE}"

    def _slot(self, name: str, value: Any) -> Slot:
        match value:
            case Slot():
                return value
            case [{}, *_rest]:
                told = [f"{one.get('quantity', 1)} × {one.get('name', '')}" for one in value]
                return Slot(unmarked(", ".join(told)), drawn=ITEMS, rows=value)
            case str() if value and (name == "url" or name.endswith("_url")):
                address = whole_address(unmarked(value), self.base)
                return Slot(address, href=address)
            case _:
                return Slot(unmarked(self._words(name, value)))

    def _words(self, name: str, value: Any) -> str:
        match value:
            case None | "":
                words = ""
            case bool():
                words = format_message(_("yes") if value else _("no"), self.locale)
            case int():
                words = self.formats.number(value)
            case {"amount": amount, "currency": currency}:
                words = self._money(amount, currency)
            case list() | tuple():
                words = "\n".join(str(one) for one in value if one)
            case _:
                words = self._moment(str(value)) if name.endswith(("_at", "_until")) else str(value)
        return words

    def _money(self, amount: Any, currency: Any) -> str:
        try:
            return self.formats.money(Money(int(amount), str(currency)))
        except (ValueError, TypeError, AgoraError):
            return f"{amount} {currency}"

    def _moment(self, value: str) -> str:
        try:
            return self.formats.moment(datetime.fromisoformat(value))
        except ValueError:
            return value


def unmarked(text: str) -> str:
    """Return text without the characters that mark a slot."""
    return text.translate(_unmarked)


def totals_of(contents: Mapping[str, Any], locale: str) -> Slot:
    """Return the sums of an order as a slot: (label, amount) of each line, and of the total."""
    if not contents.get("total") or not contents.get("subtotal"):
        return Slot("")

    def said(message: Any) -> str:
        return format_message(message, locale)

    rows: list[tuple[str, Any]] = [(said(_("Subtotal")), contents["subtotal"])]
    if contents.get("shipping"):
        rows.append((contents.get("shipping_label") or said(_("Delivery")), contents["shipping"]))
    tax, label = contents.get("tax"), contents.get("tax_label") or ""
    if tax and tax.get("amount"):
        included = said(_("{label}, included").having(label=label))
        rows.append((included if contents.get("is_tax_included") else label, tax))
    return Slot("", drawn=TOTALS, rows=(rows, (said(_("Total")), contents["total"])))


def whole_address(address: str, base: str) -> str:
    """Return a link that works from a mailbox: a path made whole; what is no web, mail or phone link leads home."""
    if address.startswith("/") and not address.startswith("//"):
        return base + address
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return base
    return address if scheme in SCHEMES else base


__all__: Sequence[str] = ("ITEMS", "TOTALS", "Slot", "Slots", "totals_of", "unmarked", "whole_address")
