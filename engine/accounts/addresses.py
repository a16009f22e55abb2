"""A person's saved addresses: added, changed, taken away, and which one is the default."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.accounts.models import SavedAddress, User
from engine.core import addresses
from engine.core.actor import Actor
from engine.core.addresses import Address
from engine.core.errors import Conflict, NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.transaction import Tx

MOST = 50
_PARTS = tuple(Address.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A saved address as its person sees it."""

    id: UUID
    address: Address
    is_default: bool


def of_user(connection: Connection, user_id: UUID) -> list[KnownAddress]:
    """Return a person's addresses, the default first, then the latest."""
    rows = connection.execute(
        select(SavedAddress.__table__)
        .where(SavedAddress.user_id == user_id)
        .order_by(SavedAddress.is_default.desc(), SavedAddress.id.desc())
    )
    return [_known(row) for row in rows]


def one(connection: Connection, user_id: UUID, address_id: UUID) -> KnownAddress | None:
    """Return one of a person's addresses; somebody else's is None."""
    wanted = select(SavedAddress.__table__).where(SavedAddress.user_id == user_id, SavedAddress.id == address_id)
    row = connection.execute(wanted).first()
    return _known(row) if row else None


async def add(
    tx: Tx, actor: Actor, values: Mapping[str, str | None], *, is_default: bool = False, prefix: str = ""
) -> KnownAddress:
    """Keep an address for the actor; the first one is the default. One that is kept already is answered as it is.

    values: by the Address's own names. prefix: as for `addresses.checked`, which raises Invalid naming the fields.
    """
    user = await _locked_self(tx, actor)
    address = addresses.checked(values, prefix=prefix, default_name=user.name)
    held = await _held(tx, user.id)
    found = next((row for row in held if _known(row).address == address), None)
    if found is None:
        if len(held) >= MOST:
            raise Conflict(_("You have {most} addresses already. Take one away first."), most=MOST)
        found = SavedAddress(user_id=user.id, is_default=False, **asdict(address))
        tx.add(found)
        await tx.flush()
        tx.record(actor, "address.create", found, changes={})
    if is_default or not held:
        _prefer(found, held)
    return _known(found)


async def change(
    tx: Tx,
    actor: Actor,
    address_id: UUID,
    values: Mapping[str, str | None],
    *,
    is_default: bool = False,
    prefix: str = "",
) -> KnownAddress:
    """Change the parts that are given, and make it the default where that is asked. Raises NotFound, Invalid."""
    user = await _locked_self(tx, actor)
    held = await _held(tx, user.id)
    row = _among(held, address_id)
    if values:
        address = addresses.checked({**asdict(_known(row).address), **values}, prefix=prefix, default_name=user.name)
        for name, value in asdict(address).items():
            setattr(row, name, value)
    if is_default:
        _prefer(row, held)
    tx.record(actor, "address.update", row)
    return _known(row)


async def remove(tx: Tx, actor: Actor, address_id: UUID) -> None:
    """Take an address away; where it was the default, the latest of the others is it then. Raises NotFound."""
    user = await _locked_self(tx, actor)
    held = await _held(tx, user.id)
    row = _among(held, address_id)
    tx.record(actor, "address.delete", row, changes={})
    await tx.execute(delete(SavedAddress).where(SavedAddress.id == row.id))
    others = [other for other in held if other is not row]
    if row.is_default and others:
        _prefer(others[0], others)


def _prefer(row: SavedAddress, held: list[SavedAddress]) -> None:
    for other in held:
        other.is_default = False
    row.is_default = True


def _among(held: list[SavedAddress], address_id: UUID) -> SavedAddress:
    found = next((row for row in held if row.id == address_id), None)
    if found is None:
        raise NotFound(_("This is none of your addresses. Look at the list again."))
    return found


async def _held(tx: Tx, user_id: UUID) -> list[SavedAddress]:
    """Return the rows of a person, the latest first."""
    wanted = select(SavedAddress).where(SavedAddress.user_id == user_id).order_by(SavedAddress.id.desc())
    return list(await tx.scalars(wanted.execution_options(populate_existing=True)))


async def _locked_self(tx: Tx, actor: Actor) -> User:
    """Return the actor's own account, locked: of two changes, the second sees what the first left."""
    user = await tx.get(User, actor.user_id, locked=True) if actor.user_id else None
    if user is None:
        raise NotSignedIn(_("Sign in first."))
    return user


def _known(row: Any) -> KnownAddress:
    return KnownAddress(row.id, Address(**{name: getattr(row, name) for name in _PARTS}), row.is_default)
