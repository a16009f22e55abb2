"""What every route of the builder begins with: the page that is built on, and who may."""

from uuid import UUID

from engine.api.ports import Ports
from engine.content.pages import queries, writing
from engine.content.pages.queries import Shown
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from ui.page import PageContext
from ui.themes import theme_url


async def opened(house: Ports, actor: Actor, page_id: UUID) -> Shown:
    """Return a page as it is being written. Raises NotAllowed, NotFound."""
    shown = await house.db.query(queries.draft, page_id)
    if shown is None:
        access.require(actor, Permission.EDIT_PAGES)
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    access.require(actor, writing.permission_for(shown.kind))
    return shown


async def let_in(house: Ports, actor: Actor, page_id: UUID) -> str:
    """Return the title of a page that the actor may build on, without reading what is in it. Raises as `opened`."""
    found = await house.db.query(queries.kind_of, page_id)
    access.require(actor, writing.permission_for(found[0]) if found else Permission.EDIT_PAGES)
    if found is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    return found[1]


def plain_frame(house: Ports, title: str) -> PageContext:
    """Return the frame of what is drawn alone: the site's language and time, and nothing that has to be read."""
    general = house.site.general
    return PageContext(
        title=title,
        locale=general.language,
        timezone=general.timezone,
        site_name=general.site_name,
        theme_css_url=theme_url(house.site.theme),
    )
