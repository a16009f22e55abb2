"""The `agora` command. Every command is a few lines that call something below, and is read when it is used."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app import late
from engine.core.errors import AgoraError, Invalid

cli = typer.Typer(cls=late.Commands, no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)
Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", envvar="AGORA_DATA_DIR")]


@cli.callback(invoke_without_command=True)
def agora(context: typer.Context, data: Data = None) -> None:
    """Website, shop, events and courses in one program. Without a command it opens its window, or serves."""
    if data is not None:
        os.environ["AGORA_DATA_DIR"] = str(data)  # so that --data may stand before a command, too
    if context.invoked_subcommand is None:
        raise typer.Exit(late.read("app.commands.serve").window(data))


def main() -> None:
    """Run the command; an expected refusal is one sentence and exit code 1."""
    try:
        cli()
    except AgoraError as error:
        typer.echo(f"agora: {error}", err=True)
        if isinstance(error, Invalid):
            for name, message in error.fields.items():
                typer.echo(f"  {name}: {message}", err=True)
        raise SystemExit(1) from None
