"""What robots read: `/robots.txt`, the sitemap, and `/llms.txt`."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from sqlalchemy import Connection

from engine.api.request import CurrentSite, House, origin_of, public
from engine.api.routing import APIRouter
from engine.content.seo.guide import guide_text
from engine.content.seo.sitemaps import index_xml, part_xml, parts
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.linking import Addresses

router = APIRouter(include_in_schema=False, dependencies=[public])
KEPT = {"Cache-Control": "public, max-age=3600"}
XML = "application/xml"
LINES_AT_ONCE = 500
USUAL = """User-agent: *
Disallow: /admin
Disallow: /account
Disallow: /cart
Disallow: /checkout
Disallow: /orders
Disallow: /search
Disallow: /api
"""


@router.get("/robots.txt", response_class=PlainTextResponse)
async def show_robots(request: Request, site: CurrentSite) -> PlainTextResponse:
    """Answer what crawlers may read, and where the sitemap is: the organisation's own words, or the usual ones."""
    text = (site.seo.robots_txt or USUAL).replace("\r\n", "\n").rstrip("\n") + "\n"
    if site.seo.sitemap_enabled and "sitemap:" not in text.lower():
        text += f"\nSitemap: {origin_of(request)}/sitemap.xml\n"
    return PlainTextResponse(text, headers=KEPT)


@router.get("/sitemap.xml")
async def show_index(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the index of the sitemap."""
    _refuse_without(is_on=site.seo.sitemap_enabled)
    found = await house.db.query(parts, house.addresses)
    return Response(index_xml(found, _absolute(request)), media_type=XML, headers=KEPT)


@router.get("/sitemap/{name}.xml")
async def show_part(request: Request, name: str, house: House, site: CurrentSite) -> Response:
    """Answer a part of the sitemap, as it is read."""
    _refuse_without(is_on=site.seo.sitemap_enabled)
    key, _dash, number = name.rpartition("-")
    addresses = next((one for one in house.addresses if one.key == key), None)
    found = await house.db.query(parts, [addresses] if addresses else [])
    if addresses is None or not any(str(part.number) == number for part in found):
        raise NotFound(_("There is no part “{name}” of the sitemap."), name=name[:60])
    write = partial(_written, addresses=addresses, number=int(number), absolute=_absolute(request))
    return StreamingResponse(_streamed(house, write), media_type=XML, headers=KEPT)


@router.get("/llms.txt", response_class=PlainTextResponse)
async def show_guide(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer what the site is and what to read of it first, for language models."""
    _refuse_without(is_on=site.seo.llms_enabled)
    text = await house.db.query(guide_text, site, house.addresses, _absolute(request))
    return PlainTextResponse(text, headers=KEPT)


def _refuse_without(*, is_on: bool) -> None:
    if not is_on:
        raise NotFound(_("This site does not offer that."))


def _absolute(request: Request) -> Callable[[str], str]:
    origin = origin_of(request)
    return lambda path: path if path.startswith(("https://", "http://")) else origin + path


def _written(
    connection: Connection, addresses: Addresses, number: int, absolute: Callable[[str], str]
) -> Iterator[str]:
    return part_xml(connection, addresses, number, absolute)


async def _streamed(house: House, write: Callable[[Connection], Iterator[str]]) -> AsyncIterator[str]:
    async for lines in house.db.stream(write, LINES_AT_ONCE):
        yield "".join(lines)
