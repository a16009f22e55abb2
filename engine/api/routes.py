"""Every route of `/api/v1`, in one list."""

from engine.api import (
    auth,
    backups,
    cart,
    checkout,
    comments,
    devices,
    file_contents,
    forms,
    imports,
    jobs,
    letters,
    media,
    media_uploads,
    moving,
    my_addresses,
    orders,
    page_company,
    pages,
    payments,
    products,
    reviews,
    search,
    settings,
    setup,
    site,
    upkeep,
    users,
)
from engine.api.records import routes as records
from engine.api.routing import APIRouter

PARTS = (
    setup,
    auth,
    my_addresses,
    users,
    devices,
    imports,
    products,
    media_uploads,
    media,
    cart,
    comments,
    reviews,
    checkout,
    orders,
    moving,
    page_company,
    pages,
    payments,
    file_contents,
    forms,
    search,
    jobs,
    upkeep,
    backups,
    letters,
    settings,
    site,
    records,
)


def api_router() -> APIRouter:
    """Return the routes of the API, flat: a tree of routers is asked anew, branch by branch, for every request."""
    router = APIRouter()
    for part in PARTS:
        router.routes.extend(part.router.routes)
    return router
