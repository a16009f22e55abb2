"""Every page, in one list."""

from fastapi import APIRouter

from ui import desktop, static
from ui.account import me, register, reset, sign_in
from ui.account import orders as own_orders
from ui.admin import events
from ui.admin.audit import pages as admin_audit
from ui.admin.categories import pages as admin_categories
from ui.admin.dashboard import pages as admin_dashboard
from ui.admin.imports import pages as admin_imports
from ui.admin.jobs import pages as admin_jobs
from ui.admin.network import pages as admin_network
from ui.admin.orders import pages as admin_orders
from ui.admin.outbox import pages as admin_outbox
from ui.admin.products import editing as admin_product
from ui.admin.products import pages as admin_products
from ui.admin.records import pages as admin_records
from ui.admin.settings import pages as admin_settings
from ui.admin.tags import pages as admin_tags
from ui.admin.users import pages as admin_users
from ui.docs import pages as docs
from ui.setup import wizard as setup
from ui.storefront import cart, categories, checkout, home, products, robots, search, status

PARTS = (
    static,
    setup,
    desktop,
    docs,
    sign_in,
    register,
    reset,
    me,
    own_orders,
    events,
    admin_audit,
    admin_categories,
    admin_dashboard,
    admin_imports,
    admin_products,
    admin_product,
    admin_tags,
    admin_jobs,
    admin_network,
    admin_orders,
    admin_outbox,
    admin_settings,
    admin_users,
    cart,
    categories,
    checkout,
    home,
    products,
    robots,
    search,
    status,
    admin_records,
)


def page_router() -> APIRouter:
    """Return the routes of all pages, flat in one router: each nested one would be asked anew for every request."""
    router = APIRouter()
    for part in (*(one.router for one in PARTS), me.admin_router):
        router.routes.extend(part.routes)
    return router
