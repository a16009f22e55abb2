"""The menus and the foot around the site's pages, drawn once for each way they can look and not for each page.

What is drawn depends on nothing but what it is kept under: the menus themselves (new ones, as soon as a fact changed
them), the site's names, and which of their links leads to the page. So nothing goes stale, and nothing is personal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from ui.page import Link, NavSection, PageContext

TEMPLATE = "storefront/around.html"
MOST_MENUS = 8
MOST_LOOKS = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts drawn so far of menus, which stay as long as it does: so their ids are no others' meanwhile."""

    menus: tuple[object, ...]
    places: frozenset[str]
    drawn: dict[tuple[Any, ...], dict[str, Markup]]

    def leads_to(self, path: str) -> bool:
        """Return whether `page.is_at` says so of any link: each page asks, so that its links are not asked in turn."""
        ends = [at for at, letter in enumerate(path) if letter == "/" and at and path.count("/", 0, at) > 1]
        return path.rstrip("/") in self.places or any(path[:end] in self.places for end in ends)


class Around:
    """Draws the parts of one language: `around.site_start(page)`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[int, int, int], Kept] = {}
        self._last: tuple[PageContext | None, str, dict[str, Markup]] = (None, "", {})

    def site_start(self, page: PageContext) -> Markup:
        """Return what stands first in the header: the links, or on a phone what opens them."""
        return self._part("site_start", page)

    def site_ways(self, page: PageContext) -> Markup:
        """Return the ways to the search and to one's account."""
        return self._part("site_ways", page)

    def site_foot(self, page: PageContext) -> Markup:
        """Return the footer."""
        return self._part("site_foot", page)

    def site_drawers(self, page: PageContext) -> Markup:
        """Return the sheets with the menu and the search."""
        return self._part("site_drawers", page)

    def _part(self, name: str, page: PageContext) -> Markup:
        last = self._last
        if last[0] is not page:  # else it has asked for another part of the same
            last = self._last = page, *self._look_of(page)
        _page, path, drawn = last
        if name not in drawn:
            drawn[name] = getattr(self._environment.get_template(TEMPLATE).module, name)(frame_of(page, path))
        return drawn[name]

    def _look_of(self, page: PageContext) -> tuple[str, dict[str, Markup]]:
        """Return the path that its links are drawn for, and what is drawn of pages that look as this one."""
        kept = self._kept_with(page)
        path = page.path if kept.leads_to(page.path) else ""
        looks = (path, page.surface, page.site_name, page.tagline, page.consent is None)
        if looks not in kept.drawn and len(kept.drawn) >= MOST_LOOKS:
            kept.drawn.clear()
        return path, kept.drawn.setdefault(looks, {})

    def _kept_with(self, page: PageContext) -> Kept:
        key = (id(page.nav), id(page.footer), id(page.legal))
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MOST_MENUS:
                self._kept.clear()
            menus = (page.nav, page.footer, page.legal)
            kept = self._kept[key] = Kept(menus, frozenset(place_of(link.href) for link in _every(menus)), {})
        return kept


def frame_of(page: PageContext, path: str) -> PageContext:
    """Return a frame with only what the parts are drawn of. path: the page's where a link leads there, else empty."""
    return PageContext(
        title="",
        locale=page.locale,
        timezone=page.timezone,
        surface=page.surface,
        path=path,
        site_name=page.site_name,
        tagline=page.tagline,
        nav=page.nav,
        footer=page.footer,
        legal=page.legal,
        consent=page.consent,
    )


def place_of(href: str) -> str:
    """Return the address that a link leads to, as `PageContext.is_at` compares it."""
    return href.split("?", maxsplit=1)[0].rstrip("/")


def _every(menus: Sequence[Any]) -> Iterator[Link]:
    """Yield every link of these, sections and links alike."""
    for one in menus:
        match one:
            case Link():
                yield one
                yield from _every(one.children)
            case NavSection():
                yield from _every(one.links)
            case _:
                yield from _every(one)
