"""The `agora` command. Every command is a few lines that call something below."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app import commands
from app.serve import configure_logging, greeting, open_instance
from app.settings import Settings, load_settings
from engine.accounts import identity
from engine.core.errors import AgoraError, Invalid

cli = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)
for group in commands.GROUPS:
    cli.add_typer(group)
for command in commands.COMMANDS:
    cli.command(command.__name__.rstrip("_"))(command)

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", envvar="AGORA_DATA_DIR")]


@cli.callback(invoke_without_command=True)
def agora(context: typer.Context) -> None:
    """Website, shop, events and courses in one program. Without a command it opens its window, or serves."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Data = None,
) -> None:
    """Serve every surface; print the addresses and, while nobody owns the site, the claim token."""
    settings = load_settings(data_dir=data, host=host, port=port)
    configure_logging(settings.log_level)
    run_server(settings)


def run_server(settings: Settings) -> None:
    """Serve until stopped."""
    instance = open_instance(settings)
    is_claimed = instance.ports.db.query_now(identity.has_owner)
    for line in greeting(instance, is_claimed=is_claimed):
        typer.echo(line)
    sys.stdout.flush()
    instance.run()


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
