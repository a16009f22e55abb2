"""Which site an export is of: sites of one address count their posts each from 1, and one must not take another's.

What came in is known by its source. Where two sites, or two exports written at one moment, claim the same things and
say something else, the second gets a source of its own, so that both stand here.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.content.moving.foretelling import Standing, known_of, outcomes, standing_of
from engine.content.moving.incoming import Incoming, IncomingItem
from engine.content.moving.models import ImportedItem
from engine.content.moving.turning import Made
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.transaction import Tx

EXPORT = "export"
LONGEST = 150


@dataclass(frozen=True, slots=True)
class Origin:
    """What an export's things are known by. is_older: what came in later stays; said: what staff should know of it."""

    source: str
    is_older: bool = False
    said: Message | None = None


def origin_of(
    connection: Connection, incoming: Incoming, blocks: Mapping[str, list[Made]], files: Sequence[str]
) -> Origin:
    """Return which of the sites that came in from this address an export is of, or that it is another.

    blocks: by key and kind; files: the addresses of all that are wanted.
    """
    written = incoming.exported_at
    if written is None:
        return Origin(incoming.source)
    own, sources = digest_of(incoming), _sources(connection, incoming.source)
    for source in sources:
        came = _exports(connection, source)
        if own in came:
            return _of(source, written, came.values())
    for source in sources:
        came = _exports(connection, source)
        standing = standing_of(connection, Incoming(source), known_of(connection, source))
        shared = [
            (item, outcome) for item, outcome in outcomes(incoming, blocks, files, standing) if outcome != "created"
        ]
        if all(outcome == "unchanged" for _item, outcome in shared):
            return Origin(source)
        if not _is_same_site([item for item, _outcome in shared], standing):
            continue
        if written not in came.values():
            return _of(source, written, came.values())
    if not sources:
        return Origin(incoming.source)
    said = _(
        "Another site, or another file, with the address {address} came in before. What this one says otherwise stands "
        "beside it: nothing was written over."
    )
    return Origin(f"{incoming.source[:LONGEST]}#{len(sources) + 1}", said=said.having(address=incoming.address[:100]))


async def remember(tx: Tx, incoming: Incoming) -> None:
    """Write down that an export came in."""
    if incoming.exported_at is not None:
        row = {"source": incoming.source, "kind": EXPORT, "key": digest_of(incoming), "target_id": new_id(),
               "content_hash": incoming.exported_at.isoformat(), "edit": 0}  # fmt: skip
        await tx.insert_new(ImportedItem, row)


def digest_of(incoming: Incoming) -> str:
    """Return what tells an export from every other: all that is written in it."""
    found = hashlib.sha256(repr((incoming.title, incoming.exported_at)).encode())
    for item in incoming.items:
        found.update(repr(item).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _of(source: str, written: datetime, came: Collection[datetime]) -> Origin:
    if all(one <= written for one in came):
        return Origin(source)
    said = _("A later export of this site came in before: what came with it stays as it is.")
    return Origin(source, is_older=True, said=said)


def _is_same_site(shared: Sequence[IncomingItem], standing: Standing) -> bool:
    """Return whether any of these was published when what is here was; two sites share no such moment."""
    ids = {(one.kind, one.key): standing.known[str(one.kind), one.key].target_id for one in shared}
    born = [(one.published_at, standing.born.get(ids[one.kind, one.key])) for one in shared]
    dated = [(one, other) for one, other in born if one is not None and other is not None]
    return not dated or any(one == other for one, other in dated)


def _sources(connection: Connection, source: str) -> list[str]:
    """Return the sources of one address under which things came in, the first of them first."""
    beside = ImportedItem.source.startswith(f"{source[:LONGEST]}#", autoescape=True)
    found = select(ImportedItem.source).where((ImportedItem.source == source) | beside).distinct()
    return sorted(connection.scalars(found), key=lambda one: (len(one), one))


def _exports(connection: Connection, source: str) -> dict[str, datetime]:
    """Return when each export that came in was written, by its digest."""
    asked = select(ImportedItem.key, ImportedItem.content_hash)
    rows = connection.execute(asked.where(ImportedItem.source == source, ImportedItem.kind == EXPORT))
    return {row.key: datetime.fromisoformat(row.content_hash) for row in rows}
