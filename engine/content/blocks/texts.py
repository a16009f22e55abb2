"""Blocks of words: headings, text, buttons."""

from typing import Literal

from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Href, Level, Line, RichText
from engine.core.i18n import _


class HeadingSettings(BlockSettings):
    """A heading. level: its rank in the page's outline, not its size."""

    text: Line = "A heading"
    level: Level = "2"
    size: Literal["auto", "large", "display"] = "auto"


class TextSettings(BlockSettings):
    """Text with headings, lists and links."""

    text: RichText = "<p>Write here.</p>"


class ButtonSettings(BlockSettings):
    """A link that looks like a button."""

    label: Line = "Read more"
    href: Href = ""
    kind: Literal["primary", "secondary", "quiet"] = "primary"


TEXTS = (
    Block(
        name="heading",
        label=_("Heading"),
        icon="heading",
        group=BlockGroup.TEXT,
        settings=HeadingSettings,
        labels={"text": _("Heading"), "level": _("Level"), "size": _("Size")},
        helps={"level": _("Its rank in the outline of the page: 2 for main parts, 3 below them.")},
        choices={
            "level": {"2": _("2 · main part"), "3": _("3 · below it"), "4": _("4 · smallest")},
            "size": {"auto": _("As its level"), "large": _("Large"), "display": _("Largest")},
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
        labels={"text": _("Text")},
        titled="text",
        words="paragraph rich text list link writing",
    ),
    Block(
        name="button",
        label=_("Button"),
        icon="mouse-pointer-click",
        group=BlockGroup.TEXT,
        settings=ButtonSettings,
        labels={"label": _("Words"), "href": _("Leads to"), "kind": _("Kind")},
        choices={"kind": {"primary": _("Main"), "secondary": _("Second"), "quiet": _("Quiet")}},
        titled="label",
        words="link action",
    ),
)
