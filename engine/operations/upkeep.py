"""Upkeep on schedule, as the guide's section 19 has it: vacuum weekly, indexes monthly."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.core import upkeep
from engine.core.running import JobKind, JobRun
from engine.core.searching import ask_for_rebuild


async def _vacuum(job: JobRun) -> Mapping[str, Any]:
    return await upkeep.vacuum(job.db)


async def _reindex(job: JobRun) -> Mapping[str, Any]:
    """Build the database's indexes anew, and the search index, which merges it."""
    await upkeep.reindex(job.db)
    return {"search": await ask_for_rebuild(job.db)}


#: A new database has nothing to tidy, and whoever sets it up needs the machine: neither runs in its first minutes.
WEEKLY, MONTHLY = timedelta(days=7), timedelta(days=30)
UPKEEP = (
    JobKind("upkeep.vacuum", _vacuum, every=WEEKLY, first=WEEKLY),
    JobKind("upkeep.reindex", _reindex, every=MONTHLY, first=MONTHLY),
)
