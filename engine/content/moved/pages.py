"""Pages and articles in a site file: where they stand, who may see them, their draft, and what visitors see."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select, update

from engine.content import redirects
from engine.content.articles.standing import note_article
from engine.content.moved.history import in_use, other_version, written_in
from engine.content.pages.facts import PageCreated, PagePublished, PageUnpublished, PageUpdated
from engine.content.pages.media_use import note_media
from engine.content.pages.models import ADDRESSED, PARTS, Page, PageKind, PageStatus, PageVersion
from engine.content.pages.paths import BLOG, FRONT, RESERVED
from engine.core.actor import Actor, Role
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.facts import Fact
from engine.core.i18n import _
from engine.core.plaintext import is_blank
from engine.core.sitefile.kinds import Outlook, Part, Row, SiteKind, Thing
from engine.core.slugs import is_slug, numbered
from engine.core.tables import table_of
from engine.core.transaction import Tx

#: A hash that takes no longer to compare than our own do.
_hash = re.compile(r"\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{53}")


def _clean(book: Book, thing: Thing) -> None:
    row, versions = thing.row, thing.parts["versions"]
    ids = {version["id"] for version in versions}
    if row["draft_version_id"] is None or ids != {row["draft_version_id"], row["published_version_id"]} - {None}:
        raise Invalid(_("Its versions are not its draft and what visitors see."))
    if (row["published_version_id"] is None) is (row["status"] is PageStatus.PUBLISHED):
        raise Invalid(_("It is “{status}”, and that is not true.").having(status=row["status"]))
    if row["kind"] in ADDRESSED and not is_slug(row["slug"]):
        raise Invalid(_("“{value}” cannot be in an address.").having(value=row["slug"][:60]))
    if row["kind"] is not PageKind.PAGE and row["parent_id"] is not None:
        raise Invalid(_("Only pages stand below others."))
    if row["password_hash"] and not _hash.fullmatch(row["password_hash"]):
        raise Invalid(_("Its password is kept in a way that Agora does not know."))
    if is_blank(row["title"]):
        raise Invalid(_("It has no title."))
    row["roles"] = [str(Role(one)) for one in row["roles"] if one in set(Role)]
    for version in versions:
        if version["number"] < 1:
            raise Invalid(_("A version's number is 1 or more."))
        version["content"] = written_in(version["content"], book)


def _fit(outlook: Outlook, thing: Thing) -> None:
    """Give a new page its place, or another where that is taken; a page that is here keeps its own."""
    if outlook.is_new:
        _place(outlook.connection, thing)
    else:
        _renumber(outlook.connection, thing)


def _place(connection: Connection, thing: Thing) -> None:
    row, pages = thing.row, table_of(Page)
    if row["kind"] not in ADDRESSED:
        row["path"] = None
        return

    def taken(path: str) -> bool:
        first = path.split("/")[1]
        if first in RESERVED or (row["kind"] is PageKind.PAGE and path == BLOG):
            return True
        return connection.scalar(select(pages.c.id).where(pages.c.path == path)) is not None

    if row["path"] == FRONT and row["kind"] is PageKind.PAGE and row["parent_id"] is None:
        if not taken(FRONT):
            return
        thing.said.append(_("This site has a front page already; this one stands beside it."))
    parent = row["parent_id"] and connection.scalar(select(pages.c.path).where(pages.c.id == row["parent_id"]))
    above = BLOG if row["kind"] is PageKind.ARTICLE else (parent or "").rstrip("/")
    wished, number = row["slug"], 1
    while taken(f"{above}/{row['slug']}"):
        number += 1
        row["slug"] = numbered(wished, number)
    row["path"] = f"{above}/{row['slug']}"
    if number > 1:
        message = _("The address {wished} is taken here; it stands at {path}.")
        thing.said.append(message.having(wished=f"{above}/{wished}", path=row["path"]))


def _renumber(connection: Connection, thing: Thing) -> None:
    """Put versions that are not here behind those that are; one that says something else here is another version."""
    table = table_of(PageVersion)
    columns = (table.c.id, table.c.number, table.c.content)
    here = {row.id: row for row in connection.execute(select(*columns).where(table.c.page_id == thing.id))}
    last = max((row.number for row in here.values()), default=0)
    moved: dict[UUID, UUID] = {}
    for version in sorted(thing.parts["versions"], key=lambda one: one["number"]):
        known = here.get(version["id"])
        if known is not None and known.content != version["content"]:
            moved[version["id"]] = version["id"] = other_version(version)
        if version["id"] not in here:
            last += 1
            version["number"] = last
    for name in ("draft_version_id", "published_version_id"):
        thing.row[name] = moved.get(thing.row[name], thing.row[name])


async def _settle(tx: Tx, _actor: Actor, thing: Thing, before: Row | None) -> None:
    row = thing.row
    contents = {version["id"]: version["content"] for version in thing.parts["versions"]}
    draft, seen = contents[row["draft_version_id"]], contents.get(row["published_version_id"])
    if before is None and row["path"]:
        await redirects.free(tx, row["path"])
    if before is not None:
        await tx.execute(update(Page).where(Page.id == thing.id).values(edit=Page.edit + 1))
        if before["published_version_id"] is not None and seen is None:
            tx.publish(PageUnpublished(thing.id, row["kind"], before["path"]))
    await note_media(tx, thing.id, draft, seen)
    if row["kind"] is PageKind.ARTICLE:
        await note_article(tx, thing.id, seen or draft)


def _facts(row: Row, is_new: bool) -> Sequence[Fact]:
    found: list[Fact] = [(PageCreated if is_new else PageUpdated)(row["id"], row["kind"])]
    if row["published_version_id"] is not None:
        found.append(PagePublished(row["id"], row["kind"], row["published_version_id"], row["path"]))
    return found


def _is_part(row: Row) -> bool:
    return row["kind"] in PARTS


PAGES = SiteKind(
    name="pages",
    label=_("Pages and articles"),
    noun="page",
    model=Page,
    title=lambda row: str(row["title"]),
    skip=frozenset({"edit", "created_by"}),
    parts=(Part(name="versions", owner=PageVersion.page_id, skip=frozenset({"author_id"}), added=True, where=in_use),),
    above=Page.parent_id,
    same=(Page.kind,),
    is_same=_is_part,
    kept=frozenset({"slug", "path", "parent_id", "position", "kind"}),
    clean=_clean,
    fit=_fit,
    settle=_settle,
    facts=_facts,
)
