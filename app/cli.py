"""The `agora` command. Every command is a few lines that call something below."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app import commands, crew, desktop
from app.commands import opened
from app.engines import version_of_agora
from app.logs import configure_logging
from app.serve import open_instance, run_server
from app.settings import load_settings
from engine.core.errors import AgoraError, Invalid

cli = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)
for group in commands.GROUPS:
    cli.add_typer(group)
for command in commands.COMMANDS:
    cli.command(command.__name__.rstrip("_"))(command)

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", envvar="AGORA_DATA_DIR")]


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"Agora {version_of_agora()}")
        raise typer.Exit


@cli.callback(invoke_without_command=True)
def agora(
    context: typer.Context,
    data: Data = None,
    _version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Website, shop, events and courses in one program. Without a command it opens its window, or serves.

    The name of a backup's file instead of a command opens Agora where it can be put back.
    """
    if data is not None:
        os.environ["AGORA_DATA_DIR"] = str(data)  # so that --data may stand before a command, too
    if context.invoked_subcommand is None:
        settings = load_settings(data_dir=data)
        configure_logging(settings.log_level)
        raise typer.Exit(desktop.run(settings, typer.echo))


@cli.command()
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


@cli.command(crew.CHILD, hidden=True)
def serve_share(
    socket: Annotated[int, typer.Option()],
    life: Annotated[int, typer.Option()],
    ready: Annotated[int, typer.Option()],
    number: Annotated[int, typer.Option()],
    data: Data = None,
) -> None:
    """Serve as one of several processes; their parent starts it."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.log_level)
    crew.run_share(settings, socket, life, ready, number)


def with_command(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the command that a file's name stands for: a backup was double-clicked."""
    for at, one in enumerate(arguments):
        if Path(one).suffix.lower() in opened.ENDINGS and Path(one).is_file():
            return [*arguments[:at], opened.open_.__name__.rstrip("_"), *arguments[at:]]
        if not one.startswith("-") and (at == 0 or arguments[at - 1] != "--data"):
            break
    return list(arguments)


def main() -> None:
    """Run the command; an expected refusal is one sentence and exit code 1."""
    try:
        cli(with_command(sys.argv[1:]))
    except AgoraError as error:
        typer.echo(f"agora: {error}", err=True)
        if isinstance(error, Invalid):
            for name, message in error.fields.items():
                typer.echo(f"  {name}: {message}", err=True)
        raise SystemExit(1) from None
