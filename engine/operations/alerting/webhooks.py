"""Telling another system of an alert: JSON, signed, to an address on the public internet."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import SettingsStore
from engine.core.signatures import sign
from engine.operations.alerting.models import Alert
from engine.operations.alerting.raising import WEBHOOK, body_of
from engine.operations.ports import Hook


def webhook_job(settings: SettingsStore, hook: Hook) -> JobKind:
    """Return the job that tells one event; it is tried again while the other side does not answer."""

    async def run(job: JobRun) -> Mapping[str, Any] | None:
        site = settings.site
        async with job.db.read() as session:
            alert = await session.scalar(select(Alert).where(Alert.id == UUID(job.payload["alert"])))
        if alert is None or not site.alerts.webhook_url:
            raise GiveUp("the alert or the webhook's address is gone")
        body = json.dumps(body_of(alert, job.payload["event"], site), ensure_ascii=False).encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "Agora",
            "agora-delivery": str(job.id),
        }
        if site.alerts.webhook_secret:  # anybody could sign without one
            headers["agora-signature"] = sign(site.alerts.webhook_secret, body, job.db.clock.now())
        return {"status": await hook.post(site.alerts.webhook_url, body, headers)}

    return JobKind(WEBHOOK, run)
