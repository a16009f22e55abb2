"""What operations offer to the house."""

from engine.core.domain import Domain
from engine.core.settings import SettingsStore
from engine.operations.logs.jobs import forget_job
from engine.operations.logs.reading import LogBook
from engine.operations.resources import AUDIT, JOBS


def domain(settings: SettingsStore, logs: LogBook) -> Domain:
    """Return the domain. settings: what it looks after things by; logs: the log that the house keeps."""
    return Domain(
        "operations",
        resources=(AUDIT, JOBS),
        jobs=(forget_job(logs, lambda: settings.site.logs.keep_days),),
    )
