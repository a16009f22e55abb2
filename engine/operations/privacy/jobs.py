"""Forgetting every night what was kept long enough, and looking through everything for who was erased."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from engine.core.actor import Actor
from engine.core.jobs import Job
from engine.core.persons import Retention
from engine.core.running import JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.core.sweeping import sweep
from engine.operations.privacy.register import SWEEP, Register, life_of


def privacy_jobs(register: Register, settings: SettingsStore) -> tuple[JobKind, ...]:
    """Return the two kinds."""

    async def retain(job: JobRun) -> Mapping[str, Any]:
        counts: dict[str, int] = {}
        for retention in register.retentions:
            life = life_of(retention, settings.site.privacy)
            if life is not None and (count := await _forget(job, retention, life)):
                counts[retention.setting] = count
        if counts:
            async with job.db.write() as tx:
                tx.record(Actor.system("Agora"), "privacy.forget", resource_type="privacy", changes={}, things=counts)
        return counts

    async def look_through(job: JobRun) -> Mapping[str, Any]:
        person = register.opened(job.payload["person"])
        count = await sweep(job.db, person, register.kept)
        async with job.db.write() as tx:
            await tx.execute(update(Job).where(Job.id == job.id).values(payload={}))
        return {"rows": count}

    return JobKind("privacy.retain", retain, every=timedelta(days=1)), JobKind(SWEEP, look_through)


async def _forget(job: JobRun, retention: Retention, life: timedelta) -> int:
    total = 0
    while True:
        async with job.db.write() as tx:
            count = await retention.forget(tx, tx.now - life)
        total += count
        if not count:
            return total
