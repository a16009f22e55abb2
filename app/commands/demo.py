"""`agora demo`: a small museum's shop to look at, and its removal."""

from typing import Annotated

import typer

from app.commands.opening import with_house
from app.options import Data
from app.settings import Settings, is_loopback, load_settings
from engine.accounts import identity
from engine.api.ports import Ports
from engine.core import demo as demo_
from engine.core.demo import DemoCounts, Making
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.site import Reach

KNOWN = "Password123!"


def demo(
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take the demo away again.")] = False,
    known_passwords: Annotated[
        bool, typer.Option("--known-passwords", help=f"Let everybody sign in with {KNOWN}: on this machine only.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another number tells another story.")] = 1,
    data: Data = None,
) -> None:
    """Fill the shop with a believable organisation: products, pictures, people and three months of orders."""
    if remove:
        found = with_house(data, _remove)
        typer.echo(f"The demo is gone: {found.products} products, {found.orders} orders, {found.people} people.")
        return
    settings = load_settings(data_dir=data)

    async def run(ports: Ports) -> Making:
        if known_passwords:
            _refuse_known(settings, ports)
        making = Making(
            db=ports.db,
            blobs=ports.blobs,
            settings=ports.settings,
            secrets=ports.secrets,
            hash_password=ports.front_desk.passwords.hash,
            is_first=not await ports.db.query(identity.has_owner),
            seed=seed,
            password=KNOWN if known_passwords else None,
        )
        await demo_.make(making, ports.demo_parts)
        if making.is_first:
            ports.front_desk.claim_token.forget()
        return making

    making = with_house(data, run)
    typer.echo("The demo is here. These people can sign in at /admin; their passwords are shown only now:\n")
    widest = max(len(one.email) for one in making.credentials)
    for one in making.credentials:
        typer.echo(f"  {one.email:{widest}}  {one.password:16}  {one.role.value}")
    typer.echo("\nTake it away again with “agora demo --remove”, or in the admin.")


async def _remove(ports: Ports) -> DemoCounts:
    return await demo_.remove(ports.db, ports.blobs, ports.settings, ports.demo_parts)


def _refuse_known(settings: Settings, ports: Ports) -> None:
    """Raise Conflict where anybody but this machine could sign in with a password that the whole world knows."""
    surfaces = ports.site.system.surfaces
    reaches = [getattr(surfaces, name) for name in type(surfaces).model_fields]
    if (settings.host and not is_loopback(settings.host)) or any(reach is not Reach.THIS_MACHINE for reach in reaches):
        raise Conflict(
            _("Others can reach this site, and everybody knows {password}. Leave --known-passwords out."),
            password=KNOWN,
        )
