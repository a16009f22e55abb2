"""HTML from people, made safe on the way in (nh3), and plain text out of it."""

import html
import json
import re
from functools import lru_cache
from typing import Any

import nh3

ALLOWED_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s",
    "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "img": {"src", "alt", "width", "height", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed"},
    "abbr": {"title"},
    "*": {"lang", "dir"},
}
SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
_DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "form", "noscript", "template", "svg", "math"}
#: The words of shorter fragments are kept: a product's page asks twice for those of its description.
MOST_KEPT = 10_000
_space = re.compile(r"\s+")
#: Without any of these, a fragment is nothing but words.
_markup = re.compile(r"[<&\x00]")
_line_end = re.compile(r"(?i)</(?:(p|h[1-6]|blockquote|ul|ol|table|pre|dl)|div|li|tr|dt|dd)>|<(?:br|ul|ol)\b[^>]*>")
_empty_lines = re.compile(r"\n{3,}")
#: Opening tags too: a list within an item begins where no other block ends.
_block_edge = re.compile(r"(?i)</?(?:p|div|li|ul|ol|h[1-6]|table|t[drh]|blockquote|pre|d[ltd]|br)\b[^>]*>")


def clean_html(text: str, *schemes: str) -> str:
    """Return the HTML without anything that runs, embeds, or submits. Addresses keep http, https, mailto, tel only.

    schemes: others that addresses may have.
    """
    return nh3.clean(
        text.replace("\x00", ""),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=SAFE_SCHEMES.union(schemes),
        clean_content_tags=_DROPPED_WITH_CONTENT,
        link_rel="noopener noreferrer",
    )


def text_of(fragment: str, limit: int | None = None) -> str:
    """Return the words of an HTML fragment on one line, cut at a word's end after `limit` characters."""
    plain = (_words_of if len(fragment) > MOST_KEPT else _kept_words_of)(fragment)
    if limit is None or len(plain) <= limit:
        return plain
    return plain[:limit].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def _words_of(fragment: str) -> str:
    if not _markup.search(fragment):
        return " ".join(fragment.split())
    spaced = _block_edge.sub(" ", fragment)
    return _space.sub(" ", html.unescape(nh3.clean(spaced, tags=set()))).strip()


_kept_words_of = lru_cache(maxsize=256)(_words_of)


def lines_of(fragment: str) -> str:
    """Return the words of an HTML fragment with its line breaks, and an empty line between its paragraphs."""
    broken = _line_end.sub(lambda found: "\n\n" if found[1] else "\n", fragment)
    plain = html.unescape(nh3.clean(broken, tags=set()))
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return _empty_lines.sub("\n\n", "\n".join(lines)).strip()


def json_for_script(value: Any) -> str:
    """Return JSON that is safe inside a script element (JSON-LD): no tag can be closed from within it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
