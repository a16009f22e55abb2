"""Roles, flags and happenings of accounts, in words."""

from engine.accounts.queries import Happening
from engine.core.actor import Role
from engine.core.i18n import Message, _

ROLES: dict[Role, tuple[Message, Message]] = {
    Role.CUSTOMER: (_("Customer"), _("Shops, and sees their own orders.")),
    Role.VIEWER: (_("Viewer"), _("Looks at pages and products in the admin.")),
    Role.EDITOR: (_("Editor"), _("Writes pages and articles, uploads pictures.")),
    Role.STORE_MANAGER: (_("Store manager"), _("Looks after products, categories and orders.")),
    Role.ADMIN: (_("Admin"), _("Manages people and settings.")),
    Role.SUPER_ADMIN: (_("Super admin"), _("Everything, the system itself included.")),
}
FLAGS: tuple[tuple[str, Message, Message], ...] = (
    ("isEventStaff", _("Event staff"), _("Checks people in and prints badges.")),
    ("isExhibitor", _("Exhibitor"), _("Looks after a booth and its leads.")),
    ("isKiosk", _("Kiosk"), _("A screen at a door: check-in and badges, nothing else.")),
    ("isCourseAdmin", _("Course admin"), _("Manages all courses.")),
    ("isInstructor", _("Instructor"), _("Teaches: makes courses, gives grades.")),
)
_HAPPENINGS: dict[str, tuple[Message, str]] = {
    "user.create": (_("Account made"), "user"),
    "user.sign_in": (_("Signed in"), "log-in"),
    "user.sign_out": (_("Signed out in one place"), "log-out"),
    "user.sign_out_everywhere": (_("Signed out everywhere"), "log-out"),
    "user.lock": (_("Locked after wrong passwords"), "lock"),
    "user.unlock": (_("Unlocked"), "key"),
    "user.update": (_("Changed"), "pencil"),
    "user.change_role": (_("Role changed"), "shield"),
    "user.change_password": (_("Password changed"), "key"),
    "user.verify_email": (_("Address confirmed"), "mail"),
    "user.token_reuse": (_("A copied token was refused"), "triangle-alert"),
}


def role_name(role: Role) -> Message:
    """Return a role in a word."""
    return ROLES[role][0]


def happening_title(happening: Happening) -> Message | str:
    """Return what happened, in words."""
    if happening.action == "user.sign_in" and happening.is_failure:
        return _("Wrong password")
    known = _HAPPENINGS.get(happening.action)
    return known[0] if known else happening.action


def happening_text(happening: Happening) -> str | None:
    """Return the difference that a change made."""
    changes = happening.details.get("changes", {})
    lines = [f"{name.replace('_', ' ')}: {before} → {after}" for name, (before, after) in changes.items()]
    return "; ".join(lines) or None


def happening_icon(happening: Happening) -> str:
    """Return the picture beside it."""
    return _HAPPENINGS.get(happening.action, ("", "info"))[1]
