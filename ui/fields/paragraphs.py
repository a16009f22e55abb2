"""Descriptions in a plain text field: paragraphs show as paragraphs, and only richer text shows its HTML."""

import html
import re

_paragraph = re.compile(r"<p>(.*?)</p>\s*", re.DOTALL)
_tag = re.compile(r"<(?!br\s*/?>)[a-zA-Z/!]")
_break = re.compile(r"<br\s*/?>")


def as_typed(stored: str) -> str:
    """Return HTML as somebody would type it: plain text where it is nothing but paragraphs and line breaks.

    `as_html` gives back what this was made from, so text that would then look like HTML stays HTML.
    """
    is_bare = "<" not in stored
    parts = [stored] if is_bare else [part.strip() for part in _paragraph.findall(stored)]
    rest = "" if is_bare else _paragraph.sub("", stored).strip()
    plain = html.unescape("\n\n".join(_break.sub("\n", part) for part in parts))
    if rest or any(_tag.search(part) for part in parts):
        return stored
    if _tag.search(plain) or _break.search(plain):
        return f"<p>{stored}</p>" if is_bare else stored
    return plain


def as_html(typed: str) -> str:
    """Return what was typed as HTML: text without tags becomes paragraphs."""
    text = typed.replace("\r\n", "\n").strip()
    if not text or _tag.search(text):
        return text
    blocks = (html.escape(block.strip(), quote=False) for block in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block)
