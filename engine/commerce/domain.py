"""What commerce offers to the house."""

from engine.commerce.blocks import BLOCKS
from engine.commerce.catalog.imports import import_jobs
from engine.commerce.catalog.linking import LINK_TARGETS
from engine.commerce.catalog.mapped import ADDRESSES
from engine.commerce.catalog.media_use import CATEGORY_PICTURES, PRODUCT_PICTURES
from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.catalog.moved import SITE_KINDS
from engine.commerce.catalog.product_list import PRODUCTS as PRODUCT_LIST
from engine.commerce.catalog.resources import CATEGORIES, PRODUCT_TAGS
from engine.commerce.catalog.search import PRODUCTS
from engine.commerce.catalog.shelf_counts import COUNT
from engine.commerce.demo.part import PART
from engine.commerce.ordering.gauges import GAUGES
from engine.commerce.ordering.jobs import FORGET, payment_jobs, sums_job
from engine.commerce.ordering.letters import TEMPLATES
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ordering.personal import PERSONAL, RETENTIONS
from engine.commerce.ordering.queries import order_count
from engine.commerce.ordering.reactions import ATTACH
from engine.commerce.ordering.search import ORDERS
from engine.commerce.reviewed import PRODUCTS as REVIEWED
from engine.commerce.reviewed import invitations
from engine.content.speech.voices import Voices
from engine.core.domain import Domain, PersonCount
from engine.core.i18n import _
from engine.core.ports import BlobStore
from engine.core.settings import SettingsStore
from engine.media.ports import PictureSource

ORDER_COUNT = PersonCount("orderCount", _("Orders"), order_count)


def domain(
    settings: SettingsStore,
    blobs: BlobStore,
    pictures: PictureSource,
    categories: CategoryMemory,
    till: Till,
    voices: Voices,
) -> Domain:
    """Return the domain.

    blobs: where files wait for their import; pictures: where theirs are fetched from; categories: the tree in memory;
    till: what online payments work with; voices: what reviews do.
    """
    plan, ask = invitations(voices)
    return Domain(
        "commerce",
        resources=(PRODUCT_LIST, CATEGORIES, PRODUCT_TAGS),
        reactions=(ATTACH, plan),
        jobs=(*import_jobs(settings, blobs, pictures), COUNT, FORGET, *payment_jobs(till), ask, sums_job(settings)),
        listeners=(categories.listener(),),
        search=(PRODUCTS, ORDERS),
        email_templates=TEMPLATES,
        person_counts=(ORDER_COUNT,),
        demo=PART,
        gauges=GAUGES,
        personal=PERSONAL,
        retentions=RETENTIONS,
        link_targets=LINK_TARGETS,
        addresses=ADDRESSES,
        media_uses=(PRODUCT_PICTURES, CATEGORY_PICTURES),
        subjects=(REVIEWED,),
        blocks=BLOCKS,
        site_kinds=SITE_KINDS,
    )
