"""What messaging offers to the house."""

from collections.abc import Mapping

from engine.core.domain import Domain, EmailTemplate
from engine.core.i18n import _
from engine.core.settings import SettingsStore
from engine.messaging.demo import part
from engine.messaging.jobs import ERASE
from engine.messaging.outbox import TEST
from engine.messaging.ports import OpenMailer, Renderer
from engine.messaging.sending import Sending

TEMPLATES = (EmailTemplate(TEST, _("Test e-mail"), {"name": "Ada Lovelace", "provider": "smtp"}),)


def domain(settings: SettingsStore, renderer: Renderer, mailers: Mapping[str, OpenMailer]) -> Domain:
    """Return the domain. mailers: what opens each provider, by its name in the settings."""
    jobs = (Sending(settings, renderer, mailers).job(), ERASE)
    return Domain("messaging", jobs=jobs, email_templates=TEMPLATES, demo=part(settings, renderer))
