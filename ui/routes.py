"""Every page, in one list."""

from fastapi import APIRouter

from ui import desktop, static
from ui.account import me, register, reset, sign_in
from ui.admin.audit import pages as audit
from ui.admin.jobs import pages as jobs
from ui.admin.outbox import pages as outbox
from ui.admin.users import pages as users
from ui.setup import wizard as setup


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in (static, setup, desktop, sign_in, register, reset, me, users, outbox, jobs, audit):
        router.include_router(part.router)
    router.include_router(me.admin_router)
    return router
