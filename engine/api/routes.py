"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import auth, settings, setup, users


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for part in (setup, auth, users, settings):
        router.include_router(part.router)
    return router
