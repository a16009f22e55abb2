"""Where pages find pictures and files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import shown
from engine.media.models import Media, MediaKind, original_key, variant_key
from engine.media.motion import MOTION
from engine.media.pictures import MIDDLE_POINT, VARIANTS, Focus

_FALLBACK = {"large": "medium", "full": "medium"}
_IN_SRCSET = ("medium", "large")


@dataclass(frozen=True, slots=True)
class MediaUrls:
    """A picture's addresses, relative to the site. width and height are those of the original, upright.

    srcset, avif_srcset: the sizes that are made, with their widths, as `<img>` and `<source>` want them; the AVIF one
    is empty where it would be no smaller. focus: the point that crops keep, in percent. placeholder: a few pixels as a
    data address, or empty. A decorative picture has no alternative text by intent. motion: of one that moves, where it
    does; all else is its still.
    """

    id: UUID
    thumbnail: str
    medium: str
    large: str
    full: str
    width: int
    height: int
    alt: str
    medium_width: int
    large_width: int
    avif_srcset: str = ""
    placeholder: str = ""
    focus: Focus = MIDDLE_POINT
    is_decorative: bool = False
    motion: str = ""

    @property
    def srcset(self) -> str:
        """Return the medium and large variants with their widths, as an `<img>` wants them."""
        if self.large == self.medium or self.large_width <= self.medium_width:
            return f"{self.medium} {self.medium_width}w"
        return f"{self.medium} {self.medium_width}w, {self.large} {self.large_width}w"


def urls(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, MediaUrls]:
    """Return the addresses of these pictures by id, in one query.

    Left out are ids without a picture, and pictures in the bin. Until the large variants are made (seconds after the
    upload), their addresses are the medium one's; those of a drawing are all its own.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    columns = (Media.id, Media.version, Media.width, Media.height, Media.alt, Media.variants)
    more = (Media.placeholder, Media.focus_x, Media.focus_y, Media.is_decorative)
    with shown.narrow("media") as alone:
        rows = connection.execute(select(*columns, *more).where(Media.id.in_(wanted), Media.deleted_at.is_(None)))
        alone.to(wanted)
    return {row.id: found for row in rows if (found := urls_of(row)) is not None}


def known_ids(connection: Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these ids that are files of the library, in the bin or not."""
    wanted, found = sorted(set(ids)), set[UUID]()
    for start in range(0, len(wanted), 500):
        found.update(connection.scalars(select(Media.id).where(Media.id.in_(wanted[start : start + 500]))))
    return found


def urls_of(row: Any) -> MediaUrls | None:
    """Return a row's addresses, or None where it has nothing to show."""
    base = f"/media/{row.id}/{row.version}"
    made = row.variants
    if "drawing" in made:
        found = dict.fromkeys(VARIANTS, f"{base}/drawing.svg")
        medium_width = large_width = row.width
    elif "medium" in made:
        found = {}
        for name in VARIANTS:
            shown = name if name in made else _FALLBACK.get(name, "medium")
            found[name] = f"{base}/{shown}.webp"
        medium_width = made["medium"]["width"]
        large_width = made.get("large", {}).get("width", medium_width)
    else:
        return None
    return MediaUrls(
        id=row.id,
        **found,
        width=row.width or made.get("medium", {}).get("width", 0),
        height=row.height or made.get("medium", {}).get("height", 0),
        alt=row.alt,
        medium_width=medium_width,
        large_width=large_width,
        avif_srcset=_avif_srcset(base, made),
        placeholder=row.placeholder,
        focus=(row.focus_x, row.focus_y),
        is_decorative=row.is_decorative,
        motion=f"{base}/{MOTION}.webp" if MOTION in made else "",
    )


def _avif_srcset(base: str, made: dict[str, Any]) -> str:
    """Return the AVIF sizes, only where each WebP has its own: a browser takes one list or the other."""
    names = [name for name in _IN_SRCSET if name in made]
    widths = {made[name]["width"]: name for name in names}
    if not names or any(f"{name}.avif" not in made for name in widths.values()):
        return ""
    return ", ".join(f"{base}/{name}.avif {width}w" for width, name in sorted(widths.items()))


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file of the library as anybody may fetch it. name: as it was sent; url: relative to the site."""

    id: UUID
    name: str
    url: str
    kind: MediaKind
    content_type: str
    size_bytes: int
    width: int
    height: int

    @property
    def extension(self) -> str:
        return self.url.rpartition(".")[2]


def files(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, PublicFile]:
    """Return where these files are found by id, in one query; of pictures the largest variant that is made.

    Left out are ids without a file, files in the bin, and pictures of which nothing is made yet.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    columns = (Media.id, Media.version, Media.width, Media.height, Media.alt, Media.variants)
    more = (Media.placeholder, Media.focus_x, Media.focus_y, Media.is_decorative)
    own = (Media.filename, Media.kind, Media.content_type, Media.extension, Media.size_bytes)
    chosen = select(*columns, *more, *own).where(Media.id.in_(wanted), Media.deleted_at.is_(None))
    return {row.id: found for row in connection.execute(chosen) if (found := _public(row)) is not None}


def _public(row: Any) -> PublicFile | None:
    url = f"/media/{row.id}/{row.version}/file.{row.extension}"
    if row.kind in (MediaKind.IMAGE, MediaKind.DRAWING):
        shown = urls_of(row)
        if shown is None:
            return None
        url = shown.full
    return PublicFile(row.id, row.filename, url, row.kind, row.content_type, row.size_bytes, row.width, row.height)


@dataclass(frozen=True, slots=True)
class ServedFile:
    """What is answered at a public address. name: the one to save it by; is_shown: browsers may open it."""

    key: str
    content_type: str
    size_bytes: int
    name: str
    is_shown: bool


_VARIANT_TYPES = {"webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml"}
#: Browsers show these by their own players and viewers; everything else is saved.
_SHOWN_KINDS = (MediaKind.VIDEO, MediaKind.AUDIO)


def served(connection: Connection, media_id: UUID, version: str, name: str) -> ServedFile | None:
    """Return what a public address leads to: a made variant, or `file.pdf` of what is no picture; None for all else.

    Originals of pictures are never public: they carry where and when they were taken.
    """
    row = connection.execute(
        select(Media.__table__).where(Media.id == media_id, Media.version == version, Media.deleted_at.is_(None))
    ).first()
    if row is None:
        return None
    stem, _dot, extension = name.rpartition(".")
    made = row.variants.get(stem if extension in ("webp", "svg") else name)
    if made is not None and extension in _VARIANT_TYPES and name == _public_name(stem, extension):
        key = variant_key(media_id, stem, made.get("file", ""))
        is_shown = extension != "svg"
        return ServedFile(
            key, _VARIANT_TYPES[extension], made["size"], f"{stem_of(row.filename)}.{extension}", is_shown
        )
    if row.kind in (MediaKind.IMAGE, MediaKind.DRAWING) or name != f"file.{row.extension}":
        return None
    is_shown = row.kind in _SHOWN_KINDS or row.content_type == "application/pdf"
    key = original_key(media_id, row.extension, row.file)
    return ServedFile(key, row.content_type, row.size_bytes, row.filename, is_shown)


def moved(connection: Connection, media_id: UUID, version: str, name: str) -> str | None:
    """Return where a file of an older version stands now: whoever holds an old page still sees a picture."""
    now = connection.scalar(select(Media.version).where(Media.id == media_id, Media.deleted_at.is_(None)))
    if now is None or now == version or served(connection, media_id, now, name) is None:
        return None
    return f"/media/{media_id}/{now}/{name}"


def _public_name(stem: str, extension: str) -> str:
    """Return the only name under which a variant is answered: drawings as SVG, all else as WebP or AVIF."""
    if extension == "svg":
        return "drawing.svg"
    return f"{stem}.{extension}" if stem in (*VARIANTS, MOTION) else ""


def stem_of(filename: str) -> str:
    """Return a file's name without its ending."""
    return filename.rpartition(".")[0] or filename


@dataclass(frozen=True, slots=True)
class MediaFile:
    """What was sent, for staff."""

    id: UUID
    filename: str
    content_type: str
    extension: str
    size_bytes: int
    file: str

    @property
    def original_key(self) -> str:
        """Where the blob store keeps the file as it came."""
        return original_key(self.id, self.extension, self.file)


def file_of(connection: Connection, media_id: UUID) -> MediaFile | None:
    """Return the file behind a picture, or None."""
    row = connection.execute(
        select(Media.id, Media.filename, Media.content_type, Media.extension, Media.size_bytes, Media.file).where(
            Media.id == media_id
        )
    ).first()
    return MediaFile(*row) if row else None
