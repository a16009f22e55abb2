"""Blocks that are whole parts of a page: what visitors see first, cards, calls to act."""

from typing import Literal

from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Href, Image, Line, Lines
from engine.core.i18n import _


class HeroSettings(BlockSettings):
    """What a visitor sees first: large words, a picture, a way on."""

    title: Line = "Welcome"
    text: Lines = ""
    image: Image = ""
    label: Line = ""
    href: Href = ""
    layout: Literal["beside", "above", "behind"] = "beside"


SECTIONS = (
    Block(
        name="hero",
        label=_("Opening"),
        icon="panel-top",
        group=BlockGroup.SECTIONS,
        text=_("Large words and a picture: what a visitor sees first."),
        settings=HeroSettings,
        labels={
            "title": _("Heading"),
            "text": _("Text"),
            "image": _("Picture"),
            "label": _("Words on the button"),
            "href": _("The button leads to"),
            "layout": _("Picture"),
        },
        choices={"layout": {"beside": _("Beside the words"), "above": _("Above"), "behind": _("Behind the words")}},
        titled="title",
        words="hero banner header intro",
    ),
)
