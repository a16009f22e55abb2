"""`/users`: accounts, for admins and above."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection

from engine.accounts import queries, users
from engine.accounts.models import User
from engine.accounts.queries import UserFilter, UserSummary
from engine.api.apiwords import also
from engine.api.ports import Ports
from engine.api.request import Caller, House, WriteTx, allow
from engine.api.wire import PageWire, Paging, Wire
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


class UserPage(PageWire[UserWire]):
    """One page of accounts."""


#: Not None on the wire: an explicit null is refused.
_LEFT_OUT: Any = None


class UserPatch(Wire):
    """What to change; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=users.LONGEST_NAME)] = _LEFT_OUT
    role: Role = _LEFT_OUT
    is_active: bool = _LEFT_OUT
    is_event_staff: bool = _LEFT_OUT
    is_exhibitor: bool = _LEFT_OUT
    is_kiosk: bool = _LEFT_OUT
    is_course_admin: bool = _LEFT_OUT
    is_instructor: bool = _LEFT_OUT

    def update(self) -> users.UserUpdate:
        return users.UserUpdate(**self.model_dump(exclude_unset=True))


@router.get("")
async def list_users(
    house: House,
    paging: Paging,
    search: Annotated[str, Query(max_length=200)] = "",
    role: Role | None = None,
    is_active: Annotated[bool | None, Query(alias="isActive")] = None,
) -> UserPage:
    """List accounts, the newest first; search looks in names and addresses."""
    page = await house.db.query(queries.users, UserFilter(search, role, is_active), paging)
    return UserPage(
        items=[UserWire.of(item) for item in page.items], total=page.total, page=page.page, limit=page.limit
    )


@router.get("/{user_id}")
async def read_user(user_id: UUID, house: House) -> UserDetail:
    """Return an account with its orders' count, wrong passwords and lockout."""
    return await house.db.query(_detail, house, user_id)


@router.patch("/{user_id}", responses=also(409))
async def update_user(user_id: UUID, sent: UserPatch, actor: Caller, tx: WriteTx) -> UserWire:
    """Change name, role, flags, or whether the account may sign in. Effective with its next request."""
    user = await users.update(tx, actor, user_id, sent.update())
    await tx.flush()
    return UserWire.of(user)


@router.post("/{user_id}/unlock")
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
