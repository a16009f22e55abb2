"""Which encoding a file's bytes are in, found from the bytes alone."""

import codecs
import re
from collections.abc import Callable
from typing import BinaryIO

CHUNK = 65_536
SAMPLE = 32_768
_BOMS = (  # the longer first: UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿß"
#: What spreadsheets and old shops write where it is not Unicode: codec -> the letters its languages use, likeliest
#: first. Latin-1 is read as Windows-1252, which is what it is in practice.
_LATIN = {
    "cp1252": _WESTERN,
    "cp1254": _WESTERN + "ğış",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžäôöőúüűăâîşţđľĺŕë",
    "cp1257": "āčēģīķļņšūžąęėįųõäöü",
}
_SIGNS = "\u2018\u2019\u201a“”„\u2039\u203a«»\u2013—…•·€£¥¢©®°™²¼½¾\u00d7±§ªº¡¿µ\u00a0"
_OTHER_SCRIPTS = [
    *("cp1251", "koi8_r", "koi8_u", "cp1253", "cp1255", "cp1256", "cp1258", "cp874"),
    *("cp932", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_undecoded = re.compile("[\udc80-\udcff]")
_beyond_ascii = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")


def encoding_of(open_file: Callable[[], BinaryIO]) -> str:
    """Return the name of the codec that reads the file: by its mark, as UTF-8 where it is, else by its look."""
    with open_file() as stream:
        head = stream.read(CHUNK)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return _utf16_without_mark(head) or _utf8_or_legacy(open_file)


def _utf16_without_mark(head: bytes) -> str | None:
    """Return the UTF-16 whose unused halves are the zero bytes seen, or None."""
    first, second = head[0::2], head[1::2]
    if len(second) and second.count(0) > 0.3 * len(second) and first.count(0) < 0.05 * len(first):
        return "utf-16-le"
    if len(first) and first.count(0) > 0.3 * len(first) and second.count(0) < 0.05 * len(second):
        return "utf-16-be"
    return None


def _utf8_or_legacy(open_file: Callable[[], BinaryIO]) -> str:
    """Return utf-8 if the file is that but for a few damaged characters, else the likeliest older encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    telling = bytearray()
    with open_file() as stream:
        while chunk := stream.read(CHUNK):
            text = decoder.decode(chunk)
            if chunk.isascii():
                continue
            bad += len(_undecoded.findall(text))
            good += len(_beyond_ascii.findall(text))
            if len(telling) < SAMPLE:
                telling += b"\n".join(line for line in chunk.splitlines() if not line.isascii())
    if bad * 4 <= good or not telling:
        return "utf-8"
    return _likeliest(bytes(telling[:SAMPLE]))


def _likeliest(sample: bytes) -> str:
    for codec, letters in _LATIN.items():
        if _reads_as_words(sample.decode(codec, errors="replace"), letters):
            return codec
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only some imports need it

    best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS).best()
    return "cp1252" if best is None else best.encoding


def _reads_as_words(text: str, letters: str) -> bool:
    """Return whether the accented letters are those of the codec's languages, and stand between plain ones."""
    usual = _SIGNS + letters + letters.upper()
    beyond = _beyond_ascii.findall(text)
    unusual = sum(character not in usual for character in beyond)
    return unusual * 20 <= len(beyond) and not re.search(f"[{letters}]{{5}}", text, re.IGNORECASE)
