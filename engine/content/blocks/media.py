"""Blocks of pictures and films."""

from typing import Annotated

from pydantic import Field

from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Href, Image, Line, Ratio
from engine.core.i18n import _

RATIOS = {
    "auto": _("As it is"),
    "landscape": _("Landscape"),
    "square": _("Square"),
    "portrait": _("Portrait"),
    "wide": _("Wide"),
}


class ImageSettings(BlockSettings):
    """A picture. alt: instead of what the library says of it."""

    image: Image = ""
    alt: Annotated[Line, Field(max_length=300)] = ""
    caption: Line = ""
    ratio: Ratio = "auto"
    href: Href = ""


MEDIA = (
    Block(
        name="image",
        label=_("Picture"),
        icon="image",
        group=BlockGroup.MEDIA,
        settings=ImageSettings,
        labels={
            "image": _("Picture"),
            "alt": _("Alternative text"),
            "caption": _("Caption"),
            "ratio": _("Shape"),
            "href": _("Leads to"),
        },
        helps={"alt": _("What somebody hears who does not see it. Empty takes the library's.")},
        choices={"ratio": RATIOS},
        titled="caption",
        words="photo figure image",
    ),
)
