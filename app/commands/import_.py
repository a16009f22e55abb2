"""`agora import products|wordpress|ghost|markdown|site|list FILE`: bring in what another program wrote."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.opening import with_house
from app.options import Data
from engine.api.ports import Ports
from engine.commerce.catalog import imports
from engine.commerce.catalog.importing.known import AUTO, FORMATS
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.records.importing import Importer
from engine.core.records.imports import proposed
from engine.core.tabular.reading import read_table

SHOWN = 50
import_ = typer.Typer(name="import", help="Bring in what another program wrote.", no_args_is_help=True)


@import_.command()
def products(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV, XLSX or JSON file, or a ZIP."),
    ],
    format_: Annotated[str, typer.Option("--format", help=f"Whose file it is: {', '.join([AUTO, *FORMATS])}.")] = AUTO,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help='What a column holds: "Bezeichnung=name"; "Notes=" leaves one out. Again for more.'),
    ] = None,
    images: Annotated[
        Path | None, typer.Option(exists=True, readable=True, help="A folder or ZIP of the pictures that it names.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Import products. Their pictures follow while the server runs. The same file again changes nothing."""
    is_terminal = sys.stderr.isatty()
    mapping = dict(_pair(text) for text in map_) if map_ else None

    async def tell(done: int, total: int, _result: Mapping[str, Any]) -> None:
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
            mapping=mapping,
            images=images,
            tell=tell,
        )

    result = with_house(data, run)
    if is_terminal:
        typer.echo("", err=True)
    _report(result, is_dry_run=dry_run)


@import_.command(name="list")
def list_(
    path: Annotated[str, typer.Argument(help="Which list, by its address: redirects, categories, product-tags.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV, XLSX or JSON file.")],
    map_: Annotated[list[str] | None, typer.Option("--map", help='What a column holds: "From=sourcePath".')] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Import a table into any list of the admin. The same table again changes nothing."""

    async def run(ports: Ports) -> dict[str, Any]:
        resource = ports.resources.get(path)
        if resource is None:
            raise NotFound(
                _("There is no list “{path}”. There are: {known}."), path=path, known=", ".join(ports.resources)
            )
        table = read_table(file)
        mapping = dict(_pair(text) for text in map_) if map_ else await proposed(ports.db, resource, table)
        general = ports.site.general
        importer = Importer(
            ports.db, Actor.system("agora import"), resource, ports.resources, general.currency, general.zone
        )
        return (await importer.run(table, mapping, is_dry_run=dry_run)).as_json()

    result = with_house(data, run)
    for problem in result["problems"][:SHOWN]:
        typer.echo(f"  row {problem['row']}, {problem['column']} “{problem['value']}”: {problem['message']}")
    for column, count in result["leftOut"].items():
        typer.echo(f"  {column}: left out, {count} rows held something")
    counts = ", ".join(f"{result[name]} {name}" for name in ("created", "updated", "unchanged", "failed"))
    typer.echo(("Nothing was changed. It would be: " if dry_run else "") + counts)


Export = Annotated[
    Path,
    typer.Argument(exists=True, readable=True, help="The export: a file, a folder, or a ZIP of it."),
]
Files = Annotated[
    Path | None, typer.Option("--media", exists=True, readable=True, help="A folder or ZIP of the files that it names.")
]
Drafts = Annotated[bool, typer.Option("--drafts", help="Bring everything in as drafts.")]
Authors = Annotated[
    list[str] | None,
    typer.Option("--author", help='Whose account an author has here: "login=name@example.org". Again for more.'),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")]


#: What other systems export whole sites, and the help of each.
SITES = {
    "wordpress": "Import a WordPress site (WXR): pages, posts, comments, files, menus. The same again changes nothing.",
    "ghost": "Import a Ghost site (JSON): posts, pages, tags, authors. The same file again changes nothing.",
    "markdown": "Import Markdown with front matter: a file, a folder or a ZIP. The same again changes nothing.",
}


def _command(format_: str) -> Callable[..., None]:
    """Return the command that brings in what one other system exports."""

    def run(
        file: Export,
        media: Files = None,
        drafts: Drafts = False,
        author: Authors = None,
        dry_run: DryRun = False,
        data: Data = None,
    ) -> None:
        _site(format_, file, media, data, author, is_dry_run=dry_run, as_drafts=drafts)

    return run


for _format, _text in SITES.items():
    import_.command(_format, help=_text)(_command(_format))


@import_.command()
def site(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="What `export site` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Let the file win over what differs here.")] = False,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """Bring in a whole site that Agora exported. What was changed here since stays; the same file changes nothing."""
    tell = _progress()

    async def run(ports: Ports) -> Mapping[str, Any]:
        actor = Actor.system("agora import")
        return await ports.sites.import_from(ports.db, actor, file, replaces=replace, is_dry_run=dry_run, tell=tell)

    _say(with_house(data, run), is_dry_run=dry_run)


def _site(
    format_: str,
    file: Path,
    media: Path | None,
    data: Path | None,
    authors: list[str] | None,
    *,
    is_dry_run: bool,
    as_drafts: bool,
) -> None:
    tell = _progress()

    async def run(ports: Ports) -> Mapping[str, Any]:
        return await ports.moving.run_here(
            ports.db,
            Actor.system("agora import"),
            format_=format_,
            path=file,
            files=media,
            is_dry_run=is_dry_run,
            as_drafts=as_drafts,
            tell=tell,
            authors=dict(_pair(text, "--author") for text in authors or ()),
        )

    _say(with_house(data, run), is_dry_run=is_dry_run)


def _progress() -> Callable[[int, int], Awaitable[None]]:
    """Return what writes into a terminal how far something is."""
    is_terminal = sys.stderr.isatty()

    async def tell(done: int, total: int) -> None:
        if is_terminal:
            typer.echo(f"\r{done} of {total}", nl=done >= total, err=True)

    return tell


def _say(result: Mapping[str, Any], *, is_dry_run: bool) -> None:
    for problem in result["problems"][:SHOWN]:
        line = f", line {problem['line']}" if problem["line"] else ""
        typer.echo(f"  {problem['where'] or 'The export'}{line}: {problem['message']}")
    left = len(result["problems"]) + result["more"] - SHOWN
    if left > 0:
        typer.echo(f"  and {left} more.")
    if is_dry_run:
        typer.echo("Nothing was changed. It would be:")
    for kind, counts in result["counts"].items():
        typer.echo(f"{kind}: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))


def _pair(text: str, option: str = "--map") -> tuple[str, str]:
    column, sign, field = text.rpartition("=")
    if not sign or not column.strip():
        raise typer.BadParameter(f'"{text}" is not like "this=that".', param_hint=option)
    return column.strip(), field.strip()


def _report(result: Mapping[str, Any], *, is_dry_run: bool) -> None:
    used = ", ".join(f"{column}={field}" for column, field in result["columns"].items() if field and field != "·")
    typer.echo(f"Read as {result['format']}: {used}")
    for problem in result["errors"][:SHOWN]:
        place = f"row {problem['row']}" + (f", {problem['column']}" if problem["column"] else "")
        value = f" “{problem['value']}”" if problem["value"] else ""
        typer.echo(f"  {place}{value}: {problem['message']}")
    if result["errorCount"] > SHOWN:
        typer.echo(f"  and {result['errorCount'] - min(SHOWN, len(result['errors']))} more.")
    counts = ", ".join(f"{result[name]} {name}" for name in ("created", "updated", "unchanged"))
    would = "Nothing was changed. It would be: " if is_dry_run else ""
    typer.echo(f"{would}{counts}; {result['skipped']} rows skipped.")


@import_.callback()
def _import() -> None:
    """Bring in what another program wrote."""
