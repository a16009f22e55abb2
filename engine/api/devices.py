"""`/devices`: codes that let screens in, and bringing one; the list, renaming and shutting out are a resource."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from engine.accounts import devices
from engine.api.apiwords import also
from engine.api.request import Caller, CurrentClient, House, WriteTx, allow, public
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission

router = APIRouter(prefix="/devices", tags=["devices"])
MAY = allow(Permission.MANAGE_DEVICES)
NO_STORE = "no-store"


class DeviceExpected(Wire):
    """What the device is called, and where it stands."""

    name: Annotated[str, Field(max_length=500)]
    place: Annotated[str, Field(max_length=500)] = ""


class PairingWire(Wire):
    """A device that is waited for. `code` is said here only; it is good for ten minutes and one device."""

    device_id: UUID
    code: str
    expires_at: datetime


class CodeBrought(Wire):
    """The code as somebody typed it: case, spaces and the line between do not matter."""

    code: Annotated[str, Field(max_length=100)]


class PairedWire(Wire):
    """A device that was let in. `token` is said here only; /kiosk takes it as the cookie `agora_device`."""

    device_id: UUID
    name: str
    place: str
    token: str


@router.post("/pairings", status_code=201, dependencies=[MAY])
async def expect_device(sent: DeviceExpected, actor: Caller, tx: WriteTx, response: Response) -> PairingWire:
    """Make a device and the code that lets it in."""
    response.headers["Cache-Control"] = NO_STORE
    return PairingWire.model_validate(await devices.expect(tx, actor, sent.name, sent.place))


@router.post("/{device_id:uuid}/pairings", status_code=201, dependencies=[MAY])
async def expect_device_again(device_id: UUID, actor: Caller, tx: WriteTx, response: Response) -> PairingWire:
    """Make a new code for a device; whoever brings it takes the place of what was paired before."""
    response.headers["Cache-Control"] = NO_STORE
    return PairingWire.model_validate(await devices.expect_again(tx, actor, device_id))


@router.post("/pair", dependencies=[public], responses=also(409))
async def pair_device(sent: CodeBrought, house: House, client: CurrentClient, response: Response) -> PairedWire:
    """Bring a code, and be let in: 409 for one that is unknown, used or over."""
    response.headers["Cache-Control"] = NO_STORE
    return PairedWire.model_validate(await devices.pair(house.db, client, sent.code))
