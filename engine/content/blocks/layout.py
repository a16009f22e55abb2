"""Blocks that hold others: sections, columns, grids and stacks; and what keeps things apart."""

from typing import Literal

from engine.content.blocks.words import AT_ONCE, COLUMNS, GAP, GAPS
from engine.core.blocks.declaring import ANYTHING, Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Line
from engine.core.i18n import _

Gap = Literal["small", "medium", "large"]


class SectionSettings(BlockSettings):
    """A band of the page. label: what screen readers call it, and its name in the tree."""

    label: Line = ""


class ColumnsSettings(BlockSettings):
    """Columns beside each other; below each other where there is no room. widths: of two columns only."""

    widths: Literal["even", "wide_first", "wide_second"] = "even"
    gap: Gap = "medium"
    align: Literal["start", "center", "stretch"] = "start"


class GridSettings(BlockSettings):
    """Things of one width, in rows. columns: how many beside each other where there is room."""

    columns: Literal["2", "3", "4"] = "3"
    gap: Gap = "medium"


class StackSettings(BlockSettings):
    """Things below each other, or in a line that wraps."""

    direction: Literal["down", "across"] = "down"
    gap: Gap = "medium"
    justify: Literal["start", "center", "between", "end"] = "start"


class DividerSettings(BlockSettings):
    """A line between two parts."""

    kind: Literal["line", "short", "dots"] = "line"


class SpacerSettings(BlockSettings):
    """Nothing, for a while."""

    size: Literal["small", "medium", "large", "huge"] = "medium"


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
        words="band area container row wrapper",
    ),
    Block(
        name="columns",
        label=_("Columns"),
        icon="columns-2",
        group=BlockGroup.LAYOUT,
        text=_("Things beside each other."),
        settings=ColumnsSettings,
        labels={"widths": _("Widths"), "gap": GAP, "align": _("Line up")},
        choices={
            "widths": {"even": _("Even"), "wide_first": _("First wider"), "wide_second": _("Second wider")},
            "gap": GAPS,
            "align": {"start": _("Top"), "center": _("Middle"), "stretch": _("Same height")},
        },
        holds=("column",),
        most=6,
        starts_with=("column", "column"),
        words="row side by side two three",
    ),
    Block(
        name="column",
        label=_("Column"),
        icon="square",
        group=BlockGroup.LAYOUT,
        holds=ANYTHING,
        inside=("columns",),
    ),
    Block(
        name="grid",
        label=_("Grid"),
        icon="layout-grid",
        group=BlockGroup.LAYOUT,
        text=_("Cards, pictures or anything else, in rows of one width."),
        settings=GridSettings,
        labels={"columns": COLUMNS, "gap": GAP},
        choices={"columns": AT_ONCE, "gap": GAPS},
        holds=ANYTHING,
        starts_with=("card", "card", "card"),
        words="cards tiles rows",
    ),
    Block(
        name="stack",
        label=_("Stack"),
        icon="layers",
        group=BlockGroup.LAYOUT,
        text=_("Things below each other, or in a line."),
        settings=StackSettings,
        labels={"direction": _("Direction"), "gap": GAP, "justify": _("Line up")},
        choices={
            "direction": {"down": _("Below each other"), "across": _("In a line")},
            "gap": GAPS,
            "justify": {"start": _("Start"), "center": _("Middle"), "between": _("Apart"), "end": _("End")},
        },
        holds=ANYTHING,
        words="group list flex row",
    ),
    Block(
        name="divider",
        label=_("Divider"),
        icon="minus",
        group=BlockGroup.LAYOUT,
        text=_("A line between two parts."),
        settings=DividerSettings,
        labels={"kind": _("Kind")},
        choices={"kind": {"line": _("Line"), "short": _("Short line"), "dots": _("Three dots")}},
        words="line rule separator hr break",
    ),
    Block(
        name="spacer",
        label=_("Space"),
        icon="unfold-vertical",
        group=BlockGroup.LAYOUT,
        text=_("Room between two parts."),
        settings=SpacerSettings,
        labels={"size": _("Size")},
        choices={
            "size": {"small": _("Small"), "medium": _("Medium"), "large": _("Large"), "huge": _("Very large")},
        },
        words="gap room blank empty margin",
    ),
)
