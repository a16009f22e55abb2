"""`agora licences`: what others made that is inside, and under which licences."""

from typing import Annotated

import typer

from engine.operations.inventory import inventory


def licences(
    full: Annotated[bool, typer.Option("--full", help="With each licence in full.")] = False,
) -> None:
    """List the work by others that is inside Agora, each with its version and licence."""
    for part in inventory():
        typer.echo(f"{part.name} {part.version}: {part.licence or 'see its text (--full)'}")
        if full and part.text:
            typer.echo(f"\n{part.text}\n")
