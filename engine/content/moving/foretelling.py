"""What an import would do, told without doing it: by what was brought in before, and how it stands now."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, select

from engine.content.comments.models import Comment
from engine.content.moving import shelving
from engine.content.moving.composing import Places, wanted_files
from engine.content.moving.incoming import Incoming, IncomingItem, IncomingKind
from engine.content.moving.models import ImportedItem
from engine.content.moving.report import MovingReport
from engine.content.moving.turning import Made
from engine.content.pages.models import Page

SHELVES = (("categories", "category"), ("tags", "tag"), ("authors", "author"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand here. known: what came in before, by (kind, key); edits: of its pages, by id, that are there.

    born: when each of them was published first. comments: the keys of those that came.
    """

    known: Mapping[tuple[str, str], ImportedItem] = field(default_factory=dict)
    edits: Mapping[UUID, int] = field(default_factory=dict)
    born: Mapping[UUID, datetime | None] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()


def known_of(connection: Connection, source: str) -> dict[tuple[str, str], ImportedItem]:
    """Return what came in from a source, by (kind, key)."""
    rows = connection.execute(select(ImportedItem.__table__).where(ImportedItem.source == source)).mappings()
    return {(row["kind"], row["key"]): ImportedItem(**row) for row in rows}


def standing_of(connection: Connection, incoming: Incoming, known: Mapping[tuple[str, str], ImportedItem]) -> Standing:
    """Return how things stand here for an export."""
    pages = {one.target_id for (kind, _key), one in known.items() if kind in set(IncomingKind)}
    columns = (Page.id, Page.edit, Page.first_published_at)
    here = [row for row in connection.execute(select(*columns)) if row.id in pages]
    said = connection.scalars(
        select(Comment.external_key).where(Comment.source == shelving.voice_source(incoming.source))
    )
    edits, born = {row.id: row.edit for row in here}, {row.id: row.first_published_at for row in here}
    return Standing(known, edits, born, frozenset(key for key in said if key))


def foretell(
    incoming: Incoming,
    blocks: Mapping[str, list[Made]],
    files: Sequence[str],
    standing: Standing,
    report: MovingReport,
    *,
    is_older: bool = False,
) -> None:
    """Count what would become of everything. blocks: by key and kind; files: the addresses of all that are wanted.

    is_older: what is here came from a later export, and stays.
    """
    known = standing.known
    for name, kind in SHELVES:
        for term in getattr(incoming, name):
            report.count(name, "unchanged" if (kind, term.key) in known else "created")
    before = {address: known.get(("file", address[:300])) for address in files}
    for item, outcome in outcomes(incoming, blocks, files, standing):
        report.count(f"{item.kind}s", "kept" if outcome == "updated" and is_older else outcome)
        for one in item.comments:
            report.count("comments", "unchanged" if one.key in standing.comments else "created")
    for menu in incoming.menus:
        report.count("menus", "unchanged" if ("menu", menu.key) in known else "created")
    for address in files:
        report.count("files", "created" if before[address] is None else "unchanged")


def outcomes(
    incoming: Incoming, blocks: Mapping[str, list[Made]], files: Sequence[str], standing: Standing
) -> Iterator[tuple[IncomingItem, str]]:
    """Yield what would become of each item: created, updated, unchanged, or kept."""
    before = {address: standing.known.get(("file", address[:300])) for address in files}
    ids = {address: str(one.target_id) for address, one in before.items() if one is not None}
    named = {PurePosixPath(urlsplit(address).path).name: id_ for address, id_ in reversed(ids.items())}
    ids = {**named, **ids}
    ids |= {f"#{one.key}": ids[one.address] for one in incoming.files if one.address in ids}
    places = Places("", {}, ids, {})
    shelves = {key: one.target_id for key, one in standing.known.items()}
    for item in incoming.items:
        yield item, _outcome(item, blocks[item.key + item.kind], places, shelves, standing)


def _outcome(
    item: IncomingItem, made: list[Made], places: Places, shelves: shelving.Shelves, standing: Standing
) -> str:
    before = standing.known.get((str(item.kind), item.key))
    if before is None or before.target_id not in standing.edits:
        return "created"
    about = shelving.article_fields(item, shelves) if item.kind is IncomingKind.ARTICLE else {}
    if digest_of(item, about, [places.file(one) for one in wanted_files(item, made)]) == before.content_hash:
        return "unchanged"
    return "updated" if standing.edits[before.target_id] == before.edit else "kept"


def digest_of(item: IncomingItem, about: Mapping[str, Any], files: Sequence[str]) -> str:
    """Return what tells an item from what it was: everything that it was brought in from, its files among it."""
    said = (
        item.title, item.body, item.excerpt, item.status, str(item.published_at), item.cover, item.seo_title,
        item.seo_description, item.parent_key, list(item.pictures), dict(about), list(files),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
