"""`agora open FILE`: what a double click on a backup does: it is put beside the others, and shown."""

from pathlib import Path
from typing import Annotated

import typer

from app import desktop
from app.commands.opening import with_house
from app.logs import configure_logging
from app.options import Data
from app.settings import load_settings
from engine.accounts import identity
from engine.api.ports import Ports
from engine.core.actor import Actor


def open_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A backup that ends in .zip or .agora.")],
    data: Data = None,
) -> None:
    """Open Agora where this backup can be put back; nothing is replaced before you say so there."""

    async def take_in(ports: Ports) -> str:
        for shelf in ports.backups.shelves:
            if file.resolve().parent == shelf.folder.resolve():
                return shelf.backup(file.name).name
        with file.open("rb") as source:
            kept = await ports.backups.take_in(ports.db, Actor.system("agora open"), source)
        is_owned = await ports.db.query(identity.has_owner)
        if not is_owned:
            typer.echo(f"Set the site up first, or put the backup back now: agora backup restore {kept.name} --yes")
        return kept.name

    name = with_house(data, take_in)
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    raise typer.Exit(desktop.run(settings, typer.echo, f"/admin/backups/{name}"))
