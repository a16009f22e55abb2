"""`/categories/...`: a shelf of the shop, with those below it."""

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.commerce.catalog.shelves import flat
from engine.core.errors import NotFound
from engine.core.html import text_of
from engine.core.i18n import _
from ui.page import Link
from ui.respond import redirect
from ui.storefront.asked import Asked
from ui.storefront.listing import answer_list
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
    return await answer_list(
        request,
        house,
        asked,
        category.name,
        category_id=category.id,
        within=within,
        text=text_of(category.description, 300),
        crumbs=[ALL, *((one.name, one.url) for one in tree.trail(category)[:-1])],
        children=[Link(one.name, one.url, count=one.product_count) for one in category.children if one.product_count],
        description=text_of(category.description, 160),
        image=category.image,
    )
