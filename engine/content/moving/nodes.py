"""HTML as a tree that can be asked and written again, to take other systems' bodies apart before they are cleaned."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Union

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
#: What ends where the next of its kind begins.
_CLOSES = {
    "li": ("li",),
    "p": ("p",),
    "tr": ("tr", "td", "th"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
}
_STOPS = frozenset(("ul", "ol", "table", "dl", "div", "blockquote", "figure", "section", "td", "th"))
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "iframe", "main", "nav", "ol", "p", "pre", "section",
    "table", "ul", "video", "audio",
))  # fmt: skip
MAX_DEPTH = 200

Child = Union["Node", str]


@dataclass(slots=True, eq=False)
class Node:
    """An element. children: elements and texts, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has_class(self, *names: str) -> bool:
        return any(one in names for one in self.get("class").split())

    def all(self, *tags: str) -> Iterator["Node"]:
        """Yield the elements of these tags in it, at any depth."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def first(self, *tags: str) -> Union["Node", None]:
        return next(self.all(*tags), None)

    @property
    def text(self) -> str:
        """The words in it, on one line."""
        return " ".join("".join(_texts(self)).split())

    @property
    def inner(self) -> str:
        """Its children as HTML."""
        return "".join(html_of(child) for child in self.children)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is to be seen in it."""
        return not self.text and self.first("img", "iframe", "video", "audio", "hr", "table") is None


def html_of(child: Child) -> str:
    """Return an element or text as HTML."""
    if isinstance(child, str):
        return escape(child, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
    if child.tag in VOID:
        return f"<{child.tag}{attributes}>"
    return f"<{child.tag}{attributes}>{child.inner}</{child.tag}>"


def parse(html: str) -> Node:
    """Return the tree of a piece of HTML, however it is written."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in ("script", "style"):
            yield " " if child.tag == "br" else ""
            yield from _texts(child)
            yield " " if child.tag in BLOCKS else ""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open: list[Node] = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.close_back(("p",), _STOPS)
        self.close_back(_CLOSES.get(tag, ()), _STOPS - set(_CLOSES.get(tag, ())))
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID and len(self.open) < MAX_DEPTH:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1].tag == tag and tag not in VOID and tag not in BLOCKS:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        last = self.open[-1].children
        if last and isinstance(last[-1], str):
            last[-1] += data
        else:
            last.append(data)

    def close_back(self, tags: tuple[str, ...], stops: frozenset[str] | set[str]) -> None:
        """Close the nearest open element of these tags, unless another stands between."""
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag in tags:
                del self.open[place:]
                return
            if self.open[place].tag in stops:
                return
