"""What messaging offers to the house."""

from collections.abc import Mapping

from engine.core.domain import Domain, EmailTemplate
from engine.core.i18n import _
from engine.messaging.demo import part
from engine.messaging.gauges import GAUGES
from engine.messaging.jobs import ERASE
from engine.messaging.moved import site_kind
from engine.messaging.outbox import TEST
from engine.messaging.personal import PERSONAL, RETENTIONS
from engine.messaging.ports import OpenMailer
from engine.messaging.resources import email_templates
from engine.messaging.sending import Sending
from engine.messaging.templates import Letters

TEMPLATES = (
    EmailTemplate(
        TEST,
        _("Test e-mail"),
        {"name": "Ada Lovelace", "provider": "smtp"},
        names={"name": _("Who sends the test"), "provider": _("How e-mails are sent")},
    ),
)


def domain(letters: Letters, mailers: Mapping[str, OpenMailer]) -> Domain:
    """Return the domain. letters: every message of the house; mailers: what opens each provider, by its name."""
    jobs = (Sending(letters, mailers).job(), ERASE)
    return Domain(
        "messaging",
        resources=(email_templates(letters, letters.offered),),
        jobs=jobs,
        email_templates=TEMPLATES,
        gauges=GAUGES,
        personal=PERSONAL,
        retentions=RETENTIONS,
        site_kinds=(site_kind(letters),),
        demo=part(letters.settings, letters.renderer),
    )
