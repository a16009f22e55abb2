"""Lists of the house itself: the audit log, jobs and alerts. They come by themselves; nobody adds to them."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.core import deadletters
from engine.core.access import Permission
from engine.core.audit import AuditActor, AuditEntry
from engine.core.distinct import EMPTY, values_of
from engine.core.i18n import _
from engine.core.jobs import Job, JobStatus, Schedule
from engine.core.resource import Action, Field, Holds, Resource, View, Widget
from engine.operations.alerting.models import Alert, Severity
from engine.operations.alerting.raising import title_of
from engine.operations.alerting.rules import RULES

_comes_by_itself = partial(Resource, makes=False, changes=False, deletes=False, is_found=False)
_told = partial(Field, write=False)


def _acting(holds: Holds) -> ColumnElement[bool]:
    """Return the lines of those whose name holds the word: the names are looked through, and no line."""
    return AuditEntry.actor.in_(select(AuditActor.actor).where(holds(AuditActor.actor)))


def _done(holds: Holds) -> ColumnElement[bool]:
    kinds = values_of(AuditEntry.action)
    return AuditEntry.action.in_(kinds.where(holds(kinds.selected_columns.value)))


def _from(holds: Holds) -> ColumnElement[bool]:
    places = values_of(AuditEntry.ip_address)
    found = AuditEntry.ip_address.in_(places.where(holds(places.selected_columns.value)))
    return (AuditEntry.ip_address != EMPTY) & found


AUDIT = _comes_by_itself(
    path="audit",
    noun="audit",
    model=AuditEntry,
    singular=_("Line"),
    plural=_("Audit log"),
    counted=_("Lines"),
    title=lambda row: row.action,
    text=_("Who did what, and what it changed. Nobody can edit it."),
    icon="scroll-text",
    read=Permission.VIEW_AUDIT,
    write=Permission.VIEW_AUDIT,
    order=(AuditEntry.id.desc(),),
    fields=(
        _told(AuditEntry.action, _("What"), _("What was done: order.pay, settings.update."), column=True, search=True,
              looked=_done, filter=True, sort=True),
        _told(AuditEntry.actor, _("Who"), _("The account that did it, or Agora itself."), column=True, search=True,
              looked=_acting, filter=True),
        _told(AuditEntry.details, _("Difference"), _("What it was before, and what it is since."), column=True,
              widget=Widget.CHANGES),
        _told(AuditEntry.result, _("Result"), _("Whether it was done."), filter=True),
        _told(AuditEntry.resource_type, _("Kind of thing"), _("What it was done to."), filter=True),
        _told(AuditEntry.resource_id, _("Thing"), _("The id of what it was done to."), filter=True,
              widget=Widget.RELATION),
        _told(AuditEntry.user_id, _("Account"), _("The id of the account."), to="users", filter=True),
        _told(AuditEntry.ip_address, _("From"), _("The address that it came from."), column=True, search=True,
              looked=_from),
        _told(AuditEntry.created_at, _("When"), _("When it was done."), column=True, filter=True, sort=True),
    ),
    views=(View(label=_("Refused"), filters={"result": "failure"}),),
    empty=(_("Nothing yet"), _("Every change that staff make is written down here, with what it was before.")),
)  # fmt: skip


#: What a schedule began, and what did not fail: it comes each minute, and nobody has to look at it.
IS_ROUTINE = Job.kind.in_(select(Schedule.kind)) & (Job.status != JobStatus.FAILED)


def _is_failed(values: Any) -> bool:
    return values["status"] is JobStatus.FAILED


JOBS = _comes_by_itself(
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
    refreshes=True,
    order=(Job.id.desc(),),
    actions={
        "retries": Action(
            label=_("Try again"), run=deadletters.retry, permission=Permission.VIEW_JOBS, icon="rotate-ccw",
            done=_("It runs again."), bulk=True, shown=_is_failed,
        ),
    },
    fields=(
        _told(Job.kind, _("Job"), _("What runs."), column=True, search=True, filter=True, sort=True),
        _told(Job.status, _("Status"), _("Where it stands; a failed one waits for you."), column=True, filter=True),
        _told(Job.done, _("Done"), _("How far it is."), column=True),
        _told(Job.total, _("Of"), _("How much there is; 0 while nobody knows."), column=True),
        _told(Job.attempts, _("Tries"), _("How often it was tried."), column=True, sort=True),
        _told(Job.error, _("Error"), _("What went wrong at the last try."), search=True),
        _told(Job.payload, _("Asked"), _("What it was asked to do.")),
        _told(IS_ROUTINE.label("is_routine"), _("Routine"),
              _("Whether it runs by itself again and again, and nothing is wrong with it."), filter=True),
        _told(Job.created_at, _("Asked for"), _("When it was asked for."), column=True, filter=True, sort=True),
        _told(Job.finished_at, _("Finished"), _("When it ended."), filter=True, sort=True),
    ),
    views=(
        View(label=_("Without routine"), filters={"isRoutine": "false"}),
        View(label=_("Running"), filters={"status": "running"}),
        View(label=_("Waiting"), filters={"status": "queued"}),
        View(label=_("Failed"), filters={"status": "failed"}),
        View(label=_("Done"), filters={"status": "succeeded"}),
    ),
    empty=(_("No jobs yet"), _("When Agora has something to do in the background, it is listed here.")),
)  # fmt: skip

ALERTS = _comes_by_itself(
    path="alerts",
    noun="alert",
    model=Alert,
    singular=_("Alert"),
    plural=_("Alerts"),
    title=lambda row: title_of(row.rule),
    text=_("What went beyond its limit, once from its first moment to its last."),
    icon="bell",
    read=Permission.VIEW_HEALTH,
    write=Permission.VIEW_HEALTH,
    refreshes=True,
    order=(Alert.id.desc(),),
    fields=(
        _told(Alert.rule, _("Alert"), _("What is watched."), column=True, filter=True,
              choices=tuple((rule.key, rule.title) for rule in RULES)),
        _told(Alert.severity, _("How grave"), _("Critical ones are told at any hour."), column=True, filter=True,
              tones={"critical": "danger", "warning": "warning"},
              choices=((Severity.CRITICAL, _("Critical")), (Severity.WARNING, _("Warning")))),
        _told(Alert.value, _("Measured"), _("What it was when the alert was raised."), column=True),
        _told(Alert.allowed, _("Allowed"), _("What it may be, by the settings."), column=True),
        _told(Alert.detail, _("What"), _("What does not answer."), search=True),
        _told(Alert.source, _("Measured by"), _("The process that saw it."), search=True),
        _told(Alert.raised_at, _("Since"), _("When it was raised."), column=True, filter=True, sort=True),
        _told(Alert.over_at, _("Until"), _("When it was over; empty while it goes on."), column=True, sort=True,
              filter=True),
        _told(Alert.over_at.is_(None).label("is_open"), _("Open"), _("Whether it goes on."), filter=True),
        _told(Alert.told_at, _("Told"), _("When people were told; empty where it was over before they had to be.")),
        _told(Alert.told_over_at, _("End told"), _("When people were told that it is over.")),
    ),
    views=(
        View(label=_("Open"), filters={"isOpen": "true"}),
        View(label=_("Critical"), filters={"severity": "critical"}),
        View(label=_("Warnings"), filters={"severity": "warning"}),
    ),
    empty=(_("No alerts"), _("When something goes beyond its limit, it is raised here, and you are told once.")),
    links=(("/admin/settings/alerts", _("Limits and who is told")),),
)  # fmt: skip
