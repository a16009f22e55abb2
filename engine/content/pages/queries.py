"""Pages as visitors and staff read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select

from engine.content.pages.models import Page, PageKind, PageStatus, PageVersion, PageVisibility
from engine.core import shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A page with one of its versions. content: JSON as `content.read` takes it."""

    id: UUID
    kind: PageKind
    status: PageStatus
    title: str
    path: str | None
    slug: str
    parent_id: UUID | None
    position: int
    edit: int
    visibility: PageVisibility
    password_hash: str
    roles: Sequence[str]
    content: dict[str, Any]
    version_id: UUID
    version_number: int
    is_draft_newer: bool
    first_published_at: datetime | None
    published_at: datetime | None
    publish_at: datetime | None
    unpublish_at: datetime | None
    updated_at: datetime
    updated_by_name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One line of a page's history."""

    id: UUID
    number: int
    kind: str
    at: datetime
    author_name: str
    note: str
    published_at: datetime | None


def published_at_path(connection: Connection, path: str) -> Shown | None:
    """Return what visitors see at a path, whoever may see it, or None."""
    with shown.narrow("pages", "articles") as alone:
        found = _one(connection, _AT_PATH, {"path": path})
        if found is not None:
            alone.to([found.id])
    return found


def published_part(connection: Connection, kind: PageKind) -> Shown | None:
    """Return a part of the site, such as its footer, as visitors see it; None where it is Agora's own."""
    return _one(connection, _PART, {"kind": kind})


def draft(connection: Connection, page_id: UUID) -> Shown | None:
    """Return a page as it is being written."""
    joined = PageVersion.id == Page.draft_version_id
    return _one(connection, _select().join(PageVersion, joined).where(Page.id == page_id), {})


def published(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Shown]:
    """Return these pages as visitors see them, by id, in one query."""
    if not ids:
        return {}
    joined = PageVersion.id == Page.published_version_id
    rows = connection.execute(_select().join(PageVersion, joined).where(Page.id.in_(ids))).mappings()
    return {row["id"]: _shown(row) for row in rows}


def trail(connection: Connection, page_id: UUID) -> list[tuple[str, str]]:
    """Return the published pages above a page, the highest first: (title, path)."""
    path = connection.scalar(select(Page.path).where(Page.id == page_id)) or ""
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]
    if not above:
        return []
    shown = select(Page.title, Page.path).where(Page.path.in_(above), Page.published_version_id.is_not(None))
    return [(title, at or "/") for title, at in connection.execute(shown.order_by(func.length(Page.path)))]


def kind_of(connection: Connection, page_id: UUID) -> tuple[PageKind, str] | None:
    """Return a page's kind and title, or None."""
    row = connection.execute(select(Page.kind, Page.title).where(Page.id == page_id)).first()
    return (row[0], row[1]) if row else None


def titles(connection: Connection, kind: PageKind, limit: int = 500) -> list[tuple[UUID, str]]:
    """Return the pages of a kind with their titles, by their place on the site."""
    found = select(Page.id, Page.title).where(Page.kind == kind).order_by(Page.path, Page.title, Page.id).limit(limit)
    return [(id_, title) for id_, title in connection.execute(found)]


def versions(connection: Connection, page_id: UUID, limit: int = 200) -> list[Version]:
    """Return a page's history, the newest first."""
    found = select(*(getattr(PageVersion, name) for name in Version.__slots__))
    rows = connection.execute(
        found.where(PageVersion.page_id == page_id)
        .order_by(PageVersion.at.desc(), PageVersion.number.desc())
        .limit(limit)
    )
    return [Version(**row) for row in rows.mappings()]


def version_content(connection: Connection, page_id: UUID, version_id: UUID) -> dict[str, Any] | None:
    """Return what was written in a version, or None."""
    found: dict[str, Any] | None = connection.scalar(
        select(PageVersion.content).where(PageVersion.page_id == page_id, PageVersion.id == version_id)
    )
    return found


def _select() -> Select[Any]:
    own = (
        Page.id, Page.kind, Page.status, Page.title, Page.path, Page.slug, Page.parent_id, Page.position, Page.edit,
        Page.visibility, Page.password_hash, Page.roles, Page.first_published_at, Page.published_at, Page.publish_at,
        Page.unpublish_at, Page.updated_at, Page.updated_by_name,
    )  # fmt: skip
    is_newer = (Page.published_version_id.is_not(None)) & (Page.published_version_id != Page.draft_version_id)
    version = (PageVersion.content, PageVersion.id.label("version_id"), PageVersion.number.label("version_number"))
    return select(*own, *version, is_newer.label("is_draft_newer"))


#: Made once: every page asks one of them, and making it takes longer than answering it.
_PUBLISHED = _select().join(PageVersion, PageVersion.id == Page.published_version_id)
_AT_PATH = _PUBLISHED.where(Page.path == bindparam("path"))
_PART = _PUBLISHED.where(Page.kind == bindparam("kind"))


def _one(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Shown | None:
    row = connection.execute(statement, values).mappings().first()
    return _shown(row) if row is not None else None


def _shown(row: RowMapping) -> Shown:
    return Shown(**{**row, "is_draft_newer": bool(row["is_draft_newer"])})
