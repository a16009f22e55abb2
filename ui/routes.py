"""Every page, in one list."""

from fastapi import APIRouter

from ui import static
from ui.admin.audit import pages as audit
from ui.admin.categories import pages as categories
from ui.admin.imports import pages as imports
from ui.admin.jobs import pages as jobs
from ui.admin.outbox import pages as outbox
from ui.admin.products import editing
from ui.admin.products import pages as products
from ui.admin.settings import pages as settings
from ui.admin.tags import pages as tags

ADMIN = (imports, products, editing, categories, tags, outbox, jobs, audit, settings)


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in (static, *ADMIN):
        router.include_router(part.router)
    return router
