"""Every page, in one list."""

from fastapi import APIRouter

from ui import static
from ui.account import orders as own_orders
from ui.admin import events
from ui.admin.audit import pages as audit
from ui.admin.jobs import pages as jobs
from ui.admin.orders import pages as orders
from ui.admin.outbox import pages as outbox
from ui.storefront import cart, categories, checkout, home, products, robots, search, status


def page_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter()
    shop = (home, products, categories, search, robots, cart, checkout, status, own_orders)
    admin = (events, orders, outbox, jobs, audit)
    for part in (static, *shop, *admin):
        router.include_router(part.router)
    return router
