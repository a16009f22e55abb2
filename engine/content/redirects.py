"""Redirects: an address that moved keeps answering."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, or_, select

from engine.content.chains import GONE, STAR, candidates, led_to, sample, trail
from engine.content.declared import PLAIN_REDIRECTS
from engine.content.models import MissingPage, Redirect
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.linking import checked_link, is_address
from engine.core.records import writing
from engine.core.transaction import Tx

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an address went. target_url: empty where it is gone for good (410)."""

    id: UUID
    target_url: str
    status_code: int


def redirect_for(connection: Connection, path: str) -> Moved | None:
    """Return where visitors of this path are sent, or None: one query, the most exact redirect first."""
    sources = candidates(path)
    columns = (Redirect.id, Redirect.target_url, Redirect.status_code, Redirect.source_path)
    rows = {
        row.source_path: row for row in connection.execute(select(*columns).where(Redirect.source_path.in_(sources)))
    }
    for source in sources:
        if (row := rows.get(source)) is not None:
            target = led_to(source, row.target_url, path)
            return None if target == path else Moved(row.id, target, row.status_code)
    return None


async def create(tx: Tx, actor: Actor, values: dict[str, Any]) -> Redirect:
    """Add a redirect; the address leaves the list of those that visitors found empty.

    Raises NotAllowed, Invalid for a source or target that cannot be one, and for a circle or a chain, naming it.
    """
    found = checked(values)
    await refuse_circles(tx, None, found["source_path"], found["target_url"])
    made: Redirect = await writing.create(tx, actor, PLAIN_REDIRECTS, found)
    await tx.execute(delete(MissingPage).where(MissingPage.path == made.source_path))
    return made


async def change(tx: Tx, actor: Actor, redirect_id: UUID, changes: dict[str, Any]) -> Redirect:
    """Change a redirect. Raises NotAllowed, NotFound, Invalid as `create`."""
    row = await tx.get(Redirect, redirect_id)
    if row is None:
        raise NotFound(_("There is no redirect {id}."), id=redirect_id)
    kept = {"source_path": row.source_path, "target_url": row.target_url, "status_code": row.status_code}
    found = checked({**kept, **changes})
    await refuse_circles(tx, redirect_id, found["source_path"], found["target_url"])
    changed: Redirect = await writing.update(tx, actor, PLAIN_REDIRECTS, redirect_id, {**changes, **found})
    return changed


async def move(tx: Tx, old_path: str, new_path: str) -> None:
    """Send visitors of one old address to the new one, as `move_all`."""
    await move_all(tx, {old_path: new_path})


async def move_all(tx: Tx, moved: Mapping[str, str]) -> None:
    """Send visitors of old addresses to the new ones; those of older ones go there at once, never in a circle.

    moved: new addresses by old ones. Called by the verb that moved the pages, which has checked who may.
    """
    moved = {old: new for old, new in moved.items() if old != new}
    for olds in _some(moved):
        for row in await tx.scalars(select(Redirect).where(Redirect.target_url.in_(olds))):
            row.target_url = moved[row.target_url]
    await tx.flush()
    await free(tx, *moved.values(), *moved)
    taken = set(moved.values())
    tx.add(*(Redirect(source_path=old, target_url=new) for old, new in moved.items() if old not in taken))
    await tx.flush()


async def free(tx: Tx, *paths: str) -> None:
    """Forget redirects from these addresses: something stands there itself now."""
    for some in _some(paths):
        await tx.execute(delete(Redirect).where(Redirect.source_path.in_(some)))


def _some(paths: Collection[str]) -> Iterator[Sequence[str]]:
    """Yield paths as many at once as a database takes gladly."""
    waiting = list(paths)
    for start in range(0, len(waiting), AT_ONCE):
        yield waiting[start : start + AT_ONCE]


async def is_free(tx: Tx, path: str) -> bool:
    """Return whether no redirect leads from this address yet, and nothing else says that it stands there."""
    return await tx.scalar(select(Redirect.id).where(Redirect.source_path == path)) is None


async def forget(tx: Tx, *paths: str) -> None:
    """Forget redirects to these addresses: nothing stands there any more."""
    if paths:
        await tx.execute(delete(Redirect).where(Redirect.target_url.in_(paths)))


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a redirect as they are kept. Raises Invalid by field."""
    wrong: dict[str, Message | str] = {}
    source, target = str(values["source_path"]).strip(), str(values.get("target_url") or "").strip()
    is_gone = int(values.get("status_code", 301)) == GONE
    is_wild = source.endswith(STAR)
    if not is_address(source) or not source.startswith("/") or "#" in source or "?" in source:
        wrong["sourcePath"] = _("“{path}” is no path of this site. Write it like /old-page, or /old/* for all below.")
    elif "*" in (source.removesuffix(STAR) if is_wild else source):
        wrong["sourcePath"] = _("A “*” stands at the end only, after a slash: /old/*. “{path}” has it elsewhere.")
    if "sourcePath" in wrong:
        wrong["sourcePath"] = wrong["sourcePath"].having(path=source[:100])  # type: ignore[union-attr]
    if is_gone:
        target = ""
    elif not target:
        wrong["targetUrl"] = _("Say where it leads, or choose “Gone (410)”.")
    else:
        try:
            target = checked_link(target, "targetUrl")
        except Invalid as error:
            wrong |= error.fields
        if target.startswith(("#", "?")) or ("*" in target and not (is_wild and target.count("*") == 1)):
            wrong["targetUrl"] = _("It leads to a path or a whole address. A “*” in it takes the place of the old “*”.")
    if wrong:
        raise Invalid(_("This redirect cannot be kept like this."), wrong)
    if len(source) > 1 and not is_wild:
        source = source.rstrip("/") or "/"
    return {**values, "source_path": source, "target_url": target}


async def refuse_circles(tx: Tx, own_id: UUID | None, source: str, target: str) -> None:
    """Raise Invalid where a visitor would never arrive, or would be sent on from one redirect to the next."""
    if not target.startswith("/"):
        return
    session = await tx.session.connection()
    await session.run_sync(_look, own_id, source, target)


def _look(connection: Connection, own_id: UUID | None, source: str, target: str) -> None:
    own = (source, target)

    def lookup(path: str) -> tuple[str, str] | None:
        sources = candidates(path)
        rows = connection.execute(
            select(Redirect.source_path, Redirect.target_url).where(
                Redirect.source_path.in_(sources), *([Redirect.id != own_id] if own_id else [])
            )
        )
        known = {row.source_path: (row.source_path, row.target_url) for row in rows} | {source: own}
        return next((known[one] for one in sources if one in known), None)

    for start in (source, *_leading_to(connection, own_id, source)):
        passed, is_endless = trail(sample(start), lookup)
        if is_endless:
            raise _refused(_("This would lead in a circle: {way}. Let one of them lead elsewhere."), passed)
    passed, _is_endless = trail(sample(source), lookup)
    if len(passed) > 2:
        raise _refused(_("That address itself leads on: {way}. Lead to the last one at once."), passed)
    before = [one for one in _leading_to(connection, own_id, source) if not source.endswith(STAR)]
    if before:
        way = [before[0], source, target]
        raise _refused(_("An older redirect leads here already: {way}. Let it lead to the last one first."), way)


def _leading_to(connection: Connection, own_id: UUID | None, source: str) -> Sequence[str]:
    """Return the sources of redirects whose target this source takes."""
    fits = Redirect.target_url == source
    if source.endswith(STAR):
        fits = or_(fits, Redirect.target_url.startswith(source[:-1], autoescape=True))
    rows = connection.execute(select(Redirect.id, Redirect.source_path).where(fits).limit(50))
    return [row.source_path for row in rows if row.id != own_id]


def _refused(message: Message, passed: Sequence[str]) -> Invalid:
    words = message.having(way=" → ".join(passed[:6]))
    return Invalid(words, {"targetUrl": words})
