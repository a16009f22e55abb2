"""What visitors write, made safe: paragraphs, quotes, emphasis and links, and nothing else."""

import re

from markupsafe import escape

_LINK = re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”]")
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*\*")
_SOFT = re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]{1,500}?)(?<=\S)[*_](?![\w*])")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_BLANK = re.compile(r"\n[ \t]*\n\s*")
REL = "ugc nofollow noopener noreferrer"


def tidied(text: str) -> str:
    """Return a text as it is kept: one kind of line ends, no control characters, no run of empty lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in lines if c == "\n" or c.isprintable() or c in "\u200c\u200d")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def html_of(text: str) -> str:
    """Return the text as HTML. `> ` begins a quote; **strong**, *soft*, `code` and web addresses are known."""
    return "\n".join(_block(part) for part in _BLANK.split(text) if part.strip())


def _block(part: str) -> str:
    lines = part.split("\n")
    if all(line.startswith(">") for line in lines):
        inner = "<br>".join(_line(line[1:].strip()) for line in lines)
        return f"<blockquote><p>{inner}</p></blockquote>"
    return f"<p>{'<br>'.join(_line(line) for line in lines)}</p>"


def _line(line: str) -> str:
    """Return one line: addresses and code are set aside first, so that no mark inside them is read."""
    made: list[str] = []
    at = 0
    for found in re.finditer(rf"{_LINK.pattern}|{_CODE.pattern}", line):
        made.append(_marked(line[at : found.start()]))
        whole = str(escape(found.group(1) or found.group()))
        made.append(f"<code>{whole}</code>" if found.group(1) else f'<a href="{whole}" rel="{REL}">{whole}</a>')
        at = found.end()
    return "".join([*made, _marked(line[at:])])


def _marked(piece: str) -> str:
    strong = _STRONG.sub(r"<strong>\1</strong>", str(escape(piece)))
    return _SOFT.sub(r"<em>\1</em>", strong)
