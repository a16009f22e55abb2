"""The admin's sidebar: the guide's appendix, without what is not built yet or not for this role."""

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.i18n import _
from ui.page import Link, NavSection


async def sections(_ports: Ports, _actor: Actor) -> tuple[list[NavSection], int]:
    """Return the sidebar's sections with the counts that matter, and how many jobs run."""
    return [NavSection([Link(_("Dashboard"), "/admin", "layout-dashboard")])], 0
