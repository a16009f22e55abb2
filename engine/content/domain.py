"""What content offers to the house."""

from engine.content.articles.article_list import ARTICLES
from engine.content.articles.blocks import LATEST
from engine.content.articles.linking import BLOG_TARGETS, SHELF_PICTURES, SUBJECT
from engine.content.articles.resources import SHELVES
from engine.content.articles.search import SEARCH
from engine.content.blocks import BLOCKS
from engine.content.comments import letters as comment_letters
from engine.content.comments.moderation import PURGE as PURGE_COMMENTS
from engine.content.comments.resources import comments
from engine.content.consents import NEEDS
from engine.content.files.blocks import FILE_BLOCK
from engine.content.files.jobs import jobs as file_jobs
from engine.content.files.linking import FILE_TARGET
from engine.content.files.resources import GATED_FILES
from engine.content.footprints import FORGET_MISSING
from engine.content.forms import letters as form_letters
from engine.content.forms.blocks import form_block
from engine.content.forms.jobs import jobs as form_jobs
from engine.content.forms.linking import FORM_TARGET
from engine.content.forms.ports import Cashier
from engine.content.forms.resources import FORM_ENTRIES, FORMS
from engine.content.menus.declared import navigation
from engine.content.menus.memory import MenuMemory
from engine.content.menus.menus import Menus
from engine.content.moved.files import GATED
from engine.content.moved.forms import ENTRIES, UPLOADS
from engine.content.moved.forms import FORMS as MOVED_FORMS
from engine.content.moved.furniture import MENUS
from engine.content.moved.furniture import REDIRECTS as MOVED_REDIRECTS
from engine.content.moved.history import HISTORY
from engine.content.moved.history import NOTES as PAGE_NOTES
from engine.content.moved.pages import PAGES as MOVED_PAGES
from engine.content.moved.shelves import SHELVES as MOVED_SHELVES
from engine.content.moved.voices import COMMENTS, REVIEWS
from engine.content.moving.imports import SiteImports
from engine.content.pages.jobs import PUBLISH_DUE
from engine.content.pages.linking import ADDRESSES, LINK_TARGETS
from engine.content.pages.linking import SUBJECT as PAGE_SUBJECT
from engine.content.pages.media_use import PAGE_PICTURES
from engine.content.pages.parts import PartsMemory
from engine.content.pages.resources import PAGES
from engine.content.personal import PERSONAL, RETENTIONS
from engine.content.resources import MISSING_PAGES, REDIRECTS
from engine.content.reviews import letters as review_letters
from engine.content.reviews.media_use import REVIEW_PHOTOS
from engine.content.reviews.moderation import PURGE as PURGE_REVIEWS
from engine.content.reviews.resources import reviews
from engine.content.spam.posts import FORGET
from engine.content.speech.voices import Voices
from engine.core.domain import Domain
from engine.core.linking import Links
from engine.core.ports import BlobStore


def domain(
    links: Links,
    menus: MenuMemory,
    voices: Voices,
    blobs: BlobStore,
    moving: SiteImports,
    parts: PartsMemory,
    cashier: Cashier,
) -> Domain:
    """Return the domain.

    links: what menus can lead to; menus: as pages show them, in memory; voices: what comments and reviews work with;
    blobs: where private files are kept; moving: what imports of sites work with; parts: header and footer, in memory;
    cashier: who takes the money that forms ask for.
    """
    verbs = Menus(links)
    return Domain(
        "content",
        resources=(
            PAGES,
            ARTICLES,
            *SHELVES,
            FORMS,
            FORM_ENTRIES,
            GATED_FILES,
            REDIRECTS,
            MISSING_PAGES,
            navigation(verbs.create, verbs.update),
            comments(voices),
            reviews(voices),
        ),
        listeners=(menus.listener(), parts.listener()),
        jobs=(
            FORGET_MISSING,
            PUBLISH_DUE,
            FORGET,
            PURGE_COMMENTS,
            PURGE_REVIEWS,
            *form_jobs(blobs),
            *file_jobs(blobs),
            *moving.jobs(),
        ),
        email_templates=(*form_letters.EMAILS, *comment_letters.TEMPLATES, *review_letters.TEMPLATES),
        media_uses=(PAGE_PICTURES, REVIEW_PHOTOS, SHELF_PICTURES),
        search=SEARCH,
        blocks=(*BLOCKS, LATEST, form_block(cashier), FILE_BLOCK),
        link_targets=(*LINK_TARGETS, *BLOG_TARGETS, FORM_TARGET, FILE_TARGET),
        addresses=ADDRESSES,
        consent_needs=NEEDS,
        subjects=(SUBJECT, PAGE_SUBJECT),
        personal=PERSONAL,
        retentions=RETENTIONS,
        site_kinds=(
            *MOVED_SHELVES,
            MOVED_PAGES,
            HISTORY,
            PAGE_NOTES,
            COMMENTS,
            REVIEWS,
            MOVED_FORMS,
            ENTRIES,
            UPLOADS,
            GATED,
            MOVED_REDIRECTS,
            MENUS,
        ),
    )
