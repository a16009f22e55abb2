"""Pages to begin with: declared trees of blocks that a small organisation fills with its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.content.pages.content import PageContent, PageFields
from engine.core.blocks import tree
from engine.core.blocks.declaring import Book
from engine.core.i18n import Message, _, format_message

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Starter:
    """A page to begin with. name: the word in an address; icon: of `ui/icons.json`; blocks: texts are Messages."""

    name: str
    label: Message
    text: Message
    icon: str
    blocks: Sequence[Part]
    structured: str = "WebPage"


def _part(kind: str, *children: Part, look: Mapping[str, Any] | None = None, **settings: Any) -> Part:
    made: dict[str, Any] = {"type": kind, "settings": settings}
    if look:
        made["look"] = look
    if children:
        made["children"] = list(children)
    return made


def _paragraphs(*texts: Message) -> tuple[Message, ...]:
    return texts


_SOFT = {"background": "soft"}
_QUIET = {"background": "subtle"}

STARTERS = (
    Starter("blank", _("An empty page"), _("Add what you like, block by block."), "file-text", ()),
    Starter(
        "home", _("Home"), _("Who you are, what you do, and where to go on."), "house",
        (
            _part("hero", kicker=_("Welcome"), title=_("What you do, in a few words"),
                  text=_("One sentence that says for whom you do it, and why they come to you."),
                  label=_("Find out more"), href="/about", second_label=_("Visit us"), second_href="/contact"),
            _part("features",
                  _part("feature", icon="heart", title=_("First"), text=_("What people come to you for.")),
                  _part("feature", icon="star", title=_("Second"), text=_("What else you do well.")),
                  _part("feature", icon="users", title=_("Third"), text=_("Something that sets you apart.")),
                  title=_("What we do")),
            _part("testimonials",
                  _part("testimonial", text=_("In their words: what was good about it."), name=_("Somebody who knows")),
                  title=_("What people say"), look=_QUIET),
            _part("call-to-action", title=_("Come and see us"), text=_("Say when you are open, and how to get there."),
                  label=_("Plan your visit"), href="/contact", look=_SOFT),
        ),
    ),
    Starter(
        "about", _("About us"), _("Your story, your people, what matters to you."), "users",
        (
            _part("hero", title=_("About us"), text=_("How it began, in one sentence.")),
            _part("columns",
                  _part("column", _part("heading", text=_("Our story")),
                        _part("text", text=_paragraphs(_("When did it begin, and with whom? What has changed since?"),
                                                       _("What do you care about most?")))),
                  _part("column", _part("image")), widths="wide_first", gap="large"),
            _part("statistics",
                  _part("statistic", value=_("1998"), label=_("the year it began")),
                  _part("statistic", value=_("12"), label=_("people")),
                  _part("statistic", value=_("300"), label=_("members"))),
            _part("team", _part("member"), _part("member"), _part("member"), title=_("Who we are"), columns="3"),
        ), "AboutPage",
    ),
    Starter(
        "contact", _("Contact"), _("How to reach you, when you are open, where you are."), "map-pin",
        (
            _part("hero", title=_("Contact"), text=_("Write, call, or come by.")),
            _part("columns", _part("column", _part("contact")), _part("column", _part("hours")), gap="large"),
            _part("map"),
        ), "ContactPage",
    ),
    Starter(
        "landing", _("Campaign"), _("One thing, told from top to bottom, with one way on."), "rocket",
        (
            _part("hero", kicker=_("New"), title=_("The one thing to know"), text=_("Why it matters to the reader."),
                  label=_("Join in"), href="#join"),
            _part("features",
                  _part("feature", icon="check", title=_("What they get"), text=_("In plain words.")),
                  _part("feature", icon="check", title=_("How it works"), text=_("In three steps or fewer.")),
                  _part("feature", icon="check", title=_("When it is"), text=_("Day, time, place.")),
                  title=_("What to expect")),
            _part("quote", text=_("One sentence of somebody who was there."), name=_("Their name")),
            _part("faq", _part("question", question=_("What does it cost?")),
                  _part("question", question=_("Who can come?")), title=_("Questions")),
            _part("call-to-action", title=_("Join in"), text=_("It takes a minute."), label=_("Write to us"),
                  href="/contact", look={"background": "accent", "anchor": "join"}),
        ),
    ),
    Starter(
        "services", _("Services and prices"), _("What you offer, what it costs, and what people ask."), "receipt",
        (
            _part("hero", title=_("What we offer"), text=_("For whom, in one sentence.")),
            _part("pricing",
                  _part("price", title=_("Small"), points=_("One thing\nAnd another"), label=_("Ask for it"),
                        href="/contact"),
                  _part("price", title=_("Usual"), points=_("One thing\nAnd another\nAnd a third"),
                        label=_("Ask for it"), href="/contact"),
                  _part("price", title=_("Large"), points=_("Everything"), label=_("Ask for it"), href="/contact"),
                  title=_("Prices")),
            _part("faq", _part("question", question=_("How long does it take?")),
                  _part("question", question=_("Can I change my mind?")), title=_("Questions")),
        ),
    ),
    Starter(
        "shop", _("Shop front"), _("Your best things first, and why to buy them from you."), "shopping-bag",
        (
            _part("hero", title=_("Made here, by hand"), text=_("What you sell, and what is special about it."),
                  label=_("See everything"), href="/products"),
            _part("products", title=_("New in the shop")),
            _part("features",
                  _part("feature", icon="truck", title=_("Delivery"), text=_("How soon, and what it costs.")),
                  _part("feature", icon="heart", title=_("Made with care"), text=_("How and where it is made.")),
                  _part("feature", icon="mail", title=_("Questions"), text=_("You answer within a day.")),
                  title=_("Good to know"), look=_QUIET),
        ),
    ),
)  # fmt: skip


def begun(starter: Starter, book: Book, title: str, locale: str) -> PageContent:
    """Return the content of a page that begins so. A block or setting that this house does not have is left out."""
    raw = [made for part in starter.blocks if (made := _made(part, book, locale)) is not None]
    fields = PageFields.model_validate({"title": title, "structured": starter.structured})
    return PageContent(fields, tree.renewed(tree.read(raw, book)))


def _made(part: Part, book: Book, locale: str) -> dict[str, Any] | None:
    block = book.get(part["type"])
    if block is None:
        return None
    known = {
        name: _said(value, locale) for name, value in part["settings"].items() if name in block.settings.model_fields
    }
    own = tree.made(block, book).plain()
    children = [made for child in part.get("children", ()) if (made := _made(child, book, locale)) is not None]
    settings = {**own.get("settings", {}), **block.settings(**known).model_dump(mode="json", by_alias=True)}
    filled = children or own.get("children") or []
    return {"id": own["id"], "type": block.name, "settings": settings, "look": part.get("look", {}), "children": filled}


def _said(value: Any, locale: str) -> Any:
    """Return a text in the site's language; several are paragraphs."""
    if isinstance(value, tuple):
        return "".join(f"<p>{format_message(one, locale)}</p>" for one in value)
    return format_message(value, locale) if isinstance(value, Message) else value
