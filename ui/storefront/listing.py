"""A list of products on a page: what the address asks for, and the addresses that ask for something else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from engine.commerce.catalog.shop import Card, Choice, Listing
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money, parse_minor
from engine.core.paging import MAX_PAGE, Page, PageRequest
from ui.page import Link, Text

PAGE_SIZE = 24
MOST_TAGS = 10
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
    tags: tuple[str, ...] = ()
    page: int = 1

    @classmethod
    def of(cls, path: str, query: QueryParams, currency: str) -> "Asked":
        """Return what a query asks for; what makes no sense is left out."""
        sort = query.get("sort", "")
        tags = tuple(dict.fromkeys(tag for tag in query.getlist("tag") if tag))[:MOST_TAGS]
        return cls(
            path=path,
            currency=currency,
            sort=sort if sort in SORTS else "featured",
            minimum=_amount(query.get("min", ""), currency),
            maximum=_amount(query.get("max", ""), currency),
            is_available=query.get("available") == "true",
            tags=tags,
            page=page_number(query.get("page", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.minimum or self.maximum or self.is_available or self.tags)

    def choice(self, category_ids: Sequence[UUID] | None) -> Choice:
        """Return it as the catalogue is asked."""
        return Choice(
            category_ids=category_ids,
            tags=self.tags,
            min_price=_minor(self.minimum, self.currency),
            max_price=_minor(self.maximum, self.currency),
            is_available=self.is_available,
            sort=self.sort,
        )

    @property
    def request(self) -> PageRequest:
        return PageRequest(self.page, PAGE_SIZE)

    def url(self, page: str | int = 1) -> str:
        """Return the address that asks for this. page: a number, or "{page}" to be filled in."""
        parts: list[tuple[str, str]] = []
        if self.sort != "featured":
            parts.append(("sort", self.sort))
        parts += [("min", self.minimum)] if self.minimum else []
        parts += [("max", self.maximum)] if self.maximum else []
        parts += [("available", "true")] if self.is_available else []
        parts += [("tag", tag) for tag in self.tags]
        query = urlencode(parts)
        if page != 1:
            query += ("&" if query else "") + f"page={page}"
        return self.path + (f"?{query}" if query else "")


@dataclass(frozen=True)
class ListPage:
    """A list of products. tags: (slug, words) to narrow by; children: the categories below.

    chips: what it is narrowed by, each with the way out.
    """

    title: Text
    text: Text
    found: Page[Card]
    currency: str
    asked: Asked
    tags: Sequence[tuple[str, str]]
    sorts: Sequence[tuple[Message, str, bool]]
    chips: Sequence[tuple[Text, Text, str]]
    crumbs: Sequence[tuple[Text, str]]
    children: Sequence[Link]
    sort_label: Message
    can_narrow: bool


def list_page(
    listing: Listing,
    asked: Asked,
    title: Text,
    text: Text = "",
    crumbs: Sequence[tuple[Text, str]] = (),
    children: Iterable[Link] = (),
    locale: str = "en",
) -> ListPage:
    """Return a list as its template takes it."""
    return ListPage(
        title=title,
        text=text,
        found=listing.page,
        currency=asked.currency,
        asked=asked,
        tags=[(tag.slug, f"{tag.name} ({tag.count})") for tag in listing.tags],
        sorts=[(label, replace(asked, sort=key, page=1).url(), key == asked.sort) for key, label in SORTS.items()],
        chips=_chips(asked, {tag.slug: tag.name for tag in listing.tags}, locale),
        crumbs=crumbs,
        children=tuple(children),
        sort_label=SORTS[asked.sort],
        can_narrow=asked.is_narrowed or listing.page.total > 1,
    )


def _chips(asked: Asked, names: Mapping[str, str], locale: str) -> list[tuple[Text, Text, str]]:
    chips: list[tuple[Text, Text, str]] = []
    low, high = _minor(asked.minimum, asked.currency), _minor(asked.maximum, asked.currency)
    if low is not None:
        shown = Money(low, asked.currency).format(locale)
        chips.append((_("Price from"), shown, replace(asked, minimum="").url()))
    if high is not None:
        shown = Money(high, asked.currency).format(locale)
        chips.append((_("Up to"), shown, replace(asked, maximum="").url()))
    if asked.is_available:
        chips.append(("", _("In stock"), replace(asked, is_available=False).url()))
    for tag in asked.tags:
        rest = tuple(other for other in asked.tags if other != tag)
        chips.append(("", names.get(tag, tag), replace(asked, tags=rest).url()))
    return chips


def page_number(text: str) -> int:
    """Return the page that an address asks for; the first where it makes no sense."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:12]), 1), MAX_PAGE)


def _amount(text: str, currency: str) -> str:
    text = text.strip()[:20]
    return text if _minor(text, currency) is not None else ""


def _minor(text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        return parse_minor(text, currency)
    except Invalid:
        return None
