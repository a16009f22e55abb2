"""What happens before data is opened: a restore that waits is ended, and an older version's data is brought on.

A restore that does not pass its check goes back by itself; so does an upgrade, to the backup that it took first.
"""

import asyncio
import logging

from filelock import FileLock, Timeout

from app.engines import ground_of
from app.environment import environment, overrides
from app.settings import Settings
from app.wiring import wire
from engine.accounts import identity
from engine.core.errors import AgoraError, Conflict, Unavailable
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.migrations import migrate
from engine.operations.backups import restoring
from engine.operations.backups.facts import DatabaseExchanged
from engine.operations.backups.making import Asked, Ground, make
from engine.operations.backups.manifest import Kind
from engine.operations.backups.restoring import Outcome, Plan

log = logging.getLogger("agora.backups")
LOCK = "agora.lock"


def open_data(settings: Settings) -> Outcome | None:
    """Make the data ready to be opened, by whoever holds the instance lock; return how a restore ended.

    Raises Conflict for data of a newer version, and for an upgrade that did not work: the data is as it was then.
    """
    ground = ground_of(settings)

    def check(plan: Plan) -> None:
        if plan.upgrades:
            migrate(settings.database.url)
            look(settings)
            tell_others(settings, ground, plan.name)

    outcome = restoring.settle(ground, check)
    if outcome is not None and outcome.problem:
        log.error("the restore of %s did not work, and everything is as before: %s", outcome.name, outcome.problem)
        tell_others(settings, ground, outcome.name)
    elif outcome is not None:
        log.warning("%s is in place; what was before is in %s", outcome.name, ground.folder / restoring.BEFORE)
    upgrade(settings, ground)
    return outcome


def open_beside(settings: Settings) -> None:
    """Make the data ready for a command, beside which a server may run: a restore is then the server's to end."""
    if restoring.plan_of(ground_of(settings)) is None:
        upgrade(settings, ground_of(settings))
        return
    try:
        with FileLock(settings.data_dir / LOCK, timeout=0, thread_local=False):
            open_data(settings)
    except Timeout:
        log.warning("a restore waits for the running server to start again")


def upgrade(settings: Settings, ground: Ground) -> bool:
    """Bring the data to this version; return whether anything was done. A backup is taken before, a look after.

    Raises Conflict where it does not work: the data is then what it was before.
    """
    taken: list[str] = []

    def before(revision: str) -> None:
        log.warning("bringing the data from schema %s to this version; a backup comes first", revision)
        taken.append(_backup(ground))

    try:
        done = migrate(settings.database.url, before)
    except AgoraError:
        raise
    except Exception as error:
        if not taken:
            raise
        raise _failed(error, taken[0]) from error
    if done and taken:
        try:
            look(settings)
        except Exception as error:
            if taken[0]:
                restoring.stage(ground, ground.shelf.backup(taken[0]).path, upgrades=False)
                restoring.settle(ground, lambda _plan: None)
            raise _failed(error, taken[0]) from error
    return done


def _backup(ground: Ground) -> str:
    """Take the backup before an upgrade, without the site's files: they stay as they are. Return its name."""
    try:
        return make(ground, ground.shelf, Asked(Kind.UPGRADE, has_files=False)).name
    except Unavailable as error:
        if ground.copies.place is not None:
            raise
        # PostgreSQL takes an upgrade back by itself; its tools may be missing on this machine.
        log.warning("there is no backup from before this upgrade: %s", error)
        return ""


def _failed(error: Exception, backup: str) -> Conflict:
    reason = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
    return Conflict(
        _("The upgrade did not work ({reason}). Your data is as it was; start the version from before. "
          "The backup taken first: {backup}"),
        reason=reason, backup=backup or "-",
    )  # fmt: skip


def tell_others(settings: Settings, ground: Ground, backup: str) -> None:
    """Have other machines on this database begin again: what they remember is of the one that was there before.

    Only a database on a server has others. Those that do not hear of it keep old pages, so that nothing is worth a
    restore that fails here: it is in the log.
    """
    if ground.copies.names is None:
        return
    ports = wire(settings, overrides(environment()))

    async def go() -> None:
        try:
            async with ports.db.write() as tx:
                tx.publish(DatabaseExchanged(new_id(), backup))
        finally:
            await ports.db.close()

    try:
        asyncio.run(go())
    except Exception:
        log.exception("other machines on this database could not be told of the restore; start Agora there again")


def look(settings: Settings) -> None:
    """Open the data as a start would, and read what every page needs. Raises what is wrong with it."""
    ports = wire(settings, overrides(environment()))

    async def go() -> None:
        try:
            await ports.settings.refresh()
            await ports.db.query(identity.has_owner)
        finally:
            await ports.db.close()

    asyncio.run(go())
