"""`agora reindex`: build the search index anew."""

import typer
from filelock import FileLock, Timeout

from app.commands.opening import with_house
from app.options import Data
from app.settings import load_settings, prepare_data_dir
from engine.api.ports import Ports
from engine.core.searching import ask_for_rebuild


def reindex(data: Data = None) -> None:
    """Build the search index anew beside the one in use. A running server does it itself, in the background."""
    folder = prepare_data_dir(load_settings(data_dir=data).data_dir)
    lock = FileLock(folder / "agora.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        is_new = with_house(data, lambda ports: ask_for_rebuild(ports.db))
        typer.echo("The running server builds it now." if is_new else "The running server is building it already.")
        return
    try:
        count = with_house(data, _rebuild)
    finally:
        lock.release()
    typer.echo(f"The search index is new, and holds {count} things.")


async def _rebuild(ports: Ports) -> int:
    return await ports.keeper.rebuild()
