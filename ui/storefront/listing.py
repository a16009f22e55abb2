"""A list of products on a page: what is in it, what it is narrowed by, and what it could be narrowed by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.commerce.catalog import facets, shop
from engine.commerce.catalog.facets import Facets
from engine.commerce.catalog.search import bounds_of
from engine.commerce.catalog.shop import Card, Listing
from engine.core.i18n import Message, _, format_message
from engine.core.money import Money
from engine.core.paging import Page
from engine.media.public import MediaUrls
from ui.page import Link, Text
from ui.respond import absolute, page, redirect
from ui.storefront.asked import OPTION, SORTS, Asked, minor_of
from ui.storefront.colours import swatch

Option = Mapping[str, object]


@dataclass(frozen=True)
class FacetShown:
    """One thing to narrow by. options: value, label, count, selected, and a colour where it is one."""

    name: str
    title: Text
    options: Sequence[Option]
    is_open: bool


@dataclass(frozen=True)
class ListPage:
    """A list of products. children: the categories below. chips: what it is narrowed by, each with the way out.

    available, reduced: how many are left by them; None where nobody counted.
    """

    title: Text
    text: Text
    found: Page[Card]
    currency: str
    asked: Asked
    facets: Sequence[FacetShown]
    available: int | None
    reduced: int | None
    sorts: Sequence[tuple[Message, str, bool]]
    chips: Sequence[tuple[Text, Text, str]]
    crumbs: Sequence[tuple[Text, str]]
    children: Sequence[Link]
    sort_label: Message
    can_narrow: bool
    is_fragment: bool = False
    image: MediaUrls | None = None


async def answer_list(
    request: Request,
    house: Ports,
    asked: Asked,
    title: Text,
    *,
    category_id: UUID | None = None,
    within: Sequence[UUID] | None = None,
    text: Text = "",
    crumbs: Sequence[tuple[Text, str]] = (),
    children: Iterable[Link] = (),
    description: str = "",
    image: MediaUrls | None = None,
) -> Response:
    """Answer a list, or what changes of it for htmx. within: the categories whose products it holds."""
    listing, counts = await found_for(house, asked, category_id, within)
    if asked.page > listing.page.pages:
        return redirect(asked.url(listing.page.pages), status=302)
    language = house.site.general.language
    is_fragment = request.headers.get("hx-request") == "true"
    context = list_page(listing, asked, title, text, crumbs, children, language, counts)
    answer = await page(
        request,
        "storefront/list.html",
        replace(context, is_fragment=is_fragment, image=image if asked.page == 1 else None),
        title=title,
        block="results",
        indexed=not asked.is_narrowed,
        description=description,
        canonical_url=absolute(request, asked.path),
        image_url=absolute(request, image.large) if image else None,
    )
    if is_fragment:
        answer.headers["HX-Push-Url"] = asked.url(asked.page)
    return answer


async def found_for(
    house: Ports, asked: Asked, category_id: UUID | None, within: Sequence[UUID] | None
) -> tuple[Listing, Facets]:
    """Return one page of the list, and what it could be narrowed by.

    Options are known to the search index only; for everything else the catalogue itself is asked, which is never late.
    """
    choice = asked.choice(within)
    tree = await house.categories.tree()
    counts = await facets.counted(house.search, choice, category_id, tree.options, asked.request)
    whole = await house.categories.whole_list(choice.category_ids)
    listing = await house.db.glance(shop.listing, choice, asked.request, whole)
    if choice.options:
        cards = await house.db.glance(shop.cards, counts.ids)
        listing = replace(listing, page=Page.of(cards, counts.total, asked.request))
    return listing, counts


def list_page(
    listing: Listing,
    asked: Asked,
    title: Text,
    text: Text = "",
    crumbs: Sequence[tuple[Text, str]] = (),
    children: Iterable[Link] = (),
    locale: str = "en",
    counts: Facets | None = None,
) -> ListPage:
    """Return a list as its template takes it. counts: None where nobody counted."""
    tags = {tag.slug: tag.name for tag in listing.tags}
    return ListPage(
        title=title,
        text=text,
        found=listing.page,
        currency=asked.currency,
        asked=asked,
        facets=[
            one for one in _facets(listing, asked, counts or Facets(), locale) if one.options or one.name == "price"
        ],
        available=counts.available if counts and counts.total else None,
        reduced=counts.reduced if counts and counts.total else None,
        sorts=[(label, replace(asked, sort=key, page=1).url(), key == asked.sort) for key, label in SORTS.items()],
        chips=_chips(asked, tags, locale),
        crumbs=crumbs,
        children=tuple(children),
        sort_label=SORTS[asked.sort],
        can_narrow=asked.is_narrowed or listing.page.total > 1,
    )


def _facets(listing: Listing, asked: Asked, counts: Facets, locale: str) -> list[FacetShown]:
    left = dict(counts.bands)
    bands = sorted({*left, *asked.bands}, key=lambda band: bounds_of(band)[0])
    prices = [_option(band, _band(band, asked.currency, locale), left.get(band, 0), asked.bands) for band in bands]
    shown = [FacetShown("price", _("Price"), prices if len(prices) > 1 or asked.bands else [], is_open=True)]
    for name, values in counts.options.items():
        chosen = asked.options.get(name, ())
        known = dict.fromkeys(chosen, 0) | dict(values)
        options = [{**_option(value, value, known[value], chosen), "colour": swatch(name, value)} for value in known]
        shown.append(FacetShown(f"{OPTION}{name}", name, options, is_open=True))
    tags = [
        _option(tag.slug, tag.name, counts.tags.get(tag.slug, 0) if counts.tags else tag.count, asked.tags)
        for tag in listing.tags
    ]
    shown.append(FacetShown("tag", _("Labels"), tags, is_open=bool(asked.tags)))
    return [one for one in shown if one.options or one.name == "price"]


def _option(value: str, label: Text, count: int, chosen: Sequence[str]) -> dict[str, object]:
    return {"value": value, "label": label, "count": count, "selected": value in chosen}


def _band(band: str, currency: str, locale: str) -> Message:
    least, end = bounds_of(band)
    low = Money(least, currency).format(locale)
    if end is None:
        return _("From {price}").having(price=low)
    high = Money(end, currency).format(locale)
    if least == 0:
        return _("Under {price}").having(price=high)
    return _("{low} to {high}").having(low=low, high=high)


def _chips(asked: Asked, names: Mapping[str, str], locale: str) -> list[tuple[Text, Text, str]]:
    chips: list[tuple[Text, Text, str]] = []
    low, high = minor_of(asked.minimum, asked.currency), minor_of(asked.maximum, asked.currency)
    if low is not None:
        shown = Money(low, asked.currency).format(locale)
        chips.append((_("Price from"), shown, replace(asked, minimum="", page=1).url()))
    if high is not None:
        shown = Money(high, asked.currency).format(locale)
        chips.append((_("Up to"), shown, replace(asked, maximum="", page=1).url()))
    for band in asked.bands:
        words = format_message(_band(band, asked.currency, locale), locale)
        chips.append(("", words, asked.without("bands", band).url()))
    if asked.is_available:
        chips.append(("", _("In stock"), replace(asked, is_available=False, page=1).url()))
    if asked.is_reduced:
        chips.append(("", _("Reduced"), replace(asked, is_reduced=False, page=1).url()))
    chips += [(name, value, asked.without(name, value).url()) for name, vs in asked.options.items() for value in vs]
    chips += [("", names.get(tag, tag), asked.without("tags", tag).url()) for tag in asked.tags]
    return chips
