"""The front page."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from engine.api.request import CurrentSite, House, public
from engine.commerce.catalog import shop
from engine.commerce.catalog.shop import Card
from engine.commerce.catalog.views import CategoryView
from engine.core.i18n import Message, _
from engine.media.public import MediaUrls
from ui.page import Text
from ui.respond import absolute, page
from ui.storefront import structured

router = APIRouter(include_in_schema=False, dependencies=[public])
SHOWN = 13
TILES = 4
FEW = 4


@dataclass(frozen=True)
class Tile:
    """A category with a picture that stands for it."""

    category: CategoryView
    picture: MediaUrls | None


@dataclass(frozen=True)
class HomePage:
    """What greets a visitor. hero: the product whose picture opens the page; sections: (title, products)."""

    title: Text
    text: Text
    hero: Card | None
    sections: Sequence[tuple[Message, Sequence[Card]]]
    tiles: Sequence[Tile]
    currency: str
    is_empty: bool
    structured_data: Markup | None


@router.get("/")
async def show_home(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the front page: featured products, the newest, and the categories."""
    cards = await house.db.query(shop.front, SHOWN)
    tree = await house.categories.tree()
    general = site.general
    hero = next((card for card in cards if card.image and card.image.width >= 600), None)
    data = structured.organisation_data(general.site_name, general.logo, lambda path: absolute(request, path))
    context = HomePage(
        title=general.tagline or general.site_name,
        text=site.seo.meta_description if general.tagline else "",
        hero=hero,
        sections=sections([card for card in cards if card is not hero or len(cards) <= FEW]),
        tiles=[Tile(one, tree.covers.get(one.id)) for one in tree.top[:TILES]],
        currency=general.currency,
        is_empty=not cards,
        structured_data=structured.json_ld(data) if site.seo.structured_data_enabled else None,
    )
    return await page(
        request,
        "storefront/home.html",
        context,
        title=general.site_name,
        description=site.seo.meta_description or general.tagline,
        canonical_url=absolute(request, "/"),
        image_url=absolute(request, hero.image.large) if hero and hero.image else None,
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
