"""Who is acting. Always an argument, never ambient."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from engine.core.distance import Distance


class Role(StrEnum):
    """The six roles, low to high; a higher one may all that a lower one may."""

    CUSTOMER = "customer"
    VIEWER = "viewer"
    EDITOR = "editor"
    STORE_MANAGER = "store_manager"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def reaches(self, required: "Role") -> bool:
        """Return whether this role is the required one or above it."""
        return self.rank >= required.rank


class ScopedRole(StrEnum):
    """Flags on an account that open one area without the rank for it."""

    EVENT_STAFF = "event_staff"
    EXHIBITOR = "exhibitor"
    KIOSK = "kiosk"
    COURSE_ADMIN = "course_admin"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in, a stranger (no role), or the system itself.

    session_id: the browser session or token family this act came through, where there is one. owes_step: one of the
    staff who must set up a second step first, and may do no more than a customer until then. distance: how far away
    they are, where they came by the door.
    """

    user_id: UUID | None = None
    email: str = ""
    name: str = ""
    role: Role | None = None
    scoped: frozenset[ScopedRole] = field(default_factory=frozenset)
    ip_address: str = ""
    session_id: UUID | None = None
    is_system: bool = False
    owes_step: bool = False
    distance: Distance | None = None

    @classmethod
    def stranger(cls, ip_address: str = "") -> "Actor":
        return cls(ip_address=ip_address)

    @classmethod
    def system(cls, name: str = "Agora") -> "Actor":
        return cls(name=name, is_system=True)

    @classmethod
    def person(
        cls, user_id: UUID, role: Role, email: str = "", name: str = "", scoped: Iterable[ScopedRole] = ()
    ) -> "Actor":
        return cls(user_id=user_id, role=role, email=email, name=name, scoped=frozenset(scoped))

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_staff(self) -> bool:
        return self.is_system or (self.role is not None and self.role.reaches(Role.VIEWER))

    def reaches(self, role: Role) -> bool:
        """Return whether the actor may what this role may."""
        return self.is_system or (self.role is not None and self.role.reaches(role))
