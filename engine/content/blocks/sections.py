"""Blocks that are whole parts of a page: what visitors see first, cards, calls to act, figures, features."""

from typing import Annotated, Literal

from pydantic import Field

from engine.content.blocks.words import (
    ALT,
    ALT_HELP,
    AT_ONCE,
    COLUMNS,
    HREF,
    ICONS,
    LABEL,
    LAYOUT,
    PICTURE,
    RATIOS,
    SHAPE,
    TEXT,
    TITLE,
    Icon,
)
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Href, Image, Line, Lines, Ratio
from engine.core.blocks.looks import Look
from engine.core.i18n import _


class HeroSettings(BlockSettings):
    """What a visitor sees first: large words, a picture, a way on. The first of a page is the page's heading."""

    kicker: Line = ""
    title: Line = "Welcome"
    text: Lines = ""
    image: Image = ""
    alt: Annotated[Line, Field(max_length=300)] = ""
    label: Line = ""
    href: Href = ""
    second_label: Line = ""
    second_href: Href = ""
    layout: Literal["beside", "before", "above", "behind"] = "beside"
    height: Literal["auto", "tall", "full"] = "auto"


class CardSettings(BlockSettings):
    """A picture, words, a way on."""

    image: Image = ""
    alt: Annotated[Line, Field(max_length=300)] = ""
    ratio: Ratio = "landscape"
    kicker: Line = ""
    title: Line = "A card"
    text: Lines = ""
    label: Line = ""
    href: Href = ""
    style: Literal["plain", "raised", "outlined"] = "plain"


class FeaturesSettings(BlockSettings):
    """Short things worth knowing, beside each other."""

    title: Line = "What we do"
    text: Lines = ""
    columns: Literal["2", "3", "4"] = "3"
    layout: Literal["above", "beside"] = "above"


class FeatureSettings(BlockSettings):
    """One thing worth knowing. icon: none where there is a picture."""

    icon: Icon = "circle-check"
    image: Image = ""
    title: Line = "A feature"
    text: Lines = "What it means for whoever reads this."
    label: Line = ""
    href: Href = ""


class StatisticsSettings(BlockSettings):
    """Figures, set large."""

    title: Line = ""
    text: Lines = ""


class StatisticSettings(BlockSettings):
    """One figure, and what it counts."""

    value: Annotated[Line, Field(max_length=40)] = "100"
    label: Line = "things that count"
    text: Lines = ""


class CallToActionSettings(BlockSettings):
    """One thing to do, and a button for it."""

    title: Line = "Come and see us"
    text: Lines = ""
    label: Line = "Plan your visit"
    href: Href = ""
    second_label: Line = ""
    second_href: Href = ""
    layout: Literal["middle", "line"] = "middle"


SECTIONS = (
    Block(
        name="hero",
        label=_("Opening"),
        icon="panel-top",
        group=BlockGroup.SECTIONS,
        text=_("Large words and a picture: what a visitor sees first."),
        settings=HeroSettings,
        labels={
            "kicker": _("Words above it"),
            "title": TITLE,
            "text": TEXT,
            "image": PICTURE,
            "alt": ALT,
            "label": LABEL,
            "href": HREF,
            "second_label": _("Words on the second button"),
            "second_href": _("The second button leads to"),
            "layout": PICTURE,
            "height": _("Height"),
        },
        helps={"alt": ALT_HELP},
        choices={
            "layout": {
                "beside": _("Beside the words"),
                "before": _("Before the words"),
                "above": _("Above the words"),
                "behind": _("Behind the words"),
            },
            "height": {"auto": _("As it needs"), "tall": _("Tall"), "full": _("The whole screen")},
        },
        titled="title",
        words="hero banner header intro welcome",
    ),
    Block(
        name="card",
        label=_("Card"),
        icon="panels-top-left",
        group=BlockGroup.TEXT,
        text=_("A picture, words, a way on: for things of one kind beside each other."),
        settings=CardSettings,
        labels={
            "image": PICTURE,
            "alt": ALT,
            "ratio": SHAPE,
            "kicker": _("Words above it"),
            "title": TITLE,
            "text": TEXT,
            "label": _("Words of the link"),
            "href": _("Leads to"),
            "style": _("Style"),
        },
        helps={"alt": ALT_HELP},
        choices={
            "ratio": RATIOS,
            "style": {"plain": _("Plain"), "raised": _("On a surface"), "outlined": _("In a line")},
        },
        titled="title",
        words="tile teaser box",
    ),
    Block(
        name="features",
        label=_("Features"),
        icon="list-checks",
        group=BlockGroup.SECTIONS,
        text=_("Short things worth knowing, each with an icon or a picture."),
        settings=FeaturesSettings,
        labels={"title": TITLE, "text": TEXT, "columns": COLUMNS, "layout": _("Icons")},
        choices={"columns": AT_ONCE, "layout": {"above": _("Above the words"), "beside": _("Beside the words")}},
        holds=("feature",),
        most=24,
        starts_with=("feature", "feature", "feature"),
        titled="title",
        words="services benefits list icons what we do",
    ),
    Block(
        name="feature",
        label=_("Feature"),
        icon="circle-check",
        group=BlockGroup.SECTIONS,
        settings=FeatureSettings,
        labels={
            "icon": _("Icon"),
            "image": PICTURE,
            "title": TITLE,
            "text": TEXT,
            "label": _("Words of the link"),
            "href": _("Leads to"),
        },
        choices={"icon": ICONS},
        inside=("features",),
        titled="title",
    ),
    Block(
        name="statistics",
        label=_("Figures"),
        icon="chart-column",
        group=BlockGroup.SECTIONS,
        text=_("Numbers that say who you are, set large."),
        settings=StatisticsSettings,
        labels={"title": TITLE, "text": TEXT},
        holds=("statistic",),
        most=12,
        starts_with=("statistic", "statistic", "statistic"),
        titled="title",
        words="statistics numbers counters facts",
    ),
    Block(
        name="statistic",
        label=_("Figure"),
        icon="percent",
        group=BlockGroup.SECTIONS,
        settings=StatisticSettings,
        labels={"value": _("Number"), "label": _("What it counts"), "text": TEXT},
        inside=("statistics",),
        titled="label",
    ),
    Block(
        name="call-to-action",
        label=_("Call to action"),
        icon="megaphone",
        group=BlockGroup.SECTIONS,
        text=_("One thing to do, and a button for it."),
        settings=CallToActionSettings,
        labels={
            "title": TITLE,
            "text": TEXT,
            "label": LABEL,
            "href": HREF,
            "second_label": _("Words on the second button"),
            "second_href": _("The second button leads to"),
            "layout": LAYOUT,
        },
        choices={"layout": {"middle": _("In the middle"), "line": _("Words and buttons in a line")}},
        titled="title",
        look=Look(background="soft"),
        words="cta banner promo invite",
    ),
)
