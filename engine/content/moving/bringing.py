"""Bringing an export in: words it is sorted by, files, pages and articles with their comments, menus, old addresses.

Each thing is a transaction of its own, so that a killed import goes on where it was when it is begun again.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from engine.content.moving import composing, origins, shelving
from engine.content.moving.composing import Places, bare, content_of, path_of, reused_in, turned, wanted_files
from engine.content.moving.foretelling import digest_of, foretell, known_of, standing_of
from engine.content.moving.incoming import Incoming, IncomingItem, IncomingKind
from engine.content.moving.models import ImportedItem
from engine.content.moving.report import MovingReport
from engine.content.moving.settling import Settled, settle
from engine.content.pages import content
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.linking import reference_to
from engine.core.ports import BlobStore
from engine.media import public as media

log = logging.getLogger("agora.moving")
Find = Callable[[str], Awaitable[bytes]]
Tell = Callable[[int, int], Awaitable[None]]


@dataclass
class Moving:
    """One import. find: the bytes of a file by its address; hash_password: of a page that one opens with a password.

    as_drafts: nothing is published. tell: (done, of how many). accounts: whose account an author has here, by
    their key; all others are names alone. is_older: what is here came from a later export, and stays.
    """

    db: Database
    blobs: BlobStore
    book: Book
    actor: Actor
    report: MovingReport
    find: Find
    hash_password: Callable[[str], Awaitable[str]]
    tell: Tell
    as_drafts: bool = False
    accounts: Mapping[str, UUID] = field(default_factory=dict)
    blocks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    is_older: bool = False

    async def run(self, incoming: Incoming, *, is_dry_run: bool) -> None:
        """Bring everything in, or only say what would come. Raises NotAllowed below editor."""
        for needed in (Permission.EDIT_PAGES, Permission.MANAGE_ARTICLES, Permission.UPLOAD_MEDIA):
            access.require(self.actor, needed)
        for problem in incoming.problems:
            self.report.add(problem)
        self.report.authors = [{"key": one.key, "name": one.name, "email": one.email} for one in incoming.authors]
        self._turn(incoming)
        origin = await self.db.query(origins.origin_of, incoming, self.blocks, list(self._wanted(incoming)))
        if origin.said is not None:
            self.report.say(incoming.title, origin.said)
        incoming.source, self.is_older = origin.source, origin.is_older
        known = await self.db.query(known_of, incoming.source)
        if is_dry_run:
            standing = await self.db.query(standing_of, incoming, known)
            wanted = list(self._wanted(incoming))
            foretell(incoming, self.blocks, wanted, standing, self.report, is_older=self.is_older)
            return
        async with self.db.write() as tx:
            await origins.remember(tx, incoming)
        files = await self._files(incoming, known)
        shelves = await shelving.bring(self.db, self.actor, incoming, self.report, self.accounts)
        ids = {(one.kind, one.key): known[str(one.kind), one.key].target_id if (str(one.kind), one.key) in known
               else new_id() for one in incoming.items}  # fmt: skip
        places = await self._places(incoming, ids, files)
        ordered = in_order(incoming.items)
        for number, item in enumerate(ordered):
            await self.tell(number, len(ordered))
            own_id = ids[item.kind, item.key]
            parent = ids.get((item.kind, item.parent_key))
            await self._item(incoming, item, own_id, parent, places, shelves)
        await shelving.menus(self.db, self.actor, incoming, ids, shelves, self.report)
        await self.tell(len(ordered), len(ordered))

    def _turn(self, incoming: Incoming) -> None:
        for item in incoming.items:

            def say(message: Message, item: IncomingItem = item) -> None:
                self.report.say(item.title or item.key, message, item.line)

            self.blocks[item.key + item.kind] = turned(item, say, lambda name: name in self.book)
        blocks = {one.key for one in incoming.items if one.kind is IncomingKind.BLOCK}
        for item in incoming.items:
            for key in set(reused_in(self.blocks[item.key + item.kind])) - blocks:
                message = _("It shows the reusable block {key}, which is not in the export: nothing stands there.")
                self.report.say(item.title or item.key, message.having(key=key), item.line)

    def _wanted(self, incoming: Incoming) -> dict[str, str]:
        """Return every file to bring in, with what is said of it: the library's own, and what bodies show."""
        by_key = {f"#{one.key}": one for one in incoming.files}
        found = {one.address: one.alt for one in incoming.files}
        for item in incoming.items:
            for address in wanted_files(item, self.blocks[item.key + item.kind]):
                if address in by_key or address.startswith("#"):
                    continue
                whole = composing.whole_size(address)
                if whole not in found and address not in found:
                    found[address] = ""
        return found

    async def _files(self, incoming: Incoming, known: Mapping[tuple[str, str], ImportedItem]) -> dict[str, str]:
        """Bring the files in; return their ids by address, name, and `#key`."""
        ids: dict[str, str] = {}
        for address, alt in self._wanted(incoming).items():
            before = known.get(("file", address[:300]))
            media_id = before.target_id if before else await self._file(incoming.source, address, alt)
            if media_id is not None:
                ids[address] = str(media_id)
                ids.setdefault(PurePosixPath(urlsplit(address).path).name, str(media_id))
                self.report.count("files", "unchanged" if before else "created")
        for one in incoming.files:
            if one.address in ids:
                ids[f"#{one.key}"] = ids[one.address]
        return ids

    async def _file(self, source: str, address: str, alt: str) -> UUID | None:
        name = unquote(PurePosixPath(urlsplit(address).path).name) or "file"
        try:
            data = await self.find(address)
            taken = await media.take(self.db, self.blobs, self.actor, data=data, filename=name, alt=alt[:300])
        except AgoraError as problem:
            self.report.say(name, _("The file {address} did not come in: {reason}").having(
                address=address[:200], reason=problem.message))  # fmt: skip
            self.report.count("files", "failed")
            return None
        async with self.db.write() as tx:
            await tx.insert_new(ImportedItem, {"source": source, "kind": "file", "key": address[:300],
                                               "target_id": taken.id, "content_hash": "", "edit": 0})  # fmt: skip
        return taken.id

    async def _places(
        self, incoming: Incoming, ids: Mapping[tuple[IncomingKind, str], UUID], files: Mapping[str, str]
    ) -> Places:
        items: dict[str, str] = {}
        for one in (found for found in incoming.items if found.kind is not IncomingKind.BLOCK):
            reference = reference_to(str(one.kind), ids[one.kind, one.key])
            for address in (*one.old_paths, one.address):
                if address and (path := path_of(address)) != "/":
                    items[path] = reference
        wanted_ids = [UUID(one) for one in set(files.values())]
        shown = await self.db.query(media.urls, wanted_ids)
        public = {str(id_): found.large for id_, found in shown.items()}
        others = await self.db.query(media.files, [id_ for id_ in wanted_ids if id_ not in shown])
        public |= {str(id_): found.url for id_, found in others.items()}
        blocks = {one.key: str(ids[one.kind, one.key]) for one in incoming.items if one.kind is IncomingKind.BLOCK}
        return Places(bare(urlsplit(incoming.address).hostname or ""), items, files, public, blocks)

    async def _item(
        self,
        incoming: Incoming,
        item: IncomingItem,
        own_id: UUID,
        parent_id: UUID | None,
        places: Places,
        shelves: Mapping[tuple[str, str], UUID],
    ) -> None:
        about = shelving.article_fields(item, shelves) if item.kind is IncomingKind.ARTICLE else {}
        plain = content_of(item, self.blocks[item.key + item.kind], places, about)
        written = content.read(plain, self.book)
        kept = await self.hash_password(item.password) if item.password else ""
        files = [places.file(one) for one in wanted_files(item, self.blocks[item.key + item.kind])]
        digest = digest_of(item, about, files)
        settled = Settled(
            incoming.source, item, own_id, parent_id, written, digest, kept, self.as_drafts, self.is_older
        )
        try:
            async with self.db.write() as tx:
                outcome = await settle(tx, self.actor, self.book, settled)
        except AgoraError as problem:
            self.report.say(item.title or item.key, problem.message, item.line)
            outcome = "failed"
        self.report.count(f"{item.kind}s", outcome)
        if outcome != "failed":
            await shelving.comments(self.db, self.actor, incoming.source, item, own_id, self.report)


def in_order(items: Sequence[IncomingItem]) -> list[IncomingItem]:
    """Return the items so that each comes after what it stands below; circles come last, as they are."""
    waiting = {(one.kind, one.key): one for one in items}
    done: list[IncomingItem] = []
    placed: set[tuple[IncomingKind, str]] = set()
    while waiting:
        ready = [one for one in waiting.values() if (one.kind, one.parent_key) not in waiting]
        for one in ready or list(waiting.values()):
            done.append(one)
            placed.add((one.kind, one.key))
            del waiting[one.kind, one.key]
    return done
