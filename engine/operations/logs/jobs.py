"""Forgetting old files of the log."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from anyio import to_thread

from engine.core.logging import forget_files
from engine.core.running import JobKind, JobRun
from engine.operations.logs.reading import LogBook


def forget_job(book: LogBook, keep_days: Callable[[], int]) -> JobKind:
    """Return the nightly job that removes files older than so many days."""

    async def forget(job: JobRun) -> Mapping[str, Any]:
        return {"files": await to_thread.run_sync(forget_files, book.folder, keep_days(), job.db.clock.now())}

    return JobKind("logs.forget", forget, every=timedelta(days=1))
