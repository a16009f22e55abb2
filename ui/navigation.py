"""The menus around a page, by surface: the shop's header and footer, the admin's sidebar."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.api.ports import Ports
from engine.content.menus.models import FOOTER, HEADER, LEGAL
from engine.core.actor import Actor
from ui.admin.navigation import sections
from ui.page import Link, NavSection
from ui.storefront.navigation import footer_of, header_of, legal_of


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
        made = [await ports.menus.menu(place) for place in (HEADER, FOOTER, LEGAL)]
        tree = await ports.categories.tree()
        return _of_site(*(Same(one) for one in (*made, tree, ports.site.general)))
    return Menus()


class Same:
    """A thing that equals itself only: what is held in memory is another thing once it changed."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


@lru_cache(maxsize=4)
def _of_site(top: Same, foot: Same, small: Same, tree: Same, general: Same) -> Menus:
    """Return the site's menus, the same ones as long as what they are made of is: `ui.around` draws each once."""
    return Menus(header_of(top.it, tree.it), footer_of(foot.it, tree.it, general.it), legal_of(small.it))
