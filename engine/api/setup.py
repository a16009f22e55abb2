"""`POST /setup`: whoever holds the claim token gives the site its settings and its owner, once."""

from typing import Annotated

from pydantic import Field

from engine.accounts import claims
from engine.accounts.claims import Office
from engine.api.apiwords import also
from engine.api.auth import Address, Answer, SignedIn, Token, Typed
from engine.api.ports import Ports
from engine.api.request import CurrentClient, House, public
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.setting import Currency, Language, TimeZone

router = APIRouter(prefix="/setup", tags=["setup"])
Name = Annotated[str, Field(min_length=1, max_length=200)]


class OrganizationWire(Wire):
    """The organisation, and how its site writes dates and money."""

    name: Name
    language: Language
    timezone: TimeZone
    currency: Currency


class OwnerWire(Wire):
    """The first super admin."""

    name: Name
    email: Address
    password: Typed


class ClaimRequest(Wire):
    """The claim: the token that Agora printed, and five answers."""

    token: Token
    organization: OrganizationWire
    owner: OwnerWire


def office_of(house: Ports) -> Office:
    """Return what a claim needs of the house."""
    return Office(house.db, house.settings, house.front_desk.passwords, house.front_desk.claim_token)


@router.post("", status_code=201, dependencies=[public], responses=also(403, 409))
async def claim(sent: ClaimRequest, house: House, client: CurrentClient) -> SignedIn:
    """Claim the site and sign its owner in; 403 for a wrong token, 409 once somebody owns it."""
    organization = claims.Organization(**sent.organization.model_dump())
    owner = claims.Owner(**sent.owner.model_dump())
    return await claims.claim(office_of(house), sent.token, organization, owner, client, Answer(house, client))
