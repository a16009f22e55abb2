"""Every page, in one list."""

from engine.api.routing import APIRouter
from ui import desktop, static
from ui.account import addresses as own_addresses
from ui.account import data as own_data
from ui.account import me, passkeys, register, reset, sign_in, steps
from ui.account import orders as own_orders
from ui.admin import events
from ui.admin.articles import api as admin_article_api
from ui.admin.articles import shelving as admin_shelving
from ui.admin.articles import writing as admin_writing
from ui.admin.backups import pages as admin_backups
from ui.admin.backups import restoring as admin_restoring
from ui.admin.dashboard import pages as admin_dashboard
from ui.admin.demo import pages as admin_demo
from ui.admin.devices import pages as admin_devices
from ui.admin.files import pages as admin_files
from ui.admin.forms import entries as admin_form_entries
from ui.admin.forms import pages as admin_forms
from ui.admin.health import pages as admin_health
from ui.admin.imports import exports as admin_exports
from ui.admin.imports import pages as admin_imports
from ui.admin.jobs import pages as admin_jobs
from ui.admin.letters import pages as admin_letters
from ui.admin.links import pages as admin_links
from ui.admin.logs import pages as admin_logs
from ui.admin.media import describing as admin_describing
from ui.admin.media import one as admin_file
from ui.admin.media import pages as admin_media
from ui.admin.media import picker as admin_picker
from ui.admin.media import uploads as admin_uploads
from ui.admin.menus import pages as admin_menus
from ui.admin.missing import pages as admin_missing
from ui.admin.moving import exporting as admin_exporting
from ui.admin.moving import pages as admin_moving
from ui.admin.network import pages as admin_network
from ui.admin.orders import pages as admin_orders
from ui.admin.outbox import pages as admin_outbox
from ui.admin.pages import versions as admin_versions
from ui.admin.palette import pages as admin_palette
from ui.admin.privacy import pages as admin_privacy
from ui.admin.products import editing as admin_product
from ui.admin.products import pages as admin_products
from ui.admin.program import licences as admin_licences
from ui.admin.program import pages as admin_program
from ui.admin.records import importing as admin_record_imports
from ui.admin.records import pages as admin_records
from ui.admin.running import pages as admin_running
from ui.admin.searches import pages as admin_searches
from ui.admin.services import pages as admin_services
from ui.admin.settings import pages as admin_settings
from ui.admin.settings import theme as admin_theme
from ui.admin.upkeep import pages as admin_upkeep
from ui.admin.users import pages as admin_users
from ui.admin.voices import pages as admin_voices
from ui.builder import routes as builder
from ui.docs import pages as docs
from ui.fields import pages as fields
from ui.kiosk import pages as kiosk
from ui.setup import wizard as setup
from ui.storefront import (
    cart,
    categories,
    checkout,
    consent,
    files,
    forms,
    home,
    opening,
    paying,
    payment,
    pictures,
    preview,
    products,
    robots,
    search,
    status,
)
from ui.storefront.articles import feeds as blog_feeds
from ui.storefront.articles import pages as blog
from ui.storefront.comments import editing as comment_editing
from ui.storefront.comments import pages as comment_pages
from ui.storefront.comments import wishes
from ui.storefront.reviews import pages as review_pages
from ui.storefront.reviews import writing as review_writing
from ui.trusting import pages as trusting

PARTS = (
    static,
    setup,
    desktop,
    docs,
    kiosk,
    trusting,
    sign_in,
    register,
    reset,
    me,
    own_addresses,
    own_orders,
    own_data,
    steps,
    passkeys,
    events,
    fields,
    admin_dashboard,
    admin_restoring,
    admin_backups,
    admin_demo,
    admin_devices,
    admin_exports,
    admin_imports,
    admin_products,
    admin_product,
    admin_program,
    admin_licences,
    admin_files,
    admin_forms,
    admin_form_entries,
    admin_health,
    admin_jobs,
    admin_upkeep,
    admin_links,
    admin_media,
    admin_uploads,
    admin_picker,
    admin_describing,
    admin_file,
    admin_menus,
    admin_missing,
    admin_network,
    admin_orders,
    admin_letters,
    admin_logs,
    admin_outbox,
    admin_palette,
    admin_privacy,
    admin_moving,
    admin_exporting,
    admin_versions,
    admin_running,
    admin_searches,
    admin_services,
    admin_theme,
    admin_settings,
    admin_users,
    admin_article_api,
    admin_shelving,
    admin_writing,
    blog_feeds,
    blog,
    *builder.PARTS,
    admin_voices,
    cart,
    categories,
    checkout,
    consent,
    files,
    forms,
    home,
    opening,
    paying,
    payment,
    preview,
    pictures,
    products,
    robots,
    search,
    status,
    comment_editing,
    comment_pages,
    wishes,
    review_writing,
    review_pages,
    admin_record_imports,
    admin_records,
)


def page_router() -> APIRouter:
    """Return the routes of all pages, flat in one router: each nested one would be asked anew for every request."""
    router = APIRouter()
    for part in (me.admin_router, *(one.router for one in PARTS)):
        router.routes.extend(part.routes)
    return router
