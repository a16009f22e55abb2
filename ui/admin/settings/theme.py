"""The theme before it is saved: the shop's own pages in the choices that an address describes, for the frame beside."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import ValidationError

from engine.api.ports import Ports
from engine.api.request import House, allow
from engine.api.routing import APIRouter
from engine.commerce.catalog import shop
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.site import Theme
from ui.respond import page
from ui.storefront.asked import Asked
from ui.storefront.choosing import select
from ui.storefront.home import home_page
from ui.storefront.listing import list_page
from ui.storefront.navigation import footer, header
from ui.storefront.products import ALL, product_page
from ui.themes import theme_sheet

HOME = "/admin/settings/theme"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_SETTINGS)])


@router.get("/preview")
async def preview(request: Request, house: House) -> Response:
    """Answer a page of the shop: `show` is home, list or product. Where nothing is sold, it is the front page."""
    theme = _asked_theme(request, house)
    site = replace(house.site, theme=theme)
    wanted = request.query_params.get("show", "home")
    asked = Asked("/products", site.general.currency)
    found = await house.db.query(shop.listing, asked.choice(None), asked.request)
    first = next(iter(found.page.items), None)
    product = await house.db.query(shop.detail, first.slug) if first and wanted == "product" else None
    context: object
    if product is not None:
        template, context = "product", product_page(request, product, select(product, {}), site, [ALL])
    elif wanted == "list" and first is not None:
        template, context = "list", list_page(found, asked, _("All products"), locale=site.general.language)
    else:
        template, context = "home", await home_page(request, house, site)
    request.state.framed = True
    return await page(
        request,
        f"storefront/{template}.html",
        context,
        title=_("Preview"),
        theme_css_url=f"{HOME}/preview.css?{urlencode(_choices(theme))}",
        surface="storefront",
        scheme=theme.color_scheme if theme.color_scheme != "auto" else None,
        nav=await header(house),
        footer=await footer(house),
        flashes=(),
        viewer=None,
    )


@router.get("/preview.css")
async def preview_sheet(request: Request, house: House) -> Response:
    """Answer the stylesheet of the theme that the address describes."""
    _hash, body = theme_sheet(_asked_theme(request, house))
    return Response(body, media_type="text/css", headers={"Cache-Control": "no-store"})


def _choices(theme: Theme) -> dict[str, str]:
    """Return what a stylesheet depends on, by wire name."""
    values = theme.model_dump(mode="json", by_alias=True)
    return {name: str(value) for name, value in values.items() if not name.startswith("hero")}


def _asked_theme(request: Request, house: Ports) -> Theme:
    """Return the saved theme with the fields that the address changes; those that cannot be are left alone."""
    theme = house.site.theme.model_dump(mode="json", by_alias=True)
    for name, value in request.query_params.items():
        if name in theme:
            try:
                theme = Theme.model_validate({**theme, name: value}).model_dump(mode="json", by_alias=True)
            except ValidationError:
                continue
    return Theme.model_validate(theme)
