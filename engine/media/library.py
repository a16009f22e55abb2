"""The media library as staff see it: found by kind, folder, tag, words, and by what is still to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from engine.core import narrowing
from engine.core.counting import EXACT, at_most, count, lately
from engine.core.domain import MediaPlace, MediaUse
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.narrowing import MOST_FOUND
from engine.core.paging import Page, PageRequest
from engine.media.models import Media, MediaKind, MediaTag
from engine.media.pictures import VARIANTS
from engine.media.queries import MediaUrls, urls_of

_SHOWABLE = (MediaKind.IMAGE, MediaKind.DRAWING)


class View(StrEnum):
    """What a list of files is about."""

    ALL = "all"
    MISSING_ALT = "missing-alt"
    UNUSED = "unused"
    BIN = "bin"


@dataclass(frozen=True, slots=True)
class MediaFilter:
    """What was asked. folder: itself and those inside it; None means any. kinds, types: none means all.

    types: content types, or how they begin (`image/`).
    """

    view: View = View.ALL
    kinds: tuple[MediaKind, ...] = ()
    types: tuple[str, ...] = ()
    folder: str | None = None
    tag: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A file of the library. urls: None where it has nothing to show; url: its public address.

    variants: {name: {width, height, size}} of those that are made.
    """

    id: UUID
    filename: str
    kind: MediaKind
    content_type: str
    extension: str
    size_bytes: int
    width: int
    height: int
    alt: str
    is_decorative: bool
    folder: str
    tags: Sequence[str]
    focus: tuple[int, int]
    url: str
    urls: MediaUrls | None
    variants: Mapping[str, Mapping[str, Any]]
    is_ready: bool
    created_at: datetime
    deleted_at: datetime | None

    @property
    def lacks_alt(self) -> bool:
        return self.kind in _SHOWABLE and not self.alt and not self.is_decorative


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a list can be narrowed by, with counts: kinds, folders and tags of what is not in the bin; and views."""

    kinds: Mapping[MediaKind, int]
    folders: Mapping[str, int]
    tags: Mapping[str, int]
    views: Mapping[View, int]


def items(
    connection: Connection, wanted: MediaFilter, request: PageRequest, uses: Sequence[MediaUse]
) -> Page[MediaItem]:
    """Return one page of files, the newest first."""
    where, newest = _where(wanted, uses, connection.dialect.name), (Media.id.desc(),)
    ids = select(Media.id).where(where)
    if wanted.search.strip():  # which is looked for in every row: once for the page and the count of it
        some, total = narrowing.found(connection, Media.id, [ids], newest, request, MOST_FOUND)
        if total <= MOST_FOUND:
            return Page.of(_read(connection, select(Media.id).where(Media.id.in_(some))), total, request)
    page = ids.order_by(*newest).limit(request.limit).offset(request.offset)
    return Page.of(_read(connection, page), count(connection, ids), request)


def _read(connection: Connection, ids: Select[Any]) -> list[MediaItem]:
    rows = connection.execute(_columns().where(Media.id.in_(ids)).order_by(Media.id.desc())).all()
    tags = _tags(connection, [row.id for row in rows])
    return [_item(row, tags.get(row.id, ())) for row in rows]


def item(connection: Connection, media_id: UUID) -> MediaItem:
    """Return one file, also from the bin; raise NotFound."""
    row = connection.execute(_columns().where(Media.id == media_id)).first()
    if row is None:
        raise NotFound(_("There is no file {id} in the media library."), id=media_id)
    return _item(row, _tags(connection, [media_id]).get(media_id, ()))


def places(connection: Connection, uses: Sequence[MediaUse], ids: Sequence[UUID]) -> list[MediaPlace]:
    """Return where these files are used."""
    return [place for use in uses for place in use.places(connection, ids)]


def shelves(connection: Connection, uses: Sequence[MediaUse]) -> Shelves:
    """Return what a list can be narrowed by; of a long one, as it was in the last half minute."""
    if at_most(connection, select(Media.id), EXACT + 1) <= EXACT:
        return _shelves(connection, uses)
    return lately(connection, "media shelves", partial(_shelves, connection, uses))


def _shelves(connection: Connection, uses: Sequence[MediaUse]) -> Shelves:
    here = Media.deleted_at.is_(None)
    kinds = connection.execute(select(Media.kind, func.count()).where(here).group_by(Media.kind)).all()
    folders = connection.execute(
        select(Media.folder, func.count()).where(here, Media.folder != "").group_by(Media.folder).order_by(Media.folder)
    ).all()
    tags = connection.execute(
        select(MediaTag.tag, func.count())
        .where(MediaTag.media_id.not_in(select(Media.id).where(Media.deleted_at.is_not(None))))  # which are few
        .group_by(MediaTag.tag)
        .order_by(func.count().desc(), MediaTag.tag)
        .limit(50)
    ).all()
    counts = [select(func.count()).select_from(Media).where(_view(view, uses)).scalar_subquery() for view in View]
    views = connection.execute(select(*counts)).one()
    return Shelves(
        {kind: count for kind, count in kinds},  # noqa: C416 - rows are no pairs for the type checker
        {folder: count for folder, count in folders},  # noqa: C416
        {tag: count for tag, count in tags},  # noqa: C416
        dict(zip(View, views, strict=True)),
    )


def _where(wanted: MediaFilter, uses: Sequence[MediaUse], dialect: str) -> ColumnElement[bool]:
    parts = [_view(wanted.view, uses)]
    if wanted.kinds:
        parts.append(Media.kind.in_(wanted.kinds))
    if wanted.types:
        parts.append(or_(*(Media.content_type.startswith(one, autoescape=True) for one in wanted.types)))
    if wanted.folder:
        parts.append(or_(Media.folder == wanted.folder, Media.folder.startswith(wanted.folder + "/", autoescape=True)))
    elif wanted.folder is not None:
        parts.append(Media.folder == "")
    if wanted.tag:
        tagged = select(MediaTag.media_id).where(func.lower(MediaTag.tag) == wanted.tag.lower())
        parts.append(Media.id.in_(tagged))
    for word in wanted.search.split()[:8]:
        holds = partial(narrowing.holds, word=word, dialect=dialect)
        tagged = select(MediaTag.media_id).where(holds(MediaTag.tag))
        parts.append(or_(*map(holds, (Media.filename, Media.alt, Media.folder)), Media.id.in_(tagged)))
    return and_(*parts)


def _view(view: View, uses: Sequence[MediaUse]) -> ColumnElement[bool]:
    if view is View.BIN:
        return Media.deleted_at.is_not(None)
    here = Media.deleted_at.is_(None)
    match view:
        case View.MISSING_ALT:
            return and_(here, Media.kind.in_(_SHOWABLE), Media.alt == "", Media.is_decorative.is_(False))
        case View.UNUSED:
            return and_(here, *(Media.id.not_in(_used(use)) for use in uses))
        case _:
            return here


def _used(use: MediaUse) -> Select[tuple[UUID | None]]:
    """Return the used ids without the empty one, beside which nothing would be unused."""
    found = use.ids()
    return found.where(found.selected_columns[0].is_not(None))


def _columns() -> Select[Any]:
    return select(Media.__table__)


def _tags(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    statement = select(MediaTag.media_id, MediaTag.tag).where(MediaTag.media_id.in_(ids)).order_by(MediaTag.tag)
    for media_id, tag in connection.execute(statement):
        found.setdefault(media_id, []).append(tag)
    return found


def _item(row: Any, tags: Sequence[str]) -> MediaItem:
    kind = MediaKind(row.kind)
    urls = urls_of(row)
    own = f"/media/{row.id}/{row.version}/file.{row.extension}"
    return MediaItem(
        id=row.id,
        filename=row.filename,
        kind=kind,
        content_type=row.content_type,
        extension=row.extension,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        alt=row.alt,
        is_decorative=row.is_decorative,
        folder=row.folder,
        tags=tags,
        focus=(row.focus_x, row.focus_y),
        url=urls.full if urls and kind in _SHOWABLE else own,
        urls=urls,
        variants=row.variants,
        is_ready=kind is not MediaKind.IMAGE or all(name in row.variants for name in VARIANTS),
        created_at=row.created_at,
        deleted_at=row.deleted_at,
    )
