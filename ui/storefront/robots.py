"""`/robots.txt`: the organisation's own words, or what keeps crawlers out of carts and accounts."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from engine.api.request import CurrentSite, public

router = APIRouter(include_in_schema=False, dependencies=[public])
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
async def show_robots(site: CurrentSite) -> PlainTextResponse:
    """Answer what crawlers may read."""
    return PlainTextResponse(site.seo.robots_txt or USUAL, headers={"Cache-Control": "public, max-age=3600"})
