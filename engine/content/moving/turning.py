"""HTML into blocks: runs of text stay text; pictures, films, tables, code and folds become blocks of their own.

Blocks are made as JSON. A setting that names a file which is still to be brought in is `wanted:` and its address.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engine.content.moving.nodes import BLOCKS, Child, Node, html_of, parse
from engine.core.blocks.tree import new_block_id
from engine.core.i18n import Message, _

WANTED = "wanted:"
#: What stands in a setting for a reusable block that comes along, before its key.
REUSED = "reused:"
Made = dict[str, Any]
Report = Callable[[Message], None]
_language = re.compile(r"(?:language|lang|brush)[-:]\s*([A-Za-z0-9+#-]+)")
LEFT_OUT = frozenset((
    "script", "style", "noscript", "object", "embed", "form", "input", "button", "select", "textarea", "template",
))  # fmt: skip
FLAT = frozenset((
    "div", "section", "article", "main", "header", "footer", "aside", "span", "center", "nav", "address", "fieldset",
))  # fmt: skip
FILMS = ("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com")
MAX_CELLS = 2_000


def block(kind: str, children: Sequence[Made] = (), **settings: Any) -> Made:
    """Return a block as JSON, with a new id; empty settings are left to their type."""
    made: Made = {"id": new_block_id(), "type": kind}
    if kept := {name: value for name, value in settings.items() if value not in ("", None)}:
        made["settings"] = kept
    if children:
        made["children"] = list(children)
    return made


def wanted(address: str) -> str:
    """Return what stands in a setting for a file that is still to be brought in."""
    return WANTED + address if address else ""


def blocks_of(html: str, report: Report) -> list[Made]:
    """Return the blocks of a piece of HTML. report: told of what is left out."""
    return list(Turning(report).blocks(parse(html).children))


@dataclass
class Turning:
    """One piece being turned. run: what goes into the next text."""

    report: Report
    run: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    def blocks(self, children: Sequence[Child]) -> Iterator[Made]:
        """Yield the blocks of these."""
        for child in children:
            yield from self.child(child)
        yield from self.text()

    def text(self) -> Iterator[Made]:
        """Yield what was gathered as a text, and begin anew."""
        html = "".join(self.run).strip()
        self.run = []
        if html and (parse(html).text or "<img" in html):
            yield block("text", text=html)

    def child(self, child: Child) -> Iterator[Made]:
        if isinstance(child, str):
            if child.strip() or self.run:
                self.run.append(html_of(child))
            return
        own = self.own(child)
        if own is not None:
            yield from self.text()
            yield from own
        elif child.tag in LEFT_OUT:
            self.leave(child.tag)
        elif child.tag in FLAT and (child.tag != "span" or child.first(*BLOCKS, "img")):
            yield from self.inside(child)
        elif child.tag == "p" and child.is_blank:
            return
        elif child.tag == "p" and (found := child.first("img", "iframe", "video")) is not None:
            yield from self.paragraph(child, found)
        else:
            if child.tag == "h1":
                child.tag = "h2"
            self.run.append(html_of(child))

    def inside(self, node: Node) -> Iterator[Made]:
        for child in node.children:
            yield from self.child(child)

    def paragraph(self, node: Node, found: Node) -> Iterator[Made]:
        """Take pictures and films out of a paragraph; what stands around them stays text."""
        if not node.text:
            for one in node.all("img", "iframe", "video"):
                own = self.own(_linked(node, one))
                if own is not None:
                    yield from self.text()
                    yield from own
            return
        if found.tag != "img":
            yield from self.text()
            yield from self.own(found) or ()
            node.children = [child for child in node.children if child is not found]
        self.run.append(html_of(node))

    def leave(self, tag: str) -> None:
        if tag not in self.dropped and tag not in ("style", "noscript", "template"):
            self.dropped.add(tag)
            self.report(_("A <{tag}> is left out: it would run, embed or send something.").having(tag=tag))

    def own(self, node: Node) -> list[Made] | None:
        """Return the blocks that an element is by itself, or None where it is part of the text."""
        makers: dict[str, Callable[[Node], list[Made] | None]] = {
            "figure": self.figure,
            "img": lambda one: [picture(one)],
            "a": self.linked_picture,
            "hr": lambda _one: [block("divider")],
            "pre": lambda one: [code(one)],
            "table": table,
            "iframe": self.frame,
            "video": self.film,
            "audio": self.sound,
            "details": self.fold,
            "ul": self.pictures_in_list,
        }
        maker = makers.get(node.tag)
        return maker(node) if maker else None

    def figure(self, node: Node) -> list[Made] | None:
        caption = node.first("figcaption")
        words = caption.text if caption else ""
        pictures = list(node.all("img"))
        if len(pictures) > 1:
            return [gallery(pictures, words)]
        if pictures:
            return [picture(_linked(node, pictures[0]), words)]
        for tag in ("iframe", "video", "audio", "table", "pre"):
            if (found := node.first(tag)) is not None:
                return self.own(found)
        return list(Turning(self.report).blocks(node.children))

    def linked_picture(self, node: Node) -> list[Made] | None:
        found = node.first("img")
        return [picture(_linked(node, found))] if found is not None and not node.text else None

    def pictures_in_list(self, node: Node) -> list[Made] | None:
        """A list of nothing but pictures is a gallery, as older WordPress blocks have it."""
        pictures = list(node.all("img"))
        items = [one for one in node.children if isinstance(one, Node) and one.tag == "li"]
        is_gallery = node.has_class("blocks-gallery-grid", "wp-block-gallery") or (pictures and not node.text)
        return [gallery(pictures)] if len(pictures) > 1 and len(pictures) == len(items) and is_gallery else None

    def frame(self, node: Node) -> list[Made]:
        address = node.get("src") or node.get("data-src")
        if film := film_address(address):
            return [block("video", address=film, title=node.get("title"))]
        self.report(_("A frame of {address} is left out; a link stands in its place.").having(address=address[:100]))
        return [link(address)] if address.startswith(("http://", "https://", "//")) else []

    def film(self, node: Node) -> list[Made]:
        return [block("video", file=wanted(_source(node)), poster=wanted(node.get("poster")))]

    def sound(self, node: Node) -> list[Made]:
        return [block("download", file=wanted(_source(node)), title=_source(node).rpartition("/")[2])]

    def fold(self, node: Node) -> list[Made]:
        summary = node.first("summary")
        rest = [child for child in node.children if child is not summary]
        inside = list(Turning(self.report).blocks(rest))
        title = summary.text if summary else ""
        return [block("accordion", [block("accordion-item", inside, title=title)])]


def picture(node: Node, caption: str = "") -> Made:
    """Return a picture's block. A link around it was written into `data-href`."""
    href = node.get("data-href")
    leads_to_itself = bool(href) and href.rpartition(".")[2].lower() in ("jpg", "jpeg", "png", "gif", "webp")
    return block(
        "image",
        image=wanted(node.get("src") or node.get("data-src")),
        alt=node.get("alt")[:300],
        caption=caption[:300],
        href="" if leads_to_itself else href,
        enlarges=True if leads_to_itself else None,
    )


def gallery(pictures: Sequence[Node], title: str = "") -> Made:
    """Return a gallery of pictures."""
    children = [
        block("gallery-picture", image=wanted(one.get("src") or one.get("data-src")), alt=one.get("alt")[:300])
        for one in pictures
    ]
    return block("gallery", children, title=title[:300])


def code(node: Node) -> Made:
    """Return the block of a `<pre>`."""
    inside = node.first("code")
    named = _language.search(f"{node.get('class')} {inside.get('class') if inside else ''}")
    text = "".join(_raw(node)).strip("\n")
    return block("code", code=text, language=named[1] if named else "")


def table(node: Node) -> list[Made] | None:
    """Return the block of a plain table; None where cells span or hold more than words: then it stays in the text."""
    rows = [
        [cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th")] for row in node.all("tr")
    ]
    rows = [row for row in rows if row]
    cells = [cell for row in rows for cell in row]
    spans = any(cell.get("colspan") not in ("", "1") or cell.get("rowspan") not in ("", "1") for cell in cells)
    is_rich = any(cell.first("a", "img", "ul", "ol", "table") for cell in cells)
    if not rows or spans or is_rich or len(cells) > MAX_CELLS:
        return None
    width = max(len(row) for row in rows)
    texts = [[cell.text for cell in row] + [""] * (width - len(row)) for row in rows]
    caption = node.first("caption")
    has_header_row = all(cell.tag == "th" for cell in rows[0])
    has_column = all(row[0].tag == "th" for row in rows[1:]) if len(rows) > 1 else False
    made = block("table", caption=caption.text if caption else "", cells=texts)
    made["settings"] |= {"hasHeaderRow": has_header_row, "hasHeaderColumn": has_column}
    return [made]


def _cells(row: Node) -> list[Node]:
    return [cell for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th")]


def link(address: str, words: str = "") -> Made:
    """Return a text that is a link."""
    anchor = Node("a", {"href": address}, [words or address])
    return block("text", text=html_of(Node("p", {}, [anchor])))


def film_address(address: str) -> str:
    """Return the page of a film that can be shown here, or empty."""
    parts = urlsplit(f"https:{address}" if address.startswith("//") else address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("player.")
    if host not in FILMS:
        return ""
    if host == "vimeo.com":
        number = re.search(r"/(\d+)", parts.path)
        return f"https://vimeo.com/{number[1]}" if number else ""
    named = parse_qs(parts.query).get("v", [""])[0] or parts.path.rstrip("/").rpartition("/")[2]
    return f"https://www.youtube.com/watch?v={named}" if re.fullmatch(r"[\w-]{6,20}", named) else ""


def _linked(around: Node, found: Node) -> Node:
    """Return a picture that knows the link around it."""
    anchor = (
        around if around.tag == "a" else next((a for a in around.all("a") if found in list(a.all(found.tag))), None)
    )
    return Node(found.tag, {**found.attributes, "data-href": anchor.get("href") if anchor else ""}, found.children)


def _source(node: Node) -> str:
    inside = node.first("source")
    return node.get("src") or (inside.get("src") if inside else "")


def _raw(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _raw(child)
