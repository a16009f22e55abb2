"""Dead letters: jobs that were given up on, and are tried again when staff say so."""

from uuid import UUID

from engine.core import access, running
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.jobs import Job
from engine.core.transaction import Tx


async def retry(tx: Tx, actor: Actor, job_id: UUID) -> None:
    """Queue a failed job again. Raises NotAllowed, NotFound, Conflict when it has not failed."""
    access.require(actor, Permission.VIEW_JOBS)
    job = await tx.get(Job, job_id)
    if job is None:
        raise NotFound(_("There is no job {id}."), id=job_id)
    if not await running.retry(tx, job_id):
        raise Conflict(_("This job is {status}; only one that failed can be tried again."), status=str(job.status))
    tx.record(actor, "job.retry", resource_type="job", job=job_id, kind=job.kind)
