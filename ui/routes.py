"""Every page, in one list."""

from fastapi import APIRouter

from ui import static
from ui.admin.audit import pages as audit
from ui.admin.jobs import pages as jobs
from ui.admin.network import pages as network
from ui.admin.outbox import pages as outbox


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in (static, outbox, jobs, audit, network):
        router.include_router(part.router)
    return router
