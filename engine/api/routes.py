"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import categories, media, product_tags, products, search, settings


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for part in (products, categories, product_tags, media, search, settings):
        router.include_router(part.router)
    return router
