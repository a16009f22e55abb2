"""`agora surface NAME REACH`: who may reach a part of the site."""

from typing import Annotated

import typer

from app.commands.opening import with_house
from app.options import Data
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.site import Reach, SurfaceName, System


def surface(
    name: Annotated[SurfaceName, typer.Argument(help="Which part.")],
    reach: Annotated[Reach, typer.Argument(help="Who may reach it.")],
    data: Data = None,
) -> None:
    """Open or close a surface. A running server follows within about a second."""

    async def run(ports: Ports) -> None:
        async with ports.db.write() as tx:
            sent = {"surfaces": {name.value: reach.value}}
            await ports.settings.save(tx, Actor.system("agora surface"), System, sent)

    with_house(data, run)
    typer.echo(f"The {name.value} is now open to {reach.value.replace('-', ' ')}.")
