"""Every page, in one list."""

from fastapi import APIRouter

from ui import static
from ui.storefront import categories, home, products, robots, search


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in (static, home, products, categories, search, robots):
        router.include_router(part.router)
    return router
