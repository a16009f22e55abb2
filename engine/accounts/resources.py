"""What accounts keep lists of: everybody who can sign in, and devices that are let in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import case

from engine.accounts import users
from engine.accounts.devices import revoke
from engine.accounts.facts import DevicePaired, DeviceRevoked, UserRegistered
from engine.accounts.identity import lacks_step
from engine.accounts.models import Device, User
from engine.core.access import Permission
from engine.core.actor import Actor, Role
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, View
from engine.core.transaction import Tx


async def _update(tx: Tx, actor: Actor, user_id: UUID, changes: Mapping[str, Any]) -> User:
    return await users.update(tx, actor, user_id, users.UserUpdate(**changes))


def _is_locked(values: Mapping[str, Any]) -> bool:
    return values["locked_until"] is not None


USERS = Resource(
    path="users",
    noun="user",
    model=User,
    singular=_("User"),
    plural=_("Users"),
    title=lambda row: row.name,
    text=_("Everybody with an account. What somebody may do follows from their role."),
    icon="users",
    read=Permission.MANAGE_USERS,
    write=Permission.MANAGE_USERS,
    makes=False,
    deletes=False,
    order=(User.created_at.desc(),),
    words=(User.search_text,),
    facts=(UserRegistered,),
    verbs={"update": _update},
    actions={
        "unlock": Action(label=_("Unlock"), run=users.unlock, permission=Permission.MANAGE_USERS, icon="key",
                         done=_("Unlocked: they can sign in again."), shown=_is_locked),
    },
    fields=(
        Field(User.name, _("Name"), _("What the person is called."), column=True, search=True, sort=True),
        Field(User.email, _("E-mail"), _("The address they sign in with."), column=True, search=True, sort=True,
              write=False),
        Field(User.role, _("Role"), _("A higher role may all that a lower one may."), column=True, filter=True),
        Field(User.is_active, _("May sign in"), _("Switched off, they are signed out everywhere at once."),
              column=True, filter=True),
        Field(User.is_event_staff, _("Event staff"), _("Checks people in and prints badges."), filter=True),
        Field(User.is_exhibitor, _("Exhibitor"), _("Keeps a booth and its contacts."), filter=True),
        Field(User.is_kiosk, _("Kiosk"), _("A screen at a door."), filter=True),
        Field(User.is_course_admin, _("Course administrator"), _("Runs all courses."), filter=True),
        Field(User.is_instructor, _("Instructor"), _("Teaches and grades."), filter=True),
        Field(User.email_verified_at, _("Address confirmed"), _("When they proved that the address is theirs."),
              write=False),
        Field(User.last_login_at, _("Last signed in"), _("When they signed in last."), column=True, sort=True,
              filter=True, write=False),
        Field(User.failed_logins, _("Wrong passwords"), _("Since they signed in last."), write=False),
        Field(User.locked_until, _("Locked until"), _("After five wrong passwords, for half an hour."), write=False),
        Field(lacks_step().label("lacks_second_step"), _("Staff without a second step"),
              _("Whether they may work here, and sign in by the password alone."), filter=True, write=False),
    ),
    views=(
        View(label=_("Customers"), filters={"role": Role.CUSTOMER.value}),
        View(label=_("No second step"), filters={"lacksSecondStep": "true"}),
        View(label=_("May not sign in"), filters={"isActive": "false"}),
    ),
    empty=(_("Nobody yet"), _("Whoever registers is listed here.")),
)  # fmt: skip

PAIR = "/admin/devices/pair"
_STATE = case(
    (Device.token_hash.is_not(None), "paired"),
    (Device.code_hash.is_not(None), "waiting"),
    (Device.revoked_at.is_not(None), "revoked"),
    else_="over",
).label("state")

DEVICES = Resource(
    path="devices",
    noun="device",
    model=Device,
    singular=_("Device"),
    plural=_("Devices"),
    title=lambda row: row.name,
    text=_("Screens at doors and counters. Each is let in by a code, and can be shut out here."),
    icon="tablet",
    read=Permission.MANAGE_DEVICES,
    write=Permission.MANAGE_DEVICES,
    makes=False,
    deletes=False,
    order=(Device.created_at.desc(),),
    facts=(DevicePaired, DeviceRevoked),
    actions={
        "revoke": Action(label=_("Shut out"), run=revoke, permission=Permission.MANAGE_DEVICES, icon="log-out",
                         done=_("Shut out: its next request is a stranger’s."), bulk=True,
                         confirm=_("The screen goes dark at its next request. A new code lets it in again."),
                         shown=lambda values: values["state"] in ("paired", "waiting")),
    },
    adds=(PAIR, _("Pair a device")),
    leads=((f"{PAIR}?device={{id}}", _("New code"), "qr-code"),),
    fields=(
        Field(Device.name, _("Name"), _("What it is called, such as Front door."), column=True, search=True, sort=True),
        Field(Device.place, _("Place"), _("Where it stands."), column=True, search=True, sort=True, required=False),
        Field(_STATE, _("State"), _("Whether it is let in."), column=True, write=False,
              choices=(("paired", _("Let in")), ("waiting", _("Waiting for its code")),
                       ("over", _("Its code ran out")), ("revoked", _("Shut out"))),
              tones={"paired": "success", "waiting": "info", "over": "warning", "revoked": "neutral"}),
        Field(Device.paired_at, _("Paired"), _("When it brought its code."), column=True, sort=True, write=False),
        Field(Device.seen_at, _("Last seen"), _("When it asked last, to five minutes."), column=True, sort=True,
              write=False),
        Field(Device.ip_address, _("Address"), _("From where it asked last."), write=False),
        Field(Device.user_agent, _("Browser"), _("What it says it is."), write=False),
        Field(Device.revoked_at, _("Shut out at"), _("When it was shut out."), write=False),
    ),
    empty=(_("No device yet"), _("Pair a tablet or an old phone: it shows a code, or takes one, and is let in.")),
)  # fmt: skip
