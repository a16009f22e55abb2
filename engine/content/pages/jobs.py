"""What pages do by themselves: they appear and leave at their time."""

from datetime import timedelta

from engine.content.pages.publishing import is_any_due, publish_due
from engine.core.running import JobKind, JobRun


async def _publish_due(job: JobRun) -> dict[str, int]:
    return {"pages": await publish_due(job.db)}


PUBLISH_DUE = JobKind("pages.publish_due", _publish_due, every=timedelta(minutes=1), has_work=is_any_due)
