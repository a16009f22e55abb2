"""Blocks of pictures, films and files of the media library."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.content.blocks.words import ALT, ALT_HELP, AT_ONCE, COLUMNS, LAYOUT, PICTURE, RATIOS, SHAPE, TEXT, TITLE
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import File, Href, Image, Line, Lines, Ratio
from engine.core.i18n import _
from engine.core.setting import Meaning

_youtube = re.compile(
    r"https?://(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|embed/|shorts/|live/)|youtu\.be/)"
    r"([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])[^\s]*"
)
_vimeo = re.compile(r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?([0-9]{5,12})(?:[/?#][^\s]*)?")


def film_of(address: str) -> tuple[Literal["youtube", "vimeo"], str] | None:
    """Return (who shows it, its id there) of a film's address, or None."""
    if found := _youtube.fullmatch(address):
        return "youtube", found[1]
    if found := _vimeo.fullmatch(address):
        return "vimeo", found[1]
    return None


def _film(value: str) -> str:
    address = value.strip()
    if address and film_of(address) is None:
        raise ValueError(
            f"“{address[:60]}” is not a film on YouTube or Vimeo; copy its address from there, "
            "or choose a film of the media library"
        )
    return address


class ImageSettings(BlockSettings):
    """A picture. alt: instead of what the library says of it."""

    image: Image = ""
    alt: Annotated[Line, Field(max_length=300)] = ""
    caption: Line = ""
    ratio: Ratio = "auto"
    href: Href = ""
    enlarges: bool = False


class GallerySettings(BlockSettings):
    """Pictures together. layout: in rows, or in a strip that is swiped. enlarges: a click shows one large."""

    title: Line = ""
    layout: Literal["grid", "strip", "natural"] = "grid"
    columns: Literal["2", "3", "4"] = "3"
    ratio: Literal["landscape", "square", "portrait", "wide"] = "square"
    enlarges: bool = True


class GalleryPictureSettings(BlockSettings):
    """One picture of a gallery."""

    image: Image = ""
    alt: Annotated[Line, Field(max_length=300)] = ""
    caption: Line = ""


class VideoSettings(BlockSettings):
    """A film of the library, or one on YouTube or Vimeo, of which nothing is loaded before a visitor asks for it.

    captions: a WebVTT file. is_silent: plays by itself, again and again, without sound and without buttons.
    """

    file: File = ""
    address: Annotated[str, Meaning("line"), AfterValidator(_film), Field(max_length=500)] = ""
    title: Line = ""
    poster: Image = ""
    captions: File = ""
    caption: Line = ""
    is_silent: bool = False

    @property
    def host(self) -> str:
        """Return who shows the film, as people call them."""
        found = film_of(self.address)
        return {"youtube": "YouTube", "vimeo": "Vimeo"}[found[0]] if found else ""

    @property
    def frame(self) -> str:
        """Return the address of the player that a page can hold; empty where there is none."""
        found = film_of(self.address)
        if found is None:
            return ""
        if found[0] == "youtube":
            return f"https://www.youtube-nocookie.com/embed/{found[1]}?rel=0"
        return f"https://player.vimeo.com/video/{found[1]}?dnt=1"


class DownloadSettings(BlockSettings):
    """A file to take away. title: instead of its name."""

    file: File = ""
    title: Line = ""
    text: Lines = ""
    label: Line = "Download"


MEDIA = (
    Block(
        name="image",
        label=PICTURE,
        icon="image",
        group=BlockGroup.MEDIA,
        settings=ImageSettings,
        labels={
            "image": PICTURE,
            "alt": ALT,
            "caption": _("Caption"),
            "ratio": SHAPE,
            "href": _("Leads to"),
            "enlarges": _("Shown large by a click"),
        },
        helps={"alt": ALT_HELP},
        choices={"ratio": RATIOS},
        titled="caption",
        words="photo figure image",
    ),
    Block(
        name="gallery",
        label=_("Gallery"),
        icon="images",
        group=BlockGroup.MEDIA,
        text=_("Pictures in rows, or in a strip to swipe; a click shows one large."),
        settings=GallerySettings,
        labels={
            "title": TITLE,
            "layout": LAYOUT,
            "columns": COLUMNS,
            "ratio": SHAPE,
            "enlarges": _("Shown large by a click"),
        },
        choices={
            "layout": {"grid": _("Rows"), "strip": _("Strip to swipe"), "natural": _("Each in its own shape")},
            "columns": AT_ONCE,
            "ratio": {name: words for name, words in RATIOS.items() if name != "auto"},
        },
        holds=("gallery-picture",),
        most=100,
        starts_with=("gallery-picture", "gallery-picture", "gallery-picture"),
        titled="title",
        words="photos images carousel slider slideshow lightbox",
    ),
    Block(
        name="gallery-picture",
        label=PICTURE,
        icon="image",
        group=BlockGroup.MEDIA,
        settings=GalleryPictureSettings,
        labels={"image": PICTURE, "alt": ALT, "caption": _("Caption")},
        helps={"alt": ALT_HELP},
        inside=("gallery",),
        titled="caption",
    ),
    Block(
        name="video",
        label=_("Film"),
        icon="film",
        group=BlockGroup.MEDIA,
        text=_("A film of yours, or one on YouTube or Vimeo."),
        settings=VideoSettings,
        labels={
            "file": _("Film of the library"),
            "address": _("Or its address on YouTube or Vimeo"),
            "title": _("What is shown"),
            "poster": _("Picture before it plays"),
            "captions": _("Subtitles"),
            "caption": _("Caption"),
            "is_silent": _("Plays by itself, without sound"),
        },
        helps={
            "address": _("Nothing is loaded from there before a visitor asks for it."),
            "title": _("For people who hear the page."),
            "captions": _("A WebVTT file (.vtt) of the library."),
        },
        titled="title",
        words="video movie youtube vimeo embed player",
    ),
    Block(
        name="download",
        label=_("Download"),
        icon="download",
        group=BlockGroup.MEDIA,
        text=_("A file to take away, with its kind and size."),
        settings=DownloadSettings,
        labels={
            "file": _("File"),
            "title": _("Title"),
            "text": TEXT,
            "label": _("Words on the button"),
        },
        helps={"title": _("Empty takes the name of the file.")},
        titled="title",
        words="file pdf document attachment",
    ),
)
