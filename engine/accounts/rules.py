"""Decisions about accounts, pure: lockout, and who may change whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.core.actor import Actor, Role
from engine.core.errors import NotAllowed
from engine.core.i18n import ngettext

MAX_FAILED_LOGINS = 5
LOCKOUT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords in a row, and until when the account is locked for them."""

    count: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now

    def one_more(self, now: datetime) -> "Failures":
        """Return the count after another wrong password: the fifth in a row locks for 30 minutes.

        Once a lockout has ended, counting begins anew.
        """
        count = (0 if self.locked_until is not None else self.count) + 1
        return Failures(count, now + LOCKOUT if count >= MAX_FAILED_LOGINS else None)


def refuse_locked(failures: Failures, now: datetime, *, by_codes: bool = False) -> None:
    """Raise NotAllowed with the time left while the account is locked. by_codes: of a second step."""
    if failures.locked_until is None or not failures.is_locked(now):
        return
    seconds = max(1, -int((now - failures.locked_until).total_seconds() // 1))
    minutes = -(-seconds // 60)
    said = ngettext(
        "Too many wrong passwords: signing in is locked for another minute. Wait, or reset the password.",
        "Too many wrong passwords: signing in is locked for {count} minutes. Wait, or reset the password.",
        minutes,
    )
    if by_codes:
        said = ngettext(
            "Too many wrong codes: signing in is locked for another minute. Wait, or have yourself unlocked.",
            "Too many wrong codes: signing in is locked for {count} minutes. Wait, or have yourself unlocked.",
            minutes,
        )
    raise NotAllowed(said, locked_seconds=seconds)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule must know of an account: its role, and whether it may sign in."""

    role: Role
    is_active: bool

    @property
    def is_owner(self) -> bool:
        return self.role is Role.SUPER_ADMIN and self.is_active


def may_touch(actor: Actor, role: Role) -> bool:
    """Return whether the actor may change an account of this role: never one above their own."""
    return actor.is_system or (actor.role is not None and actor.role.reaches(role))


def may_grant(actor: Actor, role: Role) -> bool:
    """Return whether the actor may give this role: never one above their own."""
    return may_touch(actor, role)


def loses_owner(before: Standing, after: Standing, other_owners: int) -> bool:
    """Return whether the change would leave nobody to run the installation."""
    return before.is_owner and not after.is_owner and other_owners == 0
