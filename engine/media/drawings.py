"""Making an SVG safe: read by a strict XML parser, written anew from an allow-list of what only draws.

No script, no event, no animation, no foreign markup, no address outside the file. Entities are refused.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engine.core.i18n import _
from engine.media.kinds import refused

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 50_000
MAX_DEPTH = 100
MAX_DRAWN = 100_000
_DEFAULT_SIZE = (300, 150)
_ELEMENTS = frozenset(
    """svg g defs symbol title desc path rect circle ellipse line polyline polygon text tspan textPath use image
    linearGradient radialGradient stop clipPath mask pattern marker style filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence""".split()  # noqa: SIM905
)
#: Left out, with what they hold kept.
_UNWRAPPED = frozenset({"a", "switch"})
_TEXTUAL = frozenset({"text", "tspan", "textPath", "title", "desc", "style"})
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9-]*$")
_INNER = re.compile(r"^#[\w.:-]+$")
_INNER_URL = re.compile(r"url\(\s*(['\"]?)#[\w.:-]+\1\s*\)")
_EMBEDDED = re.compile(r"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$")
_LEADS_AWAY = re.compile(
    r"url|expression|@import|javascript|behavior|binding|image-set|src\s*\(|\\|<|//|&#", re.IGNORECASE
)
_LENGTH = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(px)?\s*$")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A safe drawing, and its size in pixels as it says."""

    data: bytes
    width: int
    height: int


def clean(data: bytes) -> Drawing:
    """Return the drawing with everything left out that does more than draw.

    Raises Invalid when it is no XML, no drawing, declares entities, or is too large or too deep.
    """
    if len(data) > MAX_BYTES:
        raise refused(_("This drawing is larger than {most} MB. Simplify it."), most=MAX_BYTES // 1024 // 1024)
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.EntityDeclHandler = _refuse_entity
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
        raise refused(_("This drawing is damaged: it is not well-formed XML. Export it anew.")) from error
    if writer.size is None:
        raise refused(_("This file is not a drawing. Export it as SVG."))
    if writer.drawn() > MAX_DRAWN:
        raise refused(_("This drawing repeats itself too often to be shown. Simplify it."))
    return Drawing("".join(writer.out).encode(), *writer.size)


def _refuse_entity(*_values: object) -> None:
    raise refused(_("This drawing declares entities, which can hide what it holds. Export it as plain SVG."))


@dataclass
class _Writer:
    """Writes what may stay. skipped: how deep it is inside something left out; open: written elements and their ids."""

    out: list[str] = field(default_factory=list)
    size: tuple[int, int] | None = None
    skipped: int = 0
    open: list[tuple[str, str]] = field(default_factory=list)
    elements: int = 0
    uses: dict[str, Counter[str]] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS or len(self.open) > MAX_DEPTH:
            raise refused(_("This drawing has too many parts to be shown. Simplify it."))
        space, _space, local = name.rpartition(" ")
        if self.size is None and (local != "svg" or space != SVG):
            raise refused(
                _("This file is not a drawing: it does not begin with an <svg> element of the SVG namespace.")
            )
        if self.skipped or space != SVG or local not in _ELEMENTS | _UNWRAPPED:
            self.skipped += 1
            return
        if local in _UNWRAPPED:
            self.open.append(("", ""))
            return
        kept = _kept(local, attributes)
        if self.size is None:
            self.size = _size_of(kept)
            kept = {"xmlns": SVG, "xmlns:xlink": XLINK, **kept}
        self._note_use(local, kept)
        written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.out.append(f"<{local}{written}>")
        self.open.append((local, kept.get("id", "")))

    def end(self, _name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        local, _id = self.open.pop()
        if local:
            self.out.append(f"</{local}>")

    def text(self, text: str) -> None:
        if self.skipped or not self.open:
            return
        local = next((name for name, _id in reversed(self.open) if name), "")
        if local == "style":
            self.out.append(escape(text) if is_harmless(text) else "")
        elif local in _TEXTUAL or not text.strip():
            self.out.append(escape(text))

    def _note_use(self, local: str, kept: Mapping[str, str]) -> None:
        target = (kept.get("href") or kept.get("xlink:href") or "").lstrip("#") if local == "use" else ""
        around = [one for _name, one in self.open if one] or [""]
        for one in around:
            drawn = self.uses.setdefault(one, Counter())
            drawn[target] += 1

    def drawn(self) -> int:
        """Return how many elements are drawn once every `use` is followed; circles count as without end."""
        known: dict[str, int] = {}

        def count(one: str, depth: int) -> int:
            if depth > MAX_DEPTH:
                return MAX_DRAWN + 1
            if one not in known:
                known[one] = MAX_DRAWN + 1  # while it is counted: whoever comes back here goes in a circle
                found = self.uses.get(one, Counter()).items()
                times = sum(number * (count(target, depth + 1) if target else 1) for target, number in found)
                known[one] = min(MAX_DRAWN + 1, times)
            return known[one]

        return sum(count(one, 0) for one in self.uses)


def _kept(local: str, attributes: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in attributes.items():
        space, _space, key = name.rpartition(" ")
        if key == "href" and space in ("", XLINK):
            is_inner = bool(_INNER.match(value.strip()))
            is_picture = local == "image" and bool(_EMBEDDED.match(value.strip()))
            if is_inner or is_picture:
                kept["href" if not space else "xlink:href"] = value.strip()
        elif space == XML and key == "space":
            kept["xml:space"] = value
        elif not space and _NAME.match(key) and not key.lower().startswith("on") and is_harmless(value):
            kept[key] = value
    return kept


def is_harmless(text: str) -> bool:
    """Return whether a value or a stylesheet names nothing outside the file and runs nothing."""
    return not _LEADS_AWAY.search(_INNER_URL.sub("", text))


def _size_of(kept: Mapping[str, str]) -> tuple[int, int]:
    box = [part for part in re.split(r"[\s,]+", kept.get("viewBox", "").strip()) if part]
    seen = [_LENGTH.match(kept.get(name, "")) for name in ("width", "height")]
    if all(seen):
        width, height = (float(found[1]) for found in seen if found)
    elif len(box) == 4 and all(_LENGTH.match(part) for part in box[2:]):
        width, height = float(box[2]), float(box[3])
    else:
        width, height = _DEFAULT_SIZE
    return max(1, min(round(width), 100_000)), max(1, min(round(height), 100_000))
