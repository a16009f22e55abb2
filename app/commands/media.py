"""`agora media mirror`: copy every file to another store."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.blobs.local import LocalBlobStore
from app.backends import STORAGES, StorageName, backends_of
from app.commands.opening import with_house
from app.commands.shelves import kept_settings
from app.engines import ground_of, open_blobs
from app.options import Data
from app.places import SecondPlaces
from app.settings import Settings, load_settings
from engine.api.ports import Ports
from engine.core.errors import Invalid
from engine.core.mirroring import Mirrored, mirror
from engine.core.ports import BlobStore, SystemClock

media = typer.Typer(name="media", help="Pictures and files.", no_args_is_help=True)
To = Annotated[str, typer.Option("--to", help="local, s3 or azure, as the settings name them, or a folder.")]


@media.command("mirror")
def mirror_(to: To, data: Data = None) -> None:
    """Copy every file that the other store lacks; a run that broke off is run again. A server may run beside it."""
    settings = load_settings(data_dir=data)
    target = target_of(to, settings)

    def tell(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            typer.echo(f"  {done} of {of} files")

    async def run(ports: Ports) -> Mirrored:
        return await mirror(ports.blobs, target, tell)

    found = with_house(data, run)
    size = f"{found.copied_bytes / 1_000_000:.1f} MB"
    typer.echo(f"{found.copied} files ({size}) were copied, {found.already} were there already.")


@media.command()
def fetch(
    source: Annotated[str, typer.Option("--from", help="The second place: a folder, s3:// or azure://.")],
    data: Data = None,
) -> None:
    """Bring back files that are missing here from the second place of the backups. A server may run beside it."""
    settings = load_settings(data_dir=data)
    ground = ground_of(settings)
    store = SecondPlaces(settings, SystemClock()).files(source, kept_settings(ground))

    async def run(ports: Ports) -> Mirrored:
        return await mirror(store, ports.blobs)

    found = with_house(data, run)
    typer.echo(f"{found.copied} files ({found.copied_bytes / 1_000_000:.1f} MB) are back, {found.already} were here.")


def target_of(to: str, settings: Settings) -> BlobStore:
    """Return the store that is meant. Raises Invalid for the one in use, and for one that nothing says where it is."""
    if to == backends_of(settings).storage:
        raise Invalid(f"Files are kept in {to} already; name another store: {', '.join(STORAGES)}, or a folder.")
    if to in STORAGES:
        name: StorageName = next(one for one in STORAGES if one == to)
        backends_of(settings.model_copy(update={"storage": name}))
        return open_blobs(name, settings, SystemClock())
    folder = Path(to.removeprefix("file://")).expanduser()
    if not folder.is_absolute():
        raise Invalid(f"“{to}” is no store; name one of {', '.join(STORAGES)}, or a folder from the root: /mnt/mirror.")
    return LocalBlobStore(folder)
