"""Every page, in one list."""

from fastapi import APIRouter

from ui import desktop, static
from ui.account import me, register, reset, sign_in
from ui.admin.audit import pages as admin_audit
from ui.admin.jobs import pages as admin_jobs
from ui.admin.network import pages as admin_network
from ui.admin.outbox import pages as admin_outbox
from ui.admin.settings import pages as admin_settings
from ui.admin.users import pages as admin_users
from ui.setup import wizard as setup
from ui.storefront import categories, home, products, robots, search

PARTS = (
    static,
    setup,
    desktop,
    sign_in,
    register,
    reset,
    me,
    admin_audit,
    admin_jobs,
    admin_network,
    admin_outbox,
    admin_settings,
    admin_users,
    categories,
    home,
    products,
    robots,
    search,
)


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    for part in PARTS:
        router.include_router(part.router)
    router.include_router(me.admin_router)
    return router
