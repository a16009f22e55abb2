"""The header and footer that people built, drawn around a page."""

from dataclasses import replace

from markupsafe import Markup

from engine.api.ports import Ports
from engine.content.pages.models import PageKind
from engine.content.pages.parts import SitePart
from engine.core.actor import Actor
from ui.blocks.drawing import Drawing, outgoing
from ui.blocks.outline import outline
from ui.page import PageContext


async def framed(house: Ports, page: PageContext, host: str) -> PageContext:
    """Return the frame of a page with the site's own header and footer, where people built them."""
    moment = house.moment(Actor.stranger())
    header = await house.parts.part(PageKind.HEADER, house.blocks, moment)
    footer = await house.parts.part(PageKind.FOOTER, house.blocks, moment)
    if header is None and footer is None:
        return page
    return replace(
        page,
        header=drawn(house, header, page, host) if header else None,
        site_footer=drawn(house, footer, page, host) if footer else None,
    )


def drawn(house: Ports, part: SitePart, page: PageContext, host: str) -> Markup:
    """Return a part of the site as it stands on a page. host: the site's own, so that links to others are known."""
    blocks = part.written.blocks
    ranks = outline(blocks, house.blocks, part.loaded.inside)
    ranks = {block_id: max(rank, 2) for block_id, rank in ranks.items()}
    return Drawing(house.blocks, part.loaded, page, outgoing(host), ranks=ranks).tree(blocks)
