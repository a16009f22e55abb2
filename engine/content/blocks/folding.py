"""Blocks that show one part of many at a time: tabs, folds, questions with their answers."""

from typing import Literal

from engine.content.blocks.words import LAYOUT, TEXT, TITLE
from engine.core.blocks.declaring import ANYTHING, Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Line, Lines, RichText
from engine.core.i18n import _


class TabsSettings(BlockSettings):
    """Parts of which one is seen. Without scripts they stand below each other."""

    kind: Literal["line", "buttons"] = "line"


class TabSettings(BlockSettings):
    """One part, by its name."""

    title: Line = "Tab"


class AccordionSettings(BlockSettings):
    """Parts that unfold. one_at_a_time: opening one closes the others."""

    one_at_a_time: bool = False


class AccordionItemSettings(BlockSettings):
    """A part that unfolds under its heading."""

    title: Line = "Something to unfold"
    is_open: bool = False


class FaqSettings(BlockSettings):
    """Questions and answers, which search engines are told of as such."""

    title: Line = "Questions and answers"
    text: Lines = ""
    layout: Literal["below", "beside"] = "below"


class QuestionSettings(BlockSettings):
    """One question with its answer."""

    question: Line = "A question that people ask"
    answer: RichText = "<p>The answer.</p>"


FOLDING = (
    Block(
        name="tabs",
        label=_("Tabs"),
        icon="panel-top-dashed",
        group=BlockGroup.LAYOUT,
        text=_("Several parts in one place; a visitor chooses which to see."),
        settings=TabsSettings,
        labels={"kind": _("Kind")},
        choices={"kind": {"line": _("Line"), "buttons": _("Buttons")}},
        holds=("tab",),
        most=12,
        starts_with=("tab", "tab"),
        words="switch panels",
    ),
    Block(
        name="tab",
        label=_("Tab"),
        icon="square",
        group=BlockGroup.LAYOUT,
        settings=TabSettings,
        labels={"title": _("Name")},
        holds=ANYTHING,
        inside=("tabs",),
        titled="title",
    ),
    Block(
        name="accordion",
        label=_("Accordion"),
        icon="list-collapse",
        group=BlockGroup.LAYOUT,
        text=_("Headings that unfold what is below them."),
        settings=AccordionSettings,
        labels={"one_at_a_time": _("One open at a time")},
        holds=("accordion-item",),
        starts_with=("accordion-item", "accordion-item", "accordion-item"),
        words="fold toggle collapse details expand",
    ),
    Block(
        name="accordion-item",
        label=_("Fold"),
        icon="chevron-down",
        group=BlockGroup.LAYOUT,
        settings=AccordionItemSettings,
        labels={"title": TITLE, "is_open": _("Open from the start")},
        holds=ANYTHING,
        inside=("accordion",),
        starts_with=("text",),
        titled="title",
    ),
    Block(
        name="faq",
        label=_("Questions and answers"),
        icon="message-circle-question",
        group=BlockGroup.SECTIONS,
        text=_("What people ask, with answers that unfold and that search engines understand."),
        settings=FaqSettings,
        labels={"title": TITLE, "text": TEXT, "layout": LAYOUT},
        choices={"layout": {"below": _("Below the heading"), "beside": _("Beside the heading")}},
        holds=("question",),
        starts_with=("question", "question", "question"),
        titled="title",
        words="faq help support accordion",
    ),
    Block(
        name="question",
        label=_("Question"),
        icon="circle-help",
        group=BlockGroup.SECTIONS,
        settings=QuestionSettings,
        labels={"question": _("Question"), "answer": _("Answer")},
        inside=("faq",),
        titled="question",
    ),
)
