"""`agora serve`, and `agora` alone: the server, in one process or several, and the window."""

from pathlib import Path
from typing import Annotated

import typer

from app import crew, desktop
from app.logs import configure_logging
from app.options import Data
from app.serve import open_instance, run_server
from app.settings import load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes answer requests.")] = None,
    data: Data = None,
) -> None:
    """Serve every surface; print the addresses and, while nobody owns the site, the claim token."""
    settings = load_settings(data_dir=data, host=host, port=port, workers=workers)
    configure_logging(settings.log_level)
    if settings.workers > 1:
        crew.run_crew(settings, typer.echo)
    else:
        run_server(open_instance(settings), typer.echo)


def share(
    socket: Annotated[int, typer.Option()],
    life: Annotated[int, typer.Option()],
    ready: Annotated[int, typer.Option()],
    number: Annotated[int, typer.Option()],
    data: Data = None,
) -> None:
    """Serve as one of several processes; their parent starts it."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    crew.run_share(settings, socket, life, ready, number, typer.echo)


def window(data: Path | None) -> int:
    """Open the window, or serve where none can be shown; return the exit code."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    return desktop.run(settings, typer.echo)
