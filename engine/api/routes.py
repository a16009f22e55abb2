"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import auth, categories, imports, product_tags, products, settings, setup, users


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for part in (setup, auth, users, imports, products, categories, product_tags, settings):
        router.include_router(part.router)
    return router
