"""Accounts: made, changed, unlocked. Nobody acts above their own role, and the last owner stays."""

from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import select

from engine.accounts import rules, sign_ins
from engine.accounts.facts import UserRegistered
from engine.accounts.models import SecondStep, User
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.plaintext import line_of
from engine.core.transaction import Tx

LONGEST_NAME = 200
TAKEN = _("There is an account with this address already. Sign in, or reset its password.")


@dataclass(frozen=True, slots=True)
class UserUpdate:
    """What to change about an account; None leaves it as it is."""

    name: str | None = None
    role: Role | None = None
    is_active: bool | None = None
    is_event_staff: bool | None = None
    is_exhibitor: bool | None = None
    is_kiosk: bool | None = None
    is_course_admin: bool | None = None
    is_instructor: bool | None = None


async def create(tx: Tx, actor: Actor, *, email: str, name: str, password_hash: str, role: Role) -> User:
    """Return a new account. email: as `normal_email` gives it. Who may is asked by the caller.

    Raises Conflict when the address has an account.
    """
    user_id = new_id()
    values = {
        "id": user_id,
        "email": email,
        "name": clean_name(name)[:LONGEST_NAME] or email.partition("@")[0][:LONGEST_NAME],
        "password_hash": password_hash,
        "role": role,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    if not await tx.insert_new(User, values):
        raise Conflict(TAKEN)
    user = await tx.get(User, user_id)
    assert user is not None  # noqa: S101 - it was just inserted
    tx.record(actor if actor.is_signed_in or actor.is_system else user.actor(actor.ip_address), "user.create", user,
              changes={}, role=role, email=email)  # fmt: skip
    tx.publish(UserRegistered(user.id, user.email))
    return user


async def update(tx: Tx, actor: Actor, user_id: UUID, changes: UserUpdate) -> User:
    """Change an account; what it may do changes with its next request.

    Raises NotAllowed below admin, for somebody above the actor's role and for a role above it, Conflict when nobody
    would be left to run the installation.
    """
    access.require(actor, Permission.MANAGE_USERS)
    is_standing = changes.role is not None or changes.is_active is not None
    owners = await _locked_owners(tx) if is_standing else []
    user = await _locked(tx, user_id)
    _require_reach(actor, user)
    if changes.role is not None and changes.role is not user.role and not rules.may_grant(actor, changes.role):
        raise NotAllowed(
            _("Your role, {role}, may not make somebody a {wanted}."), role=actor.role, wanted=changes.role
        )
    before = rules.Standing(user.role, user.is_active)
    _apply(user, changes)
    after = rules.Standing(user.role, user.is_active)
    others = sum(owner.id != user.id and owner.is_active for owner in owners)
    if is_standing and rules.loses_owner(before, after, others):
        raise Conflict(_("{name} is the only super admin. Make somebody else one first."), name=user.name)
    if not user.is_active and before.is_active:
        await sign_ins.end_all(tx, user)
    action = "user.change_role" if after.role is not before.role else "user.update"
    tx.record(actor, action, user)
    return user


def _apply(user: User, changes: UserUpdate) -> None:
    for field in fields(changes):
        value = getattr(changes, field.name)
        if value is None:
            continue
        if field.name == "name":
            user.call(required_name(value))
        else:
            setattr(user, field.name, value)


async def rename(tx: Tx, actor: Actor, name: str) -> User:
    """Change the actor's own name."""
    user = await tx.get(User, actor.user_id, locked=True) if actor.user_id else None
    if user is None:
        raise NotSignedIn(_("Sign in first."))
    user.call(required_name(name))
    tx.record(actor, "user.update", user)
    return user


async def unlock(tx: Tx, actor: Actor, user_id: UUID) -> User:
    """Forget an account's wrong passwords and codes, so that it can sign in at once."""
    access.require(actor, Permission.MANAGE_USERS)
    user = await _locked(tx, user_id)
    _require_reach(actor, user)
    user.failed_logins, user.locked_until = 0, None
    step = await tx.get(SecondStep, user_id, locked=True)
    if step is not None:
        step.failures, step.locked_until = 0, None
    tx.record(actor, "user.unlock", user)
    return user


async def put_password(tx: Tx, actor: Actor, user: User, password_hash: str, *, but: UUID | None = None) -> None:
    """Give an account a new password, unlock it, and sign it out everywhere. but: the browser session that stays."""
    user.password_hash = password_hash
    user.failed_logins, user.locked_until = 0, None
    await sign_ins.end_all(tx, user, but=but)
    tx.record(actor, "user.change_password", user, changes={})


async def with_email(tx: Tx, email: str) -> User:
    """Return the account with this address. Raises NotFound."""
    user: User | None = await tx.scalar(select(User).where(User.email == email))
    if user is None:
        raise NotFound(_("There is no account with the address {email}."), email=email)
    return user


def clean_name(name: str) -> str:
    """Return a name on one line: no control characters, one space between words."""
    printable = "".join(" " if c.isspace() else c for c in name if c.isprintable() or c.isspace())
    return line_of(printable)


def required_name(name: str, field: str = "name") -> str:
    """Return the cleaned name. Raises Invalid when nothing is left, or too much."""
    cleaned = clean_name(name)
    if not cleaned or len(cleaned) > LONGEST_NAME:
        message = _("A name has 1 to {most} characters.").having(most=LONGEST_NAME)
        raise Invalid(message, {field: message})
    return cleaned


async def _locked(tx: Tx, user_id: UUID) -> User:
    user = await tx.get(User, user_id, locked=True)
    if user is None:
        raise NotFound(_("There is no account {id}."), id=user_id)
    return user


async def _locked_owners(tx: Tx) -> list[User]:
    """Return all super admins, locked in order: of two that demote each other, the second sees the first's change."""
    found = await tx.scalars(
        select(User)
        .where(User.role == Role.SUPER_ADMIN)
        .order_by(User.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


def _require_reach(actor: Actor, user: User) -> None:
    if rules.may_touch(actor, user.role):
        return
    raise NotAllowed(
        _("{name} is a {role}: only somebody of that role may change them."), name=user.name, role=user.role
    )
