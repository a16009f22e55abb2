"""Devices: let in by a code that works once, known by a token, and shut out again with their next request.

A code is good for ten minutes. Whoever brings it first has it; the device keeps a random token in its place.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from engine.accounts.client import Client
from engine.accounts.facts import DevicePaired, DeviceRevoked
from engine.accounts.models import Device
from engine.accounts.pairing_codes import new_code, read_code
from engine.accounts.users import clean_name
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import AuditResult
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import digest, new_id
from engine.core.transaction import Tx

CODE_LIFETIME = timedelta(minutes=10)
END_CODES = "devices.end-codes"
#: A device in use is written down again at most so often.
SEEN_EVERY = timedelta(minutes=5)
LONGEST = 100
OVER = _("This code is unknown, used or over. Ask for a new one: a code is good for ten minutes and one device.")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A device that is waited for. code: said once, here; only its SHA-256 is kept."""

    device_id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A device that was let in. token: what it brings from then on; said once, here."""

    device_id: UUID
    name: str
    place: str
    token: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that asks. is_due: whether it should be written down as in use."""

    id: UUID
    name: str
    place: str
    paired_at: datetime
    is_due: bool


async def expect(tx: Tx, actor: Actor, name: str, place: str = "") -> Pairing:
    """Return the code that lets a new device in. Raises NotAllowed, Invalid for a name that is empty or too long."""
    access.require(actor, Permission.MANAGE_DEVICES)
    device = Device(id=new_id(), name=_written(name, "name", least=1), place=_written(place, "place", least=0))
    tx.add(device)
    pairing = _coded(tx, device, actor)
    await tx.flush()
    tx.record(actor, "device.create", device, resource_type="device", name=device.name)
    return pairing


async def expect_again(tx: Tx, actor: Actor, device_id: UUID) -> Pairing:
    """Return a new code for a device that is known: who brings it takes the place of what was paired before."""
    access.require(actor, Permission.MANAGE_DEVICES)
    device = await _locked(tx, device_id)
    pairing = _coded(tx, device, actor)
    tx.record(actor, "device.code", device, changes={}, resource_type="device", name=device.name)
    return pairing


async def pair(db: Database, client: Client, code: str) -> Paired:
    """Let in the device that brings a code; of two that come at once, one gets it.

    Raises Conflict for a code that is unknown, used or over; that is audited.
    """
    async with db.write() as tx:
        found = await _take(tx, client, code)
    if found is None:
        raise Conflict(OVER)
    return found


async def _take(tx: Tx, client: Client, code: str) -> Paired | None:
    token, written = secrets.token_urlsafe(32), read_code(code)
    device_id: Any = await tx.scalar(
        update(Device)
        .where(Device.code_hash == digest(written), Device.code_expires_at > tx.now)
        .values(
            code_hash=None,
            code_expires_at=None,
            token_hash=digest(token),
            paired_at=tx.now,
            seen_at=tx.now,
            revoked_at=None,
            ip_address=client.ip_address,
            user_agent=client.user_agent,
        )
        .returning(Device.id)
    )
    if device_id is None:
        tx.record(client.stranger, "device.pair", None, result=AuditResult.FAILURE, changes={}, resource_type="device")
        return None
    device = await tx.get(Device, device_id)
    assert device is not None  # noqa: S101 - it was just changed
    tx.record(client.stranger, "device.pair", device, changes={}, resource_type="device", name=device.name)
    tx.publish(DevicePaired(device.id, device.name))
    return Paired(device.id, device.name, device.place, token)


async def end_codes(tx: Tx) -> None:
    """Take away the codes that ran out; until when they were good is kept, so that lists say what became of them."""
    await tx.execute(
        update(Device).where(Device.code_hash.is_not(None), Device.code_expires_at <= tx.now).values(code_hash=None)
    )


async def revoke(tx: Tx, actor: Actor, device_id: UUID) -> Device:
    """Shut a device out: its next request is a stranger's, and a code that waits for it is over."""
    access.require(actor, Permission.MANAGE_DEVICES)
    device = await _locked(tx, device_id)
    if device.token_hash is None and device.code_hash is None:
        raise Conflict(_("“{name}” is not let in, so there is nothing to take away."), name=device.name)
    device.token_hash = device.code_hash = device.code_expires_at = None
    device.revoked_at = tx.now
    tx.record(actor, "device.revoke", device, resource_type="device", name=device.name)
    tx.publish(DeviceRevoked(device.id, device.name))
    return device


async def leave(tx: Tx, token: str, client: Client) -> None:
    """Shut out the device of this token, by its own wish."""
    device: Device | None = await tx.scalar(select(Device).where(Device.token_hash == digest(token)).with_for_update())
    if device is None:
        return
    device.token_hash, device.revoked_at = None, tx.now
    tx.record(client.stranger, "device.leave", device, resource_type="device", name=device.name)
    tx.publish(DeviceRevoked(device.id, device.name))


def device_of(connection: Connection, token: str, now: datetime) -> KnownDevice | None:
    """Return the device that brings this token; None for one that is unknown or was shut out."""
    row = connection.execute(
        select(Device.id, Device.name, Device.place, Device.paired_at, Device.seen_at).where(
            Device.token_hash == digest(token)
        )
    ).first()
    if row is None:
        return None
    is_due = row.seen_at is None or now - row.seen_at >= SEEN_EVERY
    return KnownDevice(row.id, row.name, row.place, row.paired_at, is_due)


async def note_seen(tx: Tx, device_id: UUID, client: Client) -> None:
    """Write down that a device is in use, and from where."""
    await tx.execute(
        update(Device)
        .where(Device.id == device_id, Device.token_hash.is_not(None))
        .values(seen_at=tx.now, ip_address=client.ip_address, user_agent=client.user_agent)
    )


def standing(connection: Connection, device_id: UUID) -> tuple[str, bool, datetime | None]:
    """Return a device's name, whether it is let in, and until when its code is good. Raises NotFound."""
    row = connection.execute(
        select(Device.name, Device.token_hash, Device.code_expires_at).where(Device.id == device_id)
    ).first()
    if row is None:
        raise NotFound(_("There is no device {id}."), id=device_id)
    return row.name, row.token_hash is not None and row.code_expires_at is None, row.code_expires_at


def known(connection: Connection) -> list[tuple[UUID, str]]:
    """Return every device's id and name, by name."""
    return [(row.id, row.name) for row in connection.execute(select(Device.id, Device.name).order_by(Device.name))]


def _coded(tx: Tx, device: Device, actor: Actor) -> Pairing:
    code = new_code()
    device.code_hash, device.code_expires_at = digest(read_code(code)), tx.now + CODE_LIFETIME
    tx.enqueue(END_CODES, run_at=device.code_expires_at, actor=actor)
    return Pairing(device.id, code, device.code_expires_at)


def _written(text: str, field: str, least: int) -> str:
    found = clean_name(text)
    if least <= len(found) <= LONGEST:
        return found
    message = _("This has {least} to {most} characters.").having(least=least, most=LONGEST)
    raise Invalid(message, {field: message})


async def _locked(tx: Tx, device_id: UUID) -> Device:
    device = await tx.get(Device, device_id, locked=True)
    if device is None:
        raise NotFound(_("There is no device {id}."), id=device_id)
    return device
