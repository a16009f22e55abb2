"""What content offers to the house."""

from engine.content.blocks import BLOCKS
from engine.content.comments import letters as comment_letters
from engine.content.comments.moderation import PURGE as PURGE_COMMENTS
from engine.content.comments.resources import comments
from engine.content.footprints import FORGET_MISSING
from engine.content.menus.declared import navigation
from engine.content.menus.memory import MenuMemory
from engine.content.menus.menus import Menus
from engine.content.pages.jobs import PUBLISH_DUE
from engine.content.pages.media_use import PAGE_PICTURES
from engine.content.pages.resources import PAGES
from engine.content.resources import MISSING_PAGES, REDIRECTS
from engine.content.reviews import letters as review_letters
from engine.content.reviews.media_use import REVIEW_PHOTOS
from engine.content.reviews.moderation import PURGE as PURGE_REVIEWS
from engine.content.reviews.resources import reviews
from engine.content.spam.posts import FORGET
from engine.content.speech.voices import Voices
from engine.core.domain import Domain
from engine.core.i18n import _
from engine.core.linking import Links, fixed_places


def domain(links: Links, menus: MenuMemory, voices: Voices) -> Domain:
    """Return the domain.

    links: what menus can lead to; menus: as pages show them, in memory; voices: what comments and reviews work with.
    """
    verbs = Menus(links)
    return Domain(
        "content",
        resources=(
            PAGES,
            REDIRECTS,
            MISSING_PAGES,
            navigation(verbs.create, verbs.update),
            comments(voices),
            reviews(voices),
        ),
        listeners=(menus.listener(),),
        jobs=(FORGET_MISSING, PUBLISH_DUE, FORGET, PURGE_COMMENTS, PURGE_REVIEWS),
        email_templates=(*comment_letters.TEMPLATES, *review_letters.TEMPLATES),
        media_uses=(PAGE_PICTURES, REVIEW_PHOTOS),
        blocks=BLOCKS,
        link_targets=(fixed_places("front", _("Front page"), "store", ((_("Front page"), "/"),)),),
    )
