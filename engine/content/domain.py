"""What content offers to the house."""

from engine.content.blocks import BLOCKS
from engine.content.consents import NEEDS
from engine.content.footprints import FORGET_MISSING
from engine.content.menus.declared import navigation
from engine.content.menus.memory import MenuMemory
from engine.content.menus.menus import Menus
from engine.content.pages.jobs import PUBLISH_DUE
from engine.content.pages.linking import ADDRESSES, LINK_TARGETS
from engine.content.pages.media_use import PAGE_PICTURES
from engine.content.pages.resources import PAGES
from engine.content.resources import MISSING_PAGES, REDIRECTS
from engine.core.domain import Domain
from engine.core.linking import Links


def domain(links: Links, menus: MenuMemory) -> Domain:
    """Return the domain. links: what menus can lead to; menus: as pages show them, in memory."""
    verbs = Menus(links)
    return Domain(
        "content",
        resources=(PAGES, REDIRECTS, MISSING_PAGES, navigation(verbs.create, verbs.update)),
        listeners=(menus.listener(),),
        jobs=(PUBLISH_DUE, FORGET_MISSING),
        media_uses=(PAGE_PICTURES,),
        blocks=BLOCKS,
        link_targets=LINK_TARGETS,
        addresses=ADDRESSES,
        consent_needs=NEEDS,
    )
