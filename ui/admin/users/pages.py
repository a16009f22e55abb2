"""All about a person with an account; the list of them is a resource."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.accounts import queries, rules, second_steps, users
from engine.accounts.queries import Happening, UserSummary
from engine.accounts.users import UserUpdate
from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.actor import Actor, Role
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import Message, _
from ui.admin.users.words import FLAGS, ROLES, happening_icon, happening_text, happening_title, role_name
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = "/admin/users"
STATES = {"true": True, "false": False}
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_USERS)])


@dataclass(frozen=True)
class Story:
    """One line of what happened."""

    title: Message | str
    happening: Happening
    text: str | None
    icon: str


@dataclass(frozen=True)
class OneUser:
    """All about an account. `may_change`: whether it is not above the reader's own role.

    locked_until: after too many wrong passwords or codes.
    """

    user: UserSummary
    role: Message
    roles: list[tuple[str, Message, Message]]
    flags: list[tuple[str, Message, Message, bool]]
    locked_until: datetime | None
    has_second_step: bool
    may_change: bool
    counts: list[tuple[Message, int]]
    story: list[Story]
    name: str
    errors: Errors = field(default_factory=dict)


@router.get("/{user_id:uuid}")
async def show_user(user_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer all about one person."""
    return await _show(request, house, actor, user_id)


async def _show(
    request: Request,
    house: Ports,
    actor: Actor,
    user_id: UUID,
    error: AgoraError | None = None,
    name: str | None = None,
) -> Response:
    context = await house.db.query(_one, house, actor, user_id, errors_of(error) if error else {}, name)
    status = status_of(error)[0] if error else 200
    return await page(request, "admin/users/show.html", context, title=context.user.name, status=status)


def _one(
    connection: Connection, house: Ports, actor: Actor, user_id: UUID, errors: Errors, name: str | None
) -> OneUser:
    user = queries.user(connection, user_id)
    offered = [one for domain in house.domains for one in domain.person_counts]
    happenings = queries.history(connection, user_id)
    locks = (user.locked_until, second_steps.locked_until(connection, user_id))
    return OneUser(
        user=user,
        role=role_name(user.role),
        roles=[(r.value, *ROLES[r]) for r in Role if rules.may_grant(actor, r) or r is user.role],
        flags=[(wire, label, text, getattr(user, _attribute(wire))) for wire, label, text in FLAGS],
        locked_until=max((one for one in locks if one is not None and one > house.clock.now()), default=None),
        has_second_step=second_steps.has_step(connection, user_id),
        may_change=rules.may_touch(actor, user.role),
        counts=[(one.title, one.count(connection, user_id)) for one in offered],
        story=[Story(happening_title(h), h, happening_text(h), happening_icon(h)) for h in happenings],
        name=user.name if name is None else name,
        errors=errors,
    )


def _attribute(wire: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in wire)


@router.post("/{user_id:uuid}")
async def update_user(user_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save name, role, flags, and whether the person may sign in."""
    form = await typed(request)
    role = next((r for r in Role if r == form.get("role")), None)
    flags = {_attribute(wire): wire in form for wire, _label, _text in FLAGS}
    changes = UserUpdate(name=form.get("name", ""), role=role, is_active="isActive" in form, **flags)
    try:
        async with house.db.write() as tx:
            await users.update(tx, actor, user_id, changes)
    except NotFound:
        raise
    except AgoraError as error:
        return await _show(request, house, actor, user_id, error, form.get("name", ""))
    return redirect(f"{HOME}/{user_id}", flash=_("Saved. It holds from their next click."), request=request)


@router.post("/{user_id:uuid}/second-step-removals")
async def remove_second_step(user_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Let somebody who lost their phone sign in by the password alone."""
    async with house.db.write() as tx:
        await second_steps.remove(tx, actor, user_id)
    return redirect(f"{HOME}/{user_id}", flash=_("The password alone signs them in now."), request=request)


@router.post("/{user_id:uuid}/unlock")
async def unlock_user(user_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Let somebody sign in again at once."""
    async with house.db.write() as tx:
        await users.unlock(tx, actor, user_id)
    return redirect(f"{HOME}/{user_id}", flash=_("Unlocked: they can sign in again."), request=request)
