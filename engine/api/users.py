"""`/users`: one account with what staff need to help its owner; the list itself is a resource."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.accounts import queries, users
from engine.accounts.models import User
from engine.accounts.queries import UserSummary
from engine.api.ports import Ports
from engine.api.request import Caller, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission
from engine.core.actor import Role

router = APIRouter(prefix="/users", tags=["users"], dependencies=[allow(Permission.MANAGE_USERS)])


class UserWire(Wire):
    """An account. The five flags open one area each without the role for it."""

    id: UUID
    email: str
    name: str
    role: Role
    is_active: bool
    is_event_staff: bool
    is_exhibitor: bool
    is_kiosk: bool
    is_course_admin: bool
    is_instructor: bool
    email_verified_at: datetime | None
    last_login_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, user: User | UserSummary) -> "UserWire":
        return cls(**_fields_of(user))


class UserDetail(UserWire):
    """An account with what staff need to help its owner."""

    failed_logins: int
    locked_until: datetime | None
    is_locked: bool
    order_count: int


@router.get("/{user_id:uuid}")
async def read_user(user_id: UUID, house: House) -> UserDetail:
    """Return an account with its orders' count, wrong passwords and lockout."""
    return await house.db.query(_detail, house, user_id)


@router.post("/{user_id:uuid}/unlock")
async def unlock_user(user_id: UUID, actor: Caller, tx: WriteTx) -> UserWire:
    """Forget wrong passwords, so that the account can sign in at once."""
    user = await users.unlock(tx, actor, user_id)
    await tx.flush()
    return UserWire.of(user)


def counts_of(connection: Connection, house: Ports, user_id: UUID) -> dict[str, int]:
    """Return the numbers that the domains keep about a person, by wire name."""
    offered = [one for domain in house.domains for one in domain.person_counts]
    return {one.key: one.count(connection, user_id) for one in offered}


def _detail(connection: Connection, house: Ports, user_id: UUID) -> UserDetail:
    found = queries.user(connection, user_id)
    return UserDetail(
        **_fields_of(found),
        failed_logins=found.failed_logins,
        locked_until=found.locked_until,
        is_locked=found.locked_until is not None and found.locked_until > house.clock.now(),
        order_count=counts_of(connection, house, user_id).get("orderCount", 0),
    )


def _fields_of(user: User | UserSummary) -> dict[str, Any]:
    return {name: getattr(user, name) for name in UserWire.model_fields}
