"""`/categories/...`: a shelf of the shop, with those below it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from engine.api.request import CurrentSite, House, public
from engine.commerce.catalog import shop
from engine.commerce.catalog.shelves import flat
from engine.core.errors import NotFound
from engine.core.html import text_of
from engine.core.i18n import _
from ui.page import Link
from ui.respond import absolute, page, redirect
from ui.storefront.listing import Asked, list_page
from ui.storefront.products import ALL

router = APIRouter(include_in_schema=False, dependencies=[public])


@router.get("/categories/{path:path}")
async def show_category(request: Request, path: str, house: House, site: CurrentSite) -> Response:
    """Answer what stands in a category and in those below it."""
    tree = await house.categories.tree()
    category = tree.by_path.get(path.rstrip("/"))
    if category is None:
        raise NotFound(_("This category is not here any more. Have a look at all products."))
    if path.endswith("/"):
        return redirect(category.url, status=301)
    asked = Asked.of(category.url, request.query_params, site.general.currency)
    within = [one.id for one in flat([category])]
    found = await house.db.query(shop.listing, asked.choice(within), asked.request)
    if asked.page > found.page.pages:
        return redirect(asked.url(found.page.pages), status=302)
    context = list_page(
        found,
        asked,
        category.name,
        text=text_of(category.description, 300),
        crumbs=[ALL, *((one.name, one.url) for one in tree.trail(category)[:-1])],
        children=[Link(one.name, one.url, count=one.product_count) for one in category.children if one.product_count],
        locale=site.general.language,
    )
    return await page(
        request,
        "storefront/list.html",
        context,
        title=category.name,
        description=text_of(category.description, 160),
        canonical_url=absolute(request, category.url),
        indexed=not asked.is_narrowed,
    )
