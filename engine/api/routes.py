"""Every route of `/api/v1`, in one list."""

from fastapi import APIRouter

from engine.api import jobs, settings


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for part in (jobs, settings):
        router.include_router(part.router)
    return router
