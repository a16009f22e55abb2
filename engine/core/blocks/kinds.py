"""What a block's setting can be. Each kind cleans what it is given: nothing else stands between a person and a page."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from engine.core.errors import Invalid
from engine.core.html import clean_html
from engine.core.linking import SCHEME, checked_link
from engine.core.setting import Colour, Meaning

_breaks = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


_stray = re.compile(r' href="agora:(?![a-z][a-z-]{0,39}/[0-9a-f-]{36}(?:#[^\s"]{1,200})?")[^"]*"')


def _href(value: str) -> str:
    """Return a link that is safe to follow: a reference to a thing of this site, or an address (`core/linking.py`)."""
    href = _breaks.sub("", value).strip().replace(" ", "%20")
    if href and not href.startswith(("/", "#", "?")) and not set(href) & set(".:@\\"):
        href = f"/{href}"
    try:
        return checked_link(href)
    except Invalid as refused:
        raise ValueError(str(refused.message)) from None


def _rich(value: str) -> str:
    """Return text cleaned; its links may name things of this site."""
    cleaned = clean_html(value, *((SCHEME,) if SCHEME in value else ()))
    return _stray.sub("", cleaned) if SCHEME in cleaned else cleaned


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
RichText = Annotated[str, Meaning("richtext"), AfterValidator(_rich), Field(max_length=200_000)]
#: Code, kept as it is and always escaped.
Code = Annotated[str, Meaning("code"), AfterValidator(_plain), Field(max_length=100_000)]
#: Where a link leads: an address, or a thing of this site, which it follows wherever that moves.
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
]
