"""People with accounts: the list, and all about one of them."""

from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from engine.accounts import queries, rules, users
from engine.accounts.queries import Happening, UserFilter, UserSummary
from engine.accounts.users import UserUpdate
from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.core.access import Permission
from engine.core.actor import Actor, Role
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import Message, _
from engine.core.paging import Page
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.admin.users.words import FLAGS, ROLES, happening_icon, happening_text, happening_title, role_name
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = "/admin/users"
STATES = {"true": True, "false": False}
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_USERS)])


@dataclass(frozen=True)
class UserLine:
    """One row of the list."""

    id: UUID
    user: UserSummary
    role: Message
    is_locked: bool


@dataclass(frozen=True)
class UserList:
    """The list with its filters."""

    people: Page[UserLine]
    tabs: list[tuple[Message, str, int | None]]
    here: str
    home: str
    search: str
    kept: dict[str, str]
    chips: list[tuple[Message, Message, str]]
    inactive_url: str
    pages_url: str


@dataclass(frozen=True)
class Story:
    """One line of what happened."""

    title: Message | str
    happening: Happening
    text: str | None
    icon: str


@dataclass(frozen=True)
class OneUser:
    """All about an account. `may_change`: whether it is not above the reader's own role."""

    user: UserSummary
    role: Message
    roles: list[tuple[str, Message, Message]]
    flags: list[tuple[str, Message, Message, bool]]
    is_locked: bool
    may_change: bool
    counts: list[tuple[Message, int]]
    story: list[Story]
    name: str
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_users(request: Request, house: House) -> Response:
    """Answer the list of people."""
    search, role = asked(request, "search"), next((r for r in Role if r == asked(request, "role")), None)
    is_active = STATES.get(asked(request, "isActive"))
    wanted = UserFilter(search, role, is_active)
    found = await house.db.query(queries.users, wanted, page_asked(request))
    counts, now = await house.db.query(queries.role_counts), house.clock.now()
    kept = {"search": search, "role": role.value if role else "", "isActive": asked(request, "isActive")}
    tabs: list[tuple[Message, str, int | None]] = [
        (_("Everybody"), address(HOME, kept, role=""), sum(counts.values())),
        *((ROLES[r][0], address(HOME, kept, role=r.value), counts.get(r, 0)) for r in reversed(Role) if counts.get(r)),
    ]
    chips = [] if is_active is None else [
        (_("May sign in:"), _("yes") if is_active else _("no"), address(HOME, kept, isActive=""))
    ]  # fmt: skip
    context = UserList(
        people=found.map(lambda u: UserLine(u.id, u, role_name(u.role), bool(u.locked_until and u.locked_until > now))),
        tabs=tabs,
        here=address(HOME, kept),
        home=HOME,
        search=search,
        kept={name: value for name, value in kept.items() if value and name != "search"},
        chips=chips,
        inactive_url=address(HOME, kept, isActive="false"),
        pages_url=next_pages(HOME, kept),
    )
    return await page(request, "admin/users/list.html", context, title=_("Users"))


@router.get("/{user_id}")
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
    return OneUser(
        user=user,
        role=role_name(user.role),
        roles=[(r.value, *ROLES[r]) for r in Role if rules.may_grant(actor, r) or r is user.role],
        flags=[(wire, label, text, getattr(user, _attribute(wire))) for wire, label, text in FLAGS],
        is_locked=bool(user.locked_until and user.locked_until > house.clock.now()),
        may_change=rules.may_touch(actor, user.role),
        counts=[(one.title, one.count(connection, user_id)) for one in offered],
        story=[Story(happening_title(h), h, happening_text(h), happening_icon(h)) for h in happenings],
        name=user.name if name is None else name,
        errors=errors,
    )


def _attribute(wire: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in wire)


@router.post("/{user_id}")
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


@router.post("/{user_id}/unlock")
async def unlock_user(user_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Let somebody sign in again at once."""
    async with house.db.write() as tx:
        await users.unlock(tx, actor, user_id)
    return redirect(f"{HOME}/{user_id}", flash=_("Unlocked: they can sign in again."), request=request)
