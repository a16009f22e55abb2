"""What content offers to the house."""

from engine.content.blocks import BLOCKS
from engine.content.footprints import FORGET_MISSING
from engine.content.forms import letters
from engine.content.forms.jobs import jobs as form_jobs
from engine.content.forms.resources import FORM_ENTRIES, FORMS
from engine.content.menus.declared import navigation
from engine.content.menus.memory import MenuMemory
from engine.content.menus.menus import Menus
from engine.content.pages.jobs import PUBLISH_DUE
from engine.content.pages.media_use import PAGE_PICTURES
from engine.content.pages.resources import PAGES
from engine.content.resources import MISSING_PAGES, REDIRECTS
from engine.core.domain import Domain
from engine.core.i18n import _
from engine.core.linking import Links, fixed_places
from engine.core.ports import BlobStore


def domain(links: Links, menus: MenuMemory, blobs: BlobStore) -> Domain:
    """Return the domain. links: what menus can lead to; menus: as pages show them, in memory; blobs: private files."""
    verbs = Menus(links)
    return Domain(
        "content",
        resources=(PAGES, FORMS, FORM_ENTRIES, REDIRECTS, MISSING_PAGES, navigation(verbs.create, verbs.update)),
        listeners=(menus.listener(),),
        jobs=(FORGET_MISSING, PUBLISH_DUE, *form_jobs(blobs)),
        email_templates=letters.EMAILS,
        media_uses=(PAGE_PICTURES,),
        blocks=BLOCKS,
        link_targets=(fixed_places("front", _("Front page"), "store", ((_("Front page"), "/"),)),),
    )
