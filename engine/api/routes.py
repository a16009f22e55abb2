"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import (
    auth,
    cart,
    categories,
    checkout,
    imports,
    jobs,
    media,
    orders,
    product_tags,
    products,
    search,
    settings,
    setup,
    users,
)
from engine.api.records import routes as records

PARTS = (
    setup,
    auth,
    users,
    imports,
    products,
    categories,
    product_tags,
    media,
    cart,
    checkout,
    orders,
    search,
    jobs,
    settings,
    records,
)


def api_router() -> APIRouter:
    """Return the routes of the API, flat: a tree of routers is asked anew, branch by branch, for every request."""
    router = APIRouter()
    for part in PARTS:
        router.routes.extend(part.router.routes)
    return router
