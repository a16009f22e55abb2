"""`/auth/me/addresses`: where the account that asks has things sent."""

from uuid import UUID

from engine.accounts import addresses
from engine.accounts.addresses import KnownAddress
from engine.api.apiwords import also
from engine.api.order_wire import AddressCreate, AddressWire
from engine.api.request import Caller, House, WriteTx, signed_in
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.errors import NotFound, NotSignedIn
from engine.core.i18n import _

router = APIRouter(prefix="/auth/me/addresses", tags=["auth"], dependencies=[signed_in])


class SavedAddressWire(AddressWire):
    """A saved address. isDefault: the one that a checkout begins with."""

    id: UUID
    is_default: bool

    @classmethod
    def of(cls, known: KnownAddress) -> "SavedAddressWire":
        parts = AddressWire.from_address(known.address).model_dump()
        return cls(**parts, id=known.id, is_default=known.is_default)


class SavedAddresses(Wire):
    """All of them: there are never so many that they need pages."""

    items: list[SavedAddressWire]
    total: int
    page: int
    limit: int


class SavedAddressWrite(AddressCreate):
    """An address to keep, or the parts of one to change. isDefault: true makes it the default."""

    is_default: bool = False

    def parts(self) -> dict[str, str | None]:
        """Return what was sent of the address itself."""
        return self.model_dump(exclude_unset=True, exclude={"is_default"})


@router.get("")
async def list_addresses(actor: Caller, house: House) -> SavedAddresses:
    """List one's addresses, the default first."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    found = await house.db.query(addresses.of_user, actor.user_id)
    items = [SavedAddressWire.of(known) for known in found]
    return SavedAddresses(items=items, total=len(items), page=1, limit=max(1, len(items)))


@router.post("", status_code=201, responses=also(409))
async def add_address(sent: SavedAddressWrite, actor: Caller, tx: WriteTx) -> SavedAddressWire:
    """Keep an address; one that is kept already is answered again."""
    return SavedAddressWire.of(await addresses.add(tx, actor, sent.parts(), is_default=sent.is_default))


@router.get("/{address_id}")
async def read_address(address_id: UUID, actor: Caller, house: House) -> SavedAddressWire:
    """Return one of one's addresses."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    found = await house.db.query(addresses.one, actor.user_id, address_id)
    if found is None:
        raise NotFound(_("This is none of your addresses. Look at the list again."))
    return SavedAddressWire.of(found)


@router.patch("/{address_id}")
async def change_address(address_id: UUID, sent: SavedAddressWrite, actor: Caller, tx: WriteTx) -> SavedAddressWire:
    """Change the parts that are sent."""
    return SavedAddressWire.of(await addresses.change(tx, actor, address_id, sent.parts(), is_default=sent.is_default))


@router.delete("/{address_id}", status_code=204)
async def remove_address(address_id: UUID, actor: Caller, tx: WriteTx) -> None:
    """Take an address away."""
    await addresses.remove(tx, actor, address_id)
