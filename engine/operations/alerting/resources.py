"""The list of alerts. They come and go by themselves."""

from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Field, Resource, View
from engine.operations.alerting.models import Alert, Severity
from engine.operations.alerting.raising import title_of
from engine.operations.alerting.rules import RULES

ALERTS = Resource(
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
    makes=False,
    changes=False,
    deletes=False,
    is_found=False,
    refreshes=True,
    order=(Alert.id.desc(),),
    fields=(
        Field(Alert.rule, _("Alert"), _("What is watched."), column=True, filter=True, write=False,
              choices=tuple((rule.key, rule.title) for rule in RULES)),
        Field(Alert.severity, _("How grave"), _("Critical ones are told at any hour."), column=True, filter=True,
              write=False, tones={"critical": "danger", "warning": "warning"},
              choices=((Severity.CRITICAL, _("Critical")), (Severity.WARNING, _("Warning")))),
        Field(Alert.value, _("Measured"), _("What it was when the alert was raised."), column=True, write=False),
        Field(Alert.allowed, _("Allowed"), _("What it may be, by the settings."), column=True, write=False),
        Field(Alert.detail, _("What"), _("What does not answer."), search=True, write=False),
        Field(Alert.source, _("Measured by"), _("The process that saw it."), search=True, write=False),
        Field(Alert.raised_at, _("Since"), _("When it was raised."), column=True, filter=True, sort=True, write=False),
        Field(Alert.over_at, _("Until"), _("When it was over; empty while it goes on."), column=True, sort=True,
              write=False, filter=True),
        Field(Alert.over_at.is_(None).label("is_open"), _("Open"), _("Whether it goes on."), filter=True, write=False),
        Field(Alert.told_at, _("Told"), _("When people were told; empty where it was over before they had to be."),
              write=False),
        Field(Alert.told_over_at, _("End told"), _("When people were told that it is over."), write=False),
    ),
    views=(
        View(label=_("Open"), filters={"isOpen": "true"}),
        View(label=_("Critical"), filters={"severity": "critical"}),
        View(label=_("Warnings"), filters={"severity": "warning"}),
    ),
    empty=(_("No alerts"), _("When something goes beyond its limit, it is raised here, and you are told once.")),
    links=(("/admin/settings/alerts", _("Limits and who is told")),),
)  # fmt: skip
