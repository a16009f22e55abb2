"""`agora secrets`: new keys for an installation, and keys for several machines to share."""

from typing import Annotated

import typer
from filelock import FileLock, Timeout

from app.commands.opening import with_house
from app.opening import LOCK
from app.options import Data
from app.settings import load_settings, prepare_data_dir
from engine.api.ports import Ports
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.secrets import NAME, load_secrets, make_secrets, read_secrets, rotated, written
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
    if settings.keys and not read_secrets(settings.keys.get_secret_value()).former_key:
        raise Conflict(_("The keys come from AGORA_SECRETS. Put there what “agora secrets make --following” prints."))
    folder = prepare_data_dir(settings.data_dir)

    async def run(ports: Ports) -> int:
        return await rotating.rotate(ports.db, folder, ports.secrets, links=links)

    try:
        with FileLock(folder / LOCK, timeout=0, thread_local=False):
            count = with_house(data, run)
    except Timeout:
        raise Conflict(_("Agora is running on this data folder, with the old keys in memory. Stop it first.")) from None
    if settings.keys:
        typer.echo(f"What AGORA_SECRETS may hold from now on: {(folder / NAME).read_text()}")
    typer.echo(f"The keys are new, {count} stored secrets were encrypted anew, and everybody signs in again.")
    if settings.jwt_secret or settings.session_secret:
        typer.echo("JWT_SECRET and SESSION_SECRET come from the environment: change them there, too.")


@secrets.command()
def make(
    *,
    following: Annotated[
        bool, typer.Option("--following", help="Keys that also open what this installation's close; then rotate.")
    ] = False,
    data: Data = None,
) -> None:
    """Print keys for AGORA_SECRETS, by which several machines are one installation. Nothing is changed here."""
    if not following:
        typer.echo(written(make_secrets()))
        return
    settings = load_settings(data_dir=data)
    kept = read_secrets(settings.keys.get_secret_value()) if settings.keys else load_secrets(settings.data_dir)
    typer.echo(written(rotated(kept)))


@secrets.callback()
def _secrets() -> None:
    """The keys of this installation."""
