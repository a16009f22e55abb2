"""The menus around a page, by surface: the shop's header and footer, the admin's sidebar."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.api.ports import Ports
from engine.core.actor import Actor
from ui.admin.navigation import sections
from ui.page import Link, NavSection
from ui.storefront.navigation import footer, header, legal


@dataclass(frozen=True)
class Menus:
    """What stands around a page. legal: the line at its very end; running: jobs that the person follows."""

    nav: Sequence[NavSection] = ()
    footer: Sequence[NavSection] = ()
    legal: Sequence[Link] = ()
    running: int = 0


async def menus(ports: Ports, surface: str, actor: Actor) -> Menus:
    """Return the menus of a page of this surface."""
    if surface == "admin" and actor.is_staff:
        nav, running = await sections(ports, actor)
        return Menus(nav, running=running)
    if surface in ("storefront", "account"):
        return Menus(await header(ports), await footer(ports), await legal(ports))
    return Menus()
