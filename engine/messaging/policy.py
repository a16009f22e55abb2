"""Who may read which message."""

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor, Role


def require_reader(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not see the outbox."""
    access.require(actor, Permission.VIEW_OUTBOX)


def may_read_body(actor: Actor, *, holds_secret: bool) -> bool:
    """Return whether the actor may read what a message says: what holds a secret is for super admins."""
    return access.allows(actor, Permission.VIEW_OUTBOX) and (not holds_secret or actor.reaches(Role.SUPER_ADMIN))
