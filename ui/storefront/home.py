"""The front page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import CurrentSite, House, actor_of, public
from engine.api.routing import APIRouter
from engine.commerce.catalog import shop
from engine.commerce.catalog.shop import Card
from engine.commerce.catalog.views import CategoryView
from engine.content import public as content
from engine.content.articles import queries
from engine.content.articles.queries import Card as Article
from engine.content.articles.queries import Wanted
from engine.core.blogsettings import Blog
from engine.core.i18n import Message, _
from engine.core.paging import PageRequest
from engine.core.settings import Site
from engine.media.public import MediaUrls
from ui.page import Text
from ui.respond import absolute, has_session, page
from ui.storefront import structured
from ui.storefront.answers import delivery_answers
from ui.storefront.held import private
from ui.storefront.pages import find_page

router = APIRouter(include_in_schema=False, dependencies=[public])
SHOWN = 13
TILES = 4
FEW = 4
NEWEST = 7
MAX_DIGITS = 12


@dataclass(frozen=True)
class Tile:
    """A category with a picture that stands for it."""

    category: CategoryView
    picture: MediaUrls | None


@dataclass(frozen=True)
class Hero:
    """What a visitor sees first: the owner's own words and picture, or what the shop itself offers."""

    title: Text
    text: Text
    image_url: str | None
    image_alt: str
    image: MediaUrls | None
    ratio: str
    action_label: Text
    action_url: str


@dataclass(frozen=True)
class HomePage:
    """What greets a visitor. sections: (title, products); answers: (icon, title, text) to what shoppers ask."""

    hero: Hero
    sections: Sequence[tuple[Message, Sequence[Card]]]
    tiles: Sequence[Tile]
    answers: Sequence[tuple[str, Text, Text]]
    currency: str
    is_empty: bool
    is_for_owner: bool
    contact_email: str
    structured_data: Markup | None
    articles: Sequence[Article] = ()
    blog: Blog = Blog()


@router.get("/")
async def show_home(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the front page that people built, else the owner's words, featured products, the newest, categories."""
    if (moved := await _by_number(request, house)) is not None:
        return moved
    if (own := await find_page(request)) is not None:
        return own
    context = await home_page(request, house, site)
    is_personal = context.is_empty and not context.articles and has_session(request)
    if is_personal:
        context = replace(context, is_for_owner=(await actor_of(request)).is_staff)
    image = context.hero.image_url or (context.hero.image.large if context.hero.image else None)
    answer = await page(
        request,
        "storefront/home.html",
        context,
        title=site.general.site_name,
        description=site.seo.meta_description or site.general.tagline,
        canonical_url=absolute(request, "/"),
        image_url=absolute(request, image) if image else None,
    )
    return private(answer) if is_personal else answer


async def _by_number(request: Request, house: Ports) -> Response | None:
    """Return the way to what had a number on a WordPress site that moved in: `/?p=7`, `/?page_id=7`."""
    asked = request.query_params
    number = asked.get("p") or asked.get("page_id") or ""
    if not (number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS):
        return None
    path = await house.db.query(content.path_of_number, number)
    return RedirectResponse(path, 301) if path is not None and path != "/" else None


async def home_page(request: Request, house: Ports, site: Site) -> HomePage:
    """Return the front page as the site's settings have it."""
    cards = await house.db.glance(shop.front, SHOWN)
    tree = await house.categories.tree()
    general = site.general
    opening = next((card for card in cards if card.image and card.image.width >= 600), None)
    is_twice = opening is not None and not site.theme.hero_image and len(cards) > FEW
    shown = [card for card in cards if card is not opening] if is_twice else cards
    data = structured.organisation_data(general.site_name, general.logo, lambda path: absolute(request, path))
    return HomePage(
        hero=_hero(site, opening),
        sections=sections(shown),
        tiles=[Tile(one, tree.covers.get(one.id)) for one in tree.top[:TILES]],
        answers=delivery_answers(site) if cards else [],
        currency=general.currency,
        is_empty=not cards,
        is_for_owner=False,
        contact_email=general.contact_email,
        structured_data=structured.json_ld(data) if site.seo.structured_data_enabled else None,
        articles=await house.db.glance(_latest) if not cards else (),
        blog=site.blog,
    )


def _latest(connection: Connection) -> Sequence[Article]:
    """Return the newest articles: what a site without a shop greets with."""
    return queries.listed(connection, Wanted(pinned_first=True), PageRequest(1, NEWEST)).items


def _hero(site: Site, opening: Card | None) -> Hero:
    theme, general = site.theme, site.general
    image = opening.image if opening and not theme.hero_image else None
    is_tall = image is not None and image.height > image.width
    return Hero(
        title=theme.hero_heading or general.tagline or general.site_name,
        text=theme.hero_text or (site.seo.meta_description if general.tagline and not theme.hero_heading else ""),
        image_url=theme.hero_image or None,
        image_alt=theme.hero_image_alt if theme.hero_image else (opening.name if opening else ""),
        image=image,
        ratio="square" if is_tall else "landscape",
        action_label=theme.hero_button_label or _("See all products"),
        action_url=theme.hero_button_url or "/products",
    )


def sections(cards: Sequence[Card]) -> list[tuple[Message, Sequence[Card]]]:
    """Return the products in rows: what the shop picked, where that is a row, and what is new."""
    picked = [card for card in cards if card.is_featured]
    rest = [card for card in cards if not card.is_featured]
    if len(picked) < FEW:
        return [(_("New in the shop"), cards[: 2 * FEW])] if cards else []
    rows: list[tuple[Message, Sequence[Card]]] = [(_("Our picks"), picked[: 2 * FEW])]
    if len(rest) >= FEW:
        rows.append((_("New in the shop"), rest[:FEW]))
    return rows
