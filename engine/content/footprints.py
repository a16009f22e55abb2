"""Who came by a redirect, and who found nothing: gathered in memory and written together, so that no page waits."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.content.chains import candidates
from engine.content.models import MAX_PATH, MissingPage, Redirect
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import Clock
from engine.core.running import JobKind, JobRun
from engine.core.tables import table_of
from engine.core.transaction import Tx

#: So many different addresses wait in memory until they are written; further ones are not counted.
MOST_WAITING = 500
MOST_KEPT = 1_000
FORGOTTEN_AFTER = timedelta(days=90)
_robots = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|scan|curl|wget|python|httpx|libwww|java/|go-http|okhttp|axios"
    r"|node-fetch|headless|lighthouse|facebookexternalhit|feed",
    re.IGNORECASE,
)
_assets = re.compile(
    r"\.(?:css|js|mjs|map|json|xml|txt|ico|png|jpe?g|gif|svg|webp|avif|woff2?|ttf|eot|mp[34]|webm|zip|gz|rar|sql|bak|ya?ml"
    r"|ini|log|env|sh|cgi|dll|exe)$",
    re.IGNORECASE,
)
_probes = re.compile(
    r"^/(?:\.|wp-(?!content)|wordpress/|xmlrpc|cgi-bin|phpmyadmin|admin|vendor/|node_modules|apple-touch-icon)|//|\.\.",
    re.IGNORECASE,
)


class Footprints:
    """Gathers what `flush` writes: the visitors of redirects by id, and of addresses where nothing stands."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._followed: dict[UUID, tuple[int, datetime]] = {}
        self._missed: dict[str, tuple[int, str, datetime]] = {}

    def follow(self, redirect_id: UUID) -> None:
        """Remember a visitor who came by an old address."""
        if redirect_id in self._followed or len(self._followed) < MOST_WAITING:
            self._followed[redirect_id] = (self._followed.get(redirect_id, (0, None))[0] + 1, self._clock.now())

    def miss(self, path: str, referrer: str, user_agent: str) -> None:
        """Remember a visitor who found nothing. Robots, files, and those who try doors are not counted."""
        if len(path) > MAX_PATH or not is_of_a_person(path, user_agent):
            return
        if path in self._missed or len(self._missed) < MOST_WAITING:
            times = self._missed.get(path, (0, "", None))[0]
            referrer = referrer if referrer.startswith(("https://", "http://")) and referrer.isprintable() else ""
            self._missed[path] = (times + 1, referrer[:MAX_PATH], self._clock.now())

    async def flush(self) -> int:
        """Write what was gathered; return how many addresses it was."""
        followed, self._followed = self._followed, {}
        missed, self._missed = self._missed, {}
        if not followed and not missed:
            return 0
        async with self._db.write() as tx:
            if followed:
                rows = [{"of": id_, "more": times, "at": at} for id_, (times, at) in sorted(followed.items())]
                await (await tx.session.connection()).execute(_COUNT, rows)
            if missed:
                await _note(tx, missed)
        return len(followed) + len(missed)


_table = table_of(Redirect)
_COUNT = (
    update(_table)
    .where(_table.c.id == bindparam("of"))
    .values(hits=_table.c.hits + bindparam("more"), last_hit_at=bindparam("at"))
)


async def _note(tx: Tx, missed: dict[str, tuple[int, str, datetime]]) -> None:
    """Add visitors to addresses where nothing stands; those that a redirect takes by now are left out."""
    sources = {source for path in missed for source in candidates(path)}
    taken = set(await tx.scalars(select(Redirect.source_path).where(Redirect.source_path.in_(sources))))
    rows = [
        {
            "id": new_id(),
            "path": path,
            "hits": times,
            "referrer": referrer,
            "last_seen_at": at,
            "is_dismissed": False,
            "created_at": tx.now,
            "updated_at": tx.now,
        }
        for path, (times, referrer, at) in sorted(missed.items())
        if not taken.intersection(candidates(path))
    ]
    if not rows:
        return
    insertion: Any = (postgresql if tx.is_postgres else sqlite).insert(table_of(MissingPage))
    new = insertion.excluded
    changes = {
        "hits": MissingPage.hits + new.hits,
        "referrer": new.referrer,
        "last_seen_at": new.last_seen_at,
        "updated_at": new.updated_at,
    }
    await tx.execute(insertion.on_conflict_do_update(index_elements=["path"], set_=changes), rows)


def is_of_a_person(path: str, user_agent: str) -> bool:
    """Return whether an address was looked for by somebody, as far as that can be told."""
    return bool(user_agent) and not any(
        (_robots.search(user_agent), _assets.search(path), _probes.search(path), not path.isprintable())
    )


async def _forget(job: JobRun) -> None:
    """Forget what nobody looked for in 90 days, and the least visited beyond a thousand."""
    async with job.db.write() as tx:
        await tx.execute(delete(MissingPage).where(MissingPage.last_seen_at < tx.now - FORGOTTEN_AFTER))
        order = (MissingPage.is_dismissed, MissingPage.hits.desc(), MissingPage.last_seen_at.desc())
        kept = select(MissingPage.id).order_by(*order).limit(MOST_KEPT)
        await tx.execute(delete(MissingPage).where(MissingPage.id.not_in(kept.scalar_subquery())))


FORGET_MISSING = JobKind("content.forget-missing", _forget, every=timedelta(hours=6))
