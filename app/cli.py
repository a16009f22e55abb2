"""The `agora` command. Every command is a few lines that call something below, and is read when it is used."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app import late
from app.options import Data
from engine.core.errors import AgoraError, Invalid

cli = typer.Typer(cls=late.Commands, no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)
BACKUP_ENDINGS = (".agora", ".zip")


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"Agora {late.read('app.engines').version_of_agora()}")
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
        if late.read("app.second").is_shown(data, typer.echo):
            raise typer.Exit
        raise typer.Exit(late.read("app.commands.serve").window(data))


def with_command(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the command that a file's name stands for: a backup was double-clicked."""
    for at, one in enumerate(arguments):
        if Path(one).suffix.lower() in BACKUP_ENDINGS and Path(one).is_file():
            return [*arguments[:at], "open", *arguments[at:]]
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
