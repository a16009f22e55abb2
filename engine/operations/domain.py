"""What operations offer to the house."""

from engine.core.domain import Domain, EmailTemplate, LetterKind
from engine.core.i18n import _
from engine.core.ports import BlobStore
from engine.core.settings import SettingsStore
from engine.operations.alerting.raising import LETTER
from engine.operations.alerting.webhooks import webhook_job
from engine.operations.backups.backups import Backups
from engine.operations.backups.working import BackupWork
from engine.operations.logs.jobs import forget_job
from engine.operations.logs.reading import LogBook
from engine.operations.ports import Hook
from engine.operations.resources import ALERTS, AUDIT, JOBS
from engine.operations.sites import SiteFiles
from engine.operations.updates.updates import Updates
from engine.operations.upkeep import UPKEEP

EMAILS = (
    EmailTemplate(
        LETTER,
        _("Something needs you"),
        {
            "title": "Little room on the disk",
            "text": "94 % measured, 90 % allowed.",
            "is_over": False,
            "is_critical": True,
            "raised_at": "2026-06-01T12:00:00+00:00",
            "url": "/admin/health",
        },
        LetterKind.HOUSE,
        {
            "title": _("What is watched"),
            "text": _("What was measured, and what it may be"),
            "is_over": _("Whether it is over"),
            "is_critical": _("Whether it is critical"),
            "raised_at": _("When it was raised"),
            "url": _("The page that shows how the house is, as a link"),
        },
    ),
)


def domain(
    sites: SiteFiles,
    backups: Backups,
    settings: SettingsStore,
    logs: LogBook,
    hook: Hook,
    blobs: BlobStore,
    updates: Updates,
) -> Domain:
    """Return the domain. sites: what exports and imports of whole sites work with; blobs: where the files are.

    settings: what it looks after things by; logs: the log that the house keeps; hook: what tells others of alerts.
    """
    work = BackupWork(backups, settings, blobs)
    return Domain(
        "operations",
        reactions=work.reactions(),
        resources=(AUDIT, JOBS, ALERTS),
        jobs=(
            *sites.jobs(),
            *work.jobs(),
            *updates.jobs(),
            forget_job(logs, lambda: settings.site.logs.keep_days),
            webhook_job(settings, hook),
            *UPKEEP,
        ),
        email_templates=EMAILS,
    )
