"""A backup that is being unpacked beside the data: how far it is, told to every process of this data folder."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from anyio import to_thread

from engine.core.ending import end
from engine.core.errors import AgoraError, Conflict
from engine.core.i18n import Message, _
from engine.operations.backups.making import Ground, Progress
from engine.operations.backups.restoring import STANDING
from engine.operations.backups.shelf import read_json, write_json

BEAT_SECONDS = 0.5
#: A process that did not say for so long how far it is has died.
DEAD_SECONDS = 15.0


@dataclass(slots=True)
class Staging:
    """What is unpacked. problem: why it stopped."""

    name: str
    progress: Progress
    problem: Message | str = ""
    is_staged: bool = False

    @property
    def is_running(self) -> bool:
        """Whether somebody unpacks it now."""
        return not self.problem and not self.is_staged


def standing(ground: Ground, own: Staging | None) -> Staging | None:
    """Return how far it is: by this process, or by what another one wrote down lately."""
    if own is not None and own.is_running:
        return own
    path = ground.folder / STANDING
    kept = read_json(path)
    if not kept:
        return own
    progress = Progress(int(kept.get("done", 0)), int(kept.get("total", 0)))
    found = Staging(str(kept.get("name", "")), progress, str(kept.get("problem", "")), bool(kept.get("staged")))
    with suppress(FileNotFoundError):
        if not found.is_running or time.time() - path.stat().st_mtime < DEAD_SECONDS:
            return found
    return own


async def unpack(ground: Ground, staging: Staging, work: Callable[[Progress], None]) -> None:
    """Do the work in a thread, and write down how far it is, and how it ended. Never raises."""

    async def beat() -> None:
        while True:
            tell(ground, staging)
            await asyncio.sleep(BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        await to_thread.run_sync(work, staging.progress)
    except AgoraError as error:
        staging.problem = error.message
    except Exception as error:  # noqa: BLE001 - whoever waits is told
        staging.problem = str(error) or type(error).__name__
    else:
        staging.is_staged = True
    finally:
        await end(beating)
    tell(ground, staging)


def tell(ground: Ground, staging: Staging) -> None:
    """Write down how far it is."""
    said = {
        "name": staging.name,
        "done": staging.progress.done,
        "total": staging.progress.total,
        "problem": str(staging.problem),
        "staged": staging.is_staged,
    }
    with suppress(OSError):  # a full disk is told by the work itself
        write_json(ground.folder / STANDING, said)


def refuse_others(ground: Ground) -> None:
    """Raise Conflict where other machines use the database: they would go on writing with what they remember of it."""
    names = ground.copies.names
    others = names.others() if names is not None else ()
    if others:
        raise Conflict(
            _("Other machines use this database, too ({addresses}). Stop Agora there, put the backup back, and start "
              "them again."),
            addresses=", ".join(others),
        )  # fmt: skip
