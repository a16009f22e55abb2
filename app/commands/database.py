"""`agora migrate`."""

import typer

from app.engines import ground_of
from app.opening import upgrade
from app.options import Data
from app.settings import load_settings, prepare_data_dir


def migrate(data: Data = None) -> None:
    """Bring the database to this version of Agora."""
    settings = load_settings(data_dir=data)
    prepare_data_dir(settings.data_dir)
    if upgrade(settings, ground_of(settings)):
        typer.echo("The database is now at this version.")
    else:
        typer.echo("Nothing to do: the database is at this version.")
