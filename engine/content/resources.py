"""What content keeps lists of."""

from dataclasses import replace

from engine.content import missing, redirects
from engine.content.declared import PLAIN_MISSING, PLAIN_REDIRECTS
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Action

REDIRECTS = replace(PLAIN_REDIRECTS, verbs={"create": redirects.create, "update": redirects.change})
MISSING_PAGES = replace(
    PLAIN_MISSING,
    actions={
        "dismiss": Action(
            label=_("Dismiss"),
            run=missing.dismiss,
            permission=Permission.MANAGE_REDIRECTS,
            icon="eye-off",
            bulk=True,
            done=_("It is not asked about any more."),
            shown=missing.is_open,
        ),
        "look-again": Action(
            label=_("Look again"),
            run=missing.look_again,
            permission=Permission.MANAGE_REDIRECTS,
            icon="eye",
            bulk=True,
            done=_("It is on the list again."),
            shown=missing.is_closed,
        ),
    },
)
