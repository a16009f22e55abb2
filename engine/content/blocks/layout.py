"""Blocks that hold others: sections and columns."""

from typing import Literal

from engine.core.blocks.declaring import ANYTHING, Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Line
from engine.core.i18n import _


class SectionSettings(BlockSettings):
    """A band of the page. label: what screen readers call it, and its name in the tree."""

    label: Line = ""


class ColumnsSettings(BlockSettings):
    """Columns beside each other; below each other where there is no room. widths: of two columns only."""

    widths: Literal["even", "wide_first", "wide_second"] = "even"
    gap: Literal["small", "medium", "large"] = "medium"
    align: Literal["start", "center", "stretch"] = "start"


LAYOUT = (
    Block(
        name="section",
        label=_("Section"),
        icon="rows-3",
        group=BlockGroup.LAYOUT,
        text=_("A band of the page with a background of its own."),
        settings=SectionSettings,
        labels={"label": _("Name")},
        helps={"label": _("For you, and for people who hear the page.")},
        holds=ANYTHING,
        titled="label",
        words="band area container",
    ),
    Block(
        name="columns",
        label=_("Columns"),
        icon="columns-2",
        group=BlockGroup.LAYOUT,
        text=_("Things beside each other."),
        settings=ColumnsSettings,
        labels={"widths": _("Widths"), "gap": _("Gap"), "align": _("Line up")},
        choices={
            "widths": {"even": _("Even"), "wide_first": _("First wider"), "wide_second": _("Second wider")},
            "gap": {"small": _("Small"), "medium": _("Medium"), "large": _("Large")},
            "align": {"start": _("Top"), "center": _("Middle"), "stretch": _("Same height")},
        },
        holds=("column",),
        most=6,
        starts_with=("column", "column"),
        words="grid row side by side",
    ),
    Block(
        name="column",
        label=_("Column"),
        icon="square",
        group=BlockGroup.LAYOUT,
        holds=ANYTHING,
        inside=("columns",),
    ),
)
