"""WordPress' shortcodes: captions, galleries and embeds become HTML; others stay as they are written, by name."""

import re
from html import escape

from engine.content.moving.nodes import parse
from engine.content.moving.turning import Report
from engine.core.i18n import _

_caption = re.compile(r"\[(wp_caption|caption)\b([^\]]*)\](.*?)\[/\1\]", re.DOTALL | re.IGNORECASE)
_gallery = re.compile(r"\[gallery\b([^\]]*)\]", re.IGNORECASE)
_embed = re.compile(r"\[(embed|youtube|vimeo)\b[^\]]*\](.*?)\[/\1\]", re.DOTALL | re.IGNORECASE)
_media = re.compile(r"\[(audio|video)\b([^\]]*)\](?:\s*\[/\1\])?", re.IGNORECASE)
_attribute = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_other = re.compile(r"(?<!\[)\[([a-z][a-z0-9_-]{2,40})(?:\s[^\]\n]*)?/?\](?!\()", re.IGNORECASE)
_alone = re.compile(r"^[ \t]*(https?://\S+)[ \t]*$", re.MULTILINE)
#: Square brackets that are words: nobody's shortcode.
WORDS = frozenset(("...", "sic", "note", "edit", "update", "citation"))
FILMS = ("youtube.com/", "youtu.be/", "vimeo.com/")


def without_shortcodes(text: str, report: Report) -> str:
    """Return the text with those shortcodes as HTML that have an equal; escaped ones (`[[x]]`) lose two brackets."""
    if "[" not in text and "http" not in text:
        return text
    text = _caption.sub(lambda found: _figure(found[2], found[3]), text)
    text = _gallery.sub(lambda found: _pictures(_attributes(found[1])), text)
    text = _embed.sub(lambda found: _frame(found[2].strip()), text)
    text = _media.sub(lambda found: _played(found[1].lower(), _attributes(found[2])), text)
    text = _alone.sub(lambda found: _frame(found[1]) if any(one in found[1] for one in FILMS) else found[0], text)
    for name in sorted({found[1].lower() for found in _other.finditer(text)} - WORDS):
        if re.search(rf"\[{re.escape(name)}[^\]]*=|\[/{re.escape(name)}\]", text, re.IGNORECASE):
            report(
                _("The shortcode [{name}] stays as it is written: only its own plugin can draw it.").having(name=name)
            )
    return re.sub(r"\[(\[[^\[\]]*\])\]", r"\1", text)


def _attributes(text: str) -> dict[str, str]:
    return {found[1].lower(): found[2] or found[3] or found[4] or "" for found in _attribute.finditer(text)}


def _figure(attributes: str, inside: str) -> str:
    tree = parse(inside)
    picture = next((one for one in tree.children if not isinstance(one, str)), None)
    words = _attributes(attributes).get("caption") or tree.text
    if picture is None:
        return inside
    start = inside.find("<")
    end = inside.rfind(">") + 1
    return f"\n\n<figure>{inside[start:end]}<figcaption>{escape(words)}</figcaption></figure>\n\n"


def _pictures(attributes: dict[str, str]) -> str:
    ids = [
        one.strip() for one in attributes.get("ids", attributes.get("include", "")).split(",") if one.strip().isdigit()
    ]
    pictures = "".join(f'<img src="#{one}" alt="">' for one in ids)
    return f"\n\n<figure>{pictures}</figure>\n\n" if pictures else ""


def _frame(address: str) -> str:
    return f'\n\n<iframe src="{escape(address)}"></iframe>\n\n'


def _played(tag: str, attributes: dict[str, str]) -> str:
    source = next((attributes[name] for name in ("src", "mp4", "webm", "mp3", "ogg", "m4v") if name in attributes), "")
    return f'\n\n<{tag} src="{escape(source)}"></{tag}>\n\n' if source else ""
