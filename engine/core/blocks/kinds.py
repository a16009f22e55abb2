"""What a block's setting can be. Each kind cleans what it is given: nothing else stands between a person and a page."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from engine.core.html import clean_html
from engine.core.setting import Colour, Meaning

SCHEMES = ("https://", "http://", "mailto:", "tel:")
#: A link to a thing of this site, which follows it wherever it moves: `agora:page/0192…`.
_reference = re.compile(r"agora:[a-z][a-z-]{0,39}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(#\S{1,200})?")
_scheme = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_breaks = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


def is_reference(href: str) -> bool:
    """Return whether a link names a thing of this site rather than an address."""
    return bool(_reference.fullmatch(href))


def _href(value: str) -> str:
    """Return a link that is safe to follow. Allowed: http, https, mailto, tel, paths, anchors, things of this site."""
    href = _breaks.sub("", value).strip()
    if not href or is_reference(href):
        return href
    is_path = href.startswith(("/", "#", "?")) and not href.startswith(("//", "/\\"))
    if is_path or href.lower().startswith(SCHEMES):
        return href
    if _scheme.match(href) or href.startswith(("//", "\\")):
        raise ValueError(f"“{href[:60]}” is not a link; start it with https://, http://, mailto:, tel:, / or #")
    return f"https://{href}" if "." in href.split("/", maxsplit=1)[0] else f"/{href}"


def _media(value: str) -> str:
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        raise ValueError(f"“{value[:60]}” is not a file of the media library") from None


def _line(value: str) -> str:
    return " ".join(_breaks.sub(" ", value).split())


def _id(value: str) -> str:
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        raise ValueError(f"“{value[:60]}” is not an id") from None


def _square(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Return rows of one length: short ones are filled up."""
    width = max(map(len, rows), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def One(path: str) -> Any:  # noqa: N802 - reads as a type
    """Return the kind of a setting that names a thing of a list, such as `One("products")`, by its id; or empty."""
    return Annotated[str, Meaning(f"one:{path}"), AfterValidator(_id), Field(max_length=36)]


def Several(path: str) -> Any:  # noqa: N802 - reads as a type
    """Return the kind of a setting that names things of a list by their ids, in an order."""
    ids = Annotated[str, AfterValidator(_id), Field(min_length=1, max_length=36)]
    return Annotated[tuple[ids, ...], Meaning(f"several:{path}"), Field(max_length=48)]


def _plain(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n")


#: One line of text.
Line = Annotated[str, Meaning("line"), AfterValidator(_line), Field(max_length=300)]
#: Plain text of several lines.
Lines = Annotated[str, Meaning("lines"), AfterValidator(_plain), Field(max_length=5_000)]
#: Text with headings, lists and links, cleaned.
RichText = Annotated[str, Meaning("richtext"), AfterValidator(clean_html), Field(max_length=200_000)]
#: Code, kept as it is and always escaped.
Code = Annotated[str, Meaning("code"), AfterValidator(_plain), Field(max_length=100_000)]
#: Where a link leads: an address, a path, an anchor, or a thing of this site.
Href = Annotated[str, Meaning("href"), AfterValidator(_href), Field(max_length=2_000)]
#: The id of a picture of the media library, or empty.
Image = Annotated[str, Meaning("image"), AfterValidator(_media), Field(max_length=36)]
#: The id of any file of the media library, or empty.
File = Annotated[str, Meaning("file"), AfterValidator(_media), Field(max_length=36)]
#: HTML written by hand, cleaned like text.
Html = Annotated[str, Meaning("html"), AfterValidator(clean_html), Field(max_length=200_000)]
_Cell = Annotated[str, AfterValidator(_line), Field(max_length=1_000)]
_Row = Annotated[tuple[_Cell, ...], Field(max_length=20)]
#: Rows of cells, all of one length.
Cells = Annotated[tuple[_Row, ...], Meaning("cells"), AfterValidator(_square), Field(max_length=200)]
#: A moment, or empty; shown in the site's time zone.
Moment = Annotated[
    str, Meaning("moment"), Field(max_length=40, pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$")
]
#: How many things stand beside or below each other.
Count = Annotated[int, Field(ge=1, le=24)]
Ratio = Literal["auto", "landscape", "square", "portrait", "wide"]
Level = Literal["2", "3", "4"]

__all__ = [
    "Cells",
    "Code",
    "Colour",
    "Count",
    "File",
    "Href",
    "Html",
    "Image",
    "Level",
    "Line",
    "Lines",
    "Moment",
    "One",
    "Ratio",
    "RichText",
    "Several",
    "is_reference",
]
