"""WordPress bodies into blocks: its own blocks (HTML between comments), or the classic kind with blank lines.

Source: WordPress' block grammar (`<!-- wp:name {json} -->`), and `wpautop` for what it makes of blank lines.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.content.moving import turning
from engine.content.moving.nodes import BLOCKS, Node, parse
from engine.content.moving.shortcodes import without_shortcodes
from engine.content.moving.turning import Made, Report, block, blocks_of, film_address, link, wanted
from engine.core.i18n import _

_mark = re.compile(r"<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(\{.*?\}\s+)?(/)?-->", re.DOTALL)
_pre = re.compile(r"<pre\b.*?</pre>", re.DOTALL | re.IGNORECASE)
_blank = re.compile(r"\n\s*\n")
_tag = re.compile(r"</?([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)
#: Lists that WordPress makes by itself, and what stands for them here.
OWN_LISTS = {"latest-posts": "latest-articles", "search": "search"}
MAX_DEPTH = 50


@dataclass(slots=True)
class Part:
    """One of WordPress' blocks. pieces: its HTML and the blocks in it, in order."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    pieces: list["str | Part"] = field(default_factory=list)

    @property
    def html(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.html for piece in self.pieces)

    @property
    def parts(self) -> list["Part"]:
        return [piece for piece in self.pieces if isinstance(piece, Part)]


def body_blocks(body: str, report: Report, known: Callable[[str], bool]) -> list[Made]:
    """Return the blocks of a WordPress body. known: whether a type of block is there to be used."""
    if "<!-- wp:" not in body:
        return blocks_of(paragraphs(without_shortcodes(body, report)), report)
    turned = _Turned(report, known)
    return turned.pieces(_parsed(body).pieces)


def paragraphs(text: str) -> str:
    """Return a classic body with its blank lines as paragraphs and its line ends as breaks."""
    kept: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\x00{len(kept) - 1}\x00\n\n"

    text = _pre.sub(put_aside, text.replace("\r\n", "\n").replace("\x00", ""))
    text = _tag.sub(lambda found: _spaced(found[0], found[1].lower()), text)
    made = []
    for piece in map(str.strip, _blank.split(text)):
        if aside := re.fullmatch(r"\x00(\d+)\x00", piece):
            made.append(kept[int(aside[1])])
        elif not piece:
            continue
        elif (first := _tag.match(piece)) and first[1].lower() in BLOCKS | {"li", "tr", "td", "th", "tbody", "thead"}:
            made.append(piece)
        else:
            made.append(f"<p>{piece.replace(chr(10), '<br>' + chr(10))}</p>")
    return "\n".join(made)


def _spaced(tag: str, name: str) -> str:
    if name not in BLOCKS:
        return tag
    return f"{tag}\n\n" if tag.startswith("</") or name == "hr" else f"\n\n{tag}"


def _parsed(body: str) -> Part:
    """Return the tree of WordPress' blocks; what is not closed ends with what is around it."""
    open_: list[Part] = [Part("")]
    at = 0
    for mark in _mark.finditer(body):
        if text := body[at : mark.start()]:
            open_[-1].pieces.append(text)
        at = mark.end()
        is_end, name, attributes, is_single = mark[1], mark[2].removeprefix("core/"), mark[3], mark[4]
        if is_end:
            for place in range(len(open_) - 1, 0, -1):
                if open_[place].name == name:
                    del open_[place:]
                    break
            continue
        part = Part(name, _attributes(attributes))
        open_[-1].pieces.append(part)
        if not is_single and len(open_) < MAX_DEPTH:
            open_.append(part)
    open_[-1].pieces.append(body[at:])
    return open_[0]


def _attributes(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class _Turned:
    report: Report
    known: Callable[[str], bool]

    def pieces(self, pieces: Sequence[str | Part]) -> list[Made]:
        """Return the blocks of these; texts beside each other become one."""
        made: list[Made] = []
        run: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                if piece.strip():
                    run.append(without_shortcodes(piece, self.report))
            elif piece.name in ("paragraph", "heading", "list", "list-item", "quote", "verse", "freeform", "pullquote"):
                run.append(piece.html)
            else:
                made += self._flush(run)
                run = []
                made += self.part(piece)
        return made + self._flush(run)

    def _flush(self, run: Sequence[str]) -> list[Made]:
        return blocks_of("".join(run), self.report) if run else []

    def part(self, part: Part) -> list[Made]:
        makers: dict[str, Callable[[Part], list[Made]]] = {
            "columns": self.columns,
            "column": lambda one: self.pieces(one.pieces),
            "group": lambda one: self.pieces(_shell(one)),
            "buttons": lambda one: [made for inner in one.parts for made in self.part(inner)] or self.button(one),
            "button": self.button,
            "cover": self.cover,
            "media-text": self.media_text,
            "gallery": self.gallery,
            "separator": lambda _one: [block("divider")],
            "spacer": lambda _one: [block("spacer")],
            "preformatted": lambda one: [turning.code(parse(one.html))],
            "code": lambda one: [turning.code(parse(one.html))],
            "embed": self.embed,
            "file": self.file,
            "block": self.reused,
            "more": lambda _one: [],
            "nextpage": lambda _one: [],
        }
        if part.name.startswith("core-embed/"):
            return self.embed(part)
        if maker := makers.get(part.name):
            return maker(part)
        if part.name in OWN_LISTS and self.known(OWN_LISTS[part.name]):
            return [block(OWN_LISTS[part.name])]
        return self.other(part)

    def other(self, part: Part) -> list[Made]:
        """Take a block of which nothing is known here by the HTML in it."""
        made = (
            self.pieces(_shell(part))
            if part.parts
            else blocks_of(without_shortcodes(part.html, self.report), self.report)
        )
        if not made:
            self.report(
                _("WordPress' block “{name}” is left out: nothing here stands for it.").having(name=part.name[:60])
            )
        return made

    def reused(self, part: Part) -> list[Made]:
        """Take a reusable block for what it is; what comes along under its key stands there."""
        return [block("reusable", source=f"{turning.REUSED}{str(part.attributes.get('ref', ''))[:20]}")]

    def columns(self, part: Part) -> list[Made]:
        inside = [self.pieces(_shell(one)) for one in part.parts if one.name == "column"]
        if len(inside) < 2:
            return self.pieces(_shell(part))
        return [block("columns", [block("column", one) for one in some]) for some in _rows(inside, 6)]

    def button(self, part: Part) -> list[Made]:
        anchors = parse(part.html).all("a")
        return [block("button", label=a.text[:300], href=a.get("href")) for a in anchors if a.text]

    def cover(self, part: Part) -> list[Made]:
        tree = parse(part.html)
        found = tree.first("img")
        address = str(part.attributes.get("url") or (found.get("src") if found else ""))
        heading = tree.first("h1", "h2", "h3", "h4") or tree.first("p")
        anchor = next((one for one in tree.all("a") if one.has_class("wp-block-button__link")), None)
        rest = [one for one in tree.all("p", "h2", "h3", "h4") if one is not heading and one.text]
        return [
            block(
                "hero",
                title=heading.text[:300] if heading else "",
                text="\n".join(one.text for one in rest)[:5_000],
                image=wanted(address),
                label=anchor.text if anchor else "",
                href=anchor.get("href") if anchor else "",
                layout="behind" if address else "beside",
            )
        ]

    def media_text(self, part: Part) -> list[Made]:
        tree = parse("".join(piece for piece in part.pieces if isinstance(piece, str)))
        media = tree.first("figure") or Node("figure")
        words = self.pieces([piece for piece in part.pieces if isinstance(piece, Part)])
        sides = [blocks_of("<figure>" + media.inner + "</figure>", self.report), words]
        if part.attributes.get("mediaPosition") == "right":
            sides.reverse()
        return [block("columns", [block("column", one) for one in sides], align="center")]

    def gallery(self, part: Part) -> list[Made]:
        pictures = list(parse(part.html).all("img"))
        return [turning.gallery(pictures)] if pictures else []

    def embed(self, part: Part) -> list[Made]:
        address = str(part.attributes.get("url") or parse(part.html).text)
        if film := film_address(address):
            return [block("video", address=film)]
        self.report(_("What was embedded from {address} is a link now.").having(address=address[:100]))
        return [link(address)] if address.startswith("http") else []

    def file(self, part: Part) -> list[Made]:
        anchor = parse(part.html).first("a")
        address = str(part.attributes.get("href") or (anchor.get("href") if anchor else ""))
        return [block("download", file=wanted(address), title=anchor.text[:300] if anchor else "")]


def _shell(part: Part) -> list["str | Part"]:
    """Return a block's pieces without the tags around its blocks."""
    return [piece for piece in part.pieces if isinstance(piece, Part) or parse(piece).text]


def _rows(inside: Sequence[list[Made]], most: int) -> list[Sequence[list[Made]]]:
    return [inside[start : start + most] for start in range(0, len(inside), most)]
