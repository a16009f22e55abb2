"""`agora secrets rotate`: new keys."""

from typing import Annotated

import typer
from filelock import FileLock, Timeout

from app.commands.opening import Data, with_house
from app.opening import LOCK
from app.settings import load_settings, prepare_data_dir
from engine.api.ports import Ports
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.operations import rotating

secrets = typer.Typer(name="secrets", help="The keys of this installation.", no_args_is_help=True)


@secrets.command()
def rotate(
    *,
    links: Annotated[
        bool, typer.Option("--links", help="Also the key of links that were sent: to orders, and to stop letters.")
    ] = False,
    data: Data = None,
) -> None:
    """Make new keys: everybody signs in again, and stored secrets are encrypted anew. Stop Agora first."""
    settings = load_settings(data_dir=data)
    folder = prepare_data_dir(settings.data_dir)

    async def run(ports: Ports) -> int:
        return await rotating.rotate(ports.db, folder, ports.secrets, links=links)

    try:
        with FileLock(folder / LOCK, timeout=0, thread_local=False):
            count = with_house(data, run)
    except Timeout:
        raise Conflict(_("Agora is running on this data folder, with the old keys in memory. Stop it first.")) from None
    typer.echo(f"The keys are new, {count} stored secrets were encrypted anew, and everybody signs in again.")
    if settings.jwt_secret or settings.session_secret:
        typer.echo("JWT_SECRET and SESSION_SECRET come from the environment: change them there, too.")


@secrets.callback()
def _secrets() -> None:
    """The keys of this installation."""
