"""The shop's header and footer."""

from engine.api.ports import Ports
from engine.core.i18n import _
from ui.page import Link, NavSection


async def header(_ports: Ports) -> list[NavSection]:
    """Return the main menu."""
    return [NavSection([Link(_("All products"), "/products")])]


async def footer(_ports: Ports) -> list[NavSection]:
    """Return the footer's columns."""
    return []
