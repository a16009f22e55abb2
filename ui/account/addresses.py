"""A person's saved addresses: the list, and the form of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.accounts import addresses
from engine.accounts.addresses import KnownAddress
from engine.api.ports import Ports
from engine.api.request import Caller, House, signed_in
from engine.api.routing import APIRouter
from engine.core.actor import Actor
from engine.core.addresses import AddressForm, countries, lines_of
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.i18n import Message, _
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect
from ui.storefront.guessing import country_of_reader
from ui.storefront.held import private
from ui.storefront.postal import blank, form_for, parts_of, values_of

HOME = "/account/addresses"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[signed_in])


@dataclass(frozen=True)
class Shown:
    """A saved address, line by line."""

    id: UUID
    lines: list[str]
    is_default: bool


@dataclass(frozen=True)
class AddressesPage:
    """All of them."""

    addresses: list[Shown]


@dataclass(frozen=True)
class AddressPage:
    """The form of one. action: where it goes."""

    action: str
    refresh: str
    address: AddressForm
    countries: list[tuple[str, str]]
    values: Mapping[str, str]
    is_new: bool
    is_default: bool
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_addresses(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list."""
    found = await _of(house, actor)
    language = house.site.general.language
    shown = [Shown(one.id, lines_of(one.address, language), one.is_default) for one in found]
    answer = await page(request, "account/addresses.html", AddressesPage(shown), title=_("Addresses"), indexed=False)
    return private(answer)


@router.get("/new")
async def show_new(request: Request, house: House) -> Response:
    """Answer the form of a new one."""
    country = country_of_reader(request.headers.get("accept-language", ""), house.site)
    return await _form(request, house, None, {"country": country})


@router.get("/{address_id}")
async def show_address(request: Request, address_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the form of one that is saved."""
    known = await _one(house, actor, address_id)
    return await _form(request, house, known, values_of(known.address))


@router.post("/new/country")
async def change_country_of_new(request: Request, house: House) -> Response:
    """Answer the form again, asking for what the chosen country needs; nothing is saved."""
    return await _form(request, house, None, await typed(request), block="fields")


@router.post("/{address_id}/country")
async def change_country(request: Request, address_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the form again, asking for what the chosen country needs; nothing is saved."""
    known = await _one(house, actor, address_id)
    return await _form(request, house, known, await typed(request), block="fields")


@router.post("/new")
async def add_address(request: Request, house: House, actor: Caller) -> Response:
    """Save a new one."""
    values = await typed(request)
    try:
        async with house.db.write() as tx:
            await addresses.add(tx, actor, parts_of(values), is_default=values.get("isDefault") == "true")
    except (Invalid, Conflict) as error:
        return await _form(request, house, None, values, error=error)
    return redirect(HOME, flash=_("The address is saved."), request=request)


@router.post("/{address_id}")
async def change_address(request: Request, address_id: UUID, house: House, actor: Caller) -> Response:
    """Save the changes to one."""
    values = await typed(request)
    try:
        async with house.db.write() as tx:
            is_default = values.get("isDefault") == "true"
            await addresses.change(tx, actor, address_id, parts_of(values), is_default=is_default)
    except Invalid as error:
        return await _form(request, house, await _one(house, actor, address_id), values, error=error)
    return redirect(HOME, flash=_("The address is saved."), request=request)


@router.post("/{address_id}/default")
async def prefer_address(request: Request, address_id: UUID, house: House, actor: Caller) -> Response:
    """Make one the default."""
    async with house.db.write() as tx:
        await addresses.change(tx, actor, address_id, {}, is_default=True)
    return redirect(HOME, flash=_("The checkout begins with this address now."), request=request)


@router.post("/{address_id}/removal")
async def remove_address(request: Request, address_id: UUID, house: House, actor: Caller) -> Response:
    """Take one away."""
    async with house.db.write() as tx:
        await addresses.remove(tx, actor, address_id)
    return redirect(HOME, flash=_("The address is gone."), request=request)


async def _form(
    request: Request,
    house: Ports,
    known: KnownAddress | None,
    values: Mapping[str, str],
    *,
    error: AgoraError | None = None,
    block: str = "content",
) -> Response:
    action = f"{HOME}/{known.id if known else 'new'}"
    title: Message = _("Change the address") if known else _("A new address")
    context = AddressPage(
        action=action,
        refresh=f"{action}/country",
        address=form_for(values.get("country", ""), house.site),
        countries=list(countries(house.site.general.language)),
        values={**blank(), **values},
        is_new=known is None,
        is_default=values.get("isDefault") == "true" or (known is not None and known.is_default),
        errors=errors_of(error) if error else {},
    )
    status = 422 if error else 200
    answer = await page(
        request, "account/address.html", context, title=title, status=status, block=block, indexed=False
    )
    return private(answer)


async def _of(house: Ports, actor: Actor) -> list[KnownAddress]:
    return await house.db.query(addresses.of_user, actor.user_id) if actor.user_id else []


async def _one(house: Ports, actor: Actor, address_id: UUID) -> KnownAddress:
    found = await house.db.query(addresses.one, actor.user_id, address_id) if actor.user_id else None
    if found is None:
        raise NotFound(_("This is none of your addresses. Look at the list again."))
    return found
