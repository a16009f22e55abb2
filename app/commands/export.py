"""`agora export products`: the catalogue as a file."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.opening import Data, with_house
from engine.api.ports import Ports
from engine.commerce.catalog import exports
from engine.commerce.catalog.queries import ProductFilter
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _

export = typer.Typer(name="export", help="Write what Agora has as a file.", no_args_is_help=True)


@export.command()
def products(
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")],
    format_: Annotated[str, typer.Option("--format", help=f"Whose: {', '.join(exports.FORMATS)}.")] = "agora",
    data: Data = None,
) -> None:
    """Export all products. Of Agora's own formats everything comes back; others hold what they have a place for."""

    async def run(ports: Ports) -> int:
        general = ports.site.general
        chosen = exports.format_named(format_)
        pieces = await exports.export(
            ports.db,
            Actor.system("agora export"),
            ProductFilter(),
            chosen,
            currency=general.currency,
            base=general.site_url,
        )
        written = 0
        part = output.with_name(f"{output.name}.part")
        try:
            with part.open("wb") as out:
                async for piece in pieces:
                    written += out.write(piece)
            part.replace(output)
        except OSError as error:
            message = _("“{path}” cannot be written: {reason}.").having(path=str(output), reason=error.strerror)
            raise Invalid(message, {"output": message}) from error
        return written

    typer.echo(f"{output}: {with_house(data, run):,} bytes.")


@export.callback()
def _export() -> None:
    """Write what Agora has as a file."""
