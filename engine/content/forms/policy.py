"""Who may: forms and what comes of them are for editors and above, filling one in is for everybody."""

from engine.core.access import Permission

MANAGE = Permission.MANAGE_FORMS
