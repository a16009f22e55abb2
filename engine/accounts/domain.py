"""What accounts offers to the house."""

from engine.accounts.demo import PART
from engine.accounts.gauges import GAUGES
from engine.accounts.jobs import END_CODES, TIDY
from engine.accounts.password_resets import reset_job
from engine.accounts.personal import PERSONAL, RETENTIONS
from engine.accounts.resources import DEVICES, USERS
from engine.core.domain import Domain, EmailTemplate, LetterKind
from engine.core.i18n import _
from engine.core.settings import SettingsStore

_NAME = _("The person’s name")
_LINK = _("The link that confirms the address")
EMAILS = (
    EmailTemplate(
        "welcome",
        _("Welcome, and confirm your address"),
        {"name": "Ada", "url": "/account", "verify_url": "/account/verify?token=w7mC3o0GmRk0b4bq0Kc2Xw"},
        LetterKind.ACCOUNTS,
        {"name": _NAME, "url": _("The account, as a link"), "verify_url": _LINK},
        needs=("verify_url",),
    ),
    EmailTemplate(
        "verify_email",
        _("Confirm your address"),
        {"name": "Ada", "url": "/account/verify?token=w7mC3o0GmRk0b4bq0Kc2Xw"},
        LetterKind.ACCOUNTS,
        {"name": _NAME, "url": _LINK},
        needs=("url",),
    ),
    EmailTemplate(
        "password_reset",
        _("Choose a new password"),
        {"name": "Ada", "url": "/account/reset?token=w7mC3o0GmRk0b4bq0Kc2Xw", "minutes": 60},
        LetterKind.ACCOUNTS,
        {
            "name": _NAME,
            "url": _("The link that leads to a new password"),
            "minutes": _("For how many minutes the link works"),
        },
        needs=("url",),
    ),
)


def domain(settings: SettingsStore) -> Domain:
    """Return the domain. settings: whose language the e-mails are in."""
    return Domain(
        "accounts",
        resources=(USERS, DEVICES),
        jobs=(END_CODES, TIDY, reset_job(lambda: settings.site.general.language)),
        email_templates=EMAILS,
        demo=PART,
        gauges=GAUGES,
        personal=PERSONAL,
        retentions=RETENTIONS,
    )
