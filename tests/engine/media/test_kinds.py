"""What a file is, by its content; and every lie about it."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from engine.core.errors import Invalid
from engine.media.contents import look
from engine.media.kinds import kind_of, name_of
from engine.media.models import MediaKind
from tests.factories.files import DRAWING, pdf, wav
from tests.factories.pictures import photo

SAMPLES = Path(os.environ["AGORA_SAMPLES"]) if "AGORA_SAMPLES" in os.environ else None
SMALLEST = {
    "bmp.bmp": MediaKind.IMAGE,
    "gif-transparent.gif": MediaKind.IMAGE,
    "jpeg.jpg": MediaKind.IMAGE,
    "png-transparent.png": MediaKind.IMAGE,
    "svg.svg": MediaKind.DRAWING,
    "mp3.mp3": MediaKind.AUDIO,
    "Mpeg4.mp4": MediaKind.VIDEO,
    "mp4-with-audio.mp4": MediaKind.VIDEO,
    "zip.zip": MediaKind.ARCHIVE,
    "pdf.pdf": MediaKind.DOCUMENT,
}
REFUSED = {"gif.gif": "not a picture", "webp.webp": "damaged", "png-truncated.png": "damaged"}


def archive(*names: str, **texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, texts.get(name, "x"))
    return out.getvalue()


class TestKind:
    @pytest.mark.parametrize(
        ("data", "kind", "extension"),
        [
            (photo(), MediaKind.IMAGE, ""),
            (DRAWING, MediaKind.DRAWING, "svg"),
            (b"\xef\xbb\xbf <?xml version='1.0'?><!-- made --> \n" + DRAWING, MediaKind.DRAWING, "svg"),
            (pdf(), MediaKind.DOCUMENT, "pdf"),
            (archive("[Content_Types].xml", "word/document.xml"), MediaKind.DOCUMENT, "docx"),
            (archive("[Content_Types].xml", "xl/workbook.xml"), MediaKind.DOCUMENT, "xlsx"),
            (archive("mimetype", mimetype="application/vnd.oasis.opendocument.text"), MediaKind.DOCUMENT, "odt"),
            (archive("evil.docm"), MediaKind.ARCHIVE, "zip"),
            (b"\x00\x00\x00\x18ftypmp42" + b"\0" * 40, MediaKind.VIDEO, "mp4"),
            (b"\x00\x00\x00\x18ftypqt  " + b"\0" * 40, MediaKind.VIDEO, "mov"),
            (b"\x00\x00\x00\x18ftypM4A " + b"\0" * 40, MediaKind.AUDIO, "m4a"),
            (b"\x1aE\xdf\xa3" + b"\0" * 20 + b"webm", MediaKind.VIDEO, "webm"),
            (b"OggS" + b"\0" * 40, MediaKind.AUDIO, "ogg"),
            (wav(), MediaKind.AUDIO, "wav"),
            (b"WEBVTT - A film\n\n00:01.000 --> 00:02.000\nGood day.\n", MediaKind.DOCUMENT, "vtt"),
        ],
    )
    def test_it_is_told_by_the_content(self, data: bytes, kind: MediaKind, extension: str) -> None:
        found = kind_of(data, "whatever.exe")
        assert (found.kind, found.extension) == (kind, extension)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "empty"),
            (b"<!DOCTYPE html><p>", "a web page"),
            (b"\xff\xfe" + "<html><svg onload=alert(1)>".encode("utf-16-le"), "a web page|damaged|not a drawing"),
            (b"GIF", "plain text"),
            (b"<html><body><svg xmlns='http://www.w3.org/2000/svg'></svg>", "damaged|not a drawing"),
            (b"{}", "plain text"),
            (b"MZ\x90\x00", "a program"),
            (b"\x00\x00\x01\x00\x01\x00", "ICO"),
            (b"PK\x03\x04" + b"\0" * 90, "damaged"),
            (b"\x00\x00\x00\x18ftypheic" + b"\0" * 40, "HEIC"),
            (b"\x00\x01\x02\x03" * 20, "does not know"),
            (b"%PDF-1.4 nothing", "damaged"),
            (b"\x89PNG\r\n\x1a\n", "not a picture"),
        ],
    )
    def test_what_is_not_taken_is_refused_by_its_name(self, data: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words) as refused:
            look(data, "photo.jpg")
        assert "file" in refused.value.fields

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\a\\mug.jpg", "mug.jpg"),
            ("a\x00b\r\nc\u202e.jpg", "abc.jpg"),
            ("", "file"),
            ("/", "file"),
            ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
        ],
    )
    def test_a_name_is_only_a_name(self, name: str, kept: str) -> None:
        assert name_of(name, 200) == kept


@pytest.mark.skipif(SAMPLES is None, reason="AGORA_SAMPLES is not set")
class TestSamples:
    def test_the_smallest_files_are_what_they_are_or_refused_in_words(self) -> None:
        """The GIF has no frame, the WebP and a PNG end before their pixels do: browsers show nothing of them."""
        assert SAMPLES is not None
        folder = SAMPLES / "06-security/smallest-files"
        for lie in ("", "photo.jpg", "page.html"):
            for name, kind in SMALLEST.items():
                assert look((folder / name).read_bytes(), lie or name).kind is kind, name
            for name in {path.name for path in folder.iterdir()} - set(SMALLEST) - {"LICENSE"}:
                with pytest.raises(
                    Invalid, match=REFUSED.get(name, "is (a web page|XML text|plain text|an icon file)")
                ):
                    look((folder / name).read_bytes(), lie or name)

    def test_no_page_comes_in_as_anything(self) -> None:
        assert SAMPLES is not None
        for pattern in ("*.html", "*.xml", "*.json"):
            for path in (SAMPLES / "06-security/smallest-files").glob(pattern):
                with pytest.raises(Invalid):
                    look(path.read_bytes(), "picture.svg")
