"""What a list's address asks for, and the addresses that ask for something else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from engine.commerce.catalog.shop import Choice
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import parse_minor
from engine.core.paging import MAX_PAGE, PageRequest

PAGE_SIZE = 24
MOST_CHOICES = 10
OPTION = "option:"
_BAND = re.compile(r"\d{1,15}-\d{0,15}")
SORTS: Mapping[str, Message] = {
    "featured": _("Featured"),
    "newest": _("Newest"),
    "price": _("Price, low to high"),
    "-price": _("Price, high to low"),
    "name": _("Name, A to Z"),
}


@dataclass(frozen=True)
class Asked:
    """The parameters of a list's address, as they were written. minimum and maximum are amounts in major units."""

    path: str
    currency: str
    sort: str = "featured"
    minimum: str = ""
    maximum: str = ""
    is_available: bool = False
    is_reduced: bool = False
    bands: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def of(cls, path: str, query: QueryParams, currency: str) -> "Asked":
        """Return what a query asks for; what makes no sense is left out."""
        sort = query.get("sort", "")
        options: dict[str, tuple[str, ...]] = {}
        for name in query:
            if name.startswith(OPTION) and len(name) < 120 and len(options) < MOST_CHOICES:
                options[name.removeprefix(OPTION)] = _several(query, name)
        return cls(
            path=path,
            currency=currency,
            sort=sort if sort in SORTS else "featured",
            minimum=_amount(query.get("min", ""), currency),
            maximum=_amount(query.get("max", ""), currency),
            is_available=query.get("available") == "true",
            is_reduced=query.get("sale") == "true",
            bands=tuple(band for band in _several(query, "price") if _BAND.fullmatch(band)),
            tags=_several(query, "tag"),
            options={name: values for name, values in options.items() if name and values},
            page=page_number(query.get("page", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        bounds = self.minimum or self.maximum or self.bands
        return bool(bounds or self.is_available or self.is_reduced or self.tags or self.options)

    def choice(self, category_ids: Sequence[UUID] | None) -> Choice:
        """Return it as the catalogue is asked."""
        return Choice(
            category_ids=category_ids,
            tags=self.tags,
            min_price=minor_of(self.minimum, self.currency),
            max_price=minor_of(self.maximum, self.currency),
            is_available=self.is_available,
            is_reduced=self.is_reduced,
            bands=self.bands,
            options=self.options,
            sort=self.sort,
        )

    @property
    def request(self) -> PageRequest:
        return PageRequest(self.page, PAGE_SIZE)

    def without(self, name: str, value: str) -> "Asked":
        """Return it without one value of a choice of several: `bands`, `tags`, or an option by its name."""
        if name == "bands":
            return replace(self, page=1, bands=tuple(band for band in self.bands if band != value))
        if name == "tags":
            return replace(self, page=1, tags=tuple(tag for tag in self.tags if tag != value))
        options = {key: tuple(v for v in values if (key, v) != (name, value)) for key, values in self.options.items()}
        return replace(self, page=1, options={key: values for key, values in options.items() if values})

    def url(self, page: str | int = 1) -> str:
        """Return the address that asks for this. page: a number, or "{page}" to be filled in."""
        parts: list[tuple[str, str]] = []
        if self.sort != "featured":
            parts.append(("sort", self.sort))
        parts += [("min", self.minimum)] if self.minimum else []
        parts += [("max", self.maximum)] if self.maximum else []
        parts += [("price", band) for band in self.bands]
        parts += [("available", "true")] if self.is_available else []
        parts += [("sale", "true")] if self.is_reduced else []
        parts += [("tag", tag) for tag in self.tags]
        parts += [(f"{OPTION}{name}", value) for name, values in self.options.items() for value in values]
        query = urlencode(parts)
        if page != 1:
            query += ("&" if query else "") + f"page={page}"
        return self.path + (f"?{query}" if query else "")


def page_number(text: str) -> int:
    """Return the page that an address asks for; the first where it makes no sense."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:12]), 1), MAX_PAGE)


def minor_of(text: str, currency: str) -> int | None:
    """Return an amount in major units as minor ones; None for an empty text and for what is no amount."""
    if not text:
        return None
    try:
        return parse_minor(text, currency)
    except Invalid:
        return None


def _several(query: QueryParams, name: str) -> tuple[str, ...]:
    found = (value.replace("\x00", "")[:200] for value in query.getlist(name))
    return tuple(dict.fromkeys(value for value in found if value))[:MOST_CHOICES]


def _amount(text: str, currency: str) -> str:
    text = text.strip()[:20]
    return text if minor_of(text, currency) is not None else ""
