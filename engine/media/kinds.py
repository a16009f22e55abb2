"""What a file is, by its first bytes and never by its name: the list of what is taken."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.media.models import MediaKind

_HEAD = 1024
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/epub+zip": "epub",
}
_MUSIC_BRANDS = (b"M4A ", b"M4B ")
_AUDIO = (
    (b"ID3", "audio/mpeg", "mp3"),
    (b"fLaC", "audio/flac", "flac"),
    (b"OggS", "audio/ogg", "ogg"),
)
_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
#: Formats by their first bytes that have no part in a browser's page, to say what was sent.
_NAMED = (
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"\x00\x00\x01\x00", _("an icon file (ICO)")),
    (b"8BPS", _("a Photoshop file")),
    (b"{\\rtf", _("an RTF document")),
    (b"\xd0\xcf\x11\xe0", _("an old Office document")),
    (b"Rar!", _("a RAR archive")),
    (b"7z\xbc\xaf", _("a 7z archive")),
    (b"\x1f\x8b", _("a gzip archive")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is. content_type and extension are empty for images: who decodes them knows."""

    kind: MediaKind
    content_type: str = ""
    extension: str = ""


_subtitles = re.compile(r"WEBVTT(?:[ \t][^\n]*)?(?:\r?\n|$)")


def kind_of(data: bytes, filename: str) -> Found:
    """Return what the file is; raise Invalid, saying what it seems to be, for what is not taken."""
    head = data[:_HEAD]
    if not data:
        raise refused(_("“{name}” is empty. Choose another file."), name=filename)
    if _is_picture(head):
        return Found(MediaKind.IMAGE)
    found = _document(data, head) or _film(head) or _sound(head)
    if found is not None:
        return found
    text = _text_of(head)
    if text is not None and "<svg" in (_text_of(data[: 64 * 1024]) or "").lower() and text.startswith("<"):
        return Found(MediaKind.DRAWING, "image/svg+xml", "svg")
    if text is not None and _subtitles.match(text):
        return Found(MediaKind.DOCUMENT, "text/vtt", "vtt")
    raise refused(_("“{name}” is {what}. {taken}"), name=filename, what=_seems(head, text), taken=TAKEN)


def is_drawing(data: bytes, filename: str) -> bool:
    """Return whether the file is an SVG."""
    try:
        return kind_of(data, filename).kind is MediaKind.DRAWING
    except Invalid:
        return False


TAKEN = _(
    "Agora takes pictures (JPEG, PNG, WebP, AVIF, GIF, TIFF, SVG), PDF and Office documents, videos (MP4, WebM) and "
    "their subtitles (WebVTT), sound (MP3, M4A, OGG, FLAC, WAV) and ZIP archives."
)


def refused(message: Message, **values: object) -> Invalid:
    """Return the refusal of a file."""
    filled = message.having(**values)
    return Invalid(filled, {"file": filled})


def _is_picture(head: bytes) -> bool:
    if head.startswith(_PICTURES):
        return True
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_avif = head[4:8] == b"ftyp" and (b"avif" in head[8:64] or b"avis" in head[8:64])
    return is_webp or is_avif


def _document(data: bytes, head: bytes) -> Found | None:
    if b"%PDF-" in head:
        return Found(MediaKind.DOCUMENT, "application/pdf", "pdf")
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype":
                said = archive.open("mimetype").read(100).decode("ascii", "replace").strip()
                if said in _OPEN_DOCUMENTS:
                    return Found(MediaKind.DOCUMENT, said, _OPEN_DOCUMENTS[said])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, KeyError) as error:
        raise refused(_("This archive is damaged. Pack it anew and send that.")) from error
    if "[Content_Types].xml" in names:
        for place, (content_type, extension) in _OFFICE.items():
            if any(name.startswith(place) for name in names):
                return Found(MediaKind.DOCUMENT, content_type, extension)
    return Found(MediaKind.ARCHIVE, "application/zip", "zip")


def _film(head: bytes) -> Found | None:
    if head[4:8] == b"ftyp":
        if head[8:12] in _MUSIC_BRANDS:
            return Found(MediaKind.AUDIO, "audio/mp4", "m4a")
        if head[8:12] == b"qt  ":
            return Found(MediaKind.VIDEO, "video/quicktime", "mov")
        if head[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
            raise refused(_("This is a HEIC picture, which browsers cannot show. Export it as JPEG and send that."))
        return Found(MediaKind.VIDEO, "video/mp4", "mp4")
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return Found(MediaKind.VIDEO, "video/webm", "webm")
    return None


def _sound(head: bytes) -> Found | None:
    for start, content_type, extension in _AUDIO:
        if head.startswith(start):
            return Found(MediaKind.AUDIO, content_type, extension)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Found(MediaKind.AUDIO, "audio/wav", "wav")
    is_mpeg_frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4) and head[2] & 0xF0 != 0xF0
    return Found(MediaKind.AUDIO, "audio/mpeg", "mp3") if is_mpeg_frame else None


def _text_of(head: bytes) -> str | None:
    """Return the text at the start, trimmed, or None where it is none."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, "ignore").lstrip()
    return None if "\x00" in text else text


def _seems(head: bytes, text: str | None) -> Message:
    for start, words in _NAMED:
        if head.startswith(start):
            return words
    lowered = (text or "").lower()
    if any(mark in lowered for mark in ("<!doctype html", "<html", "<script", "<body", "<title")):
        return _("a web page")
    if lowered.startswith("<"):
        return _("XML text")
    if text and all(letter.isprintable() or letter in "\r\n\t" for letter in text[:400]):
        return _("plain text")
    return _("of a type that Agora does not know")


def name_of(filename: str, most: int) -> str:
    """Return a file's own name: no folders, no control characters, at most so long and with its ending."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[-most:].strip() or "file"
