"""Blocks of the site itself: search, sharing, how to reach the organisation, when it is open, what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.content.blocks.words import TEXT, TITLE
from engine.content.menus.memory import MenuLink, seen_menu
from engine.core import shown
from engine.core.blocks import kinds
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings, Moment
from engine.core.blocks.kinds import Href, Line, Lines, One
from engine.core.i18n import _


class LogoSettings(BlockSettings):
    """The site's logo, or its name, leading to the front page."""

    size: Literal["small", "medium", "large"] = "medium"


class NavigationSettings(BlockSettings):
    """A menu. menu: none is the site's main one. folds: on phones it stands behind a button."""

    menu: One("navigation") = ""  # type: ignore[valid-type]
    title: Line = ""
    layout: Literal["line", "list"] = "line"
    folds: bool = True


class SearchSettings(BlockSettings):
    """A field that searches the site, or a button that opens one."""

    label: Line = ""
    kind: Literal["field", "button"] = "field"


class CartSettings(BlockSettings):
    """The way to the cart, with how much is in it."""


class AccountSettings(BlockSettings):
    """The way to a visitor's own things."""

    shows_words: bool = False


class ShareSettings(BlockSettings):
    """Ways to tell others of the page. Nothing is loaded from any of them: they are links."""

    title: Line = "Share this page"
    ways: Annotated[
        tuple[Literal["copy", "email", "facebook", "linkedin", "whatsapp", "bluesky", "x"], ...], Field(max_length=7)
    ] = ("copy", "email", "facebook", "whatsapp")


class ContactSettings(BlockSettings):
    """How to reach the organisation: its e-mail and telephone come from the settings."""

    title: Line = "How to reach us"
    text: Lines = ""
    address: Lines = ""
    shows_email: bool = True
    shows_phone: bool = True


class HoursSettings(BlockSettings):
    """When the organisation is open: `days: times`, one a line."""

    title: Line = "Opening hours"
    hours: Lines = "Monday – Friday: 9:00 – 17:00\nSaturday: 10:00 – 14:00\nSunday: closed"
    note: Lines = ""


class SocialSettings(BlockSettings):
    """Where else the organisation is found."""

    title: Line = ""
    facebook: Href = ""
    instagram: Href = ""
    youtube: Href = ""
    linkedin: Href = ""
    tiktok: Href = ""
    mastodon: Href = ""
    bluesky: Href = ""
    x: Href = ""


class CountdownSettings(BlockSettings):
    """How long until something begins. after: what is said once it has."""

    title: Line = "It begins in"
    until: kinds.Moment = ""
    after: Line = "It has begun."
    label: Line = ""
    href: Href = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The moment that is counted to, and whether it is over."""

    until: datetime | None
    is_over: bool = False


def _counted(_connection: Connection, moment: Moment, settings: CountdownSettings) -> Counted:
    if not settings.until:
        return Counted(None)
    until = datetime.fromisoformat(settings.until)
    is_over = until <= moment.now
    if not is_over:
        shown.until(until)
    return Counted(until, is_over)


@dataclass(frozen=True, slots=True)
class Reached:
    """How the organisation is reached. dial: the address that calls the number; empty where there is none in it."""

    email: str
    phone: str
    dial: str


def _reached(_connection: Connection, moment: Moment, _settings: ContactSettings) -> Reached:
    general = moment.general
    digits = "".join(c for c in general.phone if c in "+0123456789")
    return Reached(general.contact_email, general.phone, f"tel:{digits}" if digits else "")


def _menu(connection: Connection, moment: Moment, settings: NavigationSettings) -> Sequence[MenuLink]:
    """Return the menu that was chosen; nothing where it is the main one, which every page knows."""
    return seen_menu(connection, moment.links, UUID(settings.menu)) if settings.menu else ()


NETWORKS = {
    "facebook": _("Facebook"),
    "instagram": _("Instagram"),
    "youtube": _("YouTube"),
    "linkedin": _("LinkedIn"),
    "tiktok": _("TikTok"),
    "mastodon": _("Mastodon"),
    "bluesky": _("Bluesky"),
    "x": _("X"),
}

SITE = (
    Block(
        name="logo",
        label=_("Logo of the site"),
        icon="store",
        group=BlockGroup.SITE,
        text=_("The site's logo, or its name, leading to the front page."),
        settings=LogoSettings,
        labels={"size": _("Size")},
        choices={"size": {"small": _("Small"), "medium": _("Medium"), "large": _("Large")}},
        words="brand name header home",
    ),
    Block(
        name="navigation",
        label=_("Navigation"),
        icon="menu",
        group=BlockGroup.SITE,
        text=_("A menu of the site."),
        settings=NavigationSettings,
        labels={
            "menu": _("Menu"),
            "title": TITLE,
            "layout": _("Layout"),
            "folds": _("On phones behind a button"),
        },
        helps={"menu": _("Empty takes the site's main menu.")},
        choices={"layout": {"line": _("In a line"), "list": _("Below each other")}},
        titled="title",
        words="menu links header footer nav",
        load=_menu,
    ),
    Block(
        name="cart",
        label=_("Cart"),
        icon="shopping-basket",
        group=BlockGroup.SITE,
        text=_("The way to the cart, with how much is in it. One a page."),
        settings=CartSettings,
        words="basket bag shop header",
    ),
    Block(
        name="account",
        label=_("Account"),
        icon="circle-user",
        group=BlockGroup.SITE,
        text=_("The way to a visitor's own things."),
        settings=AccountSettings,
        labels={"shows_words": _("With words")},
        words="sign in login profile header",
    ),
    Block(
        name="search",
        label=_("Search box"),
        icon="search",
        group=BlockGroup.SITE,
        text=_("A field that searches the site."),
        settings=SearchSettings,
        labels={"label": _("Words in the field"), "kind": _("Kind")},
        choices={"kind": {"field": _("Field"), "button": _("Button that opens it")}},
        words="find search field",
    ),
    Block(
        name="share",
        label=_("Share"),
        icon="share-2",
        group=BlockGroup.SITE,
        text=_("Ways to tell others of the page. They are links: nobody watches your visitors."),
        settings=ShareSettings,
        labels={"title": TITLE, "ways": _("Ways")},
        choices={
            "ways": {
                "copy": _("Copy the link"),
                "email": _("E-mail"),
                "facebook": _("Facebook"),
                "linkedin": _("LinkedIn"),
                "whatsapp": _("WhatsApp"),
                "bluesky": _("Bluesky"),
                "x": _("X"),
            }
        },
        words="social facebook tell a friend",
    ),
    Block(
        name="contact",
        label=_("Contact"),
        icon="mail",
        group=BlockGroup.SITE,
        text=_("How to reach you. E-mail and telephone come from the settings."),
        settings=ContactSettings,
        labels={
            "title": TITLE,
            "text": TEXT,
            "address": _("Address"),
            "shows_email": _("Show the e-mail address"),
            "shows_phone": _("Show the telephone number"),
        },
        titled="title",
        words="phone telephone e-mail address reach",
        load=_reached,
    ),
    Block(
        name="hours",
        label=_("Opening hours"),
        icon="clock",
        group=BlockGroup.SITE,
        text=_("When you are open."),
        settings=HoursSettings,
        labels={"title": TITLE, "hours": _("Hours"), "note": _("Note")},
        helps={"hours": _("One a line: days, a colon, times.")},
        titled="title",
        words="times open closed schedule week",
    ),
    Block(
        name="social",
        label=_("Networks"),
        icon="users",
        group=BlockGroup.SITE,
        text=_("Where else you are found."),
        settings=SocialSettings,
        labels={"title": TITLE, **NETWORKS},
        words="social media follow facebook instagram links",
    ),
    Block(
        name="countdown",
        label=_("Countdown"),
        icon="timer",
        group=BlockGroup.SITE,
        text=_("How long until something begins, and what is said once it has."),
        settings=CountdownSettings,
        labels={
            "title": TITLE,
            "until": _("Until"),
            "after": _("Said afterwards"),
            "label": _("Words on the button"),
            "href": _("The button leads to"),
        },
        titled="title",
        words="timer event date clock launch",
        load=_counted,
    ),
)

__all__ = ["NETWORKS", "SITE"]
