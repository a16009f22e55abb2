"""What accounts offers to the house."""

from engine.accounts.demo import PART
from engine.accounts.jobs import TIDY
from engine.accounts.password_resets import reset_job
from engine.accounts.resources import USERS
from engine.core.domain import Domain, EmailTemplate
from engine.core.i18n import _
from engine.core.settings import SettingsStore

EMAILS = (
    EmailTemplate(
        "welcome",
        _("Welcome, and confirm your address"),
        {"name": "Ada", "url": "/account", "verify_url": "/account/verify?token=w7mC3o0GmRk0b4bq0Kc2Xw"},
    ),
    EmailTemplate(
        "verify_email",
        _("Confirm your address"),
        {"name": "Ada", "url": "/account/verify?token=w7mC3o0GmRk0b4bq0Kc2Xw"},
    ),
    EmailTemplate(
        "password_reset",
        _("Choose a new password"),
        {"name": "Ada", "url": "/account/reset?token=w7mC3o0GmRk0b4bq0Kc2Xw", "minutes": 60},
    ),
)


def domain(settings: SettingsStore) -> Domain:
    """Return the domain. settings: whose language the e-mails are in."""
    return Domain(
        "accounts",
        resources=(USERS,),
        jobs=(TIDY, reset_job(lambda: settings.site.general.language)),
        email_templates=EMAILS,
        demo=PART,
    )
