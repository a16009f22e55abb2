"""Lists of the house itself: the audit log, and jobs. They come by themselves; nobody adds to them."""

from typing import Any

from engine.core import deadletters
from engine.core.access import Permission
from engine.core.audit import AuditEntry
from engine.core.i18n import _
from engine.core.jobs import Job, JobStatus
from engine.core.resource import Action, Field, Resource, View, Widget

AUDIT = Resource(
    path="audit",
    noun="audit",
    model=AuditEntry,
    singular=_("Line"),
    plural=_("Audit log"),
    title=lambda row: row.action,
    text=_("Who did what, and what it changed. Nobody can edit it."),
    icon="scroll-text",
    read=Permission.VIEW_AUDIT,
    write=Permission.VIEW_AUDIT,
    makes=False,
    changes=False,
    deletes=False,
    is_found=False,
    order=(AuditEntry.id.desc(),),
    fields=(
        Field(AuditEntry.action, _("What"), _("What was done: order.pay, settings.update."), column=True, search=True,
              filter=True, sort=True, write=False),
        Field(AuditEntry.actor, _("Who"), _("The account that did it, or Agora itself."), column=True, search=True,
              filter=True, write=False),
        Field(AuditEntry.details, _("Difference"), _("What it was before, and what it is since."), column=True,
              widget=Widget.CHANGES, write=False),
        Field(AuditEntry.result, _("Result"), _("Whether it was done."), filter=True, write=False),
        Field(AuditEntry.resource_type, _("Kind of thing"), _("What it was done to."), filter=True, write=False),
        Field(AuditEntry.resource_id, _("Thing"), _("The id of what it was done to."), filter=True, write=False,
              widget=Widget.RELATION),
        Field(AuditEntry.user_id, _("Account"), _("The id of the account."), to="users", filter=True, write=False),
        Field(AuditEntry.ip_address, _("From"), _("The address that it came from."), column=True, search=True,
              write=False),
        Field(AuditEntry.created_at, _("When"), _("When it was done."), column=True, filter=True, sort=True,
              write=False),
    ),
    views=(View(label=_("Refused"), filters={"result": "failure"}),),
    empty=(_("Nothing yet"), _("Every change that staff make is written down here, with what it was before.")),
)  # fmt: skip


def _is_failed(values: Any) -> bool:
    return values["status"] is JobStatus.FAILED


JOBS = Resource(
    path="jobs",
    noun="job",
    model=Job,
    singular=_("Job"),
    plural=_("Jobs"),
    title=lambda row: row.payload.get("reaction", row.kind),
    text=_("Work that Agora does by itself: imports, e-mails, keeping the search up to date."),
    icon="zap",
    read=Permission.VIEW_JOBS,
    write=Permission.VIEW_JOBS,
    makes=False,
    changes=False,
    deletes=False,
    is_found=False,
    refreshes=True,
    order=(Job.id.desc(),),
    actions={
        "retries": Action(
            label=_("Try again"), run=deadletters.retry, permission=Permission.VIEW_JOBS, icon="rotate-ccw",
            done=_("It runs again."), bulk=True, shown=_is_failed,
        ),
    },
    fields=(
        Field(Job.kind, _("Job"), _("What runs."), column=True, search=True, filter=True, sort=True, write=False),
        Field(Job.status, _("Status"), _("Where it stands; a failed one waits for you."), column=True, filter=True,
              write=False),
        Field(Job.done, _("Done"), _("How far it is."), column=True, write=False),
        Field(Job.total, _("Of"), _("How much there is; 0 while nobody knows."), column=True, write=False),
        Field(Job.attempts, _("Tries"), _("How often it was tried."), column=True, sort=True, write=False),
        Field(Job.error, _("Error"), _("What went wrong at the last try."), search=True, write=False),
        Field(Job.payload, _("Asked"), _("What it was asked to do."), write=False),
        Field(Job.created_at, _("Asked for"), _("When it was asked for."), column=True, filter=True, sort=True,
              write=False),
        Field(Job.finished_at, _("Finished"), _("When it ended."), filter=True, sort=True, write=False),
    ),
    views=(
        View(label=_("Running"), filters={"status": "running"}),
        View(label=_("Waiting"), filters={"status": "queued"}),
        View(label=_("Failed"), filters={"status": "failed"}),
        View(label=_("Done"), filters={"status": "succeeded"}),
    ),
    empty=(_("No jobs yet"), _("When Agora has something to do in the background, it is listed here.")),
)  # fmt: skip
