"""What happens to jobs that people wait for."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class JobEnded(Fact, name="job.ended"):
    """A job that people follow is done, or any job was given up on."""

    job_id: UUID
    kind: str
    status: str
