"""The desktop's own window signs in here: with a token from this process's memory, on this machine, once."""

from fastapi import Request, Response

from engine.accounts import desktop
from engine.api.request import CurrentClient, House, public
from engine.api.routing import APIRouter
from engine.core.distance import Distance
from engine.core.errors import NotAllowed
from ui.account.session_cookie import keep
from ui.respond import own_address, redirect

router = APIRouter(prefix="/desktop", include_in_schema=False, dependencies=[public])


@router.get("/sign-in")
async def sign_in(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign in the owner whose machine this is; anybody else is shown the ordinary way in."""
    wanted = own_address(request.query_params.get("next"), "/admin")
    is_here = request.state.distance is Distance.THIS_MACHINE
    if not is_here or not house.front_desk.desktop.redeem(request.query_params.get("token", "")):
        return redirect("/admin/sign-in")
    try:
        async with house.db.write() as tx:
            cookie = await desktop.sign_in_owner(tx, client)
    except NotAllowed:
        return redirect("/setup")
    return keep(request, redirect(wanted), cookie)
