"""`agora deploy check`: look over the files that put Agora on a server."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.doctor import tell
from app.deployment import findings
from engine.core.errors import NotFound
from engine.core.i18n import _

deploy = typer.Typer(name="deploy", help="Agora on a server of its own, or in a cloud.", no_args_is_help=True)


@deploy.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Where the files are.")] = Path("packaging/server"),
) -> None:
    """Have each file read by the program it is for, where that is installed. Exit code 1 if one is refused."""
    if not folder.is_dir():
        raise NotFound(_("There is no folder “{folder}”. Name the one that holds your files."), folder=folder)
    tell(findings(folder))


@deploy.callback()
def _deploy() -> None:
    """Agora on a server of its own, or in a cloud."""
