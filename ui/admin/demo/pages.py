"""Taking the demo away: one click, or first an account for who stays."""

from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from engine.accounts import demo as people
from engine.accounts import hashing, users
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import demo
from engine.core.access import Permission
from engine.core.actor import Role
from engine.core.demo import DemoCounts
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.mailbox import normal_email
from ui.respond import page, redirect

router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])
ADDRESS = "/admin/demo"


@dataclass(frozen=True)
class DemoPage:
    """What is there, and whether somebody must take the shop over before it goes."""

    demo: DemoCounts | None
    needs_owner: bool
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Message | str] = field(default_factory=dict)


def _read(connection: Connection) -> DemoPage:
    return DemoPage(demo.demo_counts(connection), needs_owner=not people.has_real_owner(connection))


@router.get(ADDRESS)
async def show(request: Request, house: House) -> Response:
    """Answer what would go, and what would stay."""
    return await page(request, "admin/demo/show.html", await house.db.query(_read), title=_("Demo data"))


@router.post(f"{ADDRESS}/remove")
async def remove(request: Request, house: House, actor: Caller) -> Response:
    """Take the demo away; where only its own people could run the shop, make the account that stays first."""
    found = await house.db.query(_read)
    if found.demo is None:
        raise Conflict(_("There is no demo data here."))
    if found.needs_owner:
        form = await request.form()
        values = {name: str(form.get(name, "")) for name in ("name", "email", "password")}
        try:
            await _owner(house, actor, **values)
        except Invalid as error:
            values.pop("password")
            shown = DemoPage(found.demo, needs_owner=True, values=values, errors=dict(error.fields))
            return await page(
                request, "admin/demo/show.html", shown, title=_("Demo data"), block="takeover", status=422
            )
    await demo.remove(house.db, house.blobs, house.settings, house.demo_parts, actor)
    return redirect("/admin", flash=_("The demo data is gone. The shop is yours."), request=request)


async def _owner(house: House, actor: Caller, *, name: str, email: str, password: str) -> None:
    """Make the super admin who stays. Raises Invalid naming the fields, Conflict for an address that has an account."""
    address = normal_email(email)
    called = users.required_name(name)
    hashing.check_new(password, email=address)
    password_hash = await house.front_desk.passwords.hash(password)
    async with house.db.write() as tx:
        await users.create(tx, actor, email=address, name=called, password_hash=password_hash, role=Role.SUPER_ADMIN)
