"""The menus around a page, by surface: the shop's header and footer, the admin's sidebar."""

from collections.abc import Sequence

from engine.api.ports import Ports
from engine.core.actor import Actor
from ui.admin.navigation import sections
from ui.page import NavSection
from ui.storefront.navigation import footer, header


async def menus(ports: Ports, surface: str, actor: Actor) -> tuple[Sequence[NavSection], Sequence[NavSection], int]:
    """Return (navigation, footer, jobs running) for a page of this surface."""
    if surface == "admin":
        if not actor.is_staff:
            return (), (), 0
        nav, running = await sections(ports, actor)
        return nav, (), running
    if surface in ("storefront", "account"):
        return await header(ports), await footer(ports), 0
    return (), (), 0
