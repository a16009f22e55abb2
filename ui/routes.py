"""Every page, in one list."""

from fastapi import APIRouter

from ui import static


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in (static,):
        router.include_router(part.router)
    return router
