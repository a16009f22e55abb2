"""Drawing a tree of blocks: each by its template `ui/blocks/{type}.html`, inside one frame that all share.

A block's template knows: `s` its settings, `parts` the drawn blocks in it (each with `node`, `s` and `html`), `level`
the rank of its heading, `id` for ids of its own, `picture(id)`, `file(id)`, `link(href)`, `data` what its `load` found,
`edit(setting)` which marks an element whose words can be typed into on the page, `node`, and `page`. It hardly ever
asks `is_editing`: the marks are simply not there for visitors.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from engine.content.pages.loading import Loaded
from engine.core.blocks.declaring import PLAIN, Block, BlockGroup, Book, meaning_of
from engine.core.blocks.looks import Look
from engine.core.blocks.tree import Node
from engine.core.i18n import format_message
from engine.core.linking import SCHEME
from ui.blocks.outline import FIRST
from ui.page import PageContext
from ui.templates import template_for

#: Whole parts of a page, which stand further apart.
BANDS = (BlockGroup.SECTIONS, BlockGroup.SHOP)
REFERENCE = f"{SCHEME}:"
_anchor = re.compile(r'<a\b[^>]*?\shref="(agora:[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A block that is drawn, as the one around it places it."""

    node: Node
    html: Markup

    @property
    def s(self) -> Any:
        return self.node.settings


@dataclass(frozen=True, slots=True)
class Linked:
    """Where a link leads. attributes: what stands in the `<a>`."""

    url: str
    is_external: bool = False

    @property
    def attributes(self) -> Markup:
        rel = ' rel="noopener noreferrer"' if self.is_external else ""
        return Markup(f' href="{escape(self.url)}"{rel}')  # noqa: S704 - escaped here


@dataclass(frozen=True)
class Drawing:
    """One drawing of a tree. is_editing: for the builder, with marks. link: resolves what a setting says.

    ranks: of headings, by the block's id (`outline` of the whole page); without it every one is of the second.
    """

    book: Book
    loaded: Loaded
    page: PageContext
    link: Callable[[str], Linked | None]
    is_editing: bool = False
    ranks: Mapping[str, int] = field(default_factory=dict)
    _templates: dict[str, Template] = field(default_factory=dict)

    def tree(self, nodes: Sequence[Node]) -> Markup:
        """Return the blocks, one after the other."""
        return Markup("").join(self.block(node) for node in nodes if self._is_drawn(node))

    def block(self, node: Node) -> Markup:
        """Return one block in its frame."""
        block = self.book.get(node.type)
        if block is None or node.settings is None:
            return self._unknown(node)
        names = {
            "s": node.settings,
            "node": node,
            "parts": self._parts(node),
            "level": self.ranks.get(node.id, FIRST),
            "id": f"b-{node.id}",
            "file": self.loaded.files.get,
            "data": self.loaded.data.get(node.id),
            "picture": self.loaded.pictures.get,
            "link": self.linked,
            "rich": self.rich,
            "edit": self._edit(block),
            "page": self.page,
            "is_editing": self.is_editing,
        }
        inside = self._template(f"blocks/{node.type}.html").render(names)
        return Markup(f"<div{self._frame(node, block)}>{inside}</div>")  # noqa: S704 - drawn by templates that escape

    def linked(self, href: str) -> Linked | None:
        """Return where a setting leads; None where it is empty, or what it names is gone or not public.

        Whoever builds the page sees links to what is not public yet.
        """
        if not href.startswith(REFERENCE):
            return self.link(href)
        place = self.loaded.links.get(href)
        return Linked(place.url) if place is not None and (place.is_public or self.is_editing) else None

    def rich(self, text: str) -> Markup:
        """Return cleaned HTML, its links leading where the things that they name are now; else their words alone."""
        if REFERENCE in text and not self.is_editing:
            text = _anchor.sub(self._anchored, text)
        return Markup(text)  # noqa: S704 - `kinds.RichText` cleaned it

    def _anchored(self, found: re.Match[str]) -> str:
        to = self.linked(html.unescape(found[1]))
        return f"<a{to.attributes}>{found[2]}</a>" if to else found[2]

    def _parts(self, node: Node) -> list[Part]:
        """Return what is drawn in a block. What comes from elsewhere is not edited here."""
        inside = self.loaded.inside.get(node.id)
        if inside is None:
            return [Part(child, self.block(child)) for child in node.children if self._is_drawn(child)]
        apart = replace(self, is_editing=False)
        return [Part(child, apart.block(child)) for child in inside if not child.is_hidden]

    def _is_drawn(self, node: Node) -> bool:
        return self.is_editing or not node.is_hidden

    def _frame(self, node: Node, block: Block) -> str:
        look = node.look if block.look is PLAIN else _over(block.look, node.look)
        classes = ["block", f"type-{node.type}", *(["block-band"] if block.group in BANDS else ())]
        classes += classes_of(look)
        marks = f' class="{" ".join(classes)}"'
        if look.anchor:
            marks += f' id="{escape(look.anchor)}"'
        if self.is_editing:
            marks += f' data-block="{escape(node.id)}" data-type="{escape(node.type)}"'
            marks += " data-hidden" if node.is_hidden else ""
            marks += " data-empty-block" if block.is_container and not node.children else ""
        return marks

    def _edit(self, block: Block) -> Callable[[str], Markup]:
        if not self.is_editing:
            return lambda _name: Markup("")
        fields = block.settings.model_fields

        def edit(name: str) -> Markup:
            return Markup(' data-edit="{}" data-edit-as="{}" data-placeholder="{}"').format(
                fields[name].alias or name,
                meaning_of(fields[name]),
                format_message(block.labels.get(name, ""), self.page.locale),
            )

        return edit

    def _unknown(self, node: Node) -> Markup:
        if not self.is_editing:
            return Markup("")
        return Markup('<div class="block block-unknown" data-block="{}" data-type="{}">{}</div>').format(
            node.id, node.type, node.type
        )

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = template_for(self.page, name)
        return self._templates[name]


def outgoing(host: str) -> Callable[[str], Linked | None]:
    """Return what finds where an address leads. host: the site's own; the others are others'."""

    def link(href: str) -> Linked | None:
        if not href:
            return None
        return Linked(href, href.startswith(("http://", "https://")) and href.split("/")[2] != host)

    return link


def _over(usual: Look, chosen: Look) -> Look:
    """Return the look of a type with what was chosen for one block."""
    return usual.model_copy(update=chosen.model_dump(exclude_defaults=True))


def classes_of(look: Look) -> list[str]:
    """Return the classes that a look is: `ui/components/block/block.css` knows them."""
    chosen: Mapping[str, str] = {
        "align": look.align,
        "ground": look.background,
        "above": look.space_above,
        "below": look.space_below,
        "width": look.width,
    }
    return [f"look-{name}-{value}" for name, value in chosen.items() if value] + [
        f"look-not-{device}" for device in look.hidden_on
    ]
