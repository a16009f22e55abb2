"""Blocks of people and offers: who says what, who does what, who stands behind it, what it costs."""

from typing import Annotated, Literal

from pydantic import Field

from engine.content.blocks.words import AT_ONCE, COLUMNS, HREF, LABEL, LAYOUT, NAME, PICTURE, SHAPE, TEXT, TITLE
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Href, Image, Line, Lines
from engine.core.i18n import _


class TestimonialsSettings(BlockSettings):
    """What people say, beside each other."""

    title: Line = "What people say"
    text: Lines = ""
    layout: Literal["grid", "strip"] = "grid"


class TestimonialSettings(BlockSettings):
    """What one of them says. stars: 0 shows none."""

    text: Lines = "It was just what we needed."
    name: Line = "Ada"
    role: Line = ""
    image: Image = ""
    stars: Annotated[int, Field(ge=0, le=5)] = 0


class TeamSettings(BlockSettings):
    """The people of an organisation."""

    title: Line = "Who we are"
    text: Lines = ""
    columns: Literal["2", "3", "4"] = "4"
    shape: Literal["portrait", "square", "round"] = "portrait"


class MemberSettings(BlockSettings):
    """One of them."""

    image: Image = ""
    name: Line = "Ada"
    role: Line = ""
    text: Lines = ""
    href: Href = ""


class LogosSettings(BlockSettings):
    """The marks of those who stand behind something. is_quiet: without colour until pointed at."""

    title: Line = "With the help of"
    size: Literal["small", "medium", "large"] = "medium"
    is_quiet: bool = True


class PartnerSettings(BlockSettings):
    """One mark, or a name where there is no picture."""

    image: Image = ""
    name: Line = "A partner"
    href: Href = ""


class PricingSettings(BlockSettings):
    """What can be had for how much."""

    title: Line = "Prices"
    text: Lines = ""


class PriceSettings(BlockSettings):
    """One offer. points: what is in it, one a line. is_featured: stands out among the others."""

    title: Line = "Standard"
    price: Annotated[Line, Field(max_length=60)] = "20"
    per: Annotated[Line, Field(max_length=60)] = "a month"
    text: Lines = ""
    points: Lines = "One thing\nAnd another"
    label: Line = "Choose this"
    href: Href = ""
    is_featured: bool = False
    badge: Annotated[Line, Field(max_length=40)] = ""


PEOPLE = (
    Block(
        name="testimonials",
        label=_("Testimonials"),
        icon="message-square-quote",
        group=BlockGroup.SECTIONS,
        text=_("What people say about you."),
        settings=TestimonialsSettings,
        labels={"title": TITLE, "text": TEXT, "layout": LAYOUT},
        choices={"layout": {"grid": _("Rows"), "strip": _("Strip to swipe")}},
        holds=("testimonial",),
        most=24,
        starts_with=("testimonial", "testimonial", "testimonial"),
        titled="title",
        words="reviews quotes praise voices stars",
    ),
    Block(
        name="testimonial",
        label=_("Testimonial"),
        icon="quote",
        group=BlockGroup.SECTIONS,
        settings=TestimonialSettings,
        labels={
            "text": _("Words"),
            "name": NAME,
            "role": _("What they are"),
            "image": PICTURE,
            "stars": _("Stars"),
        },
        helps={"stars": _("0 shows none.")},
        inside=("testimonials",),
        titled="name",
    ),
    Block(
        name="team",
        label=_("Team"),
        icon="users",
        group=BlockGroup.SECTIONS,
        text=_("The people of your organisation, with their pictures."),
        settings=TeamSettings,
        labels={"title": TITLE, "text": TEXT, "columns": COLUMNS, "shape": SHAPE},
        choices={
            "columns": AT_ONCE,
            "shape": {"portrait": _("Portrait"), "square": _("Square"), "round": _("Round")},
        },
        holds=("member",),
        most=60,
        starts_with=("member", "member", "member", "member"),
        titled="title",
        words="people staff members board about us",
    ),
    Block(
        name="member",
        label=_("Person"),
        icon="user",
        group=BlockGroup.SECTIONS,
        settings=MemberSettings,
        labels={
            "image": PICTURE,
            "name": NAME,
            "role": _("What they do"),
            "text": TEXT,
            "href": _("Leads to"),
        },
        inside=("team",),
        titled="name",
    ),
    Block(
        name="logos",
        label=_("Logos"),
        icon="handshake",
        group=BlockGroup.SECTIONS,
        text=_("The marks of partners, sponsors and clients."),
        settings=LogosSettings,
        labels={"title": TITLE, "size": _("Size"), "is_quiet": _("Without colour until pointed at")},
        choices={"size": {"small": _("Small"), "medium": _("Medium"), "large": _("Large")}},
        holds=("partner",),
        most=60,
        starts_with=("partner", "partner", "partner", "partner"),
        titled="title",
        words="logo strip sponsors partners clients brands",
    ),
    Block(
        name="partner",
        label=_("Logo"),
        icon="image",
        group=BlockGroup.SECTIONS,
        settings=PartnerSettings,
        labels={"image": PICTURE, "name": NAME, "href": _("Leads to")},
        helps={"name": _("Shown where there is no picture, and heard where it is not seen.")},
        inside=("logos",),
        titled="name",
    ),
    Block(
        name="pricing",
        label=_("Prices"),
        icon="banknote",
        group=BlockGroup.SECTIONS,
        text=_("Offers beside each other: memberships, tickets, plans."),
        settings=PricingSettings,
        labels={"title": TITLE, "text": TEXT},
        holds=("price",),
        most=8,
        starts_with=("price", "price", "price"),
        titled="title",
        words="pricing plans tiers membership fees tickets",
    ),
    Block(
        name="price",
        label=_("Offer"),
        icon="tag",
        group=BlockGroup.SECTIONS,
        settings=PriceSettings,
        labels={
            "title": NAME,
            "price": _("Price"),
            "per": _("For"),
            "text": TEXT,
            "points": _("What is in it"),
            "label": LABEL,
            "href": HREF,
            "is_featured": _("Stands out"),
            "badge": _("A word above it"),
        },
        helps={"points": _("One a line."), "per": _("a month, a person, a night")},
        inside=("pricing",),
        titled="title",
    ),
)
