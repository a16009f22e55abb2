"""The alarm of one process: after each look it raises what must be raised, ends what is over, and has it told."""

import logging
from collections.abc import Mapping

from sqlalchemy import Connection

from engine.core.settings import SettingsStore
from engine.operations.alerting import raising
from engine.operations.alerting.rules import RULES, Standing, standing
from engine.operations.watch.samples import Sample, window_before
from engine.operations.watch.watching import Watch

log = logging.getLogger("agora.alerts")


class Alarm:
    """Judges what the watch sees. source: this process, as the list of alerts names it."""

    def __init__(self, watch: Watch, settings: SettingsStore, source: str) -> None:
        self._watch = watch
        self._settings = settings
        self._source = source

    async def tend(self) -> Sample:
        """Look at the house once, and do what follows from it. While the database is away, it is said in the log."""
        sample = await self._watch.look()
        settings = self._settings.site.alerts
        if not settings.enabled:
            return sample
        samples = list(self._watch.samples)
        standings = {rule.key: standing(rule, samples, settings) for rule in RULES}
        try:
            await self._settle(sample, standings)
        except Exception:
            high = [key for key, found in standings.items() if found is Standing.HIGH]
            log.critical("alerts cannot be kept now; what stands: %s", ", ".join(high) or "nothing", exc_info=True)
        return sample

    async def _settle(self, sample: Sample, standings: Mapping[str, Standing]) -> None:
        db, site = self._watch.db, self._settings.site
        known, must_tell = await db.query(_known)
        raised = [rule for rule in RULES if standings[rule.key] is Standing.HIGH and rule.key not in known]
        over = [key for key, found in standings.items() if found is Standing.CALM and key in known]
        if not (raised or over or must_tell):
            return
        first = window_before(list(self._watch.samples), sample)
        down = ", ".join(f"{one.name}: {one.problem}" for one in sample.down)
        async with db.write() as tx:
            for rule in raised:
                detail = down if rule.key == "service_down" else sample.concerns.get(rule.key, "")
                log.warning("alert: %s %s", rule.key, detail)
                await raising.raise_alert(tx, rule, rule.value(first, sample), site.alerts, detail, self._source)
            for key in over:
                log.warning("alert over: %s", key)
                await raising.end_alert(tx, key)
            await raising.tell(tx, site, tx.now)


def _known(connection: Connection) -> tuple[set[str], bool]:
    return set(raising.open_alerts(connection)), raising.untold(connection)
