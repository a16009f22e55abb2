"""`agora import FORMAT FILE`: bring a catalogue in from another shop."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.opening import Data, with_house
from engine.api.ports import Ports
from engine.commerce.catalog import imports
from engine.core.actor import Actor

SHOWN = 50


def import_(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="Whose file it is: woocommerce.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV, or a ZIP of it.")],
    images: Annotated[
        Path | None, typer.Option(exists=True, readable=True, help="A folder or ZIP of the pictures that it names.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Import products. Their pictures follow while the server runs. The same file again changes nothing."""
    is_terminal = sys.stderr.isatty()

    async def show(done: int, total: int, _result: Mapping[str, Any]) -> None:
        if is_terminal:
            typer.echo(f"\r{done} of {total} rows", nl=False, err=True)

    async def run(ports: Ports) -> dict[str, Any]:
        return await imports.run_here(
            ports.db,
            ports.blobs,
            ports.site,
            Actor.system("agora import"),
            path=file,
            format_=format_,
            is_dry_run=dry_run,
            images=images,
            report=show,
        )

    result = with_house(data, run)
    if is_terminal:
        typer.echo("", err=True)
    for problem in result["errors"][:SHOWN]:
        place = f"row {problem['row']}" + (f", {problem['column']}" if problem["column"] else "")
        value = f" “{problem['value']}”" if problem["value"] else ""
        typer.echo(f"  {place}{value}: {problem['message']}")
    if result["errorCount"] > SHOWN:
        typer.echo(f"  and {result['errorCount'] - SHOWN} more.")
    counts = ", ".join(f"{result[name]} {name}" for name in ("created", "updated", "unchanged"))
    would = "Nothing was changed. It would be: " if dry_run else ""
    typer.echo(f"{would}{counts}; {result['skipped']} rows skipped.")
