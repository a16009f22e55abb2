"""Blocks of words: headings, text, buttons, quotes, code, tables."""

from typing import Annotated, Literal

from pydantic import Field

from engine.content.blocks.words import ICONS, TEXT, Icon
from engine.core.access import Permission
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Cells, Code, Href, Html, Level, Line, Lines, RichText
from engine.core.i18n import _


class HeadingSettings(BlockSettings):
    """A heading. level: its rank in the page's outline, not its size."""

    text: Line = "A heading"
    level: Level = "2"
    size: Literal["auto", "small", "large", "display"] = "auto"
    kicker: Line = ""


class TextSettings(BlockSettings):
    """Text with headings, lists and links."""

    text: RichText = "<p>Write here.</p>"
    size: Literal["normal", "lead", "small"] = "normal"


class ButtonSettings(BlockSettings):
    """A link that looks like a button."""

    label: Line = "Read more"
    href: Href = ""
    kind: Literal["primary", "secondary", "quiet"] = "primary"
    size: Literal["normal", "large"] = "normal"
    icon: Icon = ""


class QuoteSettings(BlockSettings):
    """What somebody said."""

    text: Lines = "What somebody said, in their own words."
    name: Line = ""
    role: Line = ""
    size: Literal["normal", "large"] = "large"


class CodeSettings(BlockSettings):
    """Code or a text of fixed width, shown as it is."""

    code: Code = ""
    language: Annotated[Line, Field(max_length=40)] = ""


class HtmlSettings(BlockSettings):
    """HTML written by hand. What runs, embeds or submits is taken out."""

    html: Html = ""


class TableSettings(BlockSettings):
    """Rows and cells. caption: what the table is about, above it."""

    caption: Line = ""
    cells: Cells = (("Day", "Opens", "Closes"), ("Monday", "9:00", "17:00"), ("Tuesday", "9:00", "17:00"))
    has_header_row: bool = True
    has_header_column: bool = False
    is_striped: bool = False


TEXTS = (
    Block(
        name="heading",
        label=_("Heading"),
        icon="heading",
        group=BlockGroup.TEXT,
        settings=HeadingSettings,
        labels={"text": _("Heading"), "level": _("Level"), "size": _("Size"), "kicker": _("Words above it")},
        helps={"level": _("Its rank in the outline of the page: 2 for main parts, 3 below them.")},
        choices={
            "level": {"2": _("2 · main part"), "3": _("3 · below it"), "4": _("4 · smallest")},
            "size": {
                "auto": _("As its level"),
                "small": _("Small"),
                "large": _("Large"),
                "display": _("Largest"),
            },
        },
        titled="text",
        words="title headline h2 h3",
    ),
    Block(
        name="text",
        label=_("Text"),
        icon="text",
        group=BlockGroup.TEXT,
        settings=TextSettings,
        labels={"text": TEXT, "size": _("Size")},
        choices={"size": {"normal": _("Normal"), "lead": _("Large, for a first paragraph"), "small": _("Small")}},
        titled="text",
        words="paragraph rich text list link writing",
    ),
    Block(
        name="button",
        label=_("Button"),
        icon="mouse-pointer-click",
        group=BlockGroup.TEXT,
        settings=ButtonSettings,
        labels={
            "label": _("Words"),
            "href": _("Leads to"),
            "kind": _("Kind"),
            "size": _("Size"),
            "icon": _("Icon"),
        },
        choices={
            "kind": {"primary": _("Main"), "secondary": _("Second"), "quiet": _("Quiet")},
            "size": {"normal": _("Normal"), "large": _("Large")},
            "icon": ICONS,
        },
        titled="label",
        words="link action cta",
    ),
    Block(
        name="buttons",
        label=_("Buttons"),
        icon="ellipsis",
        group=BlockGroup.TEXT,
        text=_("Buttons in a line."),
        holds=("button",),
        most=8,
        starts_with=("button", "button"),
        words="button group row links actions",
    ),
    Block(
        name="quote",
        label=_("Quote"),
        icon="quote",
        group=BlockGroup.TEXT,
        text=_("What somebody said, set large."),
        settings=QuoteSettings,
        labels={"text": _("Words"), "name": _("Who said it"), "role": _("What they are"), "size": _("Size")},
        choices={"size": {"normal": _("Normal"), "large": _("Large")}},
        titled="text",
        words="blockquote citation pull quote",
    ),
    Block(
        name="table",
        label=_("Table"),
        icon="table",
        group=BlockGroup.TEXT,
        text=_("Rows and columns: prices, times, sizes."),
        settings=TableSettings,
        labels={
            "caption": _("Caption"),
            "cells": _("Cells"),
            "has_header_row": _("The first row is a heading"),
            "has_header_column": _("The first column is a heading"),
            "is_striped": _("Shade every second row"),
        },
        titled="caption",
        words="rows cells spreadsheet grid",
    ),
    Block(
        name="code",
        label=_("Code"),
        icon="code",
        group=BlockGroup.TEXT,
        text=_("Code, shown as it is."),
        settings=CodeSettings,
        labels={"code": _("Code"), "language": _("Language")},
        helps={"language": _("A word above it, such as Python.")},
        titled="language",
        words="source program snippet pre monospace",
    ),
    Block(
        name="html",
        label=_("HTML"),
        icon="code-xml",
        group=BlockGroup.TEXT,
        text=_("HTML that you write yourself. Scripts, frames and forms are taken out."),
        settings=HtmlSettings,
        labels={"html": _("HTML")},
        helps={"html": _("For administrators. What runs, embeds or submits is taken out when it is saved.")},
        needs=Permission.UPDATE_SETTINGS,
        words="source markup embed custom",
    ),
)
