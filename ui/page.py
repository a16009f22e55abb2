"""What every page knows besides its own content: whose it is, where it is, and what surrounds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from engine.core.i18n import Message

Text = str | Message
Surface = Literal["storefront", "account", "kiosk", "admin", "plain"]
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Link:
    """A way to somewhere: in a sidebar, a menu, a footer, a trail or a row of tabs. key: goes there after G.

    Of a menu that people made: href is empty for a heading; opens: what is below it is shown in a panel, in so many
    columns.
    """

    label: Text
    href: str
    icon: str | None = None
    count: int | None = None
    children: Sequence["Link"] = ()
    key: str = ""
    is_new_tab: bool = False
    opens: bool = False
    columns: int = 0


@dataclass(frozen=True)
class NavSection:
    """Links under one heading; the first section of a sidebar has none."""

    links: Sequence[Link]
    label: Text | None = None


@dataclass(frozen=True)
class Flash:
    """What just happened, said once on the next page, with a way back where there is one."""

    message: Text
    kind: Literal["success", "info", "warning", "danger"] = "success"
    action_label: Text | None = None
    action_url: str | None = None


@dataclass(frozen=True)
class Viewer:
    """The person signed in, as a page shows them."""

    name: str
    email: str
    role: Text = ""
    avatar_url: str | None = None


@dataclass(frozen=True)
class ConsentAsked:
    """What visitors are asked. asks: categories that are asked when they come, used: all; words with spaces between."""

    version: int
    asks: str
    used: str
    heading: str = ""
    text: str = ""
    policy_url: str = ""


@dataclass(frozen=True)
class PageContext:
    """The frame of a page. `scheme` forces light or dark; otherwise the reader's device decides.

    icon_edition: of the site's icons, empty where a page has none; is_drawn: its picture is a card of known size.
    consent: what visitors are asked, None where there is nothing to ask. notice: what stands in a bar above a page of
    the site, such as that only staff see it; notice_url: where to change that. running_jobs: how many that this person
    follows; sidebar_folded: as this browser left it.
    """

    title: Text
    locale: str = "en"
    timezone: str = "UTC"
    surface: Surface = "storefront"
    path: str = "/"
    site_name: str = "Agora"
    title_template: str = "{title} · {site}"
    description: Text = ""
    tagline: str = ""
    theme_css_url: str | None = None
    scheme: Literal["light", "dark"] | None = None
    logo_url: str | None = None
    icon_url: str | None = None
    icon_edition: str = ""
    theme_color: str = ""
    twitter_handle: str = ""
    canonical_url: str | None = None
    image_url: str | None = None
    is_drawn: bool = False
    indexed: bool = True
    viewer: Viewer | None = None
    nav: Sequence[NavSection] = ()
    footer: Sequence[NavSection] = ()
    legal: Sequence[Link] = ()
    header: Markup | None = None
    site_footer: Markup | None = None
    flashes: Sequence[Flash] = ()
    running_jobs: int = 0
    sidebar_folded: bool = False
    storefront_url: str = "/"
    consent: ConsentAsked | None = None
    notice: Text = ""
    notice_url: str = ""
    search_query: str = ""

    def having(self, **changes: Any) -> "PageContext":
        """Return this frame with some of it changed: `dataclasses.replace` sets each of its forty fields anew."""
        if not changes.keys() <= self.__dict__.keys():
            raise TypeError(f"A frame has no {', '.join(sorted(changes.keys() - self.__dict__.keys()))}.")
        made = object.__new__(PageContext)
        made.__dict__.update(self.__dict__, **changes)
        return made

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The way the page's language runs."""
        return "rtl" if self.locale.replace("_", "-").split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def language(self) -> str:
        """The locale as HTML wants it: "pt-BR"."""
        return self.locale.replace("_", "-")

    def current(self, href: str) -> Literal["page", "true"] | None:
        """Return what `aria-current` says of a link: it is this page, or this page is somewhere below it."""
        if not href.startswith("/") or not self.is_at(href):
            return None
        return "page" if href.partition("#")[0].partition("?")[0].rstrip("/") == self.path.rstrip("/") else "true"

    def is_at(self, href: str) -> bool:
        """Return whether a link leads to this page or to what it belongs to."""
        own = href.split("?", maxsplit=1)[0].rstrip("/")
        return self.path.rstrip("/") == own or (own.count("/") > 1 and self.path.startswith(own + "/"))
