"""What content offers to the house."""

from engine.content.blocks import BLOCKS
from engine.content.pages.jobs import PUBLISH_DUE
from engine.content.pages.media_use import PAGE_PICTURES
from engine.content.pages.resources import PAGES
from engine.content.resources import REDIRECTS
from engine.core.domain import Domain


def domain() -> Domain:
    """Return the domain."""
    return Domain(
        "content",
        resources=(PAGES, REDIRECTS),
        jobs=(PUBLISH_DUE,),
        media_uses=(PAGE_PICTURES,),
        blocks=BLOCKS,
    )
