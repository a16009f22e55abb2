"""Every page, in one list."""

from fastapi import APIRouter

from ui import desktop, static
from ui.account import me, register, reset, sign_in
from ui.account import orders as own_orders
from ui.admin import events
from ui.admin.audit import pages as audit
from ui.admin.jobs import pages as jobs
from ui.admin.orders import pages as orders
from ui.admin.outbox import pages as outbox
from ui.admin.users import pages as users
from ui.setup import wizard as setup
from ui.storefront import cart, categories, checkout, home, products, robots, search, status


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    shop = (home, products, categories, search, robots, cart, checkout, status)
    account = (sign_in, register, reset, own_orders, me)
    admin = (events, orders, users, outbox, jobs, audit)
    for part in (static, setup, desktop, *shop, *account, *admin):
        router.include_router(part.router)
    router.include_router(me.admin_router)
    return router
