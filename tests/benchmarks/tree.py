"""Ten thousand pages in one tree, written straight into the database: lists, pages, and a branch that moves."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, create_engine, insert, select

from engine.content.pages.models import Page, PageKind, PageStatus, PageVersion, VersionKind
from engine.core.ids import new_id
from engine.core.ports import SystemClock
from engine.core.tables import table_of
from tests.server import Server

#: Pages at the top, below each of them, and below each of those.
BRANCHES = (10, 10, 99)
TEXT = {"title": "A page", "blocks": [{"type": "heading", "settings": {"text": "About this"}}]}


def grow(server: Server) -> int:
    """Fill a server's tree; return how many pages stand in it. It may run meanwhile."""
    with server.client("owner@example.org") as owner:
        begun = owner.post("/pages/begin", json={"title": TEXT["title"], "content": TEXT}).json()["id"]
        assert owner.post(f"/pages/{begun}/publish", json={}).is_success
    engine = create_engine(f"sqlite:///{server.folder / 'agora.sqlite3'}")
    with engine.begin() as connection:
        versions = table_of(PageVersion)
        content = connection.scalar(select(versions.c.content).where(versions.c.page_id == UUID(begun)).limit(1))
        pages = list(_branch(None, "", 0))
        _write(connection, pages, content)
    engine.dispose()
    return len(pages)


def _write(connection: Connection, pages: list[dict[str, Any]], content: Any) -> None:
    now = SystemClock().now()
    for page in pages:
        version = new_id()
        page |= {"draft_version_id": version, "published_version_id": version, "first_published_at": now}
        page |= {"published_at": now, "created_at": now, "updated_at": now}
    connection.execute(insert(table_of(Page)), pages)
    written = [
        {
            "id": page["published_version_id"],
            "page_id": page["id"],
            "number": 1,
            "kind": VersionKind.IMPORT,
            "content": content,
            "created_at": now,
            "at": now,
            "published_at": now,
        }
        for page in pages
    ]
    connection.execute(insert(table_of(PageVersion)), written)


def _branch(parent: UUID | None, path: str, depth: int) -> Iterator[dict[str, Any]]:
    for number in range(BRANCHES[depth]):
        page = {
            "id": new_id(),
            "kind": PageKind.PAGE,
            "status": PageStatus.PUBLISHED,
            "title": f"Page {number} of {path or 'the top'}",
            "slug": f"page-{number}",
            "path": f"{path}/page-{number}",
            "parent_id": parent,
            "position": number,
            "roles": [],
        }
        yield page
        if depth + 1 < len(BRANCHES):
            yield from _branch(page["id"], page["path"], depth + 1)


#: What is asked for.
LISTED = (
    ("the admin's list", "/admin/pages"),
    ("the last page of that", "/admin/pages?page=500"),
    ("a search in it", "/admin/pages?search=page-7"),
    ("a page three levels down", "/page-5/page-5/page-50"),
    ("the sitemap", "/sitemap/pages-1.xml"),
)


def top(server: Server) -> str:
    """Return the id of a page at the top, which a thousand stand below."""
    with server.client("owner@example.org") as owner:
        found = owner.get("/pages", params={"search": "of the top", "limit": 1, "sort": "path"})
        return str(found.json()["items"][0]["id"])
