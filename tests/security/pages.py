"""Reads a page as a browser would, and says what in it must not be there."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
FORBIDDEN = frozenset({"base", "object", "embed", "applet", "frame", "frameset", "marquee", "style", "plaintext"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcdoc", "background"})
#: Scripts that nothing of runs: what a page says of itself, and what its own scripts read.
JSON = frozenset({"application/ld+json", "application/json"})
RUNS = re.compile(r"^[\x00-\x20]*(javascript|vbscript|data)[\x00-\x20]*:", re.IGNORECASE)


@dataclass
class Form:
    """A form of a page. fields: (name, kind, value)."""

    action: str
    method: str
    is_multipart: bool
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A parsed page: what is wrong with it, its links, its forms and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self.mains = 0
        self._open: list[str] = []
        self._foreign = 0
        self.feed(html)
        self.close()
        if self._open:
            self.problems.append(f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag in FORBIDDEN:
            self.problems.append(f"a <{tag}>")
        if tag == "meta" and "http-equiv" in values:
            self.problems.append("a <meta http-equiv>")
        if tag == "iframe" and not values.get("src", "").startswith("/"):
            self.problems.append("an <iframe> to elsewhere")
        is_ours = values.get("src", "").startswith("/assets/") or values.get("type") in JSON
        if tag == "script" and not is_ours:
            self.problems.append(f"a script: {values}")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.problems.append(f"an attribute {name}={value[:80]!r} of <{tag}>")
            is_picture = tag in ("img", "source") and value.startswith("data:image/")
            if name in ADDRESSES and RUNS.match(value) and not is_picture:
                self.problems.append(f"an address {value[:80]!r} in <{tag}>")
        self.mains += tag == "main"
        self._read(tag, values)

    def _read(self, tag: str, values: dict[str, str]) -> None:
        if tag == "a" and values.get("href", "").startswith("/"):
            self.links.append(values["href"])
        if tag == "form":
            action, method = values.get("action", ""), values.get("method", "get").lower()
            if not action.startswith("/") or action.startswith("//"):
                self.problems.append(f"a form to {action[:80]!r}")
            self.forms.append(Form(action, method, "multipart" in values.get("enctype", "")))
        if (
            tag in ("input", "textarea", "select", "button")
            and values.get("name")
            and self.forms
            and "form" in self._open
        ):
            self.forms[-1].fields.append((values["name"], values.get("type", tag), values.get("value", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> where {self._open[-3:]} are open")
            if tag in self._open:
                while self._open.pop() != tag:
                    pass
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.data.append(data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """Every word of the page."""
        return " ".join(self.words)


def problems_of(html: str, *, is_whole: bool = True) -> list[str]:
    """Return what is wrong with a page's HTML: what could run, what leads away, what is out of balance."""
    page = Page(html)
    found = list(page.problems)
    if is_whole and page.mains != 1:
        found.append(f"{page.mains} main elements")
    for block in page.data:
        try:
            json.loads(block)
        except ValueError:
            found.append(f"JSON-LD that is no JSON: {block[:100]}")
    return found
