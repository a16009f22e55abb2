"""`agora export products|site`: the catalogue, or the whole site, as a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.opening import with_house
from app.options import Data
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


@export.command()
def site(
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file to write, a ZIP.")],
    entries: Annotated[bool, typer.Option("--entries", help="Also what people sent by forms.")] = False,
    data: Data = None,
) -> None:
    """Export the site: settings, pages, articles, media, menus, forms, products. `agora import site` takes it."""

    async def tell(_done: int, _total: int) -> None: ...

    async def run(ports: Ports) -> Mapping[str, Any]:
        actor = Actor.system("agora export")
        try:
            return await ports.sites.export_to(ports.db, actor, output, with_entries=entries, tell=tell)
        except OSError as error:
            message = _("“{path}” cannot be written: {reason}.").having(path=str(output), reason=error.strerror)
            raise Invalid(message, {"output": message}) from error

    found = with_house(data, run)
    for one in found["left"]:
        typer.echo(f"  {one['kind']}, {one['title']}: left out. {one['reason']}")
    typer.echo(f"{output}: {output.stat().st_size:,} bytes.")
    typer.echo(", ".join(f"{count} {kind}" for kind, count in found["counts"].items() if count))


@export.callback()
def _export() -> None:
    """Write what Agora has as a file."""
