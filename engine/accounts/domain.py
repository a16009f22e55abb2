"""What accounts offers to the house."""

from engine.accounts.jobs import TIDY
from engine.accounts.password_resets import reset_job
from engine.core.domain import Domain, EmailTemplate
from engine.core.settings import SettingsStore

EMAILS = (
    EmailTemplate(
        "welcome", "Welcome, and confirm your address", {"name": "Ada", "url": "/account/verify?token=x", "hours": 72}
    ),
    EmailTemplate(
        "verify_email", "Confirm your address", {"name": "Ada", "url": "/account/verify?token=x", "hours": 72}
    ),
    EmailTemplate(
        "password_reset", "Set a new password", {"name": "Ada", "url": "/account/reset?token=x", "minutes": 60}
    ),
)


def domain(settings: SettingsStore) -> Domain:
    """Return the domain. settings: whose language the e-mails are in."""
    return Domain("accounts", jobs=(TIDY, reset_job(lambda: settings.site.general.language)), email_templates=EMAILS)
