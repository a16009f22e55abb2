"""What became of pages, in a site file: every version that is neither draft nor shown, and what the review said."""

import hashlib
import json
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, func, or_, select

from engine.content.pages import content
from engine.content.pages.content import PageContent
from engine.content.pages.models import Page, PageNote, PageVersion
from engine.content.pages.reviewing import MAX_TEXT
from engine.core.blocks import tree
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.sitefile.kinds import Outlook, Row, SiteKind, Thing
from engine.core.tables import table_of


def in_use() -> ColumnElement[bool]:
    """Return whether a version is its page's draft, or what visitors see of it: it goes along with the page."""
    named = or_(Page.draft_version_id == PageVersion.id, Page.published_version_id == PageVersion.id)
    return select(Page.id).where(Page.id == PageVersion.page_id, named).exists()


def written_in(raw: Row, book: Book) -> Row:
    """Return a version's content, cleaned. Raises Invalid where its blocks are no tree; settings amiss are left out."""
    fields = content.read({**raw, "blocks": []}, book).fields
    return PageContent(fields, tree.read(raw.get("blocks", []), book)).plain()


def other_version(version: Row) -> UUID:
    """Return the id of a version whose own is taken here by one that says something else; the same each time."""
    text = json.dumps(version["content"], sort_keys=True)
    return uuid5(version["id"], hashlib.sha256(text.encode()).hexdigest())


def _clean_version(book: Book, thing: Thing) -> None:
    if thing.row["number"] < 1:
        raise Invalid(_("A version's number is 1 or more."))
    thing.row["content"] = written_in(thing.row["content"], book)


def _fit_version(outlook: Outlook, thing: Thing) -> None:
    """Leave every version that is here as it is: what differs is another, behind those that its page has."""
    table, row = table_of(PageVersion), thing.row
    ids = [row["id"], other_version(row)]
    columns = (table.c.id, table.c.page_id, table.c.number, table.c.content)
    here = {one.id: one for one in outlook.connection.execute(select(*columns).where(table.c.id.in_(ids)))}
    known = here.get(row["id"])
    if known is not None and (known.content, known.page_id) != (row["content"], row["page_id"]):
        row["id"] = ids[1]
        known = here.get(row["id"])
    if known is not None:
        row["number"] = known.number
        return
    of_page = table.c.page_id == row["page_id"]
    if outlook.connection.scalar(select(table.c.id).where(of_page, table.c.number == row["number"])) is not None:
        row["number"] = 1 + outlook.connection.scalar(select(func.max(table.c.number)).where(of_page))


def _clean_note(_book: Book, thing: Thing) -> None:
    words = thing.row["text"].strip()
    if not words or len(words) > MAX_TEXT:
        raise Invalid(_("Write a note of at most {limit} characters.").having(limit=MAX_TEXT))
    thing.row["text"] = words


def _fit_note(outlook: Outlook, thing: Thing) -> None:
    """Let no note answer one about another page."""
    table, row = table_of(PageNote), thing.row
    page = row["parent_id"] and outlook.connection.scalar(select(table.c.page_id).where(table.c.id == row["parent_id"]))
    if page and page != row["page_id"]:
        row["parent_id"] = None


HISTORY = SiteKind(
    name="page-versions",
    label=_("Earlier versions of pages"),
    noun="page_version",
    model=PageVersion,
    title=lambda row: f"{row['content'].get('title', '')} ({row['number']})",
    skip=frozenset({"author_id"}),
    where=lambda: ~in_use(),
    kept=frozenset({"number", "at", "note", "kind", "author_name", "created_at", "published_at"}),
    untimed=True,
    clean=_clean_version,
    fit=_fit_version,
)
NOTES = SiteKind(
    name="page-notes",
    label=_("Notes of reviews"),
    noun="page_note",
    model=PageNote,
    title=lambda row: str(row["text"][:60]),
    skip=frozenset({"author_id"}),
    above=PageNote.parent_id,
    clean=_clean_note,
    fit=_fit_note,
)
