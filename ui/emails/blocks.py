"""A letter's text as its pieces: headings, paragraphs, boxes, a button; and each line as HTML or as plain text.

`# ` heading, `## ` smaller one, `> ` box (its first line is the title), `~ ` small print, `- ` list; a link alone in
its paragraph is a button. In a line: `**bold**`, `*italic*`, `[words](address)`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from ui.emails.slots import CLOSE, OPEN, Slot, whole_address

_PREFIXES = {"##": "subheading", "#": "heading", ">": "panel", "~": "quiet", "-": "bullets"}
_line = re.compile(r"(##|[#>~-])(?:\s+(.*)|)")
_slot = re.compile(f"{OPEN}(\\d+){CLOSE}")
_link = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_inline = re.compile(
    r"\[(?P<label>[^\[\]]*)\]\((?P<href>[^()\s]*)\)|\*\*(?P<bold>[^*]+)\*\*|\*(?P<italic>[^*\s][^*]*)\*"
    f"|{OPEN}(?P<slot>\\d+){CLOSE}"
)
_last_slot = re.compile(f"{OPEN}(\\d+){CLOSE}\\W*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece, drawn: Markup in HTML, str in plain text. url: a button's; rows: what a table is drawn from."""

    kind: str
    lines: Sequence[str | Markup] = ()
    url: str = ""
    rows: Any = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """How lines are drawn. link_style: for links in HTML; None draws plain text."""

    slots: Sequence[Slot]
    base: str
    link_style: str | None

    def blocks(self, text: str) -> list[Block]:
        """Return the pieces that have something to say: what its values left empty is left out."""
        found = (self._block(kind, lines) for kind, lines in _runs(text))
        return [block for block in found if block is not None]

    def _block(self, kind: str, lines: Sequence[str]) -> Block | None:
        if kind == "paragraph" and len(lines) == 1:
            if (drawn := _slot.fullmatch(lines[0])) and self.slots[int(drawn[1])].drawn:
                slot = self.slots[int(drawn[1])]
                return Block(slot.drawn, rows=slot.rows)
            if button := _link.fullmatch(lines[0]):
                return Block("button", [self.line(button[1])], url=self._address(button[2]))
        if kind == "quiet" and (told := self._last_address(lines[-1])):
            before = [*lines[:-1], lines[-1][: told[0]].rstrip()]
            return Block("plain_link", [self._joined(before)], url=told[1])
        kept = [line for line in lines if self.plain(line).strip()]
        if not kept or (kind == "panel" and len(kept) == 1 < len(lines)):
            return None
        drawn_lines = [self.line(line) for line in kept]
        return Block(kind, drawn_lines if kind in ("panel", "bullets") else [self._joined(kept)])

    def _joined(self, lines: Sequence[str]) -> str | Markup:
        drawn = [self.line(line) for line in lines]
        return "\n".join(drawn) if self.link_style is None else Markup("<br>").join(drawn)

    def _last_address(self, line: str) -> tuple[int, str] | None:
        """Return where the address that ends small print begins, and which it is."""
        found = _last_slot.search(line)
        slot = self.slots[int(found[1])] if found else None
        return (found.start(), slot.href) if found and slot and slot.href else None

    def line(self, text: str) -> str | Markup:
        """Return one line drawn."""
        return self.plain(text) if self.link_style is None else self._html(text)

    def plain(self, text: str) -> str:
        """Return a line as plain text: a link as its words with the address behind."""
        written, end = [], 0
        for found in _inline.finditer(text):
            written.append(text[end : found.start()])
            if found["href"] is not None:
                label, address = self._filled(found["label"]), self._address(found["href"])
                written.append(address if label in ("", address) else f"{label} ({address})")
            else:
                written.append(self._filled(found["bold"] or found["italic"] or found[0]))
            end = found.end()
        return "".join([*written, text[end:]])

    def _filled(self, text: str) -> str:
        return _slot.sub(lambda found: self.slots[int(found[1])].text, text)

    def _html(self, text: str) -> Markup:
        written, end = [], 0
        for found in _inline.finditer(text):
            written += [escape(text[end : found.start()]), self._piece(found)]
            end = found.end()
        return Markup("").join([*written, escape(text[end:])])

    def _piece(self, found: re.Match[str]) -> Markup:
        if found["slot"] is not None:
            return self._value(self.slots[int(found["slot"])])
        if found["bold"] is not None:
            return Markup("<strong>{}</strong>").format(self._values(found["bold"]))
        if found["italic"] is not None:
            return Markup("<em>{}</em>").format(self._values(found["italic"]))
        return self._anchor(self._address(found["href"]), self._values(found["label"]))

    def _values(self, text: str) -> Markup:
        written, end = [], 0
        for found in _slot.finditer(text):
            written += [escape(text[end : found.start()]), _broken(self.slots[int(found[1])].text)]
            end = found.end()
        return Markup("").join([*written, escape(text[end:])])

    def _value(self, slot: Slot) -> Markup:
        return self._anchor(slot.href, escape(slot.text)) if slot.href else _broken(slot.text)

    def _anchor(self, address: str, words: Markup) -> Markup:
        form = Markup('<a class="link" href="{}" target="_blank" rel="noopener" style="{}">{}</a>')
        return form.format(address, self.link_style, words or escape(address))

    def _address(self, written: str) -> str:
        """Return a link's address whole; a value within one cannot make another address of it."""

        def value(found: re.Match[str]) -> str:
            slot = self.slots[int(found[1])]
            return slot.href or quote(slot.text, safe="")

        return whole_address(_slot.sub(value, written), self.base)


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _runs(text: str) -> list[tuple[str, list[str]]]:
    """Return lines that belong together, with what they are."""
    found: list[tuple[str, list[str]]] = []
    is_open = False
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            is_open = False
            continue
        marked = _line.fullmatch(line)
        kind, words = (_PREFIXES[marked[1]], marked[2] or "") if marked else ("paragraph", line)
        joins = is_open or (kind == "bullets" and bool(found))
        if joins and found[-1][0] == kind and kind not in ("heading", "subheading"):
            found[-1][1].append(words)
        else:
            found.append((kind, [words]))
        is_open = True
    return found
