"""What the site shows around its pages, for programs: its addresses, its menus, and what a link can lead to."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated

from fastapi import Query, Request
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import CurrentSite, House, allow, origin_of, public
from engine.api.routing import APIRouter
from engine.api.wire import Paging, Wire
from engine.content.public import MenuLink
from engine.core.access import Permission
from engine.core.i18n import format_message
from engine.core.linking import Address, LinkKind, LinkPlace
from engine.core.paging import PageRequest

router = APIRouter(tags=["site"])


class SitemapAddress(Wire):
    """A public address of the site. kind: the part of the sitemap that it stands in."""

    kind: str
    path: str
    url: str
    changed_at: datetime | None
    images: list[str]
    alternates: dict[str, str]


class SitemapPage(Wire):
    """One page of the site's public addresses."""

    items: list[SitemapAddress]
    total: int
    page: int
    limit: int


class SeoWire(Wire):
    """What search engines are told of the whole site. Addresses are empty where the site does not offer them."""

    title_template: str
    meta_description: str
    social_image: str
    robots_url: str
    sitemap_url: str
    llms_url: str


class MenuLinkWire(Wire):
    """An item of a menu as visitors see it. url: empty for a heading; columns: 0 where what is below is a list."""

    label: str
    url: str
    new_tab: bool
    columns: int
    children: "list[MenuLinkWire]"


class MenuWire(Wire):
    """A menu as visitors see it."""

    location: str
    items: list[MenuLinkWire]


class LinkTarget(Wire):
    """Something that a link can lead to. reference: what is kept, so that the link follows it."""

    kind: str
    label: str
    title: str
    url: str
    reference: str
    is_public: bool
    note: str


class LinkTargets(Wire):
    """What was found, kind by kind."""

    items: list[LinkTarget]


@router.get("/sitemap", dependencies=[public])
async def read_sitemap(request: Request, house: House, paging: Paging) -> SitemapPage:
    """Return the public addresses of the site: pages, articles, categories, products."""
    total, found = await house.db.query(_addresses, house, paging)
    origin = origin_of(request)
    items = [
        SitemapAddress(
            kind=kind,
            path=one.path,
            url=origin + one.path,
            changed_at=one.changed_at,
            images=list(one.images),
            alternates=dict(one.alternates),
        )
        for kind, one in found
    ]
    return SitemapPage(items=items, total=total, page=paging.page, limit=paging.limit)


def _addresses(connection: Connection, house: Ports, asked: PageRequest) -> tuple[int, list[tuple[str, Address]]]:
    total, found = 0, list[tuple[str, Address]]()
    for addresses in house.addresses:
        count = addresses.count(connection)
        offset = max(0, asked.offset - total)
        wanted = asked.limit - len(found)
        if wanted > 0 and offset < count:
            found += [(addresses.key, one) for one in islice(addresses.part(connection, offset, wanted), wanted)]
        total += count
    return total, found


@router.get("/seo", dependencies=[public])
async def read_seo(request: Request, site: CurrentSite) -> SeoWire:
    """Return what search engines are told of the whole site."""
    origin, seo = origin_of(request), site.seo
    return SeoWire(
        title_template=seo.title_template,
        meta_description=seo.meta_description,
        social_image=seo.social_image,
        robots_url=f"{origin}/robots.txt",
        sitemap_url=f"{origin}/sitemap.xml" if seo.sitemap_enabled else "",
        llms_url=f"{origin}/llms.txt" if seo.llms_enabled else "",
    )


@router.get("/menus/{location}", dependencies=[public])
async def read_menu(location: str, house: House, site: CurrentSite) -> MenuWire:
    """Return a menu as visitors see it: where each item leads now, without what is not public."""
    seen = await house.menus.menu(location)
    return MenuWire(location=location, items=_menu(seen, site.general.language))


def _menu(links: Sequence[MenuLink], locale: str) -> list[MenuLinkWire]:
    return [
        MenuLinkWire(
            label=format_message(one.label, locale),
            url=one.url,
            new_tab=one.is_new_tab,
            columns=one.columns,
            children=_menu(one.children, locale),
        )
        for one in links
    ]


@router.get("/links", dependencies=[allow(Permission.EDIT_PAGES)])
async def find_links(
    house: House,
    site: CurrentSite,
    search: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - FastAPI makes its own of it
) -> LinkTargets:
    """Return what a link can lead to, by words; drafts too, marked. `kind` narrows: page, product, category, file."""
    found = await house.db.query(house.links.find, search.replace("\x00", ""), tuple(kind))
    return LinkTargets(items=[_target(one, place, site.general.language) for one, place in found])


def _target(kind: LinkKind, place: LinkPlace, locale: str) -> LinkTarget:
    return LinkTarget(
        kind=kind.kind,
        label=format_message(kind.label, locale),
        title=format_message(place.title, locale),
        url=place.url,
        reference=place.reference,
        is_public=place.is_public,
        note=format_message(place.note, locale),
    )
