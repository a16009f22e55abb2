"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import (
    auth,
    cart,
    categories,
    checkout,
    orders,
    product_tags,
    products,
    settings,
    setup,
    users,
)


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for part in (setup, auth, users, products, categories, product_tags, cart, checkout, orders, settings):
        router.include_router(part.router)
    return router
